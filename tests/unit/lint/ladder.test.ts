import { describe, expect, it } from "vitest";
import { findViolations } from "../../lint/ladder.mjs";

const faults = (files: Record<string, string>) => findViolations(new Map(Object.entries(files)));

describe("the import ladder", () => {
  it("lets a folder import the folders below it by name, and its own files by path", () => {
    const files = {
      "base/index.ts": "export const one = 1;",
      "session/study.ts":
        'import { one } from "#base"; import { two } from "./two.ts"; export const three = one + two;',
      "session/two.ts": "export const two = 2;",
      "main.ts": 'import { one } from "#session"; import { render } from "solid-js/web"; render(one);',
    };
    expect(faults(files)).toEqual([]);
  });

  it("refuses what points up, also as a type, a re-export or a dynamic import", () => {
    const refused = [
      'import { Study } from "#session";',
      'import type { Study } from "#session";',
      'export { Study } from "#session";',
      'export * from "#session";',
      'const session = await import("#session");',
    ];
    for (const code of refused) {
      expect(faults({ "volume/a.ts": `\n${code}` })).toEqual([
        'src/volume/a.ts:2: "#session": volume may not import session',
      ]);
    }
  });

  it("refuses siblings, but for the exceptions in the table", () => {
    expect(faults({ "views/a.ts": 'import "#sources";' })).toHaveLength(1);
    expect(faults({ "server/a.ts": 'import "#base";' })).toHaveLength(1);
    expect(faults({ "cli/a.ts": 'import "#bench";', "server/a.ts": 'import "#protocol";' })).toEqual([]);
  });

  it("refuses another folder's files and the folder's own index", () => {
    expect(faults({ "volume/a.ts": 'import "../base/geometry.ts";' })).toHaveLength(1);
    expect(faults({ "volume/a.ts": 'import "./index.ts";' })).toHaveLength(1);
    expect(faults({ "volume/a.ts": 'import "#volume";' })).toHaveLength(1);
  });

  it("keeps packages, shaders and WASM with their owners", () => {
    expect(faults({ "session/a.ts": 'import * as comlink from "comlink";' })).toHaveLength(1);
    expect(faults({ "ui/a.ts": 'import { Vector3 } from "three/src/math/Vector3.js";' })).toHaveLength(1);
    expect(faults({ "ui/a.ts": 'import { readFileSync } from "node:fs";' })).toHaveLength(1);
    expect(faults({ "ui/a.ts": 'import code from "#shaders/slice/slice.wgsl?raw";' })).toHaveLength(1);
    expect(faults({ "gpu/a.ts": "WebAssembly.instantiate(bytes);" })).toHaveLength(1);
    expect(faults({ "workers/a.ts": 'import * as comlink from "comlink"; WebAssembly.instantiate(bytes);' })).toEqual(
      [],
    );
  });

  it("lets a worker shell of any folder reach comlink through workers", () => {
    expect(faults({ "gpu/codec.worker.ts": 'import { serveWorker } from "#workers";' })).toEqual([]);
    expect(faults({ "gpu/codec.ts": 'import { serveWorker } from "#workers";' })).toHaveLength(1);
    expect(faults({ "storage/worker-bytes.ts": 'import { spawnWorker } from "#workers";' })).toEqual([]);
  });

  it("names a cycle, through an index too, and takes the start of a worker for none", () => {
    const cycle = faults({
      "ui/a.ts": 'import "./b.ts";',
      "ui/b.ts": 'import "./c.ts";',
      "ui/c.ts": 'import "./b.ts";',
    });
    expect(cycle).toEqual(["cycle: src/ui/b.ts → src/ui/c.ts → src/ui/b.ts"]);
    const worker = 'new Worker(new URL("./b.worker.ts", import.meta.url));';
    expect(faults({ "workers/a.ts": worker, "workers/b.worker.ts": 'import "./a.ts";' })).toEqual([]);
  });
});
