import type { Verb } from "./verb.ts";

/** The usage line of a verb. */
function usageOf(verb: Verb): string {
  const options = Object.keys(verb.options).length > 0 ? " [options]" : "";
  return `voxelwright ${[verb.name, ...verb.positionals, ...(verb.more ? [verb.more] : [])].join(" ")}${options}`;
}

/** What `voxelwright VERB --help` prints. */
export function verbHelp(verb: Verb): string {
  const rows = Object.entries(verb.options).map(([name, { short, value, help }]) => {
    const names = short ? `-${short}, --${name}` : `--${name}`;
    return [value ? `${names} ${value}` : names, help] as const;
  });
  const width = Math.max(0, ...rows.map(([names]) => names.length));
  const options = rows.map(([names, help]) => `  ${names.padEnd(width)}  ${help}`);
  const parts = [`Usage: ${usageOf(verb)}`, verb.summary];
  if (options.length > 0) parts.push(["Options:", ...options].join("\n"));
  if (verb.details) parts.push(verb.details);
  return `${parts.join("\n\n")}\n`;
}

/** What `voxelwright --help` prints. */
export function programHelp(verbs: readonly Verb[]): string {
  const width = Math.max(...verbs.map((verb) => verb.name.length));
  const rows = verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`);
  return [
    "Usage: voxelwright VERB ARGUMENTS",
    ["Verbs:", ...rows].join("\n"),
    "voxelwright VERB --help tells a verb's options. Results go to standard output, faults and notes to standard error;",
    "the exit status is 0 on success and 1 on a refused input.\n",
  ]
    .join("\n\n")
    .replace("error;\n\n", "error;\n");
}
