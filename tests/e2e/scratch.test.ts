import { chromium, expect, test } from "@playwright/test";
import config from "./playwright.config.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { openScaleHost } from "../../src/bench/page/scale/scale-host.ts";
import { SCALE_VOLUME, ballVoxels, scaleMiddle, shellVoxel } from "../../src/bench/page/scale/scale-volume.ts";
import type { Dims } from "#volume";
import { App } from "./app.ts";
import { writeFileSync, readdirSync, readFileSync } from "node:fs";

test.setTimeout(580_000);
function rss() {
  const rows: string[] = [];
  for (const pid of readdirSync("/proc").filter((n) => /^\d+$/.test(n))) {
    try {
      const cmd = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      if (!/--type=(renderer|gpu-process)/.test(cmd)) continue;
      const st = readFileSync(`/proc/${pid}/status`, "utf8");
      rows.push(
        `${/--type=([a-z-]+)/.exec(cmd + "\0")?.[1]}:${(Number(/VmRSS:\s+(\d+)/.exec(st)?.[1]) / 1024).toFixed(0)}/${(Number(/VmHWM:\s+(\d+)/.exec(st)?.[1]) / 1024).toFixed(0)}`,
      );
    } catch {}
  }
  return rows.filter((r) => !r.includes("/1") || true).join(" ");
}
test("scale", async ({ baseURL }) => {
  const launch = config.use!.launchOptions!;
  const profile = mkdtempSync("/tmp/scale-");
  const context = await chromium.launchPersistentContext(profile, {
    ...launch,
    viewport: { width: 1280, height: 800 },
    baseURL: baseURL!,
    serviceWorkers: "block",
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const dims = (process.env["DIMS"] ?? "1832,1832,2399").split(",").map(Number) as unknown as Dims;
  const host = await openScaleHost();
  const app = new App(page);
  page.on("console", (m) => m.type() === "error" && console.log("console", m.text()));
  await app.start();
  const timed = async (what: string, work: () => Promise<unknown>) => {
    const t = performance.now();
    const c = host.chunks;
    let r: unknown;
    try {
      r = await work();
    } catch (e) {
      r = String(e).slice(0, 300);
    }
    console.log(
      what,
      (performance.now() - t).toFixed(0),
      "ms",
      host.chunks - c,
      "chunks",
      JSON.stringify(r)?.slice(0, 200),
      rss(),
    );
    return r;
  };
  await timed("open", () => app.run("study.open", { url: host.address(dims) }));
  await timed("opened", () => app.opened());
  await timed("bright", () => expect.poll(() => app.brightShare("axial")).toBeGreaterThan(0.02));
  await app.addSegment("Ball");
  await app.addSegment("Shell");
  await page.waitForTimeout(3000);
  console.log("rest", rss());
  const m = scaleMiddle(dims);
  await timed("value", () => app.valueAt(m));
  await timed("grow ball", () => app.run("label.grow", { segment: 1, seeds: [m], range: SCALE_VOLUME.ballRange }));
  console.log(ballVoxels());
  await timed("grow ball again", async () => {
    await app.run("history.undo");
    return app.run("label.grow", { segment: 1, seeds: [m], range: SCALE_VOLUME.ballRange });
  });
  await timed("undo", () => app.run("history.undo"));
  await timed("statistics", () => app.run("label.statistics"));
  if (process.env["SHELL_TOO"]) {
    const mem = async () =>
      page.evaluate(async () => {
        const r = await (performance as any).measureUserAgentSpecificMemory();
        return {
          bytes: r.bytes >> 20,
          parts: r.breakdown
            .filter((b: any) => b.bytes > 3e6)
            .map((b: any) => [
              b.bytes >> 20,
              b.types.join("+"),
              b.attribution.map((a: any) => (a.scope + " " + a.url).slice(0, 90)).join("|"),
            ]),
        };
      });
    if (process.env["MEM"]) console.log("before", JSON.stringify(await mem()));
    let stop = false;
    const watching = (async () => {
      while (!stop && process.env["MEM"]) {
        await new Promise((r) => setTimeout(r, 4000));
        console.log(rss(), host.chunks, JSON.stringify(await mem().catch(String)));
      }
    })();
    const cdp = await context.newCDPSession(page);
    await cdp.send("Profiler.enable");
    await cdp.send("Profiler.setSamplingInterval", { interval: 1000 });
    const profiled = async (name: string, work: () => Promise<unknown>) => {
      await cdp.send("Profiler.start");
      await work();
      const { profile } = await cdp.send("Profiler.stop");
      writeFileSync(`/tmp/${name}.cpuprofile`, JSON.stringify(profile));
    };
    await profiled("grow", () =>
      timed("grow shell", () =>
        app.run("label.grow", { segment: 2, seeds: [shellVoxel(dims)], range: SCALE_VOLUME.shellRange }),
      ),
    );
    stop = true;
    await watching;
    if (process.env["MEM"]) console.log("after", rss(), JSON.stringify(await mem()));
    await profiled("undo", () => timed("undo shell", () => app.run("history.undo")));
    await profiled("redo", () => timed("redo shell", () => app.run("history.redo")));
  }
  await timed("gpu", () => app.run("gpu.memory"));
  await page.screenshot({ path: ".cache/scratch/shots/scale.png" });
  await context.close();
  rmSync(profile, { recursive: true });
  await host.stop();
  console.log(app.pageErrors);
});
