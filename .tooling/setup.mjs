// Makes a fresh clone ready: packages by the lock file, then the WASM core. Runs before every npm script,
// also when node_modules is missing, so it may import node: builtins only. All it says goes to standard error.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** A fault in the machine or the network that the person at the keyboard can mend: shown as one line. */
export class SetupError extends Error {}

const say = (line) => process.stderr.write(`${line}\n`);

/** Runs a program of the set-up with its output on standard error; throws SetupError with `hint` when it fails. */
function run(command, args, hint) {
  const shell = process.platform === "win32";
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell });
  if (error || status !== 0) throw new SetupError(`${command} ${args.join(" ")} failed. ${hint}`);
}

/** The newest modification time, in ms, among files and everything in folders; missing paths count as 0. */
export function newest(...paths) {
  let time = 0;
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const stat = statSync(path);
    time = Math.max(time, stat.mtimeMs);
    if (stat.isDirectory()) time = Math.max(time, newest(...readdirSync(path).map((name) => join(path, name))));
  }
  return time;
}

/**
 * Builds into a draft folder with `make(draft)` and puts it in place of `folder` at the end: a failure or a second process
 * never leaves half a build there.
 */
export function replaceFolder(folder, make) {
  const draft = join(root, `.build/draft-${basename(folder)}-${process.pid}`);
  const old = `${draft}-old`;
  try {
    make(draft);
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

/** `npm ci` when the lock file is not the one that node_modules was made from. */
export function installPackages() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const hash = createHash("sha256").update(lock).digest("hex");
  const stamp = join(root, "node_modules/.voxelwright-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  if (!existsSync(join(root, "node_modules/.package-lock.json")) || !sameTree(lock)) {
    say("Installing packages (npm ci) …");
    run(
      "npm",
      ["ci", "--no-audit", "--no-fund", "--loglevel=error"],
      "Is the network there? Try again, or run npm ci.",
    );
  }
  writeFileSync(stamp, hash);
}

/** Whether node_modules already holds exactly the versions of the lock file (a developer ran npm install by hand). */
function sameTree(lock) {
  const versions = (json) =>
    Object.entries(JSON.parse(json).packages)
      .filter(([path, entry]) => path !== "" && !entry.optional)
      .map(([path, { version }]) => `${path}@${version}`)
      .sort()
      .join("\n");
  return versions(lock) === versions(readFileSync(join(root, "node_modules/.package-lock.json")));
}

/** Compiles assembly/ to .build/kernels.wasm when a source is newer than it. */
export function buildWasm(force = false) {
  const output = join(root, ".build/kernels.wasm");
  const sources = newest(join(root, "assembly"), join(root, "asconfig.json"));
  if (!force && existsSync(output) && statSync(output).mtimeMs >= sources) return;
  say("Compiling the WASM core …");
  mkdirSync(join(root, ".build"), { recursive: true });
  const draft = `.build/kernels-${process.pid}.wasm`;
  const asc = join(root, "node_modules/assemblyscript/bin/asc.js");
  try {
    const args = [asc, "assembly/index.ts", "--target", "release", "--outFile", draft];
    run(process.execPath, args, "The message above names the line.");
    renameSync(join(root, draft), output);
  } finally {
    rmSync(join(root, draft), { force: true });
  }
}

export function setup() {
  installPackages();
  buildWasm();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    if (process.argv.includes("--wasm")) buildWasm(true);
    else setup();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exit(1);
  }
}
