"""scipy.ndimage.label of a mask, or skimage.measure.label of several labels: FILE (u1 or u2) TYPE NI NJ NK CONNECTIVITY HOW.

Connectivity is 6, 18 or 26. Result: sizes of all components, descending, as 64-bit numbers; counting them is not timed.
"""

import sys

import numpy
import scipy.ndimage
import skimage.measure

from peer import serve, volume

path, dtype = sys.argv[1:3]
labels = volume(path, dtype, [int(n) for n in sys.argv[3:6]])
steps = {6: 1, 18: 2, 26: 3}[int(sys.argv[6])]
structure = scipy.ndimage.generate_binary_structure(3, steps)


def run():
    if sys.argv[7] == "scipy":
        return scipy.ndimage.label(labels, structure)[0]
    return skimage.measure.label(labels, connectivity=steps)


serve(run, lambda found: numpy.sort(numpy.bincount(found.ravel())[1:])[::-1].astype(numpy.int64))
