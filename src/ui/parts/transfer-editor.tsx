import { createEffect, createMemo, createSignal, createUniqueId, For, type JSX, on, Show } from "solid-js";
import {
  addPoint,
  type CurvePoint,
  heightOf,
  movePoint,
  opacityAt,
  removePoint,
  shiftPoints,
  toHex,
} from "./transfer-curve.ts";

interface TransferEditorProps {
  readonly points: readonly CurvePoint[];
  /** Voxels by value, in even bins; absent until they are counted. */
  readonly counts: readonly number[] | undefined;
  /** Values at the two ends of the counts. */
  readonly from: number;
  readonly to: number;
  readonly unit: string;
  readonly selected: number;
  readonly onSelect: (n: number) => void;
  readonly onChange: (points: CurvePoint[]) => void;
}

const WIDTH = 300;
const HEIGHT = 104;
/** Room for points at the very top and bottom. */
const PAD = 7;

/**
 * Opacity over value with the histogram behind: points are dragged, added by a double click and removed by Delete; the ground is
 * dragged to move them all; the wheel looks closer.
 */
export function TransferEditor(props: TransferEditorProps): JSX.Element {
  const gradient = createUniqueId();
  let svg!: SVGSVGElement;
  const whole = createMemo((): readonly [number, number] => {
    const values = props.points.map(({ value }) => value);
    const low = Math.min(props.from, ...values);
    const high = Math.max(props.to, ...values);
    return high > low ? [low, high] : [low - 1, low + 1];
  });
  const [seen, setSeen] = createSignal<readonly [number, number] | undefined>();
  createEffect(on([() => props.from, () => props.to], () => setSeen(undefined), { defer: true }));
  const range = () => seen() ?? whole();
  const xOf = (value: number): number => ((value - range()[0]) / (range()[1] - range()[0])) * WIDTH;
  const yOf = (opacity: number): number => PAD + (1 - heightOf(opacity)) * (HEIGHT - 2 * PAD);
  const valueAt = (x: number): number => range()[0] + (x / WIDTH) * (range()[1] - range()[0]);

  const bars = createMemo(() => {
    const counts = props.counts ?? [];
    const most = Math.log1p(Math.max(...counts, 1));
    const step = (props.to - props.from) / (counts.length || 1);
    const parts = counts.map((count, n) => {
      const y = (HEIGHT - (Math.log1p(count) / most) * (HEIGHT - 2 * PAD)).toFixed(1);
      return `L${xOf(props.from + n * step).toFixed(1)} ${y}L${xOf(props.from + (n + 1) * step).toFixed(1)} ${y}`;
    });
    return parts.length > 0 ? `M${xOf(props.from).toFixed(1)} ${HEIGHT}${parts.join("")}V${HEIGHT}Z` : "";
  });
  const curve = createMemo(() => {
    const last = props.points.at(-1);
    const first = props.points[0];
    if (!first || !last) return "";
    const line = props.points.map(({ value, opacity }) => `L${xOf(value).toFixed(1)} ${yOf(opacity).toFixed(1)}`);
    const ends = [Math.min(0, xOf(first.value)), Math.max(WIDTH, xOf(last.value))];
    return `M${ends[0]} ${yOf(first.opacity).toFixed(1)}${line.join("")}L${ends[1]} ${yOf(last.opacity).toFixed(1)}`;
  });

  /** Pointer place in the picture's own units. */
  const placeOf = (event: { readonly clientX: number; readonly clientY: number }): [number, number] => {
    const box = svg.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * WIDTH, ((event.clientY - box.top) / box.height) * HEIGHT];
  };
  const opacityOf = (y: number): number => opacityAt(1 - (y - PAD) / (HEIGHT - 2 * PAD));
  const rounded = (value: number): number => {
    const step = 10 ** Math.floor(Math.log10((range()[1] - range()[0]) / 200));
    return Number((Math.round(value / step) * step).toPrecision(12));
  };

  /** Follows the pointer until it is let go. */
  const drag = (event: PointerEvent, move: (event: PointerEvent) => void): void => {
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    const end = (): void => {
      svg.removeEventListener("pointermove", move);
      svg.removeEventListener("pointerup", end);
      svg.removeEventListener("pointercancel", end);
    };
    svg.addEventListener("pointermove", move);
    svg.addEventListener("pointerup", end);
    svg.addEventListener("pointercancel", end);
  };
  const grabPoint = (event: PointerEvent, n: number): void => {
    if (event.button !== 0) return;
    event.stopPropagation();
    props.onSelect(n);
    (event.currentTarget as SVGElement).focus();
    drag(event, (moved) => {
      const [x, y] = placeOf(moved);
      props.onChange(movePoint(props.points, n, rounded(valueAt(x)), Number(opacityOf(y).toFixed(4))));
    });
  };
  const grabGround = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const start = valueAt(placeOf(event)[0]);
    const before = props.points;
    let moving = false;
    drag(event, (moved) => {
      const by = valueAt(placeOf(moved)[0]) - start;
      // A click that trembles is no drag.
      moving ||= Math.abs(xOf(start + by) - xOf(start)) > 3;
      if (moving) props.onChange(shiftPoints(before, rounded(by)));
    });
  };
  const add = (event: MouseEvent): void => {
    const [x, y] = placeOf(event);
    const added = addPoint(props.points, rounded(valueAt(x)), Number(opacityOf(y).toFixed(4)));
    props.onChange(added.points);
    props.onSelect(added.at);
  };
  const look = (event: WheelEvent): void => {
    event.preventDefault();
    const middle = valueAt(placeOf(event)[0]);
    const factor = event.deltaY < 0 ? 0.8 : 1.25;
    const [low, high] = [middle - (middle - range()[0]) * factor, middle + (range()[1] - middle) * factor];
    setSeen(high - low >= whole()[1] - whole()[0] ? undefined : [low, high]);
  };
  const press = (event: KeyboardEvent, n: number): void => {
    const point = props.points[n]!;
    const step = (range()[1] - range()[0]) / 200;
    const moves: Record<string, readonly [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, 0.02],
      ArrowDown: [0, -0.02],
    };
    const move = moves[event.key];
    if (move) {
      const opacity = opacityAt(heightOf(point.opacity) + move[1]);
      props.onChange(movePoint(props.points, n, rounded(point.value + move[0]), Number(opacity.toFixed(4))));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      props.onChange(removePoint(props.points, n));
      props.onSelect(Math.max(n - 1, 0));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const words = ({ value, opacity }: CurvePoint): string =>
    `${Number(value.toPrecision(6))}${props.unit ? ` ${props.unit}` : ""}, opacity ${(opacity * 100).toFixed(opacity < 0.1 ? 1 : 0)}%`;

  return (
    <div class="transfer">
      <svg
        ref={svg}
        class="transfer-picture"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="group"
        aria-label="Opacity and colour by value"
        onPointerDown={grabGround}
        onDblClick={add}
        on:wheel={{ handleEvent: look, passive: false }}
      >
        <title>
          Drag points, double-click to add one, Delete removes it; drag the ground to move all, wheel to zoom
        </title>
        <defs>
          <linearGradient
            id={gradient}
            gradientUnits="userSpaceOnUse"
            x1={xOf(props.points[0]?.value ?? 0)}
            x2={xOf(props.points.at(-1)?.value ?? 1)}
          >
            <For each={props.points}>
              {(point) => (
                <stop
                  offset={
                    (point.value - props.points[0]!.value) / (props.points.at(-1)!.value - props.points[0]!.value || 1)
                  }
                  stop-color={toHex(point.color)}
                />
              )}
            </For>
          </linearGradient>
        </defs>
        <path class="transfer-counts" d={bars()} />
        <path class="transfer-area" d={`${curve()}V${HEIGHT}H0Z`} fill={`url(#${gradient})`} />
        <path class="transfer-curve" d={curve()} />
        <For each={props.points.map((_, n) => n)}>
          {(n) => (
            <Show when={props.points[n]}>
              {(point) => (
                <circle
                  class="transfer-point"
                  classList={{ "transfer-point-selected": props.selected === n }}
                  cx={xOf(point().value)}
                  cy={yOf(point().opacity)}
                  r="5"
                  fill={toHex(point().color)}
                  tabindex="0"
                  role="button"
                  aria-label={`Point at ${words(point())}`}
                  onPointerDown={(event) => grabPoint(event, n)}
                  onDblClick={(event) => event.stopPropagation()}
                  onFocus={() => props.onSelect(n)}
                  onKeyDown={(event) => press(event, n)}
                />
              )}
            </Show>
          )}
        </For>
      </svg>
      <div class="transfer-ends numbers">
        <span>{Number(range()[0].toPrecision(4))}</span>
        <span>
          {Number(range()[1].toPrecision(4))} {props.unit}
        </span>
      </div>
    </div>
  );
}
