/**
 * Reads a file by ITK (`@itk-wasm/image-io`), as the peer of our import. The package is needed at run time only; undefined when
 * it is not installed.
 */
export async function itkReader(): Promise<((path: string) => Promise<void>) | undefined> {
  try {
    const { readImageNode } = await import("@itk-wasm/image-io");
    return async (path) => void (await readImageNode(path));
  } catch {
    return undefined;
  }
}
