import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { requireWritable } from "./write-file.ts";
import type { Verb } from "./verb.ts";

/** `voxelwright bench [--suite S] [--json FILE] [--html FILE]`. */
export const bench: Verb = {
  name: "bench",
  positionals: [],
  summary: "Run a benchmark suite and report medians against peers.",
  details:
    "Without --json the report goes to standard output. Pictures that a suite took lie beside the report, in a folder of its name. " +
    "An unknown suite is answered with the list of suites.",
  options: {
    suite: { type: "string", value: "S", help: "which suite (default main)" },
    json: { type: "string", value: "FILE", help: "write the report as JSON" },
    html: { type: "string", value: "FILE", help: "write the report as a page with bars" },
  },
  async run(args, port) {
    const json = args.text("json");
    const html = args.text("html");
    for (const path of [json, html]) if (path !== undefined) await requireWritable(path, []);
    // Loaded only here: other verbs start without the suites and their peers.
    const { htmlReport, runSuite } = await import("#bench");
    const report = await runSuite(args.text("suite") ?? "main", { note: port.note, signal: port.signal });
    const { pictures = [], ...rest } = report;
    const text = `${JSON.stringify(rest, undefined, 2)}\n`;
    if (json === undefined) port.print(text);
    else await writeFile(json, text);
    if (html !== undefined) await writeFile(html, htmlReport(report));
    const beside = html ?? json;
    if (beside !== undefined && pictures.length > 0) {
      const folder = `${beside.replace(/\.[^./\\]+$/, "")}-pictures`;
      await mkdir(folder, { recursive: true });
      for (const { name, png } of pictures)
        await writeFile(join(folder, `${name.replaceAll("²", "").replaceAll(/[^\w.]+/g, "-")}.png`), png, "base64");
    }
    return 0;
  },
};
