/*
 * Registers the service worker of the built site. Where the host sends no isolation headers, the worker adds them: the
 * page reloads once, when the worker has taken it over. A second reload never helps, so it is never tried.
 */

const reloadedKey = "voxelwright.reloaded-for-isolation";

async function install(): Promise<void> {
  await navigator.serviceWorker.register(new URL("service-worker.js", document.baseURI), { updateViaCache: "none" });
  if (crossOriginIsolated) {
    sessionStorage.removeItem(reloadedKey);
    return;
  }
  await navigator.serviceWorker.ready;
  if (sessionStorage.getItem(reloadedKey) !== null) return;
  if (navigator.serviceWorker.controller === null) {
    await new Promise((resolve) => {
      navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    });
  }
  sessionStorage.setItem(reloadedKey, "yes");
  location.reload();
}

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  install().catch((error: unknown) => console.warn("Voxelwright cannot work offline here:", error));
}
