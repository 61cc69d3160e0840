import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** Memory of the tab of a Chromium with one page, found by its profile's folder. Linux only: elsewhere all is undefined. */
export interface RendererMemory {
  /** Largest resident set since the last reset, in bytes. */
  peakBytes(): number | undefined;
  /** Resident set now, in bytes. */
  residentBytes(): number | undefined;
  resetPeak(): void;
}

export function rendererMemory(profile: string): RendererMemory {
  const largest = (field: string): number | undefined => {
    const sizes = renderers(profile).flatMap((pid) => statusOf(pid, field) ?? []);
    return sizes.length > 0 ? Math.max(...sizes) : undefined;
  };
  return {
    peakBytes: () => largest("VmHWM"),
    residentBytes: () => largest("VmRSS"),
    resetPeak() {
      // Linux starts counting anew when 5 is written (proc(5), clear_refs).
      for (const pid of renderers(profile)) writeFileSync(`/proc/${pid}/clear_refs`, "5");
    },
  };
}

/** Processes of kind renderer below the browser that was started with the profile. */
function renderers(profile: string): number[] {
  if (process.platform !== "linux") return [];
  const running = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const [command, status] = [read(`/proc/${name}/cmdline`), read(`/proc/${name}/status`)];
      const parent = /^PPid:\s+(\d+)/m.exec(status)?.[1];
      return parent === undefined ? [] : [{ pid: Number(name), parent: Number(parent), command }];
    });
  const parents = new Map(running.map(({ pid, parent }) => [pid, parent]));
  const browser = running.find(({ command }) => command.includes(profile) && !command.includes("--type="))?.pid;
  const below = (pid: number | undefined): boolean => pid !== undefined && (pid === browser || below(parents.get(pid)));
  return running.filter(({ pid, command }) => command.includes("--type=renderer") && below(pid)).map(({ pid }) => pid);
}

function statusOf(pid: number, field: string): number | undefined {
  const kilobytes = new RegExp(`${field}:\\s+(\\d+)`).exec(read(`/proc/${pid}/status`))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Empty for a process that has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
