/** JSON for people and programs: indented, with arrays of numbers on one line. Ends with a line feed. */
export function printedJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  // Line breaks inside strings are escaped, so a bracket followed by one is an array's.
  const inline = text.replaceAll(/\[\n\s+(-?[\d.eE+-]+(?:,\n\s+-?[\d.eE+-]+)*)\n\s+\]/g, (_, numbers: string) => {
    return `[${numbers.replaceAll(/,\n\s+/g, ", ")}]`;
  });
  return `${inline}\n`;
}
