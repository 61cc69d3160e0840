"""Volumes in Neuroglancer's precomputed format written by TensorStore, for our reader.

    python3 tests/oracles/precomputed.py

Writes tests/fixtures/oracles/precomputed.zip. Needs numpy and tensorstore (0.1.85).
"""

import json
import pathlib
import shutil
import tempfile
import zipfile

import numpy
import tensorstore

out = pathlib.Path(__file__).parent.parent / "fixtures" / "oracles" / "precomputed.zip"
OFFSET = (10, 20, 30)
SIZE = (45, 38, 21)  # x, y, z
SHARDING = {"@type": "neuroglancer_uint64_sharded_v1", "preshift_bits": 1, "minishard_bits": 2, "shard_bits": 1}


def pattern(size, channels, factor=1):
    """(3 i + 51 j + 997 k + 7 c) mod 4096 at the first of each block of `factor` voxels."""
    i, j, k, c = numpy.indices((*size, channels))
    return (3 * i * factor + 51 * j * factor + 997 * k * factor + 7 * c) % 4096


def smooth(size):
    """A ramp that JPEG hardly changes: i + 2 j + k."""
    i, j, k, _ = numpy.indices((*size, 1))
    return i + 2 * j + k


def segments(size):
    """Boxes of 7 × 9 × 5 voxels, each of a segment of its own; every third is background."""
    i, j, k, _ = numpy.indices((*size, 1))
    n = i // 7 + 11 * (j // 9) + 70 * (k // 5)
    return numpy.where(n % 3 == 0, 0, n)


CASES = {
    "raw": (dict(encoding="raw", chunk_size=[32, 16, 24]), "image", "uint16", 2, pattern(SIZE, 2)),
    "float": (dict(encoding="raw", chunk_size=[64, 64, 64]), "image", "float32", 1, pattern(SIZE, 1) / 4),
    "jpeg": (dict(encoding="jpeg", chunk_size=[32, 32, 32]), "image", "uint8", 1, smooth(SIZE)),
    "segments-32": (
        dict(encoding="compressed_segmentation", compressed_segmentation_block_size=[8, 8, 8], chunk_size=[32, 32, 32]),
        "segmentation", "uint32", 1, segments(SIZE),
    ),
    "segments-64-sharded": (
        dict(
            encoding="compressed_segmentation", compressed_segmentation_block_size=[4, 8, 2], chunk_size=[16, 16, 16],
            sharding={**SHARDING, "hash": "murmurhash3_x86_128", "data_encoding": "gzip", "minishard_index_encoding": "gzip"},
        ),
        "segmentation", "uint64", 1, segments(SIZE),
    ),
    "raw-sharded": (
        dict(
            encoding="raw", chunk_size=[16, 32, 8],
            sharding={**SHARDING, "hash": "identity", "data_encoding": "raw", "minishard_index_encoding": "raw"},
        ),
        "image", "uint16", 1, pattern(SIZE, 1),
    ),
}  # fmt: skip

folder = pathlib.Path(tempfile.mkdtemp())
for name, (scale, kind, dtype, channels, voxels) in CASES.items():
    finest = {"size": SIZE, "voxel_offset": OFFSET, "resolution": [4000, 5000, 6000], **scale}
    store = tensorstore.open(
        {
            "driver": "neuroglancer_precomputed",
            "kvstore": {"driver": "file", "path": str(folder / name)},
            "multiscale_metadata": {"type": kind, "data_type": dtype, "num_channels": channels},
            "scale_metadata": finest,
        },
        create=True,
    ).result()
    store.write(voxels.astype(dtype)).result()
    if name == "raw":
        # A second resolution, whose voxels say that they were read.
        size = [-(-n // 2) for n in SIZE]
        coarse = {**finest, "size": size, "voxel_offset": [5, 10, 15], "resolution": [8000, 10000, 12000]}
        second = tensorstore.open(
            {
                "driver": "neuroglancer_precomputed",
                "kvstore": {"driver": "file", "path": str(folder / name)},
                "multiscale_metadata": {"type": kind, "data_type": dtype, "num_channels": channels},
                "scale_metadata": coarse,
            },
            create=True,
        ).result()
        second.write(((pattern(size, channels, 2) + 1) % 4096).astype(dtype)).result()
    if name == "segments-32":
        info = json.loads((folder / name / "info").read_text())
        info["segment_properties"] = "names"
        (folder / name / "info").write_text(json.dumps(info))
        (folder / name / "names").mkdir()
        names = {"ids": ["1", "2", "70000"], "properties": [{"id": "label", "type": "label", "values": ["One", "Two", "Far"]}]}
        told = {"@type": "neuroglancer_segment_properties", "inline": names}
        (folder / name / "names" / "info").write_text(json.dumps(told))

with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(".lock"):
            archive.writestr(zipfile.ZipInfo(path.relative_to(folder).as_posix()), path.read_bytes(), zipfile.ZIP_DEFLATED)
shutil.rmtree(folder)
