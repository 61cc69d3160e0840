// `npm start`: builds the site if need be, serves it and prints its one address. --port N takes that port or fails.
import { parseArgs } from "node:util";
import { buildSite, serveSite } from "./site.mjs";

const { values } = parseArgs({ options: { port: { type: "string" } } });
try {
  buildSite();
  const url = await serveSite(values.port === undefined ? {} : { port: Number(values.port), strictPort: true });
  console.log(`\n  Voxelwright: ${url}\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
