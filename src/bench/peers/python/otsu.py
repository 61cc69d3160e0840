"""skimage.filters.threshold_otsu, its histogram included: FILE TYPE NI NJ NK. Result: the threshold as a 64-bit float."""

import sys

import numpy
import skimage.filters

from peer import serve, volume

voxels = volume(sys.argv[1], sys.argv[2], [int(n) for n in sys.argv[3:6]])
serve(lambda: numpy.array([skimage.filters.threshold_otsu(voxels)], dtype=numpy.float64))
