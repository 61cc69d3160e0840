import type { SourceFile } from "#sources";
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
