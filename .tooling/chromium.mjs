// Finds a Chromium for the tests, or installs one. node: builtins only.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { root, SetupError } from "./setup.mjs";

/**
 * Switches that make adapter, device, compute, canvas and screenshots right on the software driver, or, with
 * VOXELWRIGHT_GPU=native, on the machine's own Vulkan driver, WebGL too.
 */
export const chromiumArgs = [
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  ...(process.env.VOXELWRIGHT_GPU === "native"
    ? ["--use-vulkan=native", "--use-angle=vulkan", "--disable-vulkan-surface", "--ignore-gpu-blocklist"]
    : ["--use-vulkan=swiftshader", "--use-angle=swiftshader"]),
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

const browsers = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:/Program Files/Google/Chrome/Application/chrome.exe",
];

/** Folders of browsers that Playwright downloaded, newest first. */
function playwrightFolders() {
  const cache =
    process.env.PLAYWRIGHT_BROWSERS_PATH ??
    { darwin: join(homedir(), "Library/Caches/ms-playwright"), win32: join(homedir(), "AppData/Local/ms-playwright") }[
      process.platform
    ] ??
    join(homedir(), ".cache/ms-playwright");
  if (!existsSync(cache)) return [];
  const folders = readdirSync(cache).filter((name) => name.startsWith("chromium"));
  return folders
    .sort((a, b) => Number(b.split("-")[1] ?? 0) - Number(a.split("-")[1] ?? 0))
    .map((name) => join(cache, name));
}

/** Every path below `folder`, at most `depth` levels down. */
function below(folder, depth = 3) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() && depth > 0 ? below(path, depth - 1) : [path];
  });
}

/** Path of a Chromium that is already here (CHROMIUM_PATH first), or undefined. */
export function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const system = browsers.find((path) => existsSync(path));
  if (system) return system;
  const names =
    /(?:^|[\\/])(?:chrome|headless_shell|chrome-headless-shell|Chromium|Google Chrome for Testing)(?:\.exe)?$/;
  return playwrightFolders()
    .flatMap((folder) => below(folder, 5))
    .find((path) => names.test(path));
}

/** Path of SwiftShader's Vulkan driver, which every Chromium brings along, or undefined. */
export function findSwiftShader() {
  const beside = process.env.CHROMIUM_PATH ? [dirname(process.env.CHROMIUM_PATH)] : [];
  const folders = [
    ...beside,
    "/usr/lib/chromium",
    "/usr/lib/chromium-browser",
    "/opt/google/chrome",
    ...playwrightFolders(),
  ];
  return folders.flatMap((folder) => below(folder)).find((path) => path.endsWith("libvk_swiftshader.so"));
}

/** A Chromium, installed if need be: Debian's package as root, else Playwright's download. Throws SetupError. */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  const attempt = (command, args) => {
    process.stderr.write(`Installing Chromium for the tests: ${command} ${args.join(" ")} …\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const { status } = spawnSync(command, args, {
      cwd: root,
      stdio: ["ignore", 2, 2],
      env,
      shell: process.platform === "win32",
    });
    return status === 0;
  };
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    attempt("apt-get", ["update", "-qq"]);
    attempt("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"]);
  }
  if (!findChromium()) attempt("npx", ["playwright", "install", "chromium"]);
  const installed = findChromium();
  if (installed) return installed;
  throw new SetupError(
    "No Chromium for the browser and GPU tests: none found, and neither apt-get nor Playwright could install one. " +
      "Install chromium, or set CHROMIUM_PATH to a Chromium or Chrome, and run the tests again.",
  );
}
