"""Settings of every test."""

import os

from hypothesis import settings

from rural_forecast.__main__ import BLAS_VARIABLES

# As the command line does, before NumPy loads: a pool of threads makes small fits a hundred times slower.
for _name in BLAS_VARIABLES:
    os.environ.setdefault(_name, "1")

# The first example of a property pays for imports, so time is no property of the code. CI tries the same cases each
# time, so that only a change can break it.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")
