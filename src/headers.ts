/**
 * What every way of serving the site must say: the dev and preview servers send it, the service worker adds it on a
 * plain static host, and the built page repeats the policy in a meta tag for its first visit there.
 */

/** Cross-origin isolation: shared memory between the page and its workers. */
export const isolationHeaders = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

/**
 * Content security policy of the production build. `wasm-unsafe-eval` lets WASM compile; `connect-src data:` is needed by
 * itk-wasm's zstd decoder, and any http(s) address by "open from address"; style attributes are what Solid's templates use.
 */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self' data: blob: https: http:",
  "img-src 'self' data: blob:",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
].join("; ");
