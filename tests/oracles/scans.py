"""Scans for oracles: stored voxels as an array [k, j, i], with the path and SHA-256 of the file they come from."""

import hashlib
import os
import zlib

import nibabel
import numpy

ROOT = os.path.normpath(os.path.join(os.path.dirname(__file__), "../.."))
DATA = os.environ.get("VOXELWRIGHT_DATA", os.path.join(ROOT, "../shared/data"))
META_TYPES = {"MET_SHORT": numpy.int16, "MET_UCHAR": numpy.uint8, "MET_USHORT": numpy.uint16, "MET_FLOAT": numpy.float32}


def path_of(name):
    """`samples/…` ships with the program; other names are of the folder of real scans."""
    return os.path.join(ROOT, "src/public", name) if name.startswith("samples/") else os.path.join(DATA, name)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def read(name):
    path = path_of(name)
    if name.endswith(".mha"):
        return read_mha(path)
    image = nibabel.load(path)
    data = image.dataobj
    stored = data.get_unscaled() if hasattr(data, "get_unscaled") else numpy.asarray(data)
    return numpy.ascontiguousarray(numpy.asarray(stored).T)


def read_mha(path):
    raw = open(path, "rb").read()
    end = raw.index(b"\n", raw.index(b"ElementDataFile")) + 1
    fields = dict(line.split(" = ", 1) for line in raw[:end].decode().splitlines())
    body = raw[end:]
    if fields.get("CompressedData") == "True":
        body = zlib.decompress(body)
    dims = [int(n) for n in fields["DimSize"].split()]
    return numpy.frombuffer(body, META_TYPES[fields["ElementType"]]).reshape(dims[::-1])


def source(name):
    return {"file": name, "sha256": sha256(open(path_of(name), "rb").read())}
