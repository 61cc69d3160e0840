import { expect, it } from "vitest";
import { checksum, checksumOf } from "../../src/storage/checksum.ts";

it("[K22] the checksum is xxHash32, wherever the bytes lie", () => {
  const of = (text: string) => checksum(new TextEncoder().encode(text)).toString(16).padStart(8, "0");
  // Published test values of xxHash32 with seed 0.
  expect(of("")).toBe("02cc5d05");
  expect(of("a")).toBe("550d7456");
  expect(of("abc")).toBe("32d153ff");
  expect(of("Nobody inspects the spammish repetition")).toBe("e2293b2f");
  const bytes = Uint8Array.from({ length: 1003 }, (_, n) => (n * 7) & 255);
  for (let start = 0; start < 9; start++) {
    expect(checksum(bytes.subarray(start))).toBe(checksum(bytes.slice(start)));
    const parts = [
      bytes.subarray(start, start + 32),
      bytes.subarray(start + 32, start + 48),
      bytes.subarray(start + 48),
    ];
    expect(checksumOf(parts)).toBe(checksum(bytes.slice(start)));
  }
});
