"""Region growing on real scans by other programs: ITK (the native peers of the benchmarks), scipy and numpy.

Writes ../fixtures/oracles/growth.json: for every case the number of voxels and the SHA-256 of the mask, a byte a voxel (0 or 1), i
fastest. Needs Debian's python3-scipy, python3-nibabel, libinsighttoolkit5-dev, cmake and g++.
"""

import json
import os
import subprocess
import tempfile

import numpy
import scipy
import scipy.ndimage as ndimage

from scans import ROOT, read, sha256, source

NATIVE = os.path.join(ROOT, ".build/native")
SAMPLE = "samples/chest-ct.mha"
HEAD = "samples/head-mr.nii.gz"
SPLEEN = "labels/spleen-ct/ct.nii.gz"
COLIN = "labels/colin27-aal/t1-colin27-ch2.nii.gz"
BODY = "labels/totalsegmentator-body/ct.nii.gz"


def native(name, voxels, *args):
    """Runs a native peer once."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "in.raw")
        voxels.tofile(path)
        dims = voxels.shape[::-1]
        words = [os.path.join(NATIVE, name), path, *map(str, dims), *map(str, args)]
        out = os.path.join(folder, "out.raw")
        subprocess.run(words, input=f"run\nwrite {out}\n", text=True, check=True, stdout=subprocess.DEVNULL)
        return numpy.fromfile(out, numpy.uint8).reshape(voxels.shape)


def structure(connectivity):
    return ndimage.generate_binary_structure(3, {6: 1, 18: 2, 26: 3}[connectivity])


def component(allowed, seed, connectivity):
    labels, _ = ndimage.label(allowed, structure(connectivity))
    own = labels[seed[2], seed[1], seed[0]]
    return (labels == own).astype(numpy.uint8) if own else numpy.zeros(allowed.shape, numpy.uint8)


def in_range(voxels, low, high):
    return (voxels >= low) & (voxels <= high)


def gradient_allowed(voxels, spacing, most):
    padded = numpy.pad(voxels.astype(numpy.float64), 1, mode="edge")
    total = numpy.zeros(voxels.shape)
    for axis, step in zip((2, 1, 0), spacing):
        after = numpy.roll(padded, -1, axis)[1:-1, 1:-1, 1:-1]
        before = numpy.roll(padded, 1, axis)[1:-1, 1:-1, 1:-1]
        total += ((after - before) * (1 / (2 * step))) ** 2
    return total <= most**2


def boxes_fit(allowed, radius):
    """Where the whole box around a voxel is allowed; beyond the volume its border is repeated."""
    size = [2 * r + 1 for r in radius[::-1]]
    return ndimage.minimum_filter(allowed.astype(numpy.uint8), size, mode="nearest") == 1


def nearest(mask, ijk):
    """The voxel of a mask nearest to a place."""
    places = numpy.argwhere(mask)
    k, j, i = places[((places - numpy.array(ijk[::-1])) ** 2).sum(1).argmin()]
    return int(i), int(j), int(k)


def leak_guarded(allowed, seed, connectivity, radius):
    reached = component(boxes_fit(allowed, radius), seed, connectivity)
    size = [2 * r + 1 for r in radius[::-1]]
    return (ndimage.maximum_filter(reached, size, mode="constant", cval=0) & allowed).astype(numpy.uint8)


def main():
    subprocess.run(["cmake", "-S", os.path.join(ROOT, "src/bench/peers/native"), "-B", NATIVE], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", NATIVE], check=True, stdout=subprocess.DEVNULL)
    cases = []

    def add(by, name, request, mask):
        cases.append({**source(name), "by": by, "request": request, "voxels": int(mask.sum()), "mask": sha256(mask.tobytes())})
        print(name, by, request, int(mask.sum()))

    for name, seed, low, high in (
        (SAMPLE, (40, 80, 60), -1100, -400),
        (HEAD, (30, 110, 90), 105, 125),
        (SPLEEN, (82, 83, 13), 60, 170),
        (COLIN, (60, 110, 90), 100, 140),
        (BODY, (60, 50, 60), -20, 120),
    ):
        voxels = read(name).astype(numpy.int16)
        allowed = in_range(voxels, low, high)
        seed = nearest(boxes_fit(allowed, (2, 2, 1)), seed)
        base = {"seeds": [list(seed)], "range": [low, high]}
        mask = native("connected-threshold", voxels, low, high, *seed)
        add("ITK ConnectedThreshold", name, {**base, "connectivity": 6}, mask)
        for connectivity in (18, 26):
            mask = component(allowed, seed, connectivity)
            add("scipy.ndimage.label", name, {**base, "connectivity": connectivity}, mask)
        for radius in ((1, 1, 1), (2, 2, 1)):
            eroded = component(boxes_fit(allowed, radius), seed, 6)
            by_itk = native("neighborhood-connected", voxels, low, high, *radius, *seed)
            assert (eroded == by_itk).all(), "scipy and ITK differ"
            mask = leak_guarded(allowed, seed, 6, radius)
            add("scipy.ndimage, its erosion checked by ITK NeighborhoodConnected", name, {**base, "connectivity": 6, "leakGuard": list(radius)}, mask)
        spacing = (1.5, 1.5, 2)
        for most in (20, 60):
            mask = component(allowed & gradient_allowed(voxels, spacing, most), seed, 6)
            add("numpy and scipy.ndimage.label", name, {**base, "connectivity": 6, "gradient": {"maximumPerMm": most, "spacingMm": spacing}}, mask)
        for multiplier, iterations, radius in ((2.5, 4, 1), (2, 2, 2)):
            mask = native("confidence-connected", voxels.astype(numpy.float32), multiplier, iterations, radius, *seed)
            rule = {"multiplier": multiplier, "iterations": iterations, "radius": radius}
            add("ITK ConfidenceConnected", name, {"seeds": [list(seed)], "connectivity": 6, "confidence": rule}, mask)

    made = {"by": "tests/oracles/growth.py", "scipy": scipy.__version__, "numpy": numpy.__version__, "itk": "5.2 (Debian)", "cases": cases}
    with open(os.path.join(ROOT, "tests/fixtures/oracles/growth.json"), "w") as file:
        json.dump(made, file, indent=1)
        file.write("\n")


main()
