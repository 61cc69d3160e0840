"""A peer of a benchmark: loads its input once, then answers lines on standard input (see ../native/peer.h)."""

import json
import sys
import time

import numpy


def volume(path, dtype, dims):
    """Raw voxels, i fastest, as an array [k, j, i]."""
    return numpy.fromfile(path, dtype=dtype).reshape(dims[::-1])


def serve(run, to_array=lambda result: result, load=None):
    """`run` does the work, which is timed; `to_array` makes an array of its result, which is not.

    `load(path, settings)` takes another input, where a line "load" names one.
    """
    print("ready", flush=True)
    result = None
    for line in sys.stdin:
        words = line.strip().split(" ", 1)
        if words[0] == "run":
            start, own = time.perf_counter(), time.process_time()
            result = run()
            own = time.process_time() - own
            print((time.perf_counter() - start) * 1000, flush=True)
        elif words[0] == "cpu":
            print(own * 1000, flush=True)
        elif words[0] == "load":
            path, settings = words[1].split(" ", 1)
            load(path, json.loads(settings))
            print("loaded", flush=True)
        elif words[0] == "write":
            numpy.ascontiguousarray(to_array(result)).tofile(words[1])
            print("written", flush=True)
