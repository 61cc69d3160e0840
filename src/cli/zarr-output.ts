import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isAbortError, isVoxelwrightError, VoxelwrightError } from "#base";
import {
  addLabelGroup,
  IMAGE_OF_LABELS,
  labelFolder,
  labelFormatOf,
  type LabelInput,
  type WritableFolder,
  writeLabelGroup,
} from "#export";
import { describeZarrImage, labelmapFit } from "#sources";
import { ImageGrid, withSpacing } from "#volume";
import type { CliPort } from "./verb.ts";
import { refusalOf, requireWritable } from "./write-file.ts";

/** `labels/NAME` in the folder of an image. */
const WITHIN = /^(.*)[/\\]labels[/\\]([\w][\w.-]*)$/;

/** Where labels go as OME-Zarr. */
export type ZarrOutput =
  /** A label image of its own in a new folder. */
  | { readonly kind: "folder"; readonly path: string }
  /** Beside the other labels of an image that is there. */
  | { readonly kind: "within"; readonly image: string; readonly name: string };

/** The place that `NAME.zarr` or `IMAGE/labels/NAME` names; undefined for other names. Throws `argument` where it cannot be written. */
export async function zarrOutput(path: string, inputs: readonly string[]): Promise<ZarrOutput | undefined> {
  const plain = path.replace(/[/\\]+$/, "");
  const within = WITHIN.exec(plain);
  if (within && !labelFormatOf(plain)) {
    const [, image, name] = within as unknown as [string, string, string];
    if (await describe(image)) return { kind: "within", image, name };
  }
  if (!/\.zarr$/i.test(plain)) return undefined;
  await requireWritable(plain, inputs);
  return { kind: "folder", path: plain };
}

/** Writes labels as OME-Zarr and says where they are and what the format could not hold. */
export async function writeZarr(output: ZarrOutput, input: LabelInput, port: CliPort): Promise<void> {
  const options = port.signal ? { signal: port.signal } : {};
  if (output.kind === "within") {
    const image = await describe(output.image);
    const grid = image && withSpacing(image, input.grid.spacingMm).grid;
    if (!grid || labelmapFit(input.grid, new ImageGrid(grid)).kind !== "same") {
      throw new VoxelwrightError("argument", "The image lies on another grid than the labels.", {
        subject: output.image,
        advice: "Write them into a folder of their own, such as labels.zarr.",
      });
    }
    const group = labelFolder({ ...input, stored: image.stored }, IMAGE_OF_LABELS);
    const name = await guarded(output.image, () =>
      addLabelGroup(diskFolder(output.image), output.name, group, options),
    );
    if (name !== output.name) port.note(`labels/${output.name} was there: the labels are labels/${name}.`);
    for (const note of group.notes) port.note(note);
    return;
  }
  const { path } = output;
  const group = labelFolder(input);
  const draft = `${path}.part-${process.pid}`;
  try {
    await guarded(path, async () => {
      await writeLabelGroup(diskFolder(draft), "", group, options);
      await rename(draft, path);
    });
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  for (const note of group.notes) port.note(note);
}

async function describe(image: string) {
  const folder = diskFolder(image);
  // A folder that is no image is for the reader of the other formats to refuse.
  if (!(await folder.read("zarr.json")) && !(await folder.read(".zattrs"))) return undefined;
  return describeZarrImage(basename(resolve(image)), (path) => folder.read(path));
}

async function guarded<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw isVoxelwrightError(error) || isAbortError(error) ? error : refusalOf(path, error);
  }
}

function diskFolder(root: string): WritableFolder {
  return {
    async read(path) {
      try {
        return await readFile(join(root, path));
      } catch (error) {
        if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
        throw error;
      }
    },
    async write(path, bytes) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), bytes);
    },
    remove: (path) => rm(join(root, path), { recursive: true, force: true }),
  };
}
