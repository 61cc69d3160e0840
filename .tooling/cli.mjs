// The command line program as built: .build/cli, made anew when a source is newer than it.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { newest, replaceFolder, root, SetupError, setup } from "./setup.mjs";

const built = join(root, ".build/cli");

/** Path of the program's main module, set up and built if need be. Several processes may ask at once. */
export function ensureCli() {
  setup();
  const main = join(built, "main.js");
  const sources = ["src", "shaders", ".tooling", "package.json"].map((path) => join(root, path));
  if (existsSync(main) && statSync(main).mtimeMs >= newest(...sources)) return main;
  replaceFolder(built, (draft) => {
    const vite = join(root, "node_modules/vite/bin/vite.js");
    const args = [vite, "build", "--config", ".tooling/vite.cli.config.ts", "--outDir", draft, "--emptyOutDir"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    if (status === 0) return;
    const said = stripVTControlCharacters(`${stdout}${stderr}`);
    const cause = /\[[A-Z_]{4,}\](.*)/.exec(said)?.[1]?.trim() ?? "npm run build:cli tells more.";
    throw new SetupError(`The command line program could not be built: ${cause}\n${said}`);
  });
  return main;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    ensureCli();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
