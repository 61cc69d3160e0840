import type { Page } from "@playwright/test";
import { openRenderPage, type RenderPage } from "../page/render-page.ts";
import type { OpenTime, SceneTime } from "../page/render/main.ts";
import type { SceneName } from "../page/render/renderer.ts";
import { type BenchRow, benchRow } from "../report.ts";
import type { Suite, SuitePort } from "../suite.ts";

/** The views and passes of the program against other programs of the browser, on one page and one adapter. */
export const renderSuite: Suite = {
  peers: ["@playwright/test", "three"],
  run: (port) => withPage(port, [planeRows, volumeRows, strokeRows, growthRows]),
};

/** Parts by name: `render:planes`, `render:volumes`, `render:growth`. */
export const renderSuites: Readonly<Record<string, Suite>> = {
  "render:planes": { peers: renderSuite.peers, run: (port) => withPage(port, [planeRows, strokeRows]) },
  "render:volumes": { peers: renderSuite.peers, run: (port) => withPage(port, [volumeRows]) },
  "render:growth": { peers: renderSuite.peers, run: (port) => withPage(port, [growthRows]) },
};

const EDGE = 256;
const FRAMES = 60;
const OURS = "Voxelwright";
const FLOOR = "texture reads alone";
const PHANTOM = `chest phantom of ${EDGE}³ int16, noise of 20 HU`;

type Part = (page: RenderPage, port: SuitePort) => Promise<BenchRow[]>;

async function withPage(port: SuitePort, parts: readonly Part[]): Promise<BenchRow[]> {
  const opened = await openRenderPage(port.note);
  if (typeof opened === "string") {
    port.note(`rendering: left out, as ${opened}.`);
    return [];
  }
  try {
    port.found.versions["chromium"] = opened.chromium;
    port.found.adapter = await opened.page.evaluate(() => window.renderBench!.adapter());
    const rows: BenchRow[] = [];
    // Growth needs no peers.
    if (parts.some((part) => part !== growthRows)) rows.push(...(await openRows(opened, port)));
    for (const part of parts) {
      port.signal?.throwIfAborted();
      rows.push(...(await part(opened, port)));
    }
    return rows;
  } finally {
    await opened.close();
  }
}

/** Opens all on the same voxels; how long that takes to the first plane, and what is held then. */
async function openRows({ page, peers }: RenderPage, port: SuitePort): Promise<BenchRow[]> {
  port.note(`rendering: opening a volume of ${EDGE}³`);
  const { opened, left } = await page.evaluate(([edge, all]) => window.renderBench!.open(edge, all), [
    EDGE,
    peers,
  ] as const);
  for (const { name, reason } of left) port.note(`rendering: ${name} left out: ${reason}.`);
  for (const { name, version } of opened) if (version) port.found.versions[name] = version;
  port.note("rendering: Kiln is not in the npm registry (kiln-render), so it is left out.");
  const input = `${PHANTOM}, voxels in memory to the first axial plane of 512², shaders compiled on the way; ours cuts bricks of every level`;
  const ours = opened.find(({ name }) => name === OURS);
  const held = ({ name, heldBytes }: OpenTime): BenchRow => ({
    name: "rendering: GPU bytes held",
    input: `${name}: ${PHANTOM}, one axial plane of 512²`,
    bytes: heldBytes,
  });
  const timed = opened
    .filter(({ name }) => name !== OURS && name !== FLOOR)
    .map(({ name, version, ms }) =>
      benchRow({
        name: "rendering: first picture after open",
        input,
        ...(ours ? { ourMs: ours.ms } : {}),
        peer: `${name} ${version}`,
        peerMs: ms,
      }),
    );
  if (timed.length === 0 && ours)
    timed.push(benchRow({ name: "rendering: first picture after open", input, ourMs: ours.ms }));
  return [...timed, ...opened.filter(({ name }) => name !== FLOOR).map(held)];
}

const PLANES: readonly (readonly [SceneName, string])[] = [
  ["scroll", "axial planes, two slices a frame, linear"],
  ["oblique", "planes turned about two axes, 3° a frame, linear"],
  ["slab", "greatest value of 20 mm, axial, two slices a frame"],
];

async function planeRows({ page }: RenderPage, port: SuitePort): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [scene, what] of PLANES) rows.push(...(await sceneRows(page, port, scene, what, 512, 15_000)));
  return rows;
}

const VOLUMES: readonly (readonly [SceneName, string])[] = [
  ["mip", "greatest value"],
  ["shaded", "shaded composite, skin to bone"],
  ["iso", "isosurface at 300 HU (vtk.js and Cornerstone3D: a step of opacity)"],
];

async function volumeRows({ page }: RenderPage, port: SuitePort): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const size of [512, 1024]) {
    for (const [scene, what] of VOLUMES) {
      const input = `${what}, samples 1 mm apart, camera turned 6° a frame`;
      rows.push(...(await sceneRows(page, port, scene, input, size, size === 512 ? 20_000 : 30_000)));
    }
  }
  return rows;
}

async function sceneRows(
  page: Page,
  port: SuitePort,
  scene: SceneName,
  what: string,
  size: number,
  budgetMs: number,
): Promise<BenchRow[]> {
  port.note(`rendering: ${scene}, ${size}²`);
  const { times, left } = await page.evaluate(
    ([name, edge, frames, budget]) => window.renderBench!.time(name, edge, frames, budget),
    [scene, size, FRAMES, budgetMs] as const,
  );
  for (const { name, reason } of left) port.note(`rendering: ${scene} of ${name} left out: ${reason}.`);
  for (const { name, png } of times) port.found.pictures.push({ name: `${scene} ${size}², ${name}`, png });
  return rowsOf(`rendering: ${scene}, ${size}²`, `${PHANTOM}; ${what}`, times);
}

function rowsOf(name: string, input: string, times: readonly SceneTime[]): BenchRow[] {
  const ours = times.find((time) => time.name === OURS);
  const floor = times.find((time) => time.name === FLOOR);
  const peers = times.filter((time) => time !== ours && time !== floor);
  const own = ours ? { ourMs: ours.ms } : {};
  const least = floor ? { floorMs: floor.ms } : {};
  const counted = (peer?: SceneTime): string =>
    `frames: ours ${ours?.frames ?? 0}${peer ? `, the peer ${peer.frames}` : ""}; floor: texture reads alone, all samples`;
  const rows = peers.map((peer) =>
    benchRow({
      name,
      input: `${input}; ${counted(peer)}`,
      ...own,
      peer: `${peer.name} ${peer.version}`,
      peerMs: peer.ms,
      ...least,
    }),
  );
  if (peers.length === 0 && ours) rows.push(benchRow({ name, input: `${input}; ${counted()}`, ...own, ...least }));
  const first = `${name}, first frame`;
  return [
    ...rows,
    ...peers.map((peer) =>
      benchRow({
        name: first,
        input: "shaders compiled where they had not been",
        ...(ours ? { ourMs: ours.firstMs } : {}),
        peer: `${peer.name} ${peer.version}`,
        peerMs: peer.firstMs,
      }),
    ),
  ];
}

async function strokeRows({ page }: RenderPage, port: SuitePort): Promise<BenchRow[]> {
  port.note("rendering: bytes of a stroke");
  const found = await page.evaluate(() => window.renderBench!.stroke());
  return found.map(({ name, bytes }) => ({
    name: "rendering: bytes sent for a stroke",
    input: `${name}: 16 discs of 8 voxels radius in one slice of ${EDGE}³, a picture after each, all that reaches the GPU`,
    bytes,
  }));
}

async function growthRows({ page }: RenderPage, port: SuitePort): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const edge of [128, 256, 512, 1024, 2048]) {
    port.note(`rendering: a plane of ${edge}³`);
    const { fittedMs, fullMs, frames, heldBytes, firstMs } = await page.evaluate(
      ([n, count]) => window.renderBench!.growth(n, count),
      [edge, FRAMES] as const,
    );
    const input = `${edge}³ int16, made by the brick, ${frames} frames of 512², bricks in place`;
    rows.push(benchRow({ name: "rendering: growth, whole plane", input, ourMs: fittedMs }));
    if (fullMs !== undefined) rows.push(benchRow({ name: "rendering: growth, a pixel a voxel", input, ourMs: fullMs }));
    rows.push(
      benchRow({ name: "rendering: growth, first whole plane", input: "bricks made on the way", ourMs: firstMs }),
      { name: "rendering: growth, GPU bytes held", input, bytes: heldBytes },
    );
  }
  return rows;
}
