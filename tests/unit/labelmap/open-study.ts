import {
  createSigner,
  generateDeviceKey,
  History,
  JournalWriter,
  Labelmap,
  MeasurementList,
  SegmentList,
  type Signer,
} from "#labelmap";
import { type Dims, ImageGrid, type ImageGridData } from "#volume";
import { MemoryPort } from "./memory-port.ts";

export const DIMS: Dims = [150, 100, 70];
export const GRID = new ImageGrid({ dims: DIMS, indexToLps: [0.7, 0, 0, -50, 0, 0.7, 0, -40, 0, 0, 2, 10] });

/** A study of labels as a session opens it: empty, or from what `port` holds. */
export async function openStudy(port = new MemoryPort(), signer?: Signer, grid: ImageGridData = GRID.toData()) {
  const by = signer ?? (await createSigner(await generateDeviceKey()));
  const labelmap = new Labelmap(DIMS, { bricks: port.bricks });
  const segments = port.segments ? SegmentList.parse(port.segments) : new SegmentList();
  const measurements = port.measurements ? MeasurementList.parse(port.measurements) : new MeasurementList();
  const writer = await JournalWriter.open({
    volumeId: "study-1",
    grid,
    app: "0.1.0",
    port,
    signer: by,
    author: () => "A. Notator",
    labelmap,
    segments,
    measurements,
  });
  const history = new History({ writer, labelmap, segments, measurements });
  return { port, signer: by, labelmap, segments, measurements, writer, history };
}

export type OpenStudy = Awaited<ReturnType<typeof openStudy>>;

/** All labels, segments and measurements as one text. */
export function stateOf({
  labelmap,
  segments,
  measurements,
}: Pick<OpenStudy, "labelmap" | "segments" | "measurements">): string {
  const bricks = labelmap
    .brickIndices()
    .map((index) => `${index}:${Buffer.from(labelmap.committedBytes(index)!).toString("base64")}`);
  return [...bricks, JSON.stringify(segments.list()), JSON.stringify(measurements.list())].join("\n");
}
