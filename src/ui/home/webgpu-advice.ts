import type { CapabilityReport } from "../ui-port.ts";

type MissingKind = Extract<CapabilityReport["webgpu"], { ok: false }>["kind"];

export interface Advice {
  /** Browser or place the advice is for. */
  readonly where: string;
  readonly what: string;
}

/** What to do when WebGPU is missing, the reader's own browser first. */
export function adviceFor(kind: MissingKind, userAgent: string): Advice[] {
  if (kind === "insecure") {
    return [
      {
        where: "Address:",
        what: "open this page over https, or from http://localhost. Browsers give WebGPU to no other address.",
      },
    ];
  }
  if (kind === "lost") {
    return [
      { where: "First:", what: "reload this page. Every accepted change is saved." },
      {
        where: "If it comes back:",
        what: "close other tabs that use the GPU, update the graphics driver, then lower the GPU budget in Settings.",
      },
    ];
  }
  if (kind === "limits") {
    return [
      { where: "This GPU:", what: "offers less than the page needs. Use a computer with a newer or a discrete GPU." },
      {
        where: "Laptops:",
        what: "with two GPUs, let the browser use the faster one in the system's graphics settings.",
      },
    ];
  }
  const browsers: (Advice & { readonly pattern: RegExp })[] = [
    {
      pattern: /Edg\/|Chrome\//,
      where: "Chrome and Edge:",
      what:
        kind === "no-api"
          ? "version 121 or newer has WebGPU; update the browser."
          : "turn on “Use graphics acceleration when available” under Settings → System, restart, and read chrome://gpu. On Linux also start with --enable-features=Vulkan.",
    },
    {
      pattern: /Firefox\//,
      where: "Firefox:",
      what:
        kind === "no-api"
          ? "version 141 or newer has it on Windows; elsewhere set dom.webgpu.enabled to true in about:config, or use Chrome."
          : "read about:support under Graphics → WebGPU for the reason, update the graphics driver, or use Chrome.",
    },
    {
      pattern: /Version\/.*Safari\//,
      where: "Safari:",
      what:
        kind === "no-api"
          ? "version 26 or newer has WebGPU; update the system."
          : "update the system, then restart Safari.",
    },
  ];
  const mine = browsers.filter(({ pattern }) => pattern.test(userAgent));
  const others = browsers.filter((browser) => !mine.includes(browser));
  return [
    ...mine,
    ...others,
    { where: "Virtual machines and remote desktops:", what: "often have no GPU; work on the computer itself." },
  ].map(({ where, what }) => ({ where, what }));
}
