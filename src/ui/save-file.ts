/** Hands bytes, or a file, to the browser's download as `name`. */
export function saveFile(name: string, bytes: Uint8Array<ArrayBuffer> | Blob, type = "application/octet-stream"): void {
  const url = URL.createObjectURL(bytes instanceof Blob ? bytes : new Blob([bytes], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download holds its own reference once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
