"""`python -m docs.manual` prints the manual page."""

import sys

from docs.manual.page import page
from rural_forecast.cli.root import root
from rural_forecast.cli.spec import spec

sys.stdout.write(page(spec(root)))
