import { existsSync, readFileSync } from "node:fs";
import { availableParallelism, cpus, platform, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Machine } from "./report.ts";

/** This machine as Node sees it. */
export function machineOfNode(): Machine {
  return {
    system: `${platform()} ${release()}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  };
}

/** Versions of the program, of Node and of packages as installed; a package that is not there is left out. */
export function versionsOf(packages: readonly string[]): Record<string, string> {
  const versions: Record<string, string> = {
    voxelwright: packageVersion(".") ?? "unknown",
    node: process.version.slice(1),
  };
  for (const name of packages) {
    const version = packageVersion(join("node_modules", name));
    if (version !== undefined) versions[name] = version;
  }
  return versions;
}

/** The working copy: the nearest folder above this code with the program's package.json. */
export function repositoryRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function packageVersion(folder: string): string | undefined {
  const path = join(repositoryRoot(), folder, "package.json");
  if (!existsSync(path)) return undefined;
  return (JSON.parse(readFileSync(path, "utf8")) as { version?: string }).version;
}
