"""Shape-based interpolation between slices (Raya and Udupa 1990) by scipy's exact distance transform: NI NJ NK SI SJ SK.

A load is FILE (u16 labels, drawn on some slices) and {"axis", "planes"}: the index axis across which they are, and the drawn slices.
For every label and every two slices in turn that both show it, signed distances within the slices are blended by position; a voxel is
of the label where the blend is above 0, of the largest where several are. Result: u16 labels, drawn slices as they were.
"""

import sys

import numpy
from scipy import ndimage

from peer import serve, volume

dims = [int(word) for word in sys.argv[1:4]]
spacing = [float(word) for word in sys.argv[4:7]]
case = {}


def load(path, settings):
    case.update(labels=volume(path, numpy.uint16, dims), **settings)


def signed(mask, steps):
    return ndimage.distance_transform_edt(mask, sampling=steps) - ndimage.distance_transform_edt(~mask, sampling=steps)


def run():
    across = 2 - case["axis"]
    filled = case["labels"].copy()
    stack = numpy.moveaxis(filled, across, 0)
    steps = [size for n, size in enumerate(spacing[::-1]) if n != across]
    boxes = {n: ndimage.find_objects(stack[n]) for n in case["planes"]}
    for low, high in zip(case["planes"], case["planes"][1:]):
        if high - low < 2:
            continue
        largest = numpy.zeros((high - low - 1,) + stack.shape[1:], numpy.float32)
        for number, (one, other) in enumerate(zip(boxes[low], boxes[high]), 1):
            if one is None or other is None:
                continue
            box = tuple(
                slice(max(0, min(a.start, b.start) - 1), max(a.stop, b.stop) + 1) for a, b in zip(one, other)
            )
            below, above = (signed(stack[n][box] == number, steps) for n in (low, high))
            for n in range(low + 1, high):
                share = (n - low) / (high - low)
                blend = (1 - share) * below + share * above
                wins = blend > largest[n - low - 1][box]
                largest[n - low - 1][box][wins] = blend[wins]
                stack[n][box][wins] = number
    return filled


serve(run, load=load)
