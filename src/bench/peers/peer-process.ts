import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { repositoryRoot } from "../node-machine.ts";
import { PYTHON, pythonVersions } from "./peer-versions.ts";

/** Numeric libraries take every core unless they are told; peers are measured on one thread. */
const ONE_THREAD = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };

/** A peer that is another program: it holds its input and does its work as often as it is asked, telling its own time. */
export class PeerProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #folder: string;

  private constructor(command: string, args: readonly string[], folder: string) {
    this.#folder = folder;
    this.#child = spawn(command, [...args], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...ONE_THREAD },
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Starts a program with raw arrays as files: an argument that is an array stands for the path of its bytes. */
  static async start(command: string, args: readonly (string | number | ArrayBufferView)[]): Promise<PeerProcess> {
    const folder = mkdtempSync(join(tmpdir(), "voxelwright-peer-"));
    const words = args.map((arg, n) => {
      if (!ArrayBuffer.isView(arg)) return String(arg);
      const path = join(folder, `input-${n}.raw`);
      writeFileSync(path, new Uint8Array(arg.buffer, arg.byteOffset, arg.byteLength));
      return path;
    });
    const peer = new PeerProcess(command, words, folder);
    await peer.#line();
    return peer;
  }

  /** Does the work once; the milliseconds it took by the program's own clock. */
  async run(): Promise<number> {
    this.#child.stdin.write("run\n");
    return Number(await this.#line());
  }

  /** Does the work once; the milliseconds of processor time it took. On a busy machine that is the fairer measure. */
  async runForCpu(): Promise<number> {
    await this.run();
    this.#child.stdin.write("cpu\n");
    return Number(await this.#line());
  }

  /** Gives a Python peer that takes them another input and settings; not timed. */
  async load(input: ArrayBufferView, settings: Readonly<Record<string, unknown>>): Promise<void> {
    const path = join(this.#folder, "loaded.raw");
    writeFileSync(path, new Uint8Array(input.buffer, input.byteOffset, input.byteLength));
    this.#child.stdin.write(`load ${path} ${JSON.stringify(settings)}\n`);
    await this.#line();
  }

  /** Raw bytes of the last result. */
  async result(): Promise<Uint8Array> {
    const path = join(this.#folder, "result.raw");
    this.#child.stdin.write(`write ${path}\n`);
    await this.#line();
    return readFileSync(path);
  }

  close(): void {
    this.#child.stdin.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("a peer program ended before its time");
    return value;
  }
}

/** Starts a native peer (`native/NAME.cpp`), building all of them first; undefined, with a note, where ITK is not installed. */
export async function nativePeer(
  name: string,
  args: readonly (string | number | ArrayBufferView)[],
  note: (line: string) => void,
): Promise<PeerProcess | undefined> {
  const folder = (built ??= buildNative(note));
  return folder === undefined ? undefined : PeerProcess.start(join(folder, name), args);
}

let built: string | undefined | null;

function buildNative(note: (line: string) => void): string | undefined {
  const sources = join(repositoryRoot(), "src/bench/peers/native");
  const folder = join(repositoryRoot(), ".build/native");
  mkdirSync(folder, { recursive: true });
  const make = (args: string[]): boolean => spawnSync("cmake", args, { stdio: "ignore" }).status === 0;
  if (make(["-S", sources, "-B", folder]) && make(["--build", folder, "-j2"])) return folder;
  note("native ITK is not installed (Debian: libinsighttoolkit5-dev, cmake, g++); its rows are left out");
  return undefined;
}

/** Starts a Python peer (`python/NAME.py`) on the system's Python; undefined, with a note, where its packages are missing. */
export async function pythonPeer(
  name: string,
  args: readonly (string | number | ArrayBufferView)[],
  note: (line: string) => void,
): Promise<PeerProcess | undefined> {
  if (pythonVersions() !== undefined)
    return PeerProcess.start(PYTHON, [join(repositoryRoot(), "src/bench/peers/python", `${name}.py`), ...args]);
  note("scipy and scikit-image are not installed (Debian: python3-scipy, python3-skimage); their rows are left out");
  return undefined;
}
