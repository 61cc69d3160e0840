// The voxels as a NIfTI-1 file in memory: int16, 1 mm, index = LPS.
export function niftiOf({ dims, voxels }) {
  const bytes = new ArrayBuffer(352 + voxels.byteLength);
  const view = new DataView(bytes);
  view.setInt32(0, 348, true);
  [3, ...dims, 1, 1, 1, 1].forEach((n, at) => view.setInt16(40 + at * 2, n, true));
  view.setInt16(70, 4, true);
  view.setInt16(72, 16, true);
  [1, 1, 1, 1].forEach((n, at) => view.setFloat32(76 + at * 4, n, true));
  view.setFloat32(108, 352, true);
  view.setFloat32(112, 1, true);
  view.setUint8(123, 2);
  view.setInt16(254, 1, true);
  [-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0].forEach((n, at) => view.setFloat32(280 + at * 4, n, true));
  [0x6e, 0x2b, 0x31, 0].forEach((n, at) => view.setUint8(344 + at, n));
  new Int16Array(bytes, 352).set(voxels);
  return bytes;
}

/** A colour map of 256 places over the transfer function, and the range that it is for. */
export function colorMapOf({ transfer }) {
  const [low, high] = [transfer[0].value, transfer.at(-1).value];
  const map = { R: [], G: [], B: [], A: [], I: [], min: 0, max: 0 };
  for (const { value, opacity, color } of transfer) {
    map.I.push(Math.round(((value - low) / (high - low)) * 255));
    map.R.push(Math.round(color[0] * 255));
    map.G.push(Math.round(color[1] * 255));
    map.B.push(Math.round(color[2] * 255));
    map.A.push(Math.round(opacity * 255));
  }
  return { map, low, high };
}

/** A disc of `radius` voxels in an axial slice of a drawing, whose first axis runs the other way (RAS). */
export function paintDisc(drawing, [nx, ny], [i, j, k], radius) {
  for (let y = -radius; y <= radius; y++)
    for (let x = -radius; x <= radius; x++)
      if (x * x + y * y <= radius * radius) drawing[(k * ny + (ny - 1 - j - y)) * nx + (nx - 1 - i - x)] = 1;
}
