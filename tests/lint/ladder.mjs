// The import ladder of src, held by one table. Prints every import that breaks it, and every cycle; exits 1 on any.
// Run by `npm run lint`; the check itself is `findViolations`, which tests call with files of their own.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseSync } from "vite";

/** Rungs from the bottom. A folder imports only from rungs below its own; folders of one rung do not know one another. */
const rungs = [
  ["base"],
  ["volume"],
  ["labelmap"],
  ["protocol", "workers", "storage", "gpu"],
  ["sources", "export", "sync", "views"],
  ["tools"],
  ["session"],
  ["ui", "cli", "bench"],
];

/** Imports within a rung that are needed: `voxelwright bench` is a verb of the CLI; the cache writes its packs in a worker. */
const siblings = { cli: ["bench"], storage: ["workers"] };

/** Folders that do not take all that is below them. */
const only = { server: ["protocol"] };

/** Files directly in src: the composition root takes anything, the others no folder. */
const roots = ["main.ts", "main.tsx"];

/** Packages with one owner (a name stands for its subpaths too), and who may import node: modules. */
const owners = {
  comlink: ["workers"],
  dexie: ["storage"],
  three: ["views"],
  "solid-js": ["ui"],
  "@kobalte/core": ["ui"],
  "@preact/signals-core": ["base"],
  "node:": ["cli", "server", "bench", "workers", "sources"],
};

/** Who may make WASM run; `sources` for the codecs it loads. */
const wasmOwners = ["workers", "sources"];

/** Folders that the given folder may import. */
export function allowedFolders(folder) {
  if (only[folder]) return only[folder];
  const rung = rungs.findIndex((names) => names.includes(folder));
  return [...rungs.slice(0, Math.max(rung, 0)).flat(), ...(siblings[folder] ?? [])];
}

/** Import specifiers of one module with their offsets: static, re-exported, dynamic, and worker addresses. */
function specifiersOf(path, code) {
  const { module, errors } = parseSync(path, code);
  if (errors.length > 0) return { specifiers: [], error: errors[0].message };
  const specifiers = module.staticImports.map(({ moduleRequest: { value, start } }) => ({ value, start }));
  for (const { moduleRequest } of module.staticExports.flatMap(({ entries }) => entries)) {
    if (moduleRequest && !specifiers.some(({ start }) => start === moduleRequest.start)) {
      specifiers.push({ value: moduleRequest.value, start: moduleRequest.start });
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const text = code.slice(moduleRequest.start, moduleRequest.end);
    if (/^["'`][^"'`$]*["'`]$/.test(text)) specifiers.push({ value: text.slice(1, -1), start: moduleRequest.start });
  }
  for (const match of code.matchAll(/new URL\(\s*["'`](\.[^"'`]+\.tsx?)["'`]\s*,\s*import\.meta\.url/g)) {
    specifiers.push({ value: match[1], start: match.index, worker: true });
  }
  return { specifiers };
}

/** Why `folder/file` must not import `specifier`, or undefined. `folder` is "" for files directly in src. */
function refusal(folder, path, specifier) {
  const bare = specifier.replace(/\?.*$/, "");
  if (bare.startsWith(".")) {
    const target = normalize(join(dirname(path), bare));
    const inside = folder === "" ? !target.includes("/") || roots.includes(path) : target.startsWith(`${folder}/`);
    if (!inside) return "leaves the folder; outsiders are imported by their # name";
    if (folder !== "" && /^[^/]+\/index\.tsx?$/.test(target)) return "imports its own index; import the file";
    return undefined;
  }
  if (bare.startsWith("#")) {
    if (bare.startsWith("#shaders/")) {
      return ["gpu", "views"].includes(folder) ? undefined : "only gpu and views import shaders";
    }
    if (bare === "#kernels.wasm") return folder === "workers" ? undefined : "only workers imports the WASM core";
    const target = bare.slice(1);
    if (target === folder) return "imports its own index; import the file";
    if (roots.includes(path)) return undefined;
    if (target === "workers" && path.endsWith(".worker.ts")) return undefined;
    return allowedFolders(folder).includes(target) ? undefined : `${folder || "src"} may not import ${target}`;
  }
  const owner = Object.keys(owners).find(
    (name) => bare === name || bare.startsWith(name.endsWith(":") ? name : `${name}/`),
  );
  if (!owner || owners[owner].includes(folder)) return undefined;
  if (roots.includes(path) && owner !== "comlink" && owner !== "dexie" && owner !== "three") return undefined;
  return `only ${owners[owner].join(", ")} may import ${owner.endsWith(":") ? `${owner} modules` : owner}`;
}

/** First cycle through each strongly connected group of modules, as a list of paths that ends where it began. */
function cycles(graph) {
  const state = new Map();
  const found = [];
  const visit = (path, trail) => {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") {
      found.push([...trail.slice(trail.indexOf(path)), path]);
      return;
    }
    state.set(path, "open");
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, "done");
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

/** `files` maps paths relative to src to their code; the answer is one line for each fault. */
export function findViolations(files) {
  const faults = [];
  const graph = new Map();
  for (const [path, code] of files) {
    const folder = path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
    const at = (offset) => `src/${path}:${code.slice(0, offset).split("\n").length}`;
    const { specifiers, error } = specifiersOf(path, code);
    if (error) faults.push(`src/${path}: cannot be parsed: ${error}`);
    const targets = [];
    for (const { value, start, worker } of specifiers) {
      const why = refusal(folder, path, value);
      if (why) faults.push(`${at(start)}: "${value}": ${why}`);
      const bare = value.replace(/\?.*$/, "");
      const near = bare.startsWith(".") ? [normalize(join(dirname(path), bare))] : [];
      const named = bare.startsWith("#") ? ["ts", "tsx"].map((end) => `${bare.slice(1)}/index.${end}`) : near;
      if (!worker) targets.push(...named.filter((target) => files.has(target)));
    }
    graph.set(path, targets);
    if (!wasmOwners.includes(folder)) {
      for (const match of code.matchAll(
        /\bWebAssembly\s*\.\s*(?:instantiate\w*|compile\w*)|\bnew\s+WebAssembly\.(?:Instance|Module)\b/g,
      )) {
        faults.push(`${at(match.index)}: only ${wasmOwners.join(", ")} may load WASM`);
      }
    }
  }
  for (const cycle of cycles(graph)) faults.push(`cycle: ${cycle.map((path) => `src/${path}`).join(" → ")}`);
  return faults;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const src = fileURLToPath(new URL("../../src", import.meta.url));
  const paths = readdirSync(src, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"));
  const modules = paths.filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts")).sort();
  const faults = findViolations(new Map(modules.map((path) => [path, readFileSync(join(src, path), "utf8")])));
  for (const fault of faults) console.error(fault);
  console.log(`Import ladder: ${modules.length} modules, ${faults.length} faults.`);
  process.exit(faults.length > 0 ? 1 : 0);
}
