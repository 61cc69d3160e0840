/**
 * Signed distances in a plane by trying every pair of pixels, under the convention of the kernel: centre to nearest centre of
 * the other side, less half the smaller spacing, positive inside.
 */
export function planeSignedDistanceReference(mask: Uint8Array, nu: number, su: number, sv: number): Float64Array {
  const half = Math.min(su, sv) / 2;
  const at = (n: number) => [(n % nu) * su, Math.floor(n / nu) * sv] as const;
  return Float64Array.from(mask, (inside, n) => {
    let least = Number.POSITIVE_INFINITY;
    const [u, v] = at(n);
    mask.forEach((other, m) => {
      if (other === inside) return;
      const [x, y] = at(m);
      least = Math.min(least, Math.hypot(x - u, y - v));
    });
    return inside ? least - half : half - least;
  });
}
