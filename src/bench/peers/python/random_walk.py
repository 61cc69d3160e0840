"""scikit-image's random walker (Grady 2006), which is guided by the image: FILE (i16) NI NJ NK SI SJ SK.

A load is FILE (u16 labels, seeds of structures and of background) and {"background", "low", "high"}: the label of background, and
the box that is solved, high exclusive. The image is brought to mean 0 and variance 1 in the box; beta is the default, 130. Result:
u16 labels, 0 for background and outside the box.
"""

import sys
import warnings

import numpy
from skimage.segmentation import random_walker

from peer import serve, volume

warnings.simplefilter("ignore")
dims = [int(word) for word in sys.argv[2:5]]
spacing = [float(word) for word in sys.argv[5:8]][::-1]
image = volume(sys.argv[1], numpy.int16, dims)
case = {}


def load(path, settings):
    case.update(seeds=volume(path, numpy.uint16, dims), **settings)


def run():
    box = tuple(slice(a, b) for a, b in zip(case["low"][::-1], case["high"][::-1]))
    values = image[box].astype(float)
    values = (values - values.mean()) / values.std()
    seeds = case["seeds"][box].astype(numpy.int64)
    found = numpy.zeros(image.shape, numpy.uint16)
    walked = random_walker(values, seeds, beta=130, mode="cg_j", spacing=spacing)
    # Voxels that no seed reaches come back negative.
    walked[(walked == case["background"]) | (walked < 0)] = 0
    found[box] = walked
    return found


serve(run, load=load)
