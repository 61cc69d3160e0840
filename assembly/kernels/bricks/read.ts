/** Reads `bytes` (a multiple of 64) once and gives their OR: how fast this WASM reads memory, the floor of the benchmarks. */
export function readOnce(from: usize, bytes: usize): i32 {
  let all = v128.splat<i64>(0);
  for (let at = from, end = from + bytes; at < end; at += 64) {
    const a = v128.or(v128.load(at), v128.load(at, 16));
    all = v128.or(all, v128.or(a, v128.or(v128.load(at, 32), v128.load(at, 48))));
  }
  return v128.any_true(all) ? 1 : 0;
}
