/** What a TIFF says of its pages beyond the pictures: how they follow one another, and how far apart voxels lie. */
export interface TiffAxes {
  /** Millimetres along i, j and k; undefined where nothing says it. */
  readonly spacingMm: readonly [number | undefined, number | undefined, number | undefined];
  /** Numbers of slices, channels and time points, and the page of one; undefined where pages are just slices. */
  readonly counts?: { readonly z: number; readonly c: number; readonly t: number };
  /** Order in which pages run through these, the fastest first. */
  readonly order: string;
  readonly notes: readonly string[];
}

export interface TiffWords {
  readonly description: string;
  /** Pixels per resolution unit. */
  readonly xResolution: number | undefined;
  readonly yResolution: number | undefined;
  /** 1 = none, 2 = inch, 3 = centimetre. */
  readonly resolutionUnit: number | undefined;
}

const MILLIMETRES: Readonly<Record<string, number>> = {
  m: 1000,
  cm: 10,
  mm: 1,
  millimeter: 1,
  millimetre: 1,
  µm: 1e-3,
  μm: 1e-3,
  um: 1e-3,
  micron: 1e-3,
  microns: 1e-3,
  micrometer: 1e-3,
  "\\u00b5m": 1e-3,
  nm: 1e-6,
  Å: 1e-7,
  inch: 25.4,
  in: 25.4,
};

/** The axes by OME-XML, by what ImageJ writes, or by the resolution of the page. */
export function tiffAxes(words: TiffWords): TiffAxes {
  const { description } = words;
  if (/<OME[\s>]/.test(description)) return omeAxes(description);
  if (description.startsWith("ImageJ=")) return imageJAxes(words);
  return plainAxes(words);
}

/** OME-TIFF (docs.openmicroscopy.org/ome-model, 2016-06): attributes of the first `Pixels`. */
function omeAxes(xml: string): TiffAxes {
  const pixels = /<Pixels\b[^>]*>/.exec(xml)?.[0] ?? "";
  const attribute = (name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(pixels)?.[1];
  const count = (name: string): number => Math.max(1, Math.round(Number(attribute(name) ?? 1)) || 1);
  const size = (axis: string): number | undefined => {
    const value = Number(attribute(`PhysicalSize${axis}`));
    // Micrometres where no unit is given.
    const factor = MILLIMETRES[attribute(`PhysicalSize${axis}Unit`) ?? "µm"];
    return value > 0 && factor !== undefined ? value * factor : undefined;
  };
  return {
    spacingMm: [size("X"), size("Y"), size("Z")],
    counts: { z: count("SizeZ"), c: count("SizeC"), t: count("SizeT") },
    order: (attribute("DimensionOrder") ?? "XYZCT").slice(2).toLowerCase(),
    notes: [],
  };
}

/** What ImageJ writes into the description (imagej.net, `FileInfo.getDescription`): lines of `key=value`; pages run c, z, t. */
function imageJAxes({ description, xResolution, yResolution }: TiffWords): TiffAxes {
  const lines = new Map(
    description.split(/[\r\n]+/).map((line) => line.split("=", 2) as [string, string | undefined] as [string, string]),
  );
  const count = (name: string): number => Math.max(1, Math.round(Number(lines.get(name) ?? 1)) || 1);
  const factor = MILLIMETRES[(lines.get("unit") ?? "").toLowerCase()];
  const across = (pixels: number | undefined): number | undefined =>
    factor !== undefined && pixels !== undefined && pixels > 0 ? factor / pixels : undefined;
  const spacing = Math.abs(Number(lines.get("spacing")));
  const images = count("images");
  const [c, t] = [count("channels"), count("frames")];
  const z = lines.has("slices") ? count("slices") : images / (c * t);
  return {
    spacingMm: [
      across(xResolution),
      across(yResolution),
      factor !== undefined && spacing > 0 ? spacing * factor : undefined,
    ],
    counts: { z, c, t },
    order: "czt",
    notes: [],
  };
}

function plainAxes({ xResolution, yResolution, resolutionUnit }: TiffWords): TiffAxes {
  const none = { order: "zct", notes: [] } as const;
  // Centimetres come from instruments. Inches are those of a printer or a screen: 72, 96 or 300 of a picture that is no inch wide.
  if (resolutionUnit !== 3) return { ...none, spacingMm: [undefined, undefined, undefined] };
  const across = (pixels: number | undefined): number | undefined =>
    pixels !== undefined && pixels > 0 ? 10 / pixels : undefined;
  return { ...none, spacingMm: [across(xResolution), across(yResolution), undefined] };
}
