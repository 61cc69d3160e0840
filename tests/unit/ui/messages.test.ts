import { describe, expect, it } from "vitest";
import { VoxelwrightError } from "#base";
import { messageOfError } from "../../../src/ui/error-message.ts";
import { adviceFor } from "../../../src/ui/home/webgpu-advice.ts";

describe("an error on screen", () => {
  it("names the file, the fault and what to do; the rest is in the details", () => {
    const error = new VoxelwrightError("source", "The file ends early.", {
      subject: "scan.nii.gz",
      advice: "Copy it again.",
      fields: { found: 10 },
      cause: new Error("unexpected end"),
    });
    expect(messageOfError(error, "study.open")).toEqual({
      tone: "error",
      text: "scan.nii.gz: The file ends early.",
      advice: "Copy it again.",
      details: "source error in study.open\nfound: 10\ncause: unexpected end",
    });
  });

  it("keeps a stack out of the line", () => {
    const message = messageOfError(new TypeError("x is undefined"), "label.grow");
    expect(message.text).toBe("Something failed that should not have: x is undefined");
    expect(message.details).toContain("label.grow");
  });
});

describe("advice where WebGPU is missing", () => {
  it("begins with the reader's own browser", () => {
    expect(adviceFor("no-api", "Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/128.0")[0]!.where).toBe("Firefox:");
    expect(adviceFor("no-adapter", "Mozilla/5.0 AppleWebKit/537.36 Chrome/130.0 Safari/537.36")[0]!.where).toBe(
      "Chrome and Edge:",
    );
    expect(adviceFor("no-api", "Mozilla/5.0 (Macintosh) AppleWebKit/605.1 Version/18.0 Safari/605.1")[0]!.where).toBe(
      "Safari:",
    );
  });

  it.each(["insecure", "lost", "limits"] as const)("says something of its own for %s", (kind) => {
    expect(adviceFor(kind, "").length).toBeGreaterThan(0);
  });
});
