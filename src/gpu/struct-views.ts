/** Byte layouts of WGSL structs, read from the shader text: webgpu-utils behind the one thing it needs in Node. */
import "./float16.ts";
import {
  makeShaderDataDefinitions,
  makeStructuredView,
  type ShaderDataDefinitions,
  type StructuredView,
} from "webgpu-utils";

const parsed = new Map<string, ShaderDataDefinitions>();

/**
 * A view to fill the uniform `name` of a shader. The shader is read on first use, because the reader needs WebGPU's constants and
 * this code must load in a browser that has none.
 */
export function uniformView(code: string, name: string): StructuredView {
  let definitions = parsed.get(code);
  if (!definitions) {
    definitions = makeShaderDataDefinitions(declarations(code));
    parsed.set(code, definitions);
  }
  return makeStructuredView(definitions.uniforms[name]!);
}

/** The structs and uniforms of a shader: to read its functions too takes a hundred milliseconds. */
function declarations(code: string): string {
  const found = code.matchAll(/^struct \w+ \{[^}]*\}|^@group\(\d\) @binding\(\d\) var<uniform> [^;]*;/gm);
  return Array.from(found, ([text]) => text).join("\n");
}
