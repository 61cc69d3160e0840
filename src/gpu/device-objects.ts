import type { GpuContext } from "./gpu-context.ts";

type Kind<T> = new (context: GpuContext) => T;

const made = new WeakMap<GPUDevice, Map<Kind<object>, object>>();

/**
 * The one object of a kind that a device has, such as the pipelines of a pass, made when it is first asked for. Views come and go with
 * studies; what was compiled for one serves the next. It goes with the device, so it must own no counted memory.
 */
export function ofDevice<T extends object>(context: GpuContext, kind: Kind<T>): T {
  const { device } = context;
  let objects = made.get(device);
  if (!objects) made.set(device, (objects = new Map()));
  const known = objects.get(kind) as T | undefined;
  const object = known ?? new kind(context);
  if (!known) objects.set(kind, object);
  return object;
}
