import type { StudyStore } from "#storage";
import type { HandlesInput } from "./import-input.ts";

/** What File System Access has beyond the types of the DOM library; browsers without it have nothing to ask. */
interface AskingHandle extends FileSystemHandle {
  queryPermission?(descriptor: { mode: "read" }): Promise<PermissionState>;
  requestPermission?(descriptor: { mode: "read" }): Promise<PermissionState>;
}

/**
 * The files that the browser keeps access to for a study, undefined where there are none. Where they may not be read any more the user
 * is asked, so it belongs into a click.
 */
export async function keptFiles(store: StudyStore, volumeId: string): Promise<HandlesInput | undefined> {
  const handles = await store.handles(volumeId);
  return handles && ((await allowed(handles as readonly AskingHandle[])) ? { handles } : { handles, denied: true });
}

/** One after the other: with the first answer the browser may allow the others as well. */
async function allowed(handles: readonly AskingHandle[]): Promise<boolean> {
  for (const handle of handles) {
    if (((await handle.queryPermission?.({ mode: "read" })) ?? "granted") === "granted") continue;
    // Rejects where no click of the user is behind it.
    const answer = await handle.requestPermission?.({ mode: "read" }).catch(() => "denied");
    if (answer !== "granted") return false;
  }
  return true;
}
