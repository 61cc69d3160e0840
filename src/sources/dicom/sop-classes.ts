/** SOP classes that hold no image stack (PS3.4 annex B), with what to say of them. */
const NOT_IMAGES: Readonly<Record<string, string>> = {
  "1.2.840.10008.1.3.10": "a DICOMDIR, the index of a medium: it names images and holds none",
  "1.2.840.10008.5.1.4.1.1.481.3": "an RT structure set: contours, not an image",
  "1.2.840.10008.5.1.4.1.1.481.4": "an RT treatment record, not an image",
  "1.2.840.10008.5.1.4.1.1.481.5": "an RT plan, not an image",
  "1.2.840.10008.5.1.4.1.1.481.8": "an RT ion plan, not an image",
  "1.2.840.10008.5.1.4.1.1.66": "raw scanner data, not an image",
  "1.2.840.10008.5.1.4.1.1.66.1": "a spatial registration, not an image",
  "1.2.840.10008.5.1.4.1.1.66.2": "spatial fiducials, not an image",
  "1.2.840.10008.5.1.4.1.1.66.3": "a deformable registration, not an image",
  "1.2.840.10008.5.1.4.1.1.66.4": "a DICOM segmentation: labels, not an image",
  "1.2.840.10008.5.1.4.1.1.66.5": "a surface segmentation, not an image",
  "1.2.840.10008.5.1.4.1.1.66.6": "a tractography result, not an image",
  "1.2.840.10008.5.1.4.1.1.66.7": "a DICOM segmentation (label map): labels, not an image",
  "1.2.840.10008.5.1.4.1.1.67": "a real world value mapping, not an image",
  "1.2.840.10008.5.1.4.1.1.4.2": "an MR spectrum, not an image",
  "1.2.840.10008.5.1.4.1.1.104.1": "an encapsulated PDF, not an image",
  "1.2.840.10008.5.1.4.1.1.104.2": "an encapsulated document, not an image",
  "1.2.840.10008.5.1.4.1.1.104.3": "an encapsulated 3D model, not an image",
  "1.2.840.10008.5.1.4.1.1.104.4": "an encapsulated 3D model, not an image",
  "1.2.840.10008.5.1.4.1.1.104.5": "an encapsulated 3D model, not an image",
};

const FAMILIES: readonly (readonly [string, string])[] = [
  ["1.2.840.10008.5.1.4.1.1.88.", "a structured report, not an image"],
  ["1.2.840.10008.5.1.4.1.1.11.", "a presentation state, not an image"],
  ["1.2.840.10008.5.1.4.1.1.9.", "a waveform, not an image"],
  ["1.2.840.10008.5.1.4.38.", "a hanging protocol, not an image"],
];

export const DICOMDIR_CLASS = "1.2.840.10008.1.3.10";

/** What an object of that class is when it is no image: `an RT plan, not an image`; undefined for images and unknown classes. */
export function notAnImage(sopClassUid: string): string | undefined {
  return NOT_IMAGES[sopClassUid] ?? FAMILIES.find(([prefix]) => sopClassUid.startsWith(prefix))?.[1];
}
