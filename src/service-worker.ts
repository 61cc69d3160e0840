import { clientsClaim } from "workbox-core";
import { addPlugins, cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { contentSecurityPolicy, isolationHeaders } from "./headers.ts";

/*
 * Serves the whole site from the cache, offline, and adds the isolation headers, so that a static host that cannot send
 * them is isolated after one reload (install.ts). A new version waits until the last tab of the old one is closed.
 */

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | { url: string; revision: string | null })[] };

function withHeaders(response: Response): Response {
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(isolationHeaders)) headers.set(name, value);
  headers.set("Content-Security-Policy", contentSecurityPolicy);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

addPlugins([{ handlerWillRespond: async ({ response }) => withHeaders(response) }]);
precacheAndRoute(self.__WB_MANIFEST);
registerRoute(new NavigationRoute(createHandlerBoundToURL("index.html")));
cleanupOutdatedCaches();
clientsClaim();
