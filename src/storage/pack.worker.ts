import { VoxelwrightError } from "#base";
import { serveWorker, transfer } from "#workers";
import { OpfsBytes } from "./opfs-bytes.ts";
import type { PackWorkerApi } from "./pack.api.ts";
import { guarded } from "./storage-errors.ts";

let opened: OpfsBytes | undefined;

function bytes(): OpfsBytes {
  if (!opened) throw new VoxelwrightError("storage", "The pack files are not open.");
  return opened;
}

const api: PackWorkerApi = {
  open: async (folderName) => {
    opened = await OpfsBytes.open(folderName);
    return opened !== undefined;
  },
  write: (pack, offset, parts) => guarded(() => bytes().write(pack, offset, parts)),
  flush: (pack) => guarded(() => bytes().flush(pack)),
  read: async (pack, place, byteLength) => {
    const buffer = await guarded(() => bytes().read(pack, place, byteLength));
    return transfer(buffer, [buffer]);
  },
  readInto: (pack, place, into) => guarded(() => bytes().readInto(pack, place, into)),
  close: (pack) => guarded(() => bytes().close(pack)),
  remove: (pack) => guarded(() => bytes().remove(pack)),
  list: () => guarded(() => bytes().list()),
};

serveWorker(api);
