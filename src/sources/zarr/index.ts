export { openZarrAddress } from "./zarr-address.ts";
export { openZarrFolder } from "./zarr-files.ts";
export { describeZarrImage } from "./describe-image.ts";
