"""Planes through real scans, sampled by scipy: what the slice pass has to draw.

Run: /usr/bin/python3 tests/oracles/reslice.py. Writes tests/fixtures/oracles/reslice.json. Geometry comes from nibabel (NIfTI, turned
from RAS to LPS) or from the header (MetaImage); values from scipy.ndimage.map_coordinates, trilinear with the edge repeated, and
nearest by rounding half up. Greys are 0 at the 2nd percentile of the scan and 255 at the 98th.
"""

import base64
import json
import os
import zlib

import nibabel
import numpy
import scipy
from scipy.ndimage import map_coordinates

from scans import ROOT, path_of, read, source

SCANS = [
    "samples/chest-ct.mha",
    "samples/head-mr.nii.gz",
    "nifti/ct-shear-affine.nii.gz",
    "nifti/ct-head-oblique-16deg.nii.gz",
    "nifti/float64-oblique-35deg.nii.gz",
    "nifti/uint16-oblique-53deg.nii.gz",
    "nifti/ct-body-int32.nii.gz",
    "nifti/bigendian-uint8-avg152-LR.nii.gz",
]
# Right and down of the screen, LPS: a coronal plane, and one at an angle to every axis.
DIRECTIONS = [([1, 0, 0], [0, 0, -1]), ([1, 0.3, -0.2], [0.1, 0.5, -1])]
WIDTH, HEIGHT = 64, 56
# Nearer to the outer faces, or to half-way between voxels, than this a rounding decides: such pixels are left out.
TIE = 1e-3


def geometry(name):
    """Matrix from index (i, j, k) to LPS."""
    if not name.endswith(".mha"):
        return numpy.diag([-1.0, -1.0, 1.0, 1.0]) @ nibabel.load(path_of(name)).affine
    raw = open(path_of(name), "rb").read()
    end = raw.index(b"\n", raw.index(b"ElementDataFile"))
    fields = dict(line.split(" = ", 1) for line in raw[:end].decode().splitlines())
    numbers = lambda key, default: numpy.array([float(n) for n in fields.get(key, default).split()])
    matrix = numpy.eye(4)
    # A column of the direction matrix stands in a row of the file.
    directions = numbers("TransformMatrix", "1 0 0 0 1 0 0 0 1").reshape(3, 3).T
    matrix[:3, :3] = directions * numbers("ElementSpacing", "1 1 1")
    matrix[:3, 3] = numbers("Offset", "0 0 0")
    return matrix


def shown(name, stored):
    if name.endswith(".mha"):
        return stored.astype(numpy.float64)
    dataobj = nibabel.load(path_of(name)).dataobj
    return stored.astype(numpy.float64) * float(dataobj.slope) + float(dataobj.inter)


def pack(greys):
    return base64.b64encode(zlib.compress(greys.astype(numpy.uint8).tobytes(), 9)).decode()


def plane_of(name, voxels, matrix, low, high, right, down):
    right = numpy.array(right, float) / numpy.linalg.norm(right)
    down = numpy.array(down, float) - right * numpy.dot(right, down)
    down /= numpy.linalg.norm(down)
    dims = numpy.array(voxels.shape[::-1])
    corners = numpy.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)]) * (dims - 1)
    lps = corners @ matrix[:3, :3].T + matrix[:3, 3]
    extent = max(numpy.ptp(lps @ right) / WIDTH, numpy.ptp(lps @ down) / HEIGHT) * 1.05
    centre = lps.mean(axis=0)
    # Off the middle, so that no row of pixels lies on voxels.
    origin = centre - right * (WIDTH / 2 - 0.31) * extent - down * (HEIGHT / 2 - 0.17) * extent
    x, y = numpy.meshgrid(numpy.arange(WIDTH), numpy.arange(HEIGHT))
    points = origin + x[..., None] * extent * right + y[..., None] * extent * down
    ijk = numpy.moveaxis((points - matrix[:3, 3]) @ numpy.linalg.inv(matrix[:3, :3]).T, -1, 0)
    size = dims[:, None, None]
    inside = ((ijk >= -0.5) & (ijk < size - 0.5)).all(axis=0)
    edge = ((numpy.abs(ijk + 0.5) < TIE) | (numpy.abs(ijk - size + 0.5) < TIE)).any(axis=0)
    tie = (numpy.abs(ijk + 0.5 - numpy.round(ijk + 0.5)) < TIE).any(axis=0)
    kji = ijk[::-1]
    linear = map_coordinates(voxels, kji, order=1, mode="nearest")
    at = numpy.clip(numpy.floor(kji + 0.5).astype(int), 0, size[::-1] - 1)
    nearest = voxels[at[0], at[1], at[2]]
    grey = lambda values: numpy.where(inside, numpy.floor(numpy.clip((values - low) / (high - low), 0, 1) * 255 + 0.5), 0)
    return {
        "origin": origin.tolist(),
        "right": right.tolist(),
        "down": down.tolist(),
        "mmPerPixel": float(extent),
        "linear": pack(grey(linear)),
        "nearest": pack(grey(nearest)),
        "leftOut": pack(edge * 1 + (edge | tie) * 2),
    }


def scan(name):
    voxels = shown(name, read(name))
    # The first frame of a series.
    voxels = voxels.reshape((-1, *voxels.shape[-3:]))[0]
    low, high = (float(n) for n in numpy.percentile(voxels, [2, 98]))
    matrix = geometry(name)
    planes = [plane_of(name, voxels, matrix, low, high, *directions) for directions in DIRECTIONS]
    return {**source(name), "low": low, "high": high, "planes": planes}


def main():
    fixture = {
        "origin": "tests/oracles/reslice.py",
        "versions": {"scipy": scipy.__version__, "nibabel": nibabel.__version__},
        "size": [WIDTH, HEIGHT],
        "scans": [scan(name) for name in SCANS],
    }
    path = os.path.join(ROOT, "tests/fixtures/oracles/reslice.json")
    with open(path, "w") as file:
        json.dump(fixture, file, indent=1)
        file.write("\n")


main()
