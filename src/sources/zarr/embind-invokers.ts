/**
 * The codecs of numcodecs (Emscripten with Embind) build the functions that call into WASM from source text, which the page's
 * content security policy forbids. Embind knows another way for such pages (`-sDYNAMIC_EXECUTION=0`): a closure that does what the
 * text says. While `start` runs, `Function` is replaced by one that gives that closure.
 */
export async function withoutGeneratedCode<T>(start: () => Promise<T>): Promise<T> {
  const scope = globalThis as { Function: unknown };
  const original = scope.Function;
  replaced ??= original;
  depth++;
  scope.Function = invokerMaker;
  try {
    return await start();
  } finally {
    depth--;
    if (depth === 0) {
      scope.Function = replaced;
      replaced = undefined;
    }
  }
}

/** Starts may overlap: the last to end puts the original back. */
let depth = 0;
let replaced: unknown;

interface WireType {
  toWireType(destructors: unknown[] | null, value: unknown): unknown;
  fromWireType(value: unknown): unknown;
}

type Plain = (...args: unknown[]) => unknown;

/** Takes what `new Function` takes: parameter names, then the body that Embind's `craftInvokerFunction` wrote. */
function invokerMaker(...text: string[]): Plain {
  const names = text.slice(0, -1);
  const body = text.at(-1) ?? "";
  const known = ["throwBindingError", "invoker", "fn", "runDestructors", "retType", "classParam"];
  if (!known.every((name, n) => names[n] === name))
    throw new EvalError("Code is not generated from text in this program.");
  const collects = body.includes("var destructors = [];");
  const returns = body.includes("return ret;");
  return (...given) => {
    const [fail, invoker, fn, runDestructors, retType] = given as [Plain, Plain, unknown, Plain, WireType];
    const of = (name: string): unknown => given[names.indexOf(name)];
    const types = names.filter((name) => /^argType\d+$/.test(name)).map((name) => of(name) as WireType);
    const destroyers = types.map((_, n) => of(`arg${n}Wired_dtor`) as Plain | undefined);
    return (...args: unknown[]) => {
      if (args.length !== types.length) fail(`A codec took ${types.length} arguments and got ${args.length}.`);
      const destructors: unknown[] | null = collects ? [] : null;
      const wired = types.map((type, n) => type.toWireType(destructors, args[n]));
      const result = invoker(fn, ...wired);
      if (destructors) runDestructors(destructors);
      else for (const [n, destroy] of destroyers.entries()) destroy?.(wired[n]);
      return returns ? retType.fromWireType(result) : undefined;
    };
  };
}

// What Embind asks of it: `invokerMaker instanceof invokerMaker`, and any function is an instance.
Object.defineProperty(invokerMaker, "prototype", { value: Function.prototype });
