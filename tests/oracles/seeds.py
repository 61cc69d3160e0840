#!/usr/bin/python3
"""Growth from seeds by Dijkstra's algorithm with Python's heapq, on real scans: an answer that owes nothing to our code.

Writes ../fixtures/oracles/seeds.json: for every case how the seeds were made (with their SHA-256), the voxels of each label and the
SHA-256 of the whole label map (u16, little endian, i fastest, seeds and what grew from them). The rule is that of
src/workers/README.md, written down here a second time. Run: /usr/bin/python3 tests/oracles/seeds.py [DATA]
"""

import hashlib
import heapq
import json
import math
import sys
import zlib
from pathlib import Path

import nibabel
import numpy
import scipy
from scipy import ndimage

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"


def read(path):
    """Voxels [i, j, k] as stored, and voxel sizes."""
    if path.suffix == ".mha":
        head, body = path.read_bytes().split(b"ElementDataFile = LOCAL\n", 1)
        fields = dict(line.split(" = ", 1) for line in head.decode().splitlines())
        assert fields["ElementType"] == "MET_SHORT" and fields["CompressedData"] == "True"
        dims = [int(n) for n in fields["DimSize"].split()]
        voxels = numpy.frombuffer(zlib.decompress(body), "<i2").reshape(dims[::-1]).T
        return voxels, [float(n) for n in fields["ElementSpacing"].split()]
    image = nibabel.load(path)
    voxels = numpy.asanyarray(image.dataobj.get_unscaled())
    return voxels, [float(n) for n in image.header.get_zooms()[:3]]


def eroded(labels, spacing, millimetres, ring):
    """Voxels further than that from any other label, and as a last label those of background whose distance is in the ring."""
    seeds = numpy.zeros(labels.shape, numpy.uint16)
    for label in numpy.unique(labels[labels > 0]):
        seeds[ndimage.distance_transform_edt(labels == label, sampling=spacing) > millimetres] = label
    away = ndimage.distance_transform_edt(labels == 0, sampling=spacing)
    seeds[(away > ring[0]) & (away <= ring[1])] = int(labels.max()) + 1
    return seeds


def boxes(shape, drawn):
    seeds = numpy.zeros(shape, numpy.uint16)
    for low, high, label in drawn:
        seeds[low[0] : high[0], low[1] : high[1], low[2] : high[2]] = label
    return seeds


def costs(voxels, spacing, count, request):
    """Values as whole numbers, units for each of them, units of a step by direction, and stored values in a value step."""
    voxels = voxels.astype(numpy.float64)
    if request["type"] in ("uint8", "int16"):
        step, low, weight = 1.0, 0.0, request.get("spatialWeight", 2)
    else:
        low, high = float(voxels.min()), float(voxels.max())
        step = 2.0 ** math.ceil(math.log2((high - low) / 65535))
        if (high - low) / step > 65535:
            step *= 2
        weight = request.get("spatialWeight", (high - low) / 1024)
    values = numpy.floor((voxels - low) / step + 0.5).astype(numpy.int64)
    bits = (count + 3).bit_length()
    shift = 0
    while shift < 15 - bits and weight / step * min(spacing) * 2**shift < 8:
        shift += 1
    steps = {}
    for k in (-1, 0, 1):
        for j in (-1, 0, 1):
            for i in (-1, 0, 1):
                apart = abs(i) + abs(j) + abs(k)
                if apart == 0 or (request["connectivity"] == 6 and apart > 1):
                    continue
                length = math.hypot(i * spacing[0], j * spacing[1], k * spacing[2])
                steps[i, j, k] = math.floor(weight * length / step * 2**shift + 0.5)
    return values, 2**shift, steps, step


def grow(voxels, seeds, spacing, request):
    """The labels of all voxels of the region: (cost, label) by Dijkstra, seeds fixed."""
    region = request.get("region", {"min": [0, 0, 0], "max": list(voxels.shape)})
    low, high = region["min"], region["max"]
    labels = [int(label) for label in numpy.unique(seeds[seeds > 0])]
    values, unit, steps, step = costs(voxels, spacing, len(labels), request)
    part = tuple(slice(a, b) for a, b in zip(low, high))
    values, drawn = values[part], seeds[part]
    shape = values.shape
    # A border of walls spares the test whether a neighbour is inside.
    padded = tuple(n + 2 for n in shape)
    strides = (padded[1] * padded[2], padded[2], 1)
    value = numpy.pad(values, 1).ravel().tolist()
    free = numpy.pad(drawn == 0, 1).ravel().tolist()
    start = numpy.pad(drawn, 1).ravel()
    moves = [(i * strides[0] + j * strides[1] + k * strides[2], cost) for (i, j, k), cost in steps.items()]
    best = [None] * len(value)
    bias = {int(label): math.floor(units * unit / step + 0.5) for label, units in request.get("bias", {}).items()}
    most = request.get("maximumCost")
    most = math.inf if most is None else math.floor(most * unit / step)
    heap = []
    for n in numpy.flatnonzero(start).tolist():
        best[n] = (bias.get(int(start[n]), 0), int(start[n]))
        heap.append((*best[n], n))
    heapq.heapify(heap)
    while heap:
        cost, label, n = heapq.heappop(heap)
        if best[n] != (cost, label):
            continue
        here = value[n]
        for move, length in moves:
            m = n + move
            if not free[m]:
                continue
            key = (cost + abs(here - value[m]) * unit + length, label)
            if key[0] <= most and (best[m] is None or key < best[m]):
                best[m] = key
                heapq.heappush(heap, (*key, m))
    grown = numpy.array([0 if found is None else found[1] for found in best], numpy.uint16).reshape(padded)
    whole = seeds.copy()
    whole[part] = grown[1:-1, 1:-1, 1:-1]
    return whole


def sha256(array):
    return hashlib.sha256(numpy.asfortranarray(array).astype("<u2").tobytes(order="F")).hexdigest()


def row(name, path, request, seeds_of, truth=None):
    folder = ROOT / "src/public/samples" if path.startswith("samples/") else DATA
    file = folder / path.removeprefix("samples/")
    voxels, spacing = read(file)
    labels = None if truth is None else numpy.rint(read(DATA / truth)[0]).astype(numpy.int64)
    seeds = eroded(labels, spacing, *seeds_of) if labels is not None else boxes(voxels.shape, seeds_of)
    request = {"type": str(voxels.dtype).lstrip("<>"), **request}
    whole = grow(voxels, seeds, spacing, request)
    counts = {int(label): int(count) for label, count in zip(*numpy.unique(whole, return_counts=True)) if label}
    print(name, counts, flush=True)
    made = {"boxes": seeds_of} if truth is None else {"labels": truth, "millimetres": seeds_of[0], "ring": seeds_of[1]}
    return {
        "name": name,
        "image": path,
        "imageSha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "request": {key: value for key, value in request.items() if key != "type"},
        "seeds": made,
        "seedsSha256": sha256(seeds),
        "voxels": counts,
        "sha256": sha256(whole),
    }


def main():
    rows = []
    chest = [[[30, 75, 55], [40, 85, 62], 5], [[72, 75, 55], [82, 85, 62], 9], [[52, 70, 58], [60, 90, 60], 2]]
    box = {"min": [5, 30, 40], "max": [110, 125, 75]}
    for connectivity in (6, 26):
        rows.append(
            row(f"chest CT, a box, {connectivity} neighbours", "samples/chest-ct.mha",
                {"connectivity": connectivity, "region": box}, chest)
        )
    rows.append(
        row("chest CT, held back, within reach", "samples/chest-ct.mha",
            {"connectivity": 6, "region": box, "bias": {"9": 150}, "maximumCost": 400, "spatialWeight": 5}, chest)
    )
    head = [[[85, 100, 70], [95, 110, 80], 1], [[60, 60, 70], [64, 90, 74], 3], [[110, 130, 90], [120, 140, 92], 2]]
    rows.append(
        row("head MR, a box", "samples/head-mr.nii.gz",
            {"connectivity": 6, "region": {"min": [50, 50, 60], "max": [130, 150, 100]}}, head)
    )
    for case in ("001", "003", "004", "006", "007"):
        for connectivity in (6, 26):
            rows.append(
                row(f"hippocampus {case}, {connectivity} neighbours", f"labels/hippocampus/{case}-image.nii.gz",
                    {"connectivity": connectivity}, [1.5, [2.1, 4.1]], f"labels/hippocampus/{case}-label.nii.gz")
            )
    for connectivity in (6, 26):
        rows.append(
            row(f"spinal cord, {connectivity} neighbours", "labels/spinal-cord-t1/t1w.nii.gz",
                {"connectivity": connectivity, "spatialWeight": 8}, [1.5, [2.1, 4.1]],
                "labels/spinal-cord-t1/cord-manual.nii.gz")
        )
        rows.append(
            row(f"spleen, {connectivity} neighbours", "labels/spleen-ct/ct.nii.gz",
                {"connectivity": connectivity}, [5.9, [6.1, 9.1]], "labels/spleen-ct/spleen-manual.nii.gz")
        )
    rows.append(
        row("AAL regions, a box", "labels/colin27-aal/t1-colin27-ch2.nii.gz",
            {"connectivity": 6, "region": {"min": [20, 40, 50], "max": [100, 130, 100]}}, [2.5, [3.1, 5.1]],
            "labels/colin27-aal/aal-labels.nii.gz")
    )
    fixture = {
        "made": "tests/oracles/seeds.py: Dijkstra's algorithm with heapq over (cost, label)",
        "versions": {
            "python": sys.version.split()[0],
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "nibabel": nibabel.__version__,
        },
        "rows": rows,
    }
    (ROOT / "tests/fixtures/oracles/seeds.json").write_text(json.dumps(fixture, indent=2) + "\n")


main()
