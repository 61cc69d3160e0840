// `npm test`: makes the clone ready, runs every stage to its end, then prints one line of counts. Works without
// node_modules, so it imports node: builtins only; what cannot be made ready counts as one failure.
// `npm test -- --only unit,wasm tests/unit/base` runs some stages; other words go to the runner of each.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureChromium } from "./chromium.mjs";
import { ensureCli } from "./cli.mjs";
import { buildWasm, installPackages, root, SetupError } from "./setup.mjs";

const stages = {
  lint: { run: () => command("node", [".tooling/lint.mjs"]) },
  types: { run: () => command("npm", ["run", "--silent", "types"]) },
  unit: { run: () => vitest("unit") },
  contract: { run: () => vitest("contract") },
  wasm: { run: () => vitest("wasm") },
  gpu: { browser: true, run: () => vitest("gpu") },
  e2e: { browser: true, run: () => playwright() },
};

const { values, positionals } = parseArgs({
  options: { only: { type: "string" } },
  allowPositionals: true,
});
const chosen = values.only?.split(",").map((name) => name.trim()) ?? Object.keys(stages);
const reports = join(root, `.build/test-${process.pid}`);

function spawned(program, args, env = {}) {
  const shell = process.platform === "win32";
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env }, shell });
    child.on("error", () => resolve(1));
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** A stage that passes or fails as a whole. */
async function command(program, args) {
  const ok = (await spawned(program, args)) === 0;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** A runner that failed without naming a test still counts as one failure. */
function counted(counts, code) {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function vitest(project) {
  const file = join(reports, `${project}.json`);
  const bin = join(root, "node_modules/vitest/vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const code = await spawned("node", [
    bin,
    "run",
    "--project",
    project,
    "--passWithNoTests",
    ...reporters,
    ...positionals,
  ]);
  if (!existsSync(file)) return counted({ passed: 0, failed: 0, skipped: 0 }, code);
  const report = JSON.parse(readFileSync(file, "utf8"));
  const unloaded = report.testResults.filter((f) => f.status === "failed" && f.assertionResults.length === 0).length;
  const skipped = report.numPendingTests + report.numTodoTests;
  return counted({ passed: report.numPassedTests, failed: report.numFailedTests + unloaded, skipped }, code);
}

async function playwright() {
  const file = join(reports, "e2e.json");
  const bin = join(root, "node_modules/@playwright/test/cli.js");
  const args = [bin, "test", "--config", "tests/e2e/playwright.config.ts", "--pass-with-no-tests", ...positionals];
  const code = await spawned("node", args, { VOXELWRIGHT_E2E_REPORT: file });
  if (!existsSync(file)) return counted({ passed: 0, failed: 0, skipped: 0 }, code);
  const { stats, errors } = JSON.parse(readFileSync(file, "utf8"));
  const failed = stats.unexpected + stats.flaky + errors.length;
  return counted({ passed: stats.expected, failed, skipped: stats.skipped }, code);
}

const rows = [];

/** Does `work`; a fault of the set-up becomes one failure in the row `name`. */
async function attempt(name, work) {
  const start = performance.now();
  let counts;
  try {
    counts = await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    counts = { passed: 0, failed: 1, skipped: 0 };
  }
  if (counts) rows.push({ name, ...counts, seconds: (performance.now() - start) / 1000 });
  return counts?.failed !== 1;
}

const unknown = chosen.filter((name) => !(name in stages));
if (unknown.length > 0) {
  console.error(`No stage ${unknown.join(", ")}. Stages: ${Object.keys(stages).join(", ")}.`);
  process.exit(1);
}
if (await attempt("packages", installPackages)) {
  await attempt("core", () => buildWasm());
  // Tests run the program in several processes at once, so it is built before them (else on demand).
  if (values.only === undefined) await attempt("cli", () => void ensureCli());
  mkdirSync(reports, { recursive: true });
  for (const [name, stage] of Object.entries(stages)) {
    if (!chosen.includes(name)) continue;
    console.log(`\n— ${name}`);
    await attempt(name, () => {
      if (stage.browser) ensureChromium();
      return stage.run();
    });
  }
  rmSync(reports, { recursive: true, force: true });
}

const total = (key) => rows.reduce((sum, row) => sum + row[key], 0);
const cell = (value) => String(value).padStart(8);
console.log(`\n${"stage".padEnd(9)}${["passed", "failed", "skipped", "seconds"].map(cell).join("")}`);
for (const row of rows) {
  const cells = [row.passed, row.failed, row.skipped, row.seconds.toFixed(1)];
  console.log(`${row.name.padEnd(9)}${cells.map(cell).join("")}${row.failed > 0 ? "  FAILED" : ""}`);
}
console.log(`\n${total("passed")} passed, ${total("failed")} failed, ${total("skipped")} skipped`);
process.exit(total("failed") > 0 ? 1 : 0);
