// Completes the lock files: the program's, and that of the peers that benchmarks install. Where a registry does not carry a tool's packages for other platforms, `npm install`
// leaves them out of the lock file, and `npm ci` then refuses it everywhere. `npm run lock` after a change of
// dependencies; --check only reports, as part of `npm run lint`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const systems = ["android", "darwin", "freebsd", "linux", "openbsd", "openharmony", "win32"];
const processors = ["arm64", "x64", "arm", "ppc64", "riscv64", "s390x", "ia32", "loong64"];

/** The program's own, and what `bench --suite render` is held against. */
const files = ["package-lock.json", "src/bench/peers/render/package-lock.json"];

/** The entry that `path` of a lock file resolves `name` to, looking up the tree as Node does. */
function resolved(lock, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(folder.lastIndexOf("/node_modules/"), 0))) {
    const entry = lock.packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`];
    if (entry !== undefined || folder === "") return entry;
  }
}

/** Packages of other platforms that a lock file names and lacks. */
function missingFrom(name, lock) {
  const missing = {};
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [optional, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (resolved(lock, path, optional) !== undefined) continue;
      const words = optional.split(/[/-]/);
      const os = systems.filter((system) => words.includes(system));
      const cpu = processors.filter((processor) => words.includes(processor));
      if (os.length !== 1 || cpu.length !== 1 || !/^\d+\.\d+\.\d+$/.test(version)) {
        process.stderr.write(`${name}: ${optional}@${version} is missing and its platform is unknown\n`);
        process.exit(1);
      }
      const libc = words.some((word) => word.startsWith("musl")) ? { libc: ["musl"] } : {};
      missing[`node_modules/${optional}`] = {
        version,
        cpu,
        ...(entry.dev && { dev: true }),
        ...libc,
        optional: true,
        os,
      };
    }
  }
  return missing;
}

for (const name of files) {
  const file = join(root, name);
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const missing = missingFrom(name, lock);
  const count = Object.keys(missing).length;
  if (count > 0 && process.argv.includes("--check")) {
    process.stderr.write(`${name} lacks ${count} packages of other platforms: node .tooling/lock.mjs\n`);
    process.exit(1);
  }
  if (count > 0) {
    const order = ([a], [b]) => (a === "" ? -1 : b === "" ? 1 : a.localeCompare(b, "en"));
    lock.packages = Object.fromEntries(Object.entries({ ...lock.packages, ...missing }).sort(order));
    writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
    process.stderr.write(`${name}: ${count} packages of other platforms added\n`);
  }
}
