import { describe, expect, it } from "vitest";
import { shortName } from "#views";

describe("the short name of a volume over another one", () => {
  it("is its modality where that says which it is", () => {
    const pet = { name: "IBSI_1_STS_001_PET_image", modality: "PT" };
    expect(shortName(pet, [{ modality: "CT" }, pet])).toBe("PT");
  });

  it("else its name, cut in the middle where it is long", () => {
    const flair = { name: "stroke-FLAIR", modality: "MR" };
    expect(shortName(flair, [{ modality: "MR" }, flair])).toBe("stroke-FLAIR");
    const long = { name: "sub-01_ses-02_space-T1w_FLAIR", modality: "" };
    expect(shortName(long, [{ modality: "" }, long])).toBe("sub-01_s…T1w_FLAIR");
    expect(shortName(long, [])).toHaveLength(18);
  });
});
