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
  write: (pack, offset, data) => guarded(() => bytes().write(pack, offset, data)),
  flush: (pack) => guarded(() => bytes().flush(pack)),
  read: async (pack, offset, length, expected) => {
    const buffer = await guarded(() => bytes().read(pack, offset, length, expected));
    return transfer(buffer, [buffer]);
  },
  readInto: (pack, offset, into, expected) => guarded(() => bytes().readInto(pack, offset, into, expected)),
  close: (pack) => guarded(() => bytes().close(pack)),
  remove: (pack) => guarded(() => bytes().remove(pack)),
  list: () => guarded(() => bytes().list()),
};

serveWorker(api);
