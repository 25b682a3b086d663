"""Asks every publisher for the example of its short name; reaches the network, and is no test of
the suite: `poe check-publishers`, once a week.
"""

from __future__ import annotations

import sys

from rural_forecast import series
from rural_forecast.errors import RuralForecastError
from rural_forecast.observed.publishers import BY_PREFIX, search
from rural_forecast.system.addresses import ruled

LEAST = 5  # values of an example


def main() -> int:
    """Print a line for each publisher, and return 1 if one gave no series or no search."""
    failed = 0
    with ruled(refresh=True):
        for publisher in BY_PREFIX.values():
            try:
                read = series(publisher.example)
                problem = "" if len(read.observations) >= LEAST else "it has too few values"
                if publisher.catalogue and not search(publisher.prefix, ["population"]):
                    problem = "its search finds nothing"
            except RuralForecastError as error:
                problem = str(error)
            failed += bool(problem)
            print(f"{publisher.prefix}: {problem or 'as expected'}")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
