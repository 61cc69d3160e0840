"""Oracle of statistics: values and percentiles by numpy, mesh area by scikit-image, all other shape by ITK.

Run by /usr/bin/python3 (Debian: python3-numpy python3-scipy python3-skimage python3-nibabel libinsighttoolkit5-dev cmake g++).
"""

import numpy
from scipy import ndimage, spatial
from skimage import measure

import oracle

PERCENTILES = [0.5, 5, 25, 50, 75, 95, 99.5]

#: Labels, scan, and an affine of our own for the same voxels: a turned grid, where scans are not.
TURNED = numpy.array(
    [
        [0.36, -0.48, 0.8, 0],
        [0.8, 0.6, 0, 0],
        [-0.48, 0.64, 0.6, 0],
        [0, 0, 0, 1],
    ]
) @ numpy.diag([0.7, 1.3, 2.9, 1])
SETS = [
    ("labels/colin27-aal/aal-labels.nii.gz", "labels/colin27-aal/t1-colin27-ch2.nii.gz", None),
    ("labels/spleen-ct/spleen-manual.nii.gz", "labels/spleen-ct/ct.nii.gz", None),
    ("labels/hippocampus/001-label.nii.gz", "labels/hippocampus/001-image.nii.gz", None),
    ("labels/hippocampus/001-label.nii.gz", "labels/hippocampus/001-image.nii.gz", TURNED),
    ("labels/totalsegmentator-body/labels.nii.gz", "labels/totalsegmentator-body/ct.nii.gz", None),
    ("labels/spinal-cord-t1/cord-manual.nii.gz", "labels/spinal-cord-t1/t1w.nii.gz", None),
    ("labels/sts-001-gtv/MR_T1_gtv_mask.nii.gz", "labels/sts-001-gtv/MR_T1_image.nii.gz", None),
    ("chest-ct.mha", "chest-ct.mha", None),
]
#: Lungs of the sample: 6-connected voxels of a range, from a seed.
SEED, RANGE = (50, 80, 60), (-1100, -400)


def grown(voxels):
    inside = (voxels >= RANGE[0]) & (voxels <= RANGE[1])
    parts, _ = ndimage.label(inside)
    return (parts == parts[SEED]).astype(numpy.uint16)


def itk_shapes(labels, affine, feret):
    spacing = numpy.linalg.norm(affine[:3, :3], axis=0)
    direction = affine[:3, :3] / spacing
    with oracle.scratch() as folder:
        path = oracle.raw_file(folder, "labels", labels)
        geometry = [*spacing, *affine[:3, 3], *direction.ravel()]
        args = [*labels.shape, *(f"{number:.17g}" for number in geometry), int(feret)]
        return {shape["label"]: shape for shape in oracle.native("label-shape", path, *args)}


def mesh(mask, spacing):
    """Area and enclosed volume of the closed surface; scikit-image wants k first."""
    padded = numpy.pad(mask, 1).T
    vertices, faces, _, _ = measure.marching_cubes(padded.astype(numpy.float32), 0.5, method="lorensen")
    vertices = vertices.astype(numpy.float64) * spacing[::-1]
    a, b, c = (vertices[faces[:, n]] for n in range(3))
    return measure.mesh_surface_area(vertices, faces), abs(numpy.einsum("ij,ij->i", a, numpy.cross(b, c)).sum()) / 6


def feret_of_hull(mask, spacing):
    points = numpy.argwhere(mask) * spacing
    if len(points) > 500:
        points = points[spatial.ConvexHull(points).vertices]
    return spatial.distance.pdist(points).max(initial=0)


def rows(labels, voxels, affine, feret):
    spacing = numpy.linalg.norm(affine[:3, :3], axis=0)
    shapes = itk_shapes(labels, affine, feret)
    boxes = ndimage.find_objects(labels.astype(numpy.int32))
    for label in sorted(shapes):
        box = boxes[label - 1]
        mask = labels[box] == label
        values = voxels[box][mask].astype(numpy.float64)
        area, volume = mesh(mask, spacing)
        shape = shapes[label]
        yield {
            "label": label,
            "voxels": int(mask.sum()),
            "mean": values.mean(),
            "sd": values.std(),
            "min": values.min(),
            "max": values.max(),
            "percentiles": numpy.percentile(values, PERCENTILES),
            "meshArea": area,
            "meshVolume": volume,
            "hullFeret": feret_of_hull(mask, spacing),
            **{key: shape[key] for key in shape if key not in ("label", "voxels") and (feret or key != "feret")},
        }


def main():
    results = []
    for labels_name, scan_name, affine in SETS:
        voxels, own = oracle.read(scan_name)
        sample = scan_name.endswith(".mha")
        labels = grown(voxels) if sample else oracle.read(labels_name)[0]
        affine = own if affine is None else affine
        print(labels_name, labels.shape)
        # ITK tries every pair of border voxels: too many in the lungs.
        found = list(rows(labels, voxels, affine, feret=not sample))
        results.append(
            {
                "labels": oracle.source(labels_name),
                "scan": oracle.source(scan_name),
                "indexToLps": affine[:3].ravel(),
                "percentiles": PERCENTILES,
                "rows": found,
            }
        )
    what = (
        "Per label: values by numpy (percentiles linear), meshArea and meshVolume by scikit-image marching_cubes(method=lorensen, "
        "level=0.5) of the padded mask, hullFeret by scipy ConvexHull and pdist, the rest by itk::LabelImageToShapeLabelMapFilter "
        "(perimeter: Crofton; feret where all pairs were tried). chest-ct.mha: lungs grown by scipy.ndimage.label."
    )
    oracle.write("statistics", what, results)


main()
