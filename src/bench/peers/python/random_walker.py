"""scikit-image's random walker between drawn slices: FILE (i16 voxels) FILE (u16 labels) NI NJ NK EVERY. Result: u16 labels.

One slice in EVERY across k is drawn as a whole, background too. The image is smoothed first, which helps the peer.
"""

import sys

import numpy
from scipy import ndimage
from skimage.segmentation import random_walker

from peer import serve, volume

dims = [int(word) for word in sys.argv[3:6]]
voxels = volume(sys.argv[1], numpy.int16, dims).astype(numpy.float64)
labels = volume(sys.argv[2], numpy.uint16, dims).astype(numpy.int64)
every = int(sys.argv[6])
background = int(labels.max()) + 1


def run():
    seeds = numpy.zeros(labels.shape, numpy.int64)
    seeds[::every] = numpy.where(labels[::every] == 0, background, labels[::every])
    smooth = ndimage.gaussian_filter(voxels, 1)
    # As scikit-image weighs: beta in units of the image's own deviation, here one that a step of 200 stops.
    found = random_walker(smooth / 200, seeds, beta=4, mode="cg_j", tol=1e-3)
    return numpy.where(found == background, 0, found).astype(numpy.uint16)


serve(run)
