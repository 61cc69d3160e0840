"""Images written by python-zarr and numcodecs, for the reader of OME-Zarr, and voxels of the shared ones as numpy reads them.

    python3 tests/oracles/ome_zarr.py [FOLDER OF SHARED DATA]

Writes tests/fixtures/oracles/ome-zarr.zip and, with shared data, tests/fixtures/oracles/ome-zarr.json. Debian: python3-zarr 2.13.
"""

import json
import pathlib
import sys
import zipfile

import numcodecs
import numpy
import zarr

out = pathlib.Path(__file__).parent.parent / "fixtures" / "oracles"
SHAPE = (2, 9, 40, 50)  # c, z, y, x
CASES = {
    "blosc-zstd-bitshuffle": dict(dtype="<u2", compressor=numcodecs.Blosc("zstd", 5, 2), chunks=(1, 8, 32, 32)),
    "blosc-blosclz": dict(dtype="<i2", compressor=numcodecs.Blosc("blosclz", 5, 1), chunks=(2, 4, 16, 50)),
    "zlib-delta": dict(dtype="<u2", compressor=numcodecs.Zlib(5), filters=[numcodecs.Delta("<u2")], chunks=(1, 9, 40, 50)),
    "lz4-big-endian": dict(dtype=">u2", compressor=numcodecs.LZ4(), chunks=(1, 5, 20, 20)),
    "zstd-f-order": dict(dtype="<f4", compressor=numcodecs.Zstd(3), order="F", chunks=(1, 8, 16, 32)),
    "gzip-float64": dict(dtype="<f8", compressor=numcodecs.GZip(5), chunks=(1, 9, 20, 25)),
}


def values(dtype):
    """What every case holds: (3 i + 51 j + 997 k + 7 c) mod 4096."""
    c, k, j, i = numpy.indices(SHAPE)
    return ((3 * i + 51 * j + 997 * k + 7 * c) % 4096).astype(dtype)


def axes():
    space = [{"name": name, "type": "space", "unit": "micrometer"} for name in "zyx"]
    return [{"name": "c", "type": "channel"}, *space]


store = {}
root = zarr.group(store)
for name, options in CASES.items():
    group = root.create_group(name)
    group.attrs["multiscales"] = [
        {
            "version": "0.4",
            "axes": axes(),
            "datasets": [{"path": "0", "coordinateTransformations": [{"type": "scale", "scale": [1, 2000, 500, 500]}]}],
        }
    ]
    array = group.create_dataset("0", shape=SHAPE, dimension_separator="/", **options)
    array[...] = values(options["dtype"])
with zipfile.ZipFile(out / "ome-zarr.zip", "w", zipfile.ZIP_STORED) as archive:
    for key in sorted(store):
        archive.writestr(zipfile.ZipInfo(f"cases.zarr/{key}"), bytes(store[key]))

if len(sys.argv) > 1:
    shared = pathlib.Path(sys.argv[1]) / "ome-zarr"
    told = {}
    random = numpy.random.default_rng(5)
    for path in sorted(shared.iterdir()):
        image = zarr.open(str(path), "r")
        data = numpy.asarray(image[image.attrs["multiscales"][0]["datasets"][0]["path"]])  # x, y, z
        picks = [tuple(int(random.integers(n)) for n in data.shape) for _ in range(40)]
        told[path.name] = {
            "dims": list(data.shape),
            "sum": float(data.astype(numpy.float32).sum(dtype=numpy.float64)),
            "voxels": [[*pick, float(numpy.float32(data[pick]))] for pick in picks],
        }
    (out / "ome-zarr.json").write_text(json.dumps(told, indent=1) + "\n")
