"""The whole that a series is a part of: all of a share for a rate, the total for a part.

Both bound a forecast from above without a person stating a number: a rate ends at 100 percent, and
a part never exceeds its total.
"""

from math import inf

from rural_forecast.errors import Problem, option
from rural_forecast.models.base import Array
from rural_forecast.observed.history import History
from rural_forecast.observed.shares import most_of
from rural_forecast.text.numbers import number

# Share by which a part may exceed its total, and a running total fall: roundings and small
# revisions.
REVISION = 0.005


def whole_of_rate(history: History) -> float | None:
    """Return the most that a rate can be, in its unit: 100 in percent, 1 as a fraction.

    None if the series is no rate, or has values beyond these ends.
    """
    if history.series.measure != "rate":
        return None
    whole = most_of(history.series.unit)
    if 0 <= history.values.min() <= history.values.max() <= whole:
        return whole
    return None


def not_a_part(
    part: str,
    part_first: int,
    part_values: Array,
    total: str,
    total_first: int,
    total_values: Array,
) -> Problem | None:
    """Return the problem of a series that exceeds its total in a year; None if it never does."""
    total_of_year = dict(enumerate(total_values.tolist(), total_first))
    for year, value in enumerate(part_values.tolist(), part_first):
        if value > total_of_year.get(year, inf) * (1 + REVISION):
            whole = f"its total {total} {number(total_of_year[year])}"
            hint = f"Leave {option('within')} out, or name what it is a part of."
            return Problem(f"{part} has {number(value)} in {year}, and {whole}.", hint)
    return None
