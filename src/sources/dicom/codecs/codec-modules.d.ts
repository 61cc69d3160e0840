/** Cornerstone's codecs come without types; the shapes are those that `cornerstone.ts` uses. */
declare module "@cornerstonejs/codec-charls/decodewasmjs" {
  const factory: import("./cornerstone.ts").CodecFactory;
  export default factory;
}
declare module "@cornerstonejs/codec-openjpeg/decodewasmjs" {
  const factory: import("./cornerstone.ts").CodecFactory;
  export default factory;
}
declare module "@cornerstonejs/codec-openjph" {
  const factory: import("./cornerstone.ts").CodecFactory;
  export default factory;
}
