import { VoxelwrightError } from "#base";
import { fromBase64, toBase64 } from "./base64.ts";

/** Ed25519 (RFC 8032), or ECDSA on P-256 with SHA-256 where a browser has no Ed25519. */
export type KeyAlgorithm = "Ed25519" | "ECDSA-P256-SHA256";

/** The public half of a device's key, as it stands in the entry that introduces it. */
export interface DeviceKey {
  readonly algorithm: KeyAlgorithm;
  /** Raw public key, base64. */
  readonly publicKey: string;
}

/** Signs for one device. The private key cannot leave the browser. */
export interface Signer {
  readonly key: DeviceKey;
  /** Fingerprint: SHA-256 of the raw public key, 64 hex digits. */
  readonly device: string;
  /** Signature of the text's UTF-8 bytes, base64. */
  sign(text: string): Promise<string>;
}

const PARAMETERS = {
  Ed25519: { key: { name: "Ed25519" }, sign: { name: "Ed25519" } },
  "ECDSA-P256-SHA256": { key: { name: "ECDSA", namedCurve: "P-256" }, sign: { name: "ECDSA", hash: "SHA-256" } },
} as const;

/**
 * A new key pair whose private key cannot be exported. Throws `unsupported` when the browser has no signatures at all, as on a
 * page that is not served securely.
 */
export async function generateDeviceKey(): Promise<CryptoKeyPair> {
  const { subtle } = globalThis.crypto;
  if (!subtle) throw noSignatures();
  for (const { key } of Object.values(PARAMETERS)) {
    try {
      return (await subtle.generateKey(key, false, ["sign", "verify"])) as CryptoKeyPair;
    } catch (error) {
      if (!(error instanceof Error && error.name === "NotSupportedError")) throw noSignatures(error);
    }
  }
  throw noSignatures();
}

/** The signer of a key pair. */
export async function createSigner(pair: CryptoKeyPair): Promise<Signer> {
  const algorithm = algorithmOf(pair.publicKey);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return {
    key: { algorithm, publicKey: toBase64(raw) },
    device: await sha256(raw),
    sign: async (text) => {
      const bytes = new TextEncoder().encode(text);
      return toBase64(new Uint8Array(await crypto.subtle.sign(PARAMETERS[algorithm].sign, pair.privateKey, bytes)));
    },
  };
}

/** Checks signatures of one device. */
export interface Verifier {
  readonly device: string;
  verify(text: string, signature: string): Promise<boolean>;
}

/** The verifier of a public key; throws `integrity` when the key is none. */
export async function createVerifier({ algorithm, publicKey }: DeviceKey): Promise<Verifier> {
  const raw = fromBase64(publicKey);
  const parameters = PARAMETERS[algorithm];
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey("raw", raw, parameters.key, false, ["verify"]);
  } catch (cause) {
    if (cause instanceof Error && cause.name === "NotSupportedError") throw noSignatures(cause);
    throw new VoxelwrightError("integrity", "A public key is damaged.", { cause });
  }
  return {
    device: await sha256(raw),
    verify: (text, signature) =>
      crypto.subtle.verify(parameters.sign, key, fromBase64(signature), new TextEncoder().encode(text)),
  };
}

/** SHA-256 as 64 hex digits; of a text, of its UTF-8 bytes. */
export async function sha256(content: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  let hex = "";
  for (const byte of digest) hex += byte.toString(16).padStart(2, "0");
  return hex;
}

function algorithmOf(key: CryptoKey): KeyAlgorithm {
  return key.algorithm.name === "Ed25519" ? "Ed25519" : "ECDSA-P256-SHA256";
}

function noSignatures(cause?: unknown): VoxelwrightError {
  return new VoxelwrightError("unsupported", "This browser cannot sign the journal.", {
    advice: "Open the page over https or localhost in a current browser.",
    cause,
  });
}
