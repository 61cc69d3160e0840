"""Connected components and filled holes of real label maps and of thresholded scans, by scipy, scikit-image and ITK.

Run: /usr/bin/python3 tests/oracles/components.py. Writes tests/fixtures/oracles/components.json. ITK (Debian
libinsighttoolkit5-dev, cmake, g++) counts as well; all three must agree, or nothing is written.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy
import scipy
import scipy.ndimage
import skimage
import skimage.measure

from itk_programs import build_itk
from scans import ROOT, read, sha256, source

# Label maps, and scans with the range that makes a mask of them.
LABELS = [
    "labels/colin27-aal/aal-labels.nii.gz",
    "labels/spleen-ct/spleen-manual.nii.gz",
    "labels/totalsegmentator-body/labels.nii.gz",
    "labels/freesurfer/aparc.a2009s+aseg.mgz",
]
MASKS = [
    ("samples/chest-ct.mha", -1100, -500),
    ("samples/chest-ct.mha", 150, 3000),
    ("samples/head-mr.nii.gz", 90, 255),
    ("labels/spleen-ct/ct.nii.gz", 80, 180),
    ("nifti/ct-body-int32.nii.gz", -200, 200),
]
CONNECTIVITIES = {6: 1, 18: 2, 26: 3}


def sizes_by_segment(labels, connectivity):
    """{segment: sizes of its components, largest first}, by scikit-image on all at once and by scipy one by one."""
    found, sizes = {}, {}
    numbers = skimage.measure.label(labels, connectivity=connectivity)
    counts = numpy.bincount(numbers.ravel())
    _, first = numpy.unique(numbers, return_index=True)
    for number, segment in enumerate(labels.ravel()[first]):
        if number > 0:
            sizes.setdefault(int(segment), []).append(int(counts[number]))
    structure = scipy.ndimage.generate_binary_structure(3, connectivity)
    for segment in sorted(sizes):
        own, _ = scipy.ndimage.label(labels == segment, structure)
        found[segment] = sorted(sizes[segment], reverse=True)
        other = sorted(numpy.bincount(own.ravel())[1:].tolist(), reverse=True)
        if found[segment] != other:
            sys.exit(f"scipy and scikit-image disagree about segment {segment}")
    return found


def itk_sizes(folder, mask, full):
    with tempfile.NamedTemporaryFile(suffix=".raw") as file:
        file.write(numpy.ascontiguousarray(mask.astype(numpy.uint8)).tobytes())
        file.flush()
        dims = [str(n) for n in mask.shape[::-1]]
        done = subprocess.run(
            [os.path.join(folder, "itk-relabel"), file.name, *dims, "1" if full else "0"],
            check=True,
            capture_output=True,
            text=True,
        )
    return [int(n) for n in done.stdout.split()]


def components(labels, folder):
    rows = {}
    for connectivity, steps in CONNECTIVITIES.items():
        sizes = sizes_by_segment(labels, steps)
        largest = max(sizes, key=lambda segment: sum(sizes[segment]))
        if connectivity != 18 and itk_sizes(folder, labels == largest, connectivity == 26) != sizes[largest]:
            sys.exit(f"ITK disagrees about segment {largest}, {connectivity} neighbours")
        text = ";".join(f"{segment}:{','.join(map(str, own))}" for segment, own in sorted(sizes.items()))
        rows[connectivity] = {
            "components": sum(len(own) for own in sizes.values()),
            "segments": len(sizes),
            "largest": {str(s): own[0] for s, own in sorted(sizes.items())[:5]},
            "sha256": sha256(text.encode()),
        }
    return rows


def fill(mask, background):
    """Holes under a connectivity of the background: what scipy fills in."""
    structure = scipy.ndimage.generate_binary_structure(mask.ndim, background)
    return scipy.ndimage.binary_fill_holes(mask, structure)


def holes(labels):
    """The largest segment with its holes filled: in 3D, and slice by slice across each axis."""
    counts = numpy.bincount(labels.ravel())
    counts[0] = 0
    segment = int(counts.argmax())
    mask = labels == segment
    rows = {"segment": segment, "voxels": int(mask.sum())}
    for name, background in (("26", 1), ("6", 3)):
        rows[name] = row(fill(mask, background))
        for axis in range(3):
            slices = numpy.moveaxis(mask, 2 - axis, 0)
            flat = numpy.stack([fill(one, min(background, 2)) for one in slices])
            rows[f"{name} across {axis}"] = row(numpy.moveaxis(flat, 0, 2 - axis))
    return rows


def row(mask):
    return {"voxels": int(mask.sum()), "sha256": sha256(numpy.ascontiguousarray(mask.astype(numpy.uint8)).tobytes())}


def main():
    folder = build_itk()
    cases = []
    for name in LABELS:
        labels = read(name).astype(numpy.int32)
        cases.append({**source(name), "components": components(labels, folder), "holes": holes(labels)})
        print(name)
    for name, low, high in MASKS:
        voxels = read(name)
        mask = ((voxels >= low) & (voxels <= high)).astype(numpy.int32)
        case = {**source(name), "range": [low, high]}
        cases.append({**case, "components": components(mask, folder), "holes": holes(mask)})
        print(name, low, high)
    fixture = {
        "made": "tests/oracles/components.py",
        "versions": {"scipy": scipy.__version__, "scikit-image": skimage.__version__, "ITK": "5.2 native"},
        "components": "sizes by skimage.measure.label and scipy.ndimage.label, those of the segment with most voxels also by ITK"
        " (6 and 26 neighbours); SHA-256 of segment:size,size,…;segment:… with sizes descending",
        "holes": "scipy.ndimage.binary_fill_holes of the segment with most voxels; keys are the connectivity of the segment, its"
        " dual for the background; SHA-256 of the mask, a byte a voxel, i fastest",
        "cases": cases,
    }
    with open(os.path.join(ROOT, "tests/fixtures/oracles/components.json"), "w") as file:
        json.dump(fixture, file, indent=1)
        file.write("\n")


main()
