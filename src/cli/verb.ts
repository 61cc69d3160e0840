import type { AbortOptions } from "#base";
import type { SourceListing } from "#sources";
import type { Kernels } from "#workers";

/** What a verb may touch: its arguments come from `readArguments`, everything else from here. */
export interface CliPort extends AbortOptions {
  /** Writes to standard output, which belongs to results. */
  print(text: string): void;
  /** Says one line on standard error that does not end the verb. */
  note(line: string): void;
  /** Opens a file, a folder, a zip or an address; `asStore` lists no files of an OME-Zarr folder, which may hold any number then. */
  open(path: string, how?: { readonly asStore: boolean }): Promise<SourceListing>;
  /** The kernels of the WASM core; the verb disposes them. */
  kernels(): Promise<Kernels>;
}

/** One option of a verb. */
export interface OptionSpec {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly multiple?: boolean;
  /** How its value is written in the help, such as `lo,hi`. */
  readonly value?: string;
  readonly help: string;
}

export interface Verb {
  readonly name: string;
  /** Arguments by position, as the usage line writes them. */
  readonly positionals: readonly string[];
  /** What further positionals are, as the usage line writes them; none are taken when absent. */
  readonly more?: string;
  readonly summary: string;
  /** More for `--help`, below the options. */
  readonly details?: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Ends with the exit status; a refusal is thrown. */
  run(args: Arguments, port: CliPort): Promise<number>;
}

/** Arguments that fit their verb: the positionals that it has, and known options only. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** The value of a string option, or undefined. */
  text(name: string): string | undefined;
  /** Whether an option without a value was given. */
  has(name: string): boolean;
  /** All values of a repeated option. */
  texts(name: string): readonly string[];
}
