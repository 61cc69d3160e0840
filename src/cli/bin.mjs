#!/usr/bin/env node
// `npx voxelwright …` in a working copy: builds what is missing or older than the sources, then runs the CLI.
// Standard output belongs to the command; everything said here goes to standard error, an error in one line.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { newest, root, SetupError, setup } from "../../.tooling/setup.mjs";

const main = join(root, ".build/cli/main.js");

function build() {
  setup();
  const sources = ["src", "shaders", ".tooling", "package.json"].map((path) => join(root, path));
  if (existsSync(main) && statSync(main).mtimeMs >= newest(...sources)) return;
  const args = [join(root, "node_modules/vite/bin/vite.js"), "build", "--config", ".tooling/vite.cli.config.ts"];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new SetupError("the command line program could not be built (npm run build:cli).");
}

function fail(error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`voxelwright: ${message.split("\n")[0]}\n`);
  process.exit(1);
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
try {
  build();
  await import(pathToFileURL(main).href);
} catch (error) {
  fail(error);
}
