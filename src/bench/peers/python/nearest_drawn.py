"""scipy: every voxel takes the label of the nearest drawn voxel, by the exact distance transform: NI NJ NK SI SJ SK.

A load is FILE (u16 labels of drawn voxels, background too; 0 where nothing was drawn) and {"background"}: the label of background.
Result: u16 labels.
"""

import sys

import numpy
from scipy import ndimage

from peer import serve, volume

dims = [int(word) for word in sys.argv[1:4]]
spacing = [float(word) for word in sys.argv[4:7]][::-1]
case = {}


def load(path, settings):
    case.update(seeds=volume(path, numpy.uint16, dims), **settings)


def run():
    seeds = case["seeds"]
    nearest = ndimage.distance_transform_edt(seeds == 0, sampling=spacing, return_distances=False, return_indices=True)
    found = seeds[tuple(nearest)]
    found[found == case["background"]] = 0
    return found


serve(run, load=load)
