import { createSignal, type JSX, Show } from "solid-js";
import { formatBytes, safeFileName } from "../format.ts";
import { Check, NumberField, Row, Select } from "../parts/fields.tsx";
import { Modal } from "../parts/modal.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { exported, sizeOf } from "../export-study.ts";
import { saveFile } from "../save-file.ts";
import { useUi } from "../ui-state.ts";

const SIZES = ["1280x720", "1920x1080", "3840x2160", "1024x1024", "2048x2048", "own"] as const;
type Size = (typeof SIZES)[number];

const TITLES: Readonly<Record<Size, string>> = {
  "1280x720": "1280 × 720",
  "1920x1080": "1920 × 1080",
  "3840x2160": "3840 × 2160",
  "1024x1024": "1024 × 1024",
  "2048x2048": "2048 × 2048",
  own: "Own size",
};

/** A picture of the volume as PNG, or a movie of a turn as WebM. */
export function PictureDialog(): JSX.Element {
  const ui = useUi();
  const [kind, setKind] = createSignal<"still" | "movie">("still");
  const [size, setSize] = createSignal<Size>("1920x1080");
  const [own, setOwn] = createSignal<readonly [number, number]>([1600, 1200]);
  const [overlay, setOverlay] = createSignal(false);
  const [seconds, setSeconds] = createSignal(6);
  const [rate, setRate] = createSignal("25");
  const [busy, setBusy] = createSignal(false);
  const close = (): void => ui.showDialog(undefined);
  const dimensions = (): readonly [number, number] =>
    size() === "own" ? own() : (size().split("x").map(Number) as unknown as readonly [number, number]);
  const job = () => ui.jobs().find(({ what }) => /^(Picture|Movie) of the volume$/.test(what));
  const make = async (): Promise<void> => {
    const [width, height] = dimensions();
    const asked = { width, height, overlay: overlay() };
    setBusy(true);
    const result = exported(
      await (kind() === "still"
        ? ui.run("view.still", asked)
        : ui.run("view.movie", { ...asked, seconds: seconds(), framesPerSecond: Number(rate()) })),
    );
    setBusy(false);
    if (!result) return;
    const [suffix, type] = kind() === "still" ? ["png", "image/png"] : ["webm", "video/webm"];
    const name = `${safeFileName(ui.study()?.description.name ?? "volume")}-volume.${suffix}`;
    saveFile(name, result.data, type);
    const notes = result.notes ?? [];
    ui.post({
      tone: notes.length > 0 ? "warning" : "info",
      text: `${name} was handed to the browser, ${formatBytes(sizeOf(result.data))}.`,
      ...(notes.length > 0 ? { advice: notes.join(" ") } : {}),
    });
    close();
  };
  const stop = (): void => {
    const running = job();
    if (running) void ui.run("job.cancel", { id: running.id });
    else close();
  };
  return (
    <Modal
      title="Picture of the volume"
      description="As the volume view shows it now: mode, colours, cuts, labels."
      size="small"
      onClose={() => (busy() ? stop() : close())}
      footer={
        <>
          <button type="button" class="button" onClick={() => (busy() ? stop() : close())}>
            Cancel
          </button>
          <button type="button" class="button button-primary" disabled={busy()} onClick={() => void make()}>
            {kind() === "still" ? "Save the picture" : "Save the movie"}
          </button>
        </>
      }
    >
      <div class="options settings">
        <Row label="Kind">
          <Segmented
            label="Kind of picture"
            value={kind()}
            options={[
              { value: "still", title: "Still", hint: "PNG" },
              { value: "movie", title: "Turntable movie", hint: "WebM: one turn round the patient's long axis" },
            ]}
            onChange={setKind}
          />
        </Row>
        <Row label="Size" for="picture-size">
          <Select
            id="picture-size"
            label="Size of the picture"
            value={size()}
            options={SIZES.map((value) => ({ value, title: TITLES[value] }))}
            onChange={setSize}
          />
        </Row>
        <Show when={size() === "own"}>
          <Row label="Pixels">
            <NumberField
              label="Width, pixels"
              value={own()[0]}
              min={16}
              max={16_384}
              step={1}
              onChange={(width) => setOwn([Math.round(width), own()[1]])}
            />
            <span class="muted">×</span>
            <NumberField
              label="Height, pixels"
              value={own()[1]}
              min={16}
              max={16_384}
              step={1}
              onChange={(height) => setOwn([own()[0], Math.round(height)])}
            />
          </Row>
        </Show>
        <Show when={kind() === "movie"}>
          <Row label="Length">
            <NumberField
              label="Seconds of a turn"
              value={seconds()}
              min={0.5}
              max={120}
              step={0.5}
              unit="s"
              onChange={setSeconds}
            />
            <Select
              label="Pictures a second"
              value={rate()}
              options={["15", "25", "30", "50", "60"].map((value) => ({ value, title: `${value} pictures/s` }))}
              onChange={setRate}
            />
          </Row>
        </Show>
        <Check
          label="With the overlay: outlines, crosshair, name, directions"
          checked={overlay()}
          onChange={setOverlay}
        />
        <p class="muted panel-text picture-progress" role="status">
          <Show when={job()} fallback="No patient data is written into the picture.">
            {(running) => `${running().what}: ${Math.round((running().fraction ?? 0) * 100)}%`}
          </Show>
        </p>
      </div>
    </Modal>
  );
}
