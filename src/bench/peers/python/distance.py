"""scipy's exact distance transform: FILE (u16 labels) NI NJ NK SI SJ SK MODE. Result: f32 mm.

MODE unsigned: to the labels; signed: negative inside; many: of every label to the nearest voxel of another value, label by label
within its box and a voxel around it.
"""

import sys

import numpy
from scipy import ndimage

from peer import serve, volume

dims = [int(word) for word in sys.argv[2:5]]
spacing = [float(word) for word in sys.argv[5:8]][::-1]
labels = volume(sys.argv[1], numpy.uint16, dims)
mode = sys.argv[8]


def to(mask):
    return ndimage.distance_transform_edt(~mask, sampling=spacing)


def many():
    field = numpy.zeros(labels.shape, numpy.float32)
    for number, box in enumerate(ndimage.find_objects(labels), 1):
        if box is None:
            continue
        box = tuple(slice(max(0, side.start - 1), side.stop + 1) for side in box)
        own = labels[box] == number
        field[box][own] = ndimage.distance_transform_edt(own, sampling=spacing)[own]
    return field


def run():
    if mode == "many":
        return many()
    mask = labels != 0
    field = to(mask)
    return (field - to(~mask) if mode == "signed" else field).astype(numpy.float32)


serve(run)
