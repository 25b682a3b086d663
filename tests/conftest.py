"""Settings of every test."""

import os

from hypothesis import settings

from rural_forecast.__main__ import BLAS_VARIABLES

# As the program does, and before NumPy loads: on a busy machine a pool of threads makes small fits ten times slower.
for name in BLAS_VARIABLES:
    os.environ.setdefault(name, "1")

# The first example of a property pays for imports, so time is no property of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
