#!/usr/bin/env node
// `npx voxelwright …` in a working copy: builds what is missing or older than the sources, then runs the CLI.
// Standard output belongs to the command; everything said here goes to standard error, an error in one line.
import { pathToFileURL } from "node:url";
import { ensureCli } from "../../.tooling/cli.mjs";

function fail(error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`voxelwright: ${message.split("\n")[0]}\n`);
  process.exit(1);
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
try {
  await import(pathToFileURL(ensureCli()).href);
} catch (error) {
  fail(error);
}
