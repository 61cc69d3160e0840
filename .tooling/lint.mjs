// `npm run lint`: rules, import ladder, lock file, format; all run, one failure fails the whole.
import { spawnSync } from "node:child_process";
import { root } from "./setup.mjs";

const steps = [
  [
    "node_modules/oxlint/bin/oxlint",
    "--type-aware",
    "--deny-warnings",
    "src",
    "tests",
    "assembly",
    ".tooling",
    "vite.config.ts",
  ],
  ["tests/lint/ladder.mjs"],
  [".tooling/lock.mjs", "--check"],
  ["node_modules/@biomejs/biome/bin/biome", "format", "--reporter=summary", "."],
];
let failed = false;
for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { cwd: root, stdio: "inherit" });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
