import type { SourceFile } from "#sources";
import * as v from "valibot";

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

export const urlSchema = v.pipe(v.string(), v.url("Give a whole address, such as https://example.org/scan.nii.gz."));
