import { describe, expect, it } from "vitest";
import { VERBS } from "../../../src/cli/run-cli.ts";
import { run, series } from "./fake-port.ts";

describe("the command line", () => {
  it("lists its verbs", async () => {
    const { status, out } = await run(["--help"]);
    expect(status).toBe(0);
    for (const { name } of VERBS) expect(out).toContain(`  ${name}`);
    expect((await run([])).status).toBe(1);
  });

  it.each(VERBS.map((verb) => verb.name))("%s tells its options", async (name) => {
    const { status, out, fault } = await run([name, "--help"]);
    expect([status, fault]).toEqual([0, ""]);
    expect(out).toMatch(new RegExp(`^Usage: voxelwright ${name}`));
    for (const option of Object.keys(VERBS.find((verb) => verb.name === name)!.options))
      expect(out).toContain(`--${option}`);
  });

  it.each([
    [["jump"], /no verb "jump".*Verbs: info,/],
    [["info"], /IN is missing\. See voxelwright info --help\./],
    [["info", "a", "b"], /Nothing is known to do with "b"/],
    [["info", "a", "--loud"], /no option --loud/],
    [["info", "a", "--constructor"], /no option --constructor/],
    [["bench", "--suite", "toString"], /no suite "toString"/],
    [["grow", "a", "--seed"], /--seed needs a value/],
    [["grow", "a", "--seed", "1,2", "--range", "0,1", "-o", "x.nii"], /--seed takes 3 numbers .* not "1,2"/],
    [["grow", "a", "--seed", "1,2,3.5", "--range", "0,1", "-o", "x.nii"], /whole voxel indices/],
    [["grow", "a", "--seed", "1,2,3", "-o", "x.nii"], /--range is missing/],
    [["grow", "a", "--range", "0,1", "-o", "x.nii"], /--seed is missing/],
    [["grow", "a", "--seed", "1,2,3", "--range", "5,1", "-o", "x.nii"], /from low to high, not from 5 to 1/],
    [["grow", "a", "--seed", "1,2,3", "--range", "0,1", "--connectivity", "8", "-o", "x.nii"], /6, 18 or 26, not "8"/],
    [
      ["grow", "a", "--seed", "1,2,3", "--range", "0,1", "--label", "65536", "-o", "x.nii"],
      /from 1 to 65535, not "65536"/,
    ],
    [["grow", "a", "--seed", "1,2,3", "--range", "0,1"], /--output is missing/],
    [
      ["grow", "a", "--seed", "1,2,3", "--range", "0,1", "-o", "x.png"],
      /x\.png: The name says no format\. Endings: \.seg\.nrrd,/,
    ],
    [["grow", "a", "--seed", "1,2,3", "--range", "0,1", "-o", "/no/such/x.nii"], /no folder to write it into/],
    [["grow", "a.nii", "--seed", "1,2,3", "--range", "0,1", "-o", "./a.nii"], /cannot replace the file that is read/],
    [["fill", "a", "--method", "image", "-o", "x.nii"], /go together\. Name the scan with --image\./],
    [["fill", "a", "--method", "magic", "-o", "x.nii"], /shape or image, not "magic"/],
    [["convert", "a", "x.jpg"], /The name says no format/],
    [["bench", "--suite", "nothing"], /no suite "nothing"\. Suites: main, page, render, /],
    [["verify", "/no/such/journal"], /no such file or folder/],
  ])("%j is refused in one line", async (argv, line) => {
    const { status, out, fault } = await run(argv);
    expect([status, out]).toEqual([1, ""]);
    expect(fault).toMatch(line);
    expect(fault).not.toContain("\n");
  });

  it("takes a range that begins with a minus", async () => {
    const { fault } = await run(["grow", "a", "--seed", "9,9,9", "--range", "-200,-100", "-o", "x.nii"], {
      a: [series()],
    });
    expect(fault).toMatch(/Seed 9,9,9 lies outside the volume\. Indices go from 0,0,0 to 7,5,4\./);
  });

  it("says an unexpected fault in one line without a stack", async () => {
    const broken = {
      get series(): never {
        throw new Error("boom\n  at x");
      },
      refused: [],
    };
    const { status, fault } = await run(["info", "a"], { a: broken });
    expect([status, fault]).toEqual([1, "voxelwright: boom at x"]);
  });
});
