import { createSignal, type JSX } from "solid-js";
import { Modal } from "../parts/modal.tsx";
import { useUi } from "../ui-state.ts";

/** Asks for the address of a file to fetch, or of an image to read. */
export function AddressDialog(): JSX.Element {
  const ui = useUi();
  const [address, setAddress] = createSignal("");
  const valid = (): boolean => /^(precomputed:\/\/)?https?:\/\/\S+$/.test(address().trim());
  const open = (event: Event): void => {
    event.preventDefault();
    if (!valid()) return;
    ui.showDialog(undefined);
    void ui.run("study.open", { url: address().trim(), spacingMm: "ask" });
  };
  return (
    <Modal
      title="Open address"
      description="A NIfTI, NRRD or MetaImage file, a zip of DICOM, or the folder of an OME-Zarr image or a Neuroglancer precomputed volume, which is read as it is looked at. The server must allow other pages to read it (CORS)."
      size="medium"
      onClose={() => ui.showDialog(undefined)}
      footer={
        <>
          <button type="button" class="button" onClick={() => ui.showDialog(undefined)}>
            Cancel
          </button>
          <button type="submit" form="address-form" class="button button-primary" disabled={!valid()}>
            Open
          </button>
        </>
      }
    >
      <form id="address-form" onSubmit={open}>
        <input
          class="text-field text-field-wide"
          type="url"
          aria-label="Address"
          placeholder="https://example.org/scan.nii.gz"
          autocomplete="off"
          spellcheck={false}
          value={address()}
          onInput={(event) => setAddress(event.currentTarget.value)}
        />
      </form>
    </Modal>
  );
}
