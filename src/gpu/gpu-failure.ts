import { VoxelwrightError } from "#base";

/** Why there is no GPU to draw with. */
export type GpuFailure = "insecure-context" | "no-webgpu" | "no-adapter" | "device-refused" | "device-lost";

/** The browser by its user agent, as far as advice differs. */
function browserOf(userAgent: string): "chrome" | "firefox" | "safari" | "other" {
  if (/Firefox\//.test(userAgent)) return "firefox";
  if (/Chrome\/|Chromium\/|Edg\//.test(userAgent)) return "chrome";
  if (/Safari\//.test(userAgent)) return "safari";
  return "other";
}

const ENABLE_WEBGPU = {
  chrome:
    "Use Chrome or Edge 113 or newer (on Linux 144 or newer, or with chrome://flags/#enable-unsafe-webgpu and Vulkan enabled).",
  firefox: "Use Firefox 141 or newer on Windows or 145 on macOS, or set dom.webgpu.enabled in about:config.",
  safari: "Use Safari 26 or newer, or switch WebGPU on under Settings, Feature Flags.",
  other: "Use a current version of Chrome, Edge, Firefox or Safari.",
} as const;

const FIND_ADAPTER = {
  chrome:
    "Switch on graphics acceleration in the settings under System, update the graphics driver, and look at chrome://gpu for what is blocked.",
  firefox: "Update the graphics driver and look at about:support, Graphics, for what is blocked.",
  safari: "Update the system; WebGPU needs a Mac or iPad whose GPU supports Metal.",
  other: "Update the graphics driver and switch hardware acceleration on.",
} as const;

/** The error for a failure, with advice for this browser. */
export function gpuError(failure: GpuFailure, userAgent: string, cause?: unknown): VoxelwrightError {
  const browser = browserOf(userAgent);
  const details = { fields: { failure, browser }, ...(cause === undefined ? {} : { cause }) };
  switch (failure) {
    case "insecure-context":
      return new VoxelwrightError("gpu", "WebGPU is only there on a secure page, and this page came over plain http.", {
        ...details,
        advice: "Open the page by https, or from this computer as http://localhost.",
      });
    case "no-webgpu":
      return new VoxelwrightError("gpu", "This browser has no WebGPU, and Voxelwright draws with nothing else.", {
        ...details,
        advice: ENABLE_WEBGPU[browser],
      });
    case "no-adapter":
      return new VoxelwrightError("gpu", "The browser has WebGPU but offers no graphics adapter.", {
        ...details,
        advice: FIND_ADAPTER[browser],
      });
    case "device-refused":
      return new VoxelwrightError("gpu", `The graphics adapter refused a device: ${reasonOf(cause)}.`, {
        ...details,
        advice: "Close other tabs that use the GPU and reload the page.",
      });
    case "device-lost":
      return new VoxelwrightError(
        "gpu",
        `The graphics device was lost and could not be opened again: ${reasonOf(cause)}.`,
        {
          ...details,
          advice: "Nothing is lost from the study. Reload the page; if it happens again, update the graphics driver.",
        },
      );
  }
}

function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : "no reason given";
  return text.replace(/\.\s*$/, "");
}
