"""Builds the ITK programs of this folder (Debian: libinsighttoolkit5-dev, cmake, g++)."""

import os
import subprocess

from scans import ROOT


def build_itk():
    """The folder that holds them."""
    folder = os.path.join(ROOT, ".build/oracles")
    os.makedirs(folder, exist_ok=True)
    here = os.path.dirname(os.path.abspath(__file__))
    subprocess.run(["cmake", "-S", here, "-B", folder], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder], check=True, stdout=subprocess.DEVNULL)
    return folder
