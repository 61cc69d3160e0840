"""scikit-image and scipy: shape of every label. LABELS (u16) NI NJ NK SI SJ SK. Result: f64, label, voxels, mesh area, diameter, largest moment.

Region properties for size, centroid, box and moments; marching cubes of each label's box; the diameter from the convex hull, which is
faster than scikit-image's own.
"""

import sys

import numpy
from scipy import spatial
from skimage import measure

import peer

dims = [int(n) for n in sys.argv[2:5]]
spacing = numpy.array([float(n) for n in sys.argv[5:8]])[::-1]
labels = peer.volume(sys.argv[1], "<u2", dims).astype(numpy.int32)


def diameter(points):
    if len(points) > 500:
        points = points[spatial.ConvexHull(points).vertices]
    return spatial.distance.pdist(points).max(initial=0)


def run():
    rows = []
    for region in measure.regionprops(labels):
        mask = region.image
        padded = numpy.pad(mask, 1).astype(numpy.float32)
        vertices, faces, _, _ = measure.marching_cubes(padded, 0.5, method="lorensen", spacing=tuple(spacing))
        points = region.coords * spacing
        moments = numpy.linalg.eigvalsh(numpy.cov(points.T, bias=True)) if len(points) > 1 else numpy.zeros(3)
        centroid, box = region.centroid, region.bbox
        rows.append(
            [region.label, region.area, measure.mesh_surface_area(vertices, faces), diameter(points), moments[2]]
        )
    return numpy.array(rows, dtype=float)


peer.serve(run)
