import { describe, expect, it } from "vitest";
import { decodeText, personName } from "../../../src/sources/dicom/charset.ts";

/** Bytes of text in which every letter is one byte. */
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe("text in DICOM's character sets (examples of PS3.5 annexes H, I, J and K)", () => {
  it.each([
    [
      "ISO 2022 IR 87",
      ["", "ISO 2022 IR 87"],
      "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
      "Yamada^Tarou=山田^太郎=やまだ^たろう",
    ],
    [
      "ISO 2022 IR 149",
      ["", "ISO 2022 IR 149"],
      "Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7",
      "Hong^Gildong=洪^吉洞",
    ],
    ["ISO_IR 192", ["ISO_IR 192"], "Wang=\xe7\x8e\x8b", "Wang=王"],
    ["GB18030", ["GB18030"], "Wang=\xcd\xf5", "Wang=王"],
    ["ISO_IR 144", ["ISO_IR 144"], "\xbb\xee\xda", "Люк"],
    [
      "ISO 2022 IR 100 beside IR 144",
      ["ISO 2022 IR 100", "ISO 2022 IR 144"],
      "Buc^J\xe9r\xf4me=\x1b-L\xbb\xee\xda",
      "Buc^Jérôme=Люк",
    ],
    ["a wrongly written term", ["ISO IR 100"], "Jos\xe9", "José"],
    ["an unknown term", ["KLINGON"], "Jos\xe9", "José"],
  ])("%s", (_, sets, text, expected) => {
    expect(decodeText(bytes(text), sets)).toBe(expected);
  });

  it("drops control characters and escapes that mean nothing", () => {
    expect(decodeText(bytes("A\x00B\x07C\x1bD "), [])).toBe("ABCD");
  });

  it("writes names as people do", () => {
    expect(personName("Doe^Jane^^Dr")).toBe("Doe Jane Dr");
    expect(personName("Yamada^Tarou=山田^太郎=")).toBe("Yamada Tarou (山田 太郎)");
    expect(personName("^^")).toBe("");
  });
});
