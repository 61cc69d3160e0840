"""Automatic thresholds of real scans by scikit-image and ITK, from one histogram for both.

Run: /usr/bin/python3 tests/oracles/thresholds.py. Writes tests/fixtures/oracles/thresholds.json. ITK (Debian
libinsighttoolkit5-dev, cmake, g++) calculates what scikit-image does not have.
"""

import json
import os
import subprocess
import warnings

import numpy
import skimage
import skimage.filters as filters

from itk_programs import build_itk
from scans import ROOT, read, sha256, source

# File, bins (whole types have a bin a value when None).
IMAGES = [
    ("samples/chest-ct.mha", None),
    ("samples/head-mr.nii.gz", None),
    ("labels/colin27-aal/t1-colin27-ch2.nii.gz", None),
    ("labels/totalsegmentator-body/ct.nii.gz", None),
    ("nifti/ct-body-int32.nii.gz", None),
    ("nifti/stroke-T2.nii.gz", None),
    ("labels/spleen-ct/ct.nii.gz", 256),
    ("labels/spleen-ct/ct.nii.gz", 1024),
    ("labels/sts-001-gtv/PET_image.nii.gz", 256),
    ("labels/sts-001-gtv/MR_T1_image.nii.gz", 512),
]


def histogram_of(voxels, bins):
    if bins is None:
        low = int(voxels.min())
        counts = numpy.bincount((voxels.astype(numpy.int64) - low).ravel())
        return counts, low + numpy.arange(counts.size, dtype=float), 1.0
    counts, edges = numpy.histogram(voxels.astype(numpy.float64), bins=bins)
    return counts, (edges[:-1] + edges[1:]) / 2, (edges[-1] - edges[0]) / bins


def scikit(voxels, counts, centres, whole):
    pair = (counts, centres)
    found = {
        "otsu": filters.threshold_otsu(hist=pair),
        "yen": filters.threshold_yen(hist=pair),
        "isodata": filters.threshold_isodata(hist=pair),
    }
    try:
        found["minimum"] = filters.threshold_minimum(hist=pair)
    except RuntimeError:
        found["minimum"] = None
    if whole:
        found["li"] = filters.threshold_li(voxels.astype(numpy.int64))
        found["triangle"] = filters.threshold_triangle(voxels)
        found["mean"] = filters.threshold_mean(voxels)
    found = {name: None if value is None else float(value) for name, value in found.items()}
    if counts.size <= 1024:
        for classes in (3, 4):
            if classes == 4 and counts.size > 256:
                continue
            thresholds = filters.threshold_multiotsu(classes=classes, hist=pair)
            found[f"multi-otsu-{classes}"] = [float(value) for value in thresholds]
    return found


def itk_of(folder, counts, first, step):
    text = f"{counts.size} {float(first)!r} {float(step)!r}\n" + " ".join(str(int(n)) for n in counts)
    program = os.path.join(folder, "itk-thresholds")
    done = subprocess.run([program], input=text, check=True, capture_output=True, text=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    return {name: None if value == "none" else float(value) for name, value in lines}


def itk(folder, counts, centres, step):
    """Huang's by numbers of bins, since it rounds means to whole values, and with an empty bin in front, since it leaves the first
    bin out of them."""
    found = itk_of(folder, counts, centres[0], step)
    bins = itk_of(folder, numpy.concatenate([[0], counts]), -1, 1)
    return {**found, "huang": float(centres[0] + bins["huang"] * step)}


def main():
    warnings.simplefilter("ignore")
    folder = build_itk()
    cases = []
    for name, bins in IMAGES:
        voxels = read(name)
        counts, centres, step = histogram_of(voxels, bins)
        case = {**source(name), "bins": bins, "first": float(centres[0]), "step": step}
        case["counts"] = {"length": int(counts.size), "sha256": sha256(counts.astype("<f8").tobytes())}
        case["scikit-image"] = scikit(voxels, counts, centres, bins is None)
        if counts.size <= 4096:
            case["ITK"] = itk(folder, counts, centres, step)
        cases.append(case)
        print(name, bins)
    fixture = {
        "made": "tests/oracles/thresholds.py",
        "versions": {"numpy": numpy.__version__, "scikit-image": skimage.__version__, "ITK": "5.2 native"},
        "cases": cases,
    }
    with open(os.path.join(ROOT, "tests/fixtures/oracles/thresholds.json"), "w") as file:
        json.dump(fixture, file, indent=1)
        file.write("\n")


main()
