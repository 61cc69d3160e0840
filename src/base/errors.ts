/**
 * The errors of Voxelwright: one class with a closed set of kinds. An error names the thing it is about, says what is wrong
 * and what its reader may do next, and keeps its kind and fields when it crosses a worker boundary.
 */

/** What went wrong, for code that has to choose what to do. */
export type ErrorKind =
  /** A source is not what it claims to be, ends early or contradicts itself. The open study is untouched. */
  | "source"
  /** A source is well formed but of a kind that Voxelwright does not read. */
  | "unsupported"
  /** The input asks for more than a limit allows (bytes, voxels, labels). */
  | "limit"
  /** Arguments of a command or a call do not fit its contract. */
  | "argument"
  /** A named thing (study, segment, entry) does not exist. */
  | "not-found"
  /** A change would touch a locked segment. */
  | "locked"
  /** A label value does not fit 16 bits. Values are never clamped. */
  | "label-range"
  /** The local cache refused a read or a write; `quota` in the fields tells a full disk from a broken one. */
  | "storage"
  /** A brick, an entry or a file does not match its checksum or signature. */
  | "integrity"
  /** A worker died; its calls are rejected and it is replaced. */
  | "worker"
  /** No WebGPU, no adapter, or the device is lost. */
  | "gpu"
  /** A server could not be reached or refused. */
  | "network";

export interface ErrorDetails {
  /** The file, study, segment or URL the error is about. */
  readonly subject?: string;
  /** What the reader may do next, as a full sentence. */
  readonly advice?: string;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
  readonly cause?: unknown;
}

/** The plain form of an error, as it crosses a worker boundary. */
export interface WireError {
  readonly name: "VoxelwrightError" | "AbortError" | "Error";
  readonly kind?: ErrorKind;
  readonly message: string;
  readonly subject?: string;
  readonly advice?: string;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
}

export class VoxelwrightError extends Error {
  override readonly name = "VoxelwrightError";
  readonly kind: ErrorKind;
  readonly subject: string | undefined;
  readonly advice: string | undefined;
  readonly fields: Readonly<Record<string, string | number | boolean>>;

  /** `message` says what is wrong in one plain sentence, without the subject. */
  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.subject = details.subject;
    this.advice = details.advice;
    this.fields = details.fields ?? {};
  }

  /** One line for a person: subject, fault, advice. */
  get line(): string {
    const head = this.subject ? `${this.subject}: ${this.message}` : this.message;
    return this.advice ? `${head} ${this.advice}` : head;
  }
}

/** True for an error of ours, and of that kind if one is given. */
export function isVoxelwrightError(error: unknown, kind?: ErrorKind): error is VoxelwrightError {
  return error instanceof VoxelwrightError && (kind === undefined || error.kind === kind);
}

/** The plain form of any thrown value. The inverse of `errorFromWire`. */
export function errorToWire(error: unknown): WireError {
  if (error instanceof VoxelwrightError) {
    const { kind, message, subject, advice, fields } = error;
    return {
      name: "VoxelwrightError",
      kind,
      message,
      fields,
      ...(subject === undefined ? {} : { subject }),
      ...(advice === undefined ? {} : { advice }),
    };
  }
  if (error instanceof Error) {
    return { name: error.name === "AbortError" ? "AbortError" : "Error", message: error.message };
  }
  return { name: "Error", message: String(error) };
}

/** Rebuilds an error from its plain form. The inverse of `errorToWire`. */
export function errorFromWire(wire: WireError): Error {
  if (wire.name === "VoxelwrightError" && wire.kind !== undefined) {
    return new VoxelwrightError(wire.kind, wire.message, wire);
  }
  if (wire.name === "AbortError") return new DOMException(wire.message, "AbortError");
  return new Error(wire.message);
}
