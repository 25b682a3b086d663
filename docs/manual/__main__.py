"""`python -m docs.manual` prints the manual page."""

import sys

from docs.manual.page import page
from rural_forecast.cli.surface import surface

sys.stdout.write(page(surface()))
