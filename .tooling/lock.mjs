// Completes package-lock.json. Where a registry does not carry a tool's packages for other platforms, `npm install`
// leaves them out of the lock file, and `npm ci` then refuses it everywhere. `npm run lock` after a change of
// dependencies; --check only reports, as part of `npm run lint`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const systems = ["android", "darwin", "freebsd", "linux", "openbsd", "openharmony", "win32"];
const processors = ["arm64", "x64", "arm", "ppc64", "riscv64", "s390x", "ia32", "loong64"];

const file = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));

/** The entry that `path` resolves `name` to, looking up the tree as Node does. */
function resolved(path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(folder.lastIndexOf("/node_modules/"), 0))) {
    const entry = lock.packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`];
    if (entry !== undefined || folder === "") return entry;
  }
}

const missing = {};
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (resolved(path, name) !== undefined) continue;
    const words = name.split(/[/-]/);
    const os = systems.filter((system) => words.includes(system));
    const cpu = processors.filter((processor) => words.includes(processor));
    if (os.length !== 1 || cpu.length !== 1 || !/^\d+\.\d+\.\d+$/.test(version)) {
      process.stderr.write(`package-lock.json: ${name}@${version} is missing and its platform is unknown\n`);
      process.exit(1);
    }
    const libc = words.some((word) => word.startsWith("musl")) ? { libc: ["musl"] } : {};
    missing[`node_modules/${name}`] = { version, cpu, ...(entry.dev && { dev: true }), ...libc, optional: true, os };
  }
}

const count = Object.keys(missing).length;
if (count > 0 && process.argv.includes("--check")) {
  process.stderr.write(`package-lock.json lacks ${count} packages of other platforms: node .tooling/lock.mjs\n`);
  process.exit(1);
}
if (count > 0) {
  const order = ([a], [b]) => (a === "" ? -1 : b === "" ? 1 : a.localeCompare(b, "en"));
  lock.packages = Object.fromEntries(Object.entries({ ...lock.packages, ...missing }).sort(order));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  process.stderr.write(`package-lock.json: ${count} packages of other platforms added\n`);
}
