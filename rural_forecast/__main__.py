"""Entry point; pins BLAS to one thread before NumPy can load and answers `--version` without loading anything."""

from __future__ import annotations

import os
import sys

BLAS_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def main() -> None:
    """Run the command line."""
    for name in BLAS_VARIABLES:
        os.environ.setdefault(name, "1")
    from rural_forecast.cli.app import run

    sys.exit(run())


if __name__ == "__main__":
    main()
