import { isAbortError } from "#base";
import { filesOfHandles, type SourceFile } from "#sources";

/** What a person gave to be read: handles where the browser has them, so that it can be read again after a reload, else files. */
export type ChosenFiles = { readonly files: readonly SourceFile[] } | { readonly handles: readonly FileSystemHandle[] };

/** What File System Access has beyond the types of the DOM library; each part may be missing. */
interface Pickers {
  readonly showOpenFilePicker?: (options: object) => Promise<FileSystemHandle[]>;
  readonly showDirectoryPicker?: (options: object) => Promise<FileSystemHandle>;
}
interface HandleItem extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null | undefined>;
}

/** Files of a file input, with the folder they were chosen in as part of the name. */
export function filesOfInput(files: FileList | null): SourceFile[] {
  return [...(files ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, blob: file }));
}

/**
 * Asks for files, or for a folder where the input does, by the browser's dialog that gives handles; where it has none, by that of the
 * input, which tells its files itself.
 */
export async function askForHandles(
  input: HTMLInputElement,
  take: (handles: readonly FileSystemHandle[]) => void,
): Promise<void> {
  const { showOpenFilePicker, showDirectoryPicker } = globalThis as Pickers;
  const id = "voxelwright-scan";
  const asked = input.webkitdirectory
    ? showDirectoryPicker?.({ id }).then((folder) => [folder])
    : showOpenFilePicker?.({ id, multiple: true });
  // Closing the dialog is an answer.
  const handles = await asked?.catch((error: unknown) => (isAbortError(error) ? [] : undefined));
  if (!handles) input.click();
  else if (handles.length > 0) take(handles);
}

/** What was dropped. Call it in the drop event: items are taken before it returns. */
export async function takeDrop(transfer: DataTransfer): Promise<ChosenFiles> {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const asked = items.map(async (item: HandleItem) => item.getAsFileSystemHandle?.().catch(() => undefined));
  const entries = items.flatMap((item) => item.webkitGetAsEntry() ?? []);
  const plain = filesOfInput(transfer.files);
  const handles = (await Promise.all(asked)).flatMap((handle) => handle ?? []);
  if (items.length > 0 && handles.length === items.length) return { handles };
  if (entries.length === 0) return { files: plain };
  const found: SourceFile[] = [];
  for (const entry of entries) await walk(entry, found);
  return { files: found };
}

/** The files themselves, folders walked to their end. */
export async function filesOf(chosen: ChosenFiles): Promise<readonly SourceFile[]> {
  return "files" in chosen ? chosen.files : filesOfHandles(chosen.handles);
}

async function walk(entry: FileSystemEntry, found: SourceFile[]): Promise<void> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ name: entry.fullPath.replace(/^\//, ""), blob: file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader hands out a folder in parts and ends with an empty one.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return;
    for (const child of part) await walk(child, found);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
