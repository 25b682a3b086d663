"""Limit BLAS to one thread; call this before NumPy loads."""

import os

VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def pin() -> None:
    """Ask for one thread unless the user set a number: a pool makes small fits on a busy machine far slower."""
    for name in VARIABLES:
        os.environ.setdefault(name, "1")
