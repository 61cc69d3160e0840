import { type Disposable, DisposableStack, Emitter, type Vec3 } from "#base";
import type { RayCamera } from "#gpu";
import type { ImageGrid } from "#volume";
import {
  Matrix4,
  OrthographicCamera,
  PerspectiveCamera,
  Quaternion,
  Spherical,
  Vector3,
  WebGPUCoordinateSystem,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";

const FIELD_OF_VIEW_DEG = 28;

/** What differs from the view in a picture that is made of it. */
export interface PictureCamera {
  readonly aspect?: number;
  readonly turn?: number;
}

/** three's camera and orbit controls around a volume, in LPS millimetres, superior up. */
export class OrbitCamera implements Disposable {
  /** The camera moved. */
  readonly moved = new Emitter<void>();
  /** A drag begins or ends. */
  readonly dragging = new Emitter<boolean>();
  readonly #element: HTMLElement;
  readonly #stack = new DisposableStack();
  readonly #center: Vector3;
  readonly #radius: number;
  #camera: PerspectiveCamera | OrthographicCamera;
  #controls: OrbitControls;
  /** Corners of the volume from its centre. */
  readonly #corners: readonly Vector3[];
  #aspect = 1;
  /** True from a reset until the user moves the camera: the volume then stays fitted when the view changes its shape. */
  #fitted = true;
  #turn = 0;

  constructor(element: HTMLElement, grid: ImageGrid, projection: "perspective" | "parallel") {
    this.#element = element;
    this.#center = new Vector3(...grid.centerLps);
    this.#corners = grid.cornersLps().map((corner) => new Vector3(...corner).sub(this.#center));
    this.#radius = Math.max(...this.#corners.map((corner) => corner.length()));
    this.#camera = this.#makeCamera(projection);
    this.#controls = this.#makeControls();
    this.reset();
    this.#stack.defer(() => {
      cancelAnimationFrame(this.#turn);
      this.#controls.dispose();
    });
  }

  /** Where the eye is from the centre, unit vector in LPS, and what is up. */
  get orientation(): { eye: Vec3; up: Vec3 } {
    const eye = this.#camera.position.clone().sub(this.#controls.target).normalize();
    const up = new Vector3(0, 1, 0).applyQuaternion(this.#camera.quaternion);
    return { eye: [eye.x, eye.y, eye.z], up: [up.x, up.y, up.z] };
  }

  /** Millimetres per pixel at the centre for a view of `height` pixels. */
  mmPerPixel(height: number): number {
    if (this.#camera instanceof OrthographicCamera)
      return (this.#camera.top - this.#camera.bottom) / this.#camera.zoom / height;
    const distance = this.#camera.position.distanceTo(this.#controls.target);
    return (2 * distance * Math.tan((FIELD_OF_VIEW_DEG * Math.PI) / 360)) / height;
  }

  setProjection(projection: "perspective" | "parallel"): void {
    if ((projection === "parallel") === this.#camera instanceof OrthographicCamera) return;
    const { position } = this.#camera;
    const target = this.#controls.target.clone();
    this.#controls.dispose();
    this.#camera = this.#makeCamera(projection);
    this.#camera.position.copy(position);
    this.#controls = this.#makeControls();
    this.#controls.target.copy(target);
    this.#controls.update();
    this.setAspect(this.#aspect);
  }

  setAspect(aspect: number): void {
    const changed = aspect !== this.#aspect;
    this.#aspect = aspect;
    if (changed && this.#fitted) {
      this.reset();
      return;
    }
    const camera = this.#camera;
    if (camera instanceof PerspectiveCamera) {
      camera.aspect = aspect;
    } else {
      const half = this.#radius * 1.05;
      camera.top = Math.max(half, half / aspect);
      camera.bottom = -camera.top;
      camera.right = camera.top * aspect;
      camera.left = -camera.right;
    }
    camera.updateProjectionMatrix();
    this.moved.emit();
  }

  /** Looks from the front, slightly from above and from the patient's left, with the whole volume in view. */
  reset(): void {
    this.#controls.target.copy(this.#center);
    this.#camera.zoom = 1;
    this.#place(new Vector3(0.35, -1, 0.22).normalize());
  }

  /** Turns to look from a side, in a short sweep. */
  lookFrom(eye: Vec3): void {
    cancelAnimationFrame(this.#turn);
    this.#fitted = false;
    const begin = new Spherical().setFromVector3(this.#zUp(this.#camera.position.clone().sub(this.#controls.target)));
    const end = new Spherical().setFromVector3(this.#zUp(new Vector3(...eye)));
    // At the poles the angle round the axis is free: a view from above keeps the face up.
    if (Math.abs(eye[2]) > 0.999) end.theta = Math.PI;
    const full = Math.PI * 2;
    const swing = ((((end.theta - begin.theta) % full) + full * 1.5) % full) - Math.PI;
    const start = performance.now();
    const frame = (now: number): void => {
      const f = Math.min(Math.max((now - start) / 260, 0), 1);
      const ease = f * f * (3 - 2 * f);
      const at = new Spherical(
        begin.radius,
        begin.phi + (end.phi - begin.phi) * ease,
        begin.theta + swing * ease,
      ).makeSafe();
      const v = new Vector3().setFromSpherical(at);
      this.#camera.position.copy(this.#controls.target).add(new Vector3(v.x, -v.z, v.y));
      this.#controls.update();
      this.moved.emit();
      if (f < 1) this.#turn = requestAnimationFrame(frame);
    };
    this.#turn = requestAnimationFrame(frame);
  }

  /**
   * The camera for the ray pass. `aspect` for a picture of another shape than the view, which then shows at least what the view
   * shows; `turn` in radians round the patient's long axis.
   */
  rayCamera({ aspect = this.#aspect, turn = 0 }: PictureCamera = {}): RayCamera {
    const camera = this.#camera.clone();
    const target = this.#controls.target;
    const axis = new Vector3(0, 0, 1);
    camera.coordinateSystem = WebGPUCoordinateSystem;
    camera.position.sub(target).applyAxisAngle(axis, turn).add(target);
    camera.quaternion.premultiply(new Quaternion().setFromAxisAngle(axis, turn));
    const distance = camera.position.distanceTo(this.#center);
    camera.near = Math.max(distance - this.#radius * 1.1, this.#radius / 200);
    camera.far = distance + this.#radius * 1.1;
    // A narrower picture looks wider up and down, so that nothing is lost at its sides.
    const taller = Math.max(this.#aspect / aspect, 1);
    if (camera instanceof PerspectiveCamera) {
      const half = Math.tan((FIELD_OF_VIEW_DEG * Math.PI) / 360) * taller;
      camera.fov = (Math.atan(half) * 360) / Math.PI;
      camera.aspect = aspect;
    } else {
      camera.top *= taller;
      camera.bottom *= taller;
      camera.right = camera.top * aspect;
      camera.left = -camera.right;
    }
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
    const clipToLps = new Matrix4().multiplyMatrices(camera.matrixWorld, camera.projectionMatrixInverse);
    return { clipToLps: clipToLps.elements };
  }

  dispose(): void {
    this.#stack.dispose();
  }

  /** From LPS (superior up) to three's spherical coordinates (y up). */
  #zUp(v: Vector3): Vector3 {
    return new Vector3(v.x, v.z, -v.y);
  }

  #place(eye: Vector3): void {
    this.#camera.position.copy(this.#controls.target).addScaledVector(eye, this.#fittingDistance(eye));
    this.#controls.update();
    this.#fitted = true;
    this.setAspect(this.#aspect);
  }

  /** Distance from the centre at which every corner of the volume is in view. */
  #fittingDistance(eye: Vector3): number {
    const right = new Vector3(0, 0, 1).cross(eye).normalize();
    const up = eye.clone().cross(right);
    const slope = Math.tan((FIELD_OF_VIEW_DEG * Math.PI) / 360);
    const needed = this.#corners.map((corner) => {
      const across = Math.max(Math.abs(corner.dot(right)) / this.#aspect, Math.abs(corner.dot(up)));
      return corner.dot(eye) + across / slope;
    });
    return Math.max(...needed) * 1.03;
  }

  #makeCamera(projection: "perspective" | "parallel"): PerspectiveCamera | OrthographicCamera {
    const camera = projection === "perspective" ? new PerspectiveCamera(FIELD_OF_VIEW_DEG) : new OrthographicCamera();
    camera.up.set(0, 0, 1);
    camera.coordinateSystem = WebGPUCoordinateSystem;
    return camera;
  }

  #makeControls(): OrbitControls {
    const controls = new OrbitControls(this.#camera, this.#element);
    controls.enableDamping = false;
    controls.rotateSpeed = 0.9;
    controls.zoomToCursor = true;
    controls.minDistance = this.#radius * 0.15;
    controls.maxDistance = this.#radius * 12;
    controls.addEventListener("change", () => this.moved.emit());
    controls.addEventListener("start", () => {
      this.#fitted = false;
      this.dragging.emit(true);
    });
    controls.addEventListener("end", () => this.dragging.emit(false));
    return controls;
  }
}
