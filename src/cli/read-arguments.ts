import { parseArgs } from "node:util";
import { VoxelwrightError } from "#base";
import type { Arguments, Verb } from "./verb.ts";

/** Reads a verb's arguments. Throws `argument` for unknown options, missing values, and too few or too many positionals. */
export function readArguments(verb: Verb, argv: readonly string[]): Arguments {
  const advice = `See voxelwright ${verb.name} --help.`;
  const refuse = (message: string): never => {
    throw new VoxelwrightError("argument", message, { advice });
  };
  const { tokens } = parseArgs({
    args: joinNegativeValues(argv),
    options: Object.fromEntries(
      Object.entries(verb.options).map(([name, { type, short }]) => [name, short ? { type, short } : { type }]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const spec = Object.hasOwn(verb.options, token.name) ? verb.options[token.name] : undefined;
    if (!spec) return refuse(`There is no option ${token.rawName}.`);
    if (spec.type === "string" && (token.value === undefined || token.value === "")) {
      return refuse(`Option ${token.rawName} needs a value.`);
    }
    if (spec.type === "boolean" && token.value !== undefined) return refuse(`Option ${token.rawName} takes no value.`);
    const known = values.get(token.name) ?? [];
    if (known.length > 0 && !spec.multiple) return refuse(`Option ${token.rawName} is given twice.`);
    values.set(token.name, [...known, token.value ?? ""]);
  }
  const missing = verb.positionals[positionals.length];
  if (missing !== undefined) return refuse(`${missing} is missing.`);
  const extra = verb.more === undefined ? positionals[verb.positionals.length] : undefined;
  if (extra !== undefined) return refuse(`Nothing is known to do with "${extra}".`);
  return {
    positionals,
    text: (name) => values.get(name)?.[0],
    has: (name) => values.has(name),
    texts: (name) => values.get(name) ?? [],
  };
}

/** `--range -200,300`: a value that begins with a minus and a digit belongs to the option before it. */
function joinNegativeValues(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (const [n, argument] of argv.entries()) {
    const before = joined.at(-1);
    const isValue = /^-[\d.]/.test(argument) && before !== undefined && /^--[^=]+$/.test(before);
    if (isValue && before === argv[n - 1]) joined[joined.length - 1] = `${before}=${argument}`;
    else joined.push(argument);
  }
  return joined;
}

/** Numbers separated by commas, exactly `count` of them. */
export function readNumbers(text: string, count: number, option: string): number[] {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (numbers.length !== count || numbers.some((value) => Number.isNaN(value))) {
    const what = count === 1 ? "a number" : `${count} numbers with commas between`;
    throw new VoxelwrightError("argument", `${option} takes ${what}, not "${text}".`);
  }
  return numbers;
}

/** A whole number from `low` to `high`. */
export function readWhole(text: string, low: number, high: number, option: string): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < low || value > high) {
    throw new VoxelwrightError("argument", `${option} takes a whole number from ${low} to ${high}, not "${text}".`);
  }
  return value;
}

/** The value of an option that the verb cannot do without. */
export function requireText(args: Arguments, name: string, verb: string): string {
  const value = args.text(name);
  if (value !== undefined) return value;
  throw new VoxelwrightError("argument", `--${name} is missing.`, { advice: `See voxelwright ${verb} --help.` });
}
