/*
 * webgpu-utils names `Float16Array` in its table of WGSL types when it is loaded; Node 20 does not have it. No struct of ours holds
 * an f16, so a name that nothing ever constructs is enough.
 */
const scope = globalThis as { Float16Array?: unknown };
scope.Float16Array ??= class extends Uint16Array {};

export {};
