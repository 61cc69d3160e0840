export const chromiumArgs: string[];
export function findChromium(): string | undefined;
export function findSwiftShader(): string | undefined;
export function ensureChromium(): string;
