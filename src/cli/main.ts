import { setMaxListeners } from "node:events";
import { createInlineKernels, loadKernelModule } from "#workers";
import { openPath, openStore } from "./open-path.ts";
import { runCli } from "./run-cli.ts";

/* The command line program: `voxelwright VERB …`. Ends by itself once all work is done, so that output is never cut off. */

// Dozens of reads wait for one signal; Node takes more than ten for a leak and says so.
setMaxListeners(0);

const aborting = new AbortController();
process.once("SIGINT", () => aborting.abort());
// A reader that has seen enough (`| head`) closes the pipe: that is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const { signal } = aborting;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

process.exitCode = await runCli(
  process.argv.slice(2),
  {
    signal,
    print: (text) => void process.stdout.write(text),
    note: (line) => say(`note: ${line}`),
    open: (path, how) => (how?.asStore ? openStore : openPath)(path, { signal }),
    kernels: async () => createInlineKernels({ wasm: await loadKernelModule() }),
  },
  say,
);
