import type { Plane, ReadInstance } from "./instance.ts";
import { sameOrientation } from "./placement.ts";

/** Planes that may be one volume: one series, patient, frame of reference, matrix, voxel format and orientation. */
export interface Group {
  readonly planes: readonly Plane[];
  /** Instances that belong here and whose voxels cannot be read. */
  readonly damaged: readonly ReadInstance[];
}

/** Groups that the files call one series. */
export interface SeriesGroups {
  readonly groups: readonly Group[];
  /** All instances of the series whose voxels cannot be read. */
  readonly damaged: readonly ReadInstance[];
  readonly notes: readonly string[];
}

/** Modalities of which images without a place may still be a stack, by instance number. */
const STACKABLE: ReadonlySet<string> = new Set(["CT", "MR", "PT", "NM"]);

/** Sorts planes into series and, within these, into groups that can be stacked. */
export function groupPlanes(instances: readonly ReadInstance[]): SeriesGroups[] {
  const series = new Map<string, ReadInstance[]>();
  for (const read of instances) push(series, seriesKey(read), read);
  return [...series.values()].map(readSeries);
}

function readSeries(members: readonly ReadInstance[]): SeriesGroups {
  const patients = new Map(members.map(({ instance }) => [patientKey(instance), patientOf(instance)]));
  const notes: string[] = [];
  if (patients.size > 1) {
    notes.push(
      `WARNING: the files of this series name ${patients.size} patients: ${[...patients.values()].join("; ")}. They were kept apart.`,
    );
  }
  // Some anonymisers give every file a frame of its own, which then says nothing.
  const frames = new Set(members.map(({ instance }) => instance.frameOfReference));
  const scattered = members.length > 2 && frames.size === members.length;
  if (scattered)
    notes.push("Every file names a frame of reference of its own; the positions were taken to be in one frame.");
  return {
    groups: groupsOf(members, scattered),
    damaged: members.filter(({ instance }) => instance.damage !== undefined),
    notes,
  };
}

/** One key for all that a file calls the same series; where UIDs were removed, what else names a series. */
function seriesKey({ instance }: ReadInstance): string {
  if (instance.seriesInstance !== "") return instance.seriesInstance;
  return [
    "no UID",
    instance.studyInstance,
    instance.modality,
    instance.seriesNumber,
    instance.name,
    patientKey(instance),
  ].join("|");
}

function patientOf({ patientId, patientName }: ReadInstance["instance"]): string {
  return `${patientName} (${patientId})`;
}

/** One key for spellings of a patient that differ in case and separators only. */
function patientKey({ patientId, patientName }: ReadInstance["instance"]): string {
  return `${patientName} (${patientId})`.toLowerCase().replace(/[\s^]+/g, " ");
}

function groupsOf(members: readonly ReadInstance[], oneFrame: boolean): Group[] {
  const buckets = new Map<string, ReadInstance[]>();
  for (const read of members) push(buckets, bucketKey(read, oneFrame), read);
  return [...buckets.values()].flatMap((bucket) => {
    const whole = bucket.filter(({ instance }) => instance.damage === undefined);
    const damaged = bucket.filter(({ instance }) => instance.damage !== undefined);
    const clusters = clusterByOrientation(whole.flatMap(({ planes }) => planes));
    return clusters.map((planes) => ({
      planes,
      damaged: damaged.filter((read) =>
        read.planes.some((plane) => plane.stack === planes[0]!.stack && sameOrientation(plane, planes[0]!)),
      ),
    }));
  });
}

function bucketKey({ instance, planes }: ReadInstance, oneFrame: boolean): string {
  const { format } = instance;
  const alone = instance.localizer || (planes[0]?.placement === undefined && !STACKABLE.has(instance.modality));
  return [
    instance.modality,
    patientKey(instance),
    oneFrame ? "" : instance.frameOfReference,
    instance.planeColumns,
    instance.planeRows,
    format.kind,
    format.bitsAllocated,
    format.signed,
    instance.monochrome1,
    alone ? `${instance.sopInstance}|${instance.file.name}` : "",
  ].join("|");
}

function clusterByOrientation(planes: readonly Plane[]): Plane[][] {
  const clusters: Plane[][] = [];
  for (const plane of planes) {
    const found = clusters.find((cluster) => cluster[0]!.stack === plane.stack && sameOrientation(cluster[0]!, plane));
    if (found) found.push(plane);
    else clusters.push([plane]);
  }
  return clusters.toSorted((a, b) => b.length - a.length);
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
