"""Checks a label image that Voxelwright wrote, by libraries of others: zarr-python for OME-Zarr 0.4, TensorStore for both versions.

    voxelwright convert LABELS.nii.gz OUT.zarr
    python3 tests/oracles/ome_zarr_labels.py OUT.zarr LABELS.nii.gz

Compares level 0 with the NIfTI file voxel for voxel, and every coarser level with the most frequent label of the voxels that it covers,
computed anew by numpy. Needs numpy, and tensorstore or zarr < 3 (Debian: python3-zarr).
"""

import gzip
import json
import pathlib
import struct
import sys

import numpy


def nifti(path):
    """Labels of a NIfTI-1 file as k, j, i."""
    data = gzip.open(path).read() if path.endswith(".gz") else open(path, "rb").read()
    dims = struct.unpack("<8h", data[40:56])[1:4]
    kind = {2: "u1", 512: "<u2", 4: "<i2"}[struct.unpack("<h", data[70:72])[0]]
    offset = int(struct.unpack("<f", data[108:112])[0])
    return numpy.frombuffer(data, kind, int(numpy.prod(dims)), offset).reshape(dims[::-1]).astype(numpy.uint16)


def read(group, path, version):
    """An array as its axes are stored."""
    if version == "0.4":
        try:
            import zarr

            return numpy.asarray(zarr.open(str(group), "r")[path])
        except ImportError:
            pass
    import tensorstore

    driver = "zarr" if version == "0.4" else "zarr3"
    kvstore = {"driver": "file", "path": str(group / path)}
    return numpy.asarray(tensorstore.open({"driver": driver, "kvstore": kvstore}, read=True).result().read().result())


def coarser(fine, shape):
    """The most frequent label but background of each block, the smaller of equally frequent ones."""
    halved = [n != m for n, m in zip(fine.shape, shape)]
    padded = numpy.pad(fine, [(0, m * 2 - n if h else 0) for n, m, h in zip(fine.shape, shape, halved)])
    steps = [2 if h else 1 for h in halved]
    parts = [
        padded[k :: steps[0], j :: steps[1], i :: steps[2]]
        for k in range(steps[0])
        for j in range(steps[1])
        for i in range(steps[2])
    ]
    block = numpy.stack(parts)
    best = numpy.zeros(shape, numpy.uint16)
    times = numpy.zeros(shape, int)
    for label in numpy.unique(block)[numpy.unique(block) > 0]:
        count = (block == label).sum(0)
        better = count > times
        best[better] = label
        times[better] = count[better]
    return best


group, labels = pathlib.Path(sys.argv[1]), sys.argv[2]
if (group / "zarr.json").exists():
    metadata = json.loads((group / "zarr.json").read_text())["attributes"]["ome"]
    version = metadata["version"]
else:
    metadata = json.loads((group / ".zattrs").read_text())
    version = metadata["multiscales"][0]["version"]
multiscales = metadata["multiscales"][0]
names = [axis["name"] for axis in multiscales["axes"]]
order = [names.index(name) for name in "zyx"]
rest = [n for n in range(len(names)) if n not in order]
before = None
for dataset in multiscales["datasets"]:
    stored = read(group, dataset["path"], version)
    voxels = stored.transpose([*rest, *order]).reshape([stored.shape[n] for n in order])
    expected = nifti(labels) if before is None else coarser(before, voxels.shape)
    equal = voxels.shape == expected.shape and bool((voxels == expected).all())
    print(dataset["path"], stored.dtype, stored.shape, "labelled", int((voxels > 0).sum()), "equal" if equal else "DIFFERENT")
    if not equal:
        sys.exit(1)
    before = voxels.astype(numpy.uint16)
for entry in metadata["image-label"]["properties"]:
    color = next(c["rgba"] for c in metadata["image-label"]["colors"] if c["label-value"] == entry["label-value"])
    print(entry["label-value"], entry["name"], color)
