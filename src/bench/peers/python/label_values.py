"""scipy.ndimage: values of every label. VOXELS (i16) LABELS (u16) NI NJ NK. Result: f64, label, count, mean, sd, min, max, median, p95."""

import sys

import numpy
from scipy import ndimage

import peer

dims = [int(n) for n in sys.argv[3:6]]
voxels = peer.volume(sys.argv[1], "<i2", dims)
labels = peer.volume(sys.argv[2], "<u2", dims)


def run():
    present = numpy.unique(labels)
    present = present[present > 0]
    of = (voxels, labels, present)
    least, most, _, _ = ndimage.extrema(*of)
    return numpy.stack(
        [
            present,
            ndimage.sum_labels(numpy.ones_like(labels, dtype=numpy.uint8), labels, present),
            ndimage.mean(*of),
            ndimage.standard_deviation(*of),
            least,
            most,
            ndimage.median(*of),
            ndimage.labeled_comprehension(*of, lambda values: numpy.percentile(values, 95), float, 0),
        ],
        axis=1,
    ).astype(float)


peer.serve(run)
