import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Bytes and SHA-256 of a file; of a folder, the sum, and the hash of what `sha256sum *` prints in it. */
export function hashOfData(path: string): { readonly bytes: number; readonly sha256: string } {
  if (!statSync(path).isDirectory()) {
    const bytes = readFileSync(path);
    return { bytes: bytes.length, sha256: sha256(bytes) };
  }
  let total = 0;
  const lines = readdirSync(path)
    .toSorted()
    .map((name) => {
      const bytes = readFileSync(join(path, name));
      total += bytes.length;
      return `${sha256(bytes)}  ${name}\n`;
    });
  return { bytes: total, sha256: sha256(lines.join("")) };
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
