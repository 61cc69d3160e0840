/** Labels two at a time, for fast scans; undefined when the array does not lie on a word. */
export function labelWords(labels: Uint16Array): Uint32Array | undefined {
  return labels.byteOffset % 4 === 0
    ? new Uint32Array(labels.buffer, labels.byteOffset, labels.length >> 1)
    : undefined;
}

/** First voxel from `start` on whose label is not `label`; the length of `labels` when there is none. */
export function endOfRun(labels: Uint16Array, words: Uint32Array | undefined, start: number, label: number): number {
  let end = start;
  const { length } = labels;
  if (words) {
    if (end & 1 && labels[end] === label) end++;
    if ((end & 1) === 0) {
      const pair = ((label << 16) | label) >>> 0;
      let word = end >> 1;
      while (word < words.length && words[word] === pair) word++;
      end = word << 1;
    }
  }
  while (end < length && labels[end] === label) end++;
  return end;
}
