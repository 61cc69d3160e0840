import { type Disposable, DisposableStack, type Vec3 } from "#base";
import type { GpuContext } from "#gpu";
import {
  BoxGeometry,
  CanvasTexture,
  EdgesGeometry,
  LinearFilter,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshBasicMaterial,
  OrthographicCamera,
  Raycaster,
  Scene,
  SRGBColorSpace,
  Vector2,
  Vector3,
  WebGPURenderer,
} from "three/webgpu";
import { element } from "./dom.ts";

/** Faces in three's order: +x, −x, +y, −y, +z, −z of LPS, with what is up on the face. */
const FACES = [
  { letter: "L", color: "#3f5f86", turn: -Math.PI / 2 },
  { letter: "R", color: "#3f5f86", turn: Math.PI / 2 },
  { letter: "P", color: "#44715a", turn: Math.PI },
  { letter: "A", color: "#44715a", turn: 0 },
  { letter: "S", color: "#7d4a4c", turn: 0 },
  { letter: "I", color: "#7d4a4c", turn: Math.PI },
] as const;

const SIZE_PX = 84;
const FACE_PX = 48;

/**
 * A small cube that turns with the camera; a click on a face asks for the view from there. Drawn by three on our device, from `begin` on:
 * its shaders and textures would stand before the first picture on the GPU.
 */
export class OrientationCube implements Disposable {
  readonly #context: GpuContext;
  readonly #host: HTMLElement;
  readonly #stack = new DisposableStack();
  readonly #scene = new Scene();
  readonly #cube: Mesh;
  readonly #camera = new OrthographicCamera(-1.35, 1.35, 1.35, -1.35, 0.1, 10);
  #canvas: HTMLCanvasElement | undefined;
  #renderer: WebGPURenderer | undefined;
  #begun = false;
  #ready = false;
  #pending: { eye: Vec3; up: Vec3 } = { eye: [0, -1, 0], up: [0, 0, 1] };
  #request = 0;

  constructor(parent: HTMLElement, context: GpuContext, onFace: (eye: Vec3) => void) {
    this.#context = context;
    this.#host = element("div", "vw-cube", parent);
    this.#host.title = "Click a face to look from there";
    const geometry = new BoxGeometry(1.4, 1.4, 1.4);
    const faces = FACES.map((face) => new MeshBasicMaterial({ map: faceTexture(face) }));
    this.#cube = new Mesh(geometry, faces);
    const edges = new LineSegments(new EdgesGeometry(geometry), new LineBasicMaterial({ color: "#c9d2dc" }));
    this.#scene.add(this.#cube, edges);
    const click = (event: MouseEvent): void => {
      const eye = this.#faceAt(event);
      if (eye) onFace(eye);
    };
    this.#host.addEventListener("click", click);
    this.#stack.defer(() => this.#host.removeEventListener("click", click));
    this.#stack.add(context.lost.on(() => this.#drop()));
    this.#stack.add(context.restored.on(() => this.#make()));
    this.#stack.defer(() => {
      cancelAnimationFrame(this.#request);
      this.#drop();
      for (const face of faces) {
        face.map?.dispose();
        face.dispose();
      }
      geometry.dispose();
      this.#host.remove();
    });
  }

  /** Shows the cube; once is enough. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#make();
  }

  /** Turns the cube as the camera is turned; drawn at the next display frame. */
  turn(orientation: { readonly eye: Vec3; readonly up: Vec3 }): void {
    this.#pending = orientation;
    this.#request ||= requestAnimationFrame(() => this.#draw());
  }

  dispose(): void {
    this.#stack.dispose();
  }

  #make(): void {
    if (!this.#begun) return;
    const canvas = element("canvas", "vw-cube-canvas", this.#host);
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 3);
    const renderer = new WebGPURenderer({ canvas, device: this.#context.device, alpha: true, antialias: true });
    renderer.setPixelRatio(ratio);
    renderer.setSize(SIZE_PX, SIZE_PX, false);
    renderer.setClearColor(0x000000, 0);
    this.#canvas = canvas;
    this.#renderer = renderer;
    void renderer.init().then(() => {
      if (this.#renderer !== renderer) return;
      this.#ready = true;
      this.turn(this.#pending);
    });
  }

  #drop(): void {
    this.#ready = false;
    void this.#renderer?.dispose();
    this.#renderer = undefined;
    this.#canvas?.remove();
  }

  #draw(): void {
    this.#request = 0;
    if (!this.#ready || !this.#context.alive) return;
    const { eye, up } = this.#pending;
    this.#camera.position.set(eye[0] * 4, eye[1] * 4, eye[2] * 4);
    this.#camera.up.set(up[0], up[1], up[2]);
    this.#camera.lookAt(0, 0, 0);
    this.#renderer?.render(this.#scene, this.#camera);
  }

  #faceAt(event: MouseEvent): Vec3 | undefined {
    const box = this.#host.getBoundingClientRect();
    const at = new Vector2(
      ((event.clientX - box.left) / box.width) * 2 - 1,
      1 - ((event.clientY - box.top) / box.height) * 2,
    );
    const ray = new Raycaster();
    ray.setFromCamera(at, this.#camera);
    const normal = ray.intersectObject(this.#cube)[0]?.face?.normal ?? undefined;
    if (!normal) return undefined;
    const n = new Vector3().copy(normal).round();
    return [n.x, n.y, n.z];
  }
}

function faceTexture({ letter, color, turn }: (typeof FACES)[number]): CanvasTexture {
  // As large as a face is shown, so that no smaller versions of it are needed.
  const size = FACE_PX * Math.min(Math.ceil(globalThis.devicePixelRatio || 1), 3);
  const canvas = document.createElement("canvas");
  canvas.width = size;
  canvas.height = size;
  const paint = canvas.getContext("2d")!;
  paint.fillStyle = color;
  paint.fillRect(0, 0, size, size);
  paint.translate(size / 2, size / 2);
  paint.scale(size / 128, size / 128);
  paint.rotate(turn);
  paint.fillStyle = "#eef2f6";
  paint.font = "600 78px system-ui, sans-serif";
  paint.textAlign = "center";
  paint.textBaseline = "middle";
  paint.fillText(letter, 0, 6);
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  texture.generateMipmaps = false;
  texture.minFilter = LinearFilter;
  return texture;
}
