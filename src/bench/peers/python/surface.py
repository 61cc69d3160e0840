"""Surfaces by scikit-image's marching cubes: FILE (u16 labels) NI NJ NK SI SJ SK (mm). Each label within its box and a voxel around it,
as a mask at one half, with normals; not smoothed. Result: f64 areas in mm², by ascending label."""

import sys

import numpy
from scipy import ndimage
from skimage import measure

from peer import serve, volume

dims = [int(word) for word in sys.argv[2:5]]
labels = volume(sys.argv[1], numpy.uint16, dims)
spacing = [float(word) for word in sys.argv[5:8]][::-1]


def surfaces():
    found = []
    for number, box in enumerate(ndimage.find_objects(labels), 1):
        if box is None:
            continue
        mask = numpy.pad((labels[box] == number).astype(numpy.float32), 1)
        vertices, faces, _normals, _values = measure.marching_cubes(mask, 0.5, spacing=spacing)
        found.append((vertices, faces))
    return found


serve(surfaces, lambda found: numpy.array([measure.mesh_surface_area(*mesh) for mesh in found]))
