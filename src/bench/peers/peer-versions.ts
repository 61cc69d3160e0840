import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../node-machine.ts";

/** The system's Python, whose packages are Debian's. */
export const PYTHON = "/usr/bin/python3";

let versions: Readonly<Record<string, string>> | null | undefined;

/** Versions of Python and of the packages that its peers stand on; undefined where they are not installed. */
export function pythonVersions(): Readonly<Record<string, string>> | undefined {
  if (versions === undefined) {
    const say =
      "import json, platform, numpy, scipy, skimage; print(json.dumps({'python': platform.python_version(), " +
      "'numpy': numpy.__version__, 'scipy': scipy.__version__, 'scikit-image': skimage.__version__}))";
    const asked = existsSync(PYTHON) ? spawnSync(PYTHON, ["-c", say], { encoding: "utf8" }) : undefined;
    versions = asked?.status === 0 ? (JSON.parse(asked.stdout) as Record<string, string>) : null;
  }
  return versions ?? undefined;
}

/** Version of the ITK that native peers were built with; undefined before they are built, or where ITK is not installed. */
export function nativeItkVersion(): string | undefined {
  const cache = join(repositoryRoot(), ".build/native/CMakeCache.txt");
  if (!existsSync(cache)) return undefined;
  const folder = /^ITK_DIR:\w+=(.*)$/m.exec(readFileSync(cache, "utf8"))?.[1];
  const config = folder === undefined ? "" : join(folder, "ITKConfig.cmake");
  if (!existsSync(config)) return undefined;
  const text = readFileSync(config, "utf8");
  return ["MAJOR", "MINOR", "PATCH"]
    .map((part) => new RegExp(`ITK_VERSION_${part} "(\\d+)"`).exec(text)?.[1] ?? "?")
    .join(".");
}
