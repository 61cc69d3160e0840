import type { Vec3 } from "#base";
import type { SourceFile } from "#sources";
import { spacingFault } from "#volume";
import * as v from "valibot";
import type { ImportInput } from "./import-input.ts";

const fileSchema = v.union([v.instance(File), v.object({ name: v.string(), blob: v.instance(Blob) })]);

/** Files as scripts give them: `File` objects, or named blobs. */
export function toSourceFiles(files: readonly v.InferOutput<typeof fileSchema>[]): SourceFile[] {
  return files.map((file) =>
    file instanceof File
      ? { name: file.webkitRelativePath || file.name, blob: file }
      : { name: file.name, blob: file.blob },
  );
}

export const filesSchema = v.pipe(v.array(fileSchema), v.minLength(1, "Choose at least one file."));

/** Handles of files and folders (File System Access): a study that needs them again keeps them. */
export const handlesSchema = v.pipe(
  v.array(
    v.custom<FileSystemHandle>(
      (value) => typeof value === "object" && value !== null && "kind" in value,
      "Give handles of files or folders.",
    ),
  ),
  v.minLength(1, "Choose at least one file."),
);

export const urlSchema = v.pipe(v.string(), v.url("Give a whole address, such as https://example.org/scan.nii.gz."));

/** Sizes of voxels in mm for those that files do not give; `ask` has the user asked for them. */
export const spacingSchema = v.optional(
  v.pipe(
    // What it is of is checked here, so that a union of arguments says what is wrong with it.
    v.unknown(),
    v.transform((given) => given as Vec3 | "ask"),
    v.check(
      (given) => wrongSpacing(given) === undefined,
      ({ input }) => wrongSpacing(input)!,
    ),
  ),
);

function wrongSpacing(given: unknown): string | undefined {
  if (given === "ask") return undefined;
  if (!Array.isArray(given) || given.length !== 3)
    return "Give the voxel size as three numbers of millimetres along i, j and k, such as [0.5, 0.5, 2], or “ask” to have the user asked.";
  for (const [n, mm] of given.entries()) {
    const fault = typeof mm === "number" ? spacingFault(mm) : "Give a number of millimetres, such as 0.5.";
    if (fault !== undefined) return `Along ${"ijk"[n]}: ${fault}`;
  }
  return undefined;
}

/** What is read, as commands are given it. */
export interface GivenInput {
  readonly files?: v.InferOutput<typeof filesSchema> | undefined;
  readonly handles?: v.InferOutput<typeof handlesSchema> | undefined;
  readonly url?: string | undefined;
}

export function toInput({ files, handles, url }: GivenInput): ImportInput | undefined {
  if (files) return { files: toSourceFiles(files) };
  if (handles) return { handles };
  return url === undefined ? undefined : { url };
}
