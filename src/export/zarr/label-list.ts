import type { StoredAxes } from "#volume";
import type { MetadataFile } from "./label-metadata.ts";

type Json = Readonly<Record<string, unknown>>;

/** The file that lists the label images of a group `labels`. */
export const LIST_FILE = { "0.4": ".zattrs", "0.5": "zarr.json" } as const;

/** Names that the list file of a group `labels` has; none for what is no such list. */
export function namesInList(version: StoredAxes["version"], json: Json | undefined): string[] {
  const own = version === "0.5" ? json?.["attributes"] : json;
  const list = (version === "0.5" ? objectOf(objectOf(own)["ome"]) : objectOf(own))["labels"];
  return Array.isArray(list) ? list.filter((name) => typeof name === "string") : [];
}

/** Metadata of a group `labels` that lists `names`; whatever else `before`, the list file that is there, says is kept. */
export function listOfLabels(version: StoredAxes["version"], before: Json, names: readonly string[]): MetadataFile[] {
  if (version === "0.4") {
    return [
      { path: ".zgroup", json: { zarr_format: 2 } },
      { path: LIST_FILE[version], json: { ...before, labels: names } },
    ];
  }
  const attributes = objectOf(before["attributes"]);
  const ome = { version, ...objectOf(attributes["ome"]), labels: names };
  const json = { zarr_format: 3, node_type: "group", ...before, attributes: { ...attributes, ome } };
  return [{ path: LIST_FILE[version], json }];
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
