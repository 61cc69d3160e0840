"""scipy.ndimage.binary_fill_holes of a mask: FILE (u1) NI NJ NK. Result: 8 bit, 1 where filled or set."""

import sys

import numpy
import scipy.ndimage

from peer import serve, volume

mask = volume(sys.argv[1], "u1", [int(n) for n in sys.argv[2:5]]) != 0
serve(lambda: scipy.ndimage.binary_fill_holes(mask), lambda filled: filled.astype(numpy.uint8))
