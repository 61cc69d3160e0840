"""What the oracles of measuring share: inputs by nibabel, ITK programs built beside, fixtures with how they were made."""

import hashlib
import json
import platform
import re
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import nibabel
import numpy
import scipy
import skimage

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
DATA = ROOT.parent / "shared/data"
SAMPLES = ROOT / "src/public/samples"
FIXTURES = ROOT / "tests/fixtures/oracles"
# Nearest RAS axes become LPS ones.
LPS = numpy.diag([-1.0, -1.0, 1.0, 1.0])


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def read(name):
    """Voxels [i, j, k] as stored, and index → LPS, of a NIfTI of the shared data or a .mha sample."""
    if name.endswith(".mha"):
        return read_mha(SAMPLES / name)
    image = nibabel.load(DATA / name)
    return numpy.asanyarray(image.dataobj), LPS @ image.affine


def read_mha(path):
    raw = path.read_bytes()
    head, _ = raw.split(b"ElementDataFile = LOCAL", 1)
    start = raw.index(b"\n", len(head)) + 1
    fields = dict(re.findall(r"^(\w+) = (.*)$", head.decode(), re.M))
    dims = [int(n) for n in fields["DimSize"].split()]
    body = zlib.decompress(raw[start:]) if fields["CompressedData"] == "True" else raw[start:]
    voxels = numpy.frombuffer(body, "<i2").reshape(dims[::-1]).T
    affine = numpy.eye(4)
    affine[:3, :3] = numpy.diag([float(n) for n in fields["ElementSpacing"].split()])
    affine[:3, 3] = [float(n) for n in fields["Offset"].split()]
    return voxels, affine


def source(name):
    path = SAMPLES / name if name.endswith(".mha") else DATA / name
    return {"path": name, "sha256": sha256(path)}


def raw_file(folder, name, labels):
    """Labels as raw 16-bit values, i fastest."""
    path = Path(folder) / f"{name}.raw"
    path.write_bytes(numpy.asfortranarray(labels.astype("<u2")).tobytes(order="F"))
    return str(path)


def native(name, *args):
    """Runs an ITK program of this folder and reads the JSON it prints."""
    folder = ROOT / ".build/oracles-measure"
    if not (folder / name).exists():
        for command in (["cmake", "-S", HERE, "-B", folder], ["cmake", "--build", folder, "-j2"]):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run([folder / name, *map(str, args)], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def digits(value):
    """Numbers with 13 significant digits: more than any test asks for, and fixtures stay small."""
    if isinstance(value, dict):
        return {key: digits(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, numpy.ndarray)):
        return [digits(part) for part in value]
    if isinstance(value, (int, numpy.integer)):
        return int(value)
    if isinstance(value, (float, numpy.floating)):
        return float(f"{float(value):.13g}")
    return value


def write(name, what, results):
    itk = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "libinsighttoolkit5-dev"], stdout=subprocess.PIPE)
    fixture = {
        "what": what,
        "madeBy": f"tests/oracles/measure/{Path(sys.argv[0]).name}",
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-image": skimage.__version__,
            "nibabel": nibabel.__version__,
            "itk": itk.stdout.decode(),
        },
        "results": digits(results),
    }
    path = FIXTURES / f"{name}.json"
    # One result a line.
    text = json.dumps({**fixture, "results": []}, ensure_ascii=False, indent=1)
    lines = ",\n".join(json.dumps(result, separators=(",", ":")) for result in fixture["results"])
    path.write_text(text.replace('"results": []', f'"results": [\n{lines}\n]') + "\n")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


def scratch():
    return tempfile.TemporaryDirectory(prefix="voxelwright-oracle-")
