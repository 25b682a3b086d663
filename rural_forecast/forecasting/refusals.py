"""The series of a panel that cannot be forecast, found before any model runs."""

from collections.abc import Iterator
from functools import cache
from itertools import chain

import numpy as np

from rural_forecast.errors import Problem, UsageError
from rural_forecast.forecasting.limits import NONE, contradiction
from rural_forecast.forecasting.panel import Panel, Request, kinds_of, years_ahead
from rural_forecast.forecasting.wholes import not_a_part
from rural_forecast.question.question import FARTHEST
from rural_forecast.text.cells import shown


def impossible(panel: Panel, request: Request) -> dict[int, UsageError]:
    """Find the series that contradict the question or have no year to forecast, by index."""
    errors: dict[int, UsageError] = {}
    for index, problem in chain(_contradictions(panel, request), _not_parts(panel)):
        errors.setdefault(index, UsageError.of(problem))

    @cache  # many series share an origin, and so the words
    def out_of_reach(origin: int) -> UsageError:
        later = f"more than {FARTHEST} years later"
        where = "not after it" if (request.year or 0) <= origin else later
        return UsageError(f"its last year is {origin}, and {request.year} is {where}")

    ahead = years_ahead(panel, request)
    for index in np.flatnonzero((ahead < 1) | (ahead > FARTHEST)).tolist():
        errors.setdefault(index, out_of_reach(int(panel.origins[index])))
    return errors


def _contradictions(panel: Panel, request: Request) -> Iterator[tuple[int, Problem]]:
    """Find the series that contradict the stated limits, or their kind."""
    kinds = kinds_of(panel, request)
    if request.limits == NONE and not any(kinds):
        return
    ends_of_rates = panel.ends_of_rates
    for index, kind in enumerate(kinds):
        _, first, values = panel.series(index)
        limits = request.limits._replace(kind=kind)
        problem = contradiction(first, values, limits, ends_of_rates[index])
        if problem is not None:
            yield index, problem


def _not_parts(panel: Panel) -> Iterator[tuple[int, Problem]]:
    """Find the series that cannot be a part of the total that they name."""
    if not panel.within:
        return
    totals = panel.totals
    index_of_total = {} if totals is None else {name: i for i, name in enumerate(totals.ids)}
    for index, name in enumerate(panel.ids):
        total = panel.within.get(name)
        if total is None:
            continue
        if totals is None or total not in index_of_total:
            yield (
                index,
                Problem(
                    f"its total {shown(total)} is not there, or refused.",
                    "Write the id of a series of the same input.",
                ),
            )
            continue
        unit = panel.units[index]
        unit_of_total = totals.units[index_of_total[total]]
        if unit and unit_of_total and unit != unit_of_total:
            text = f"it is in {unit}, and its total {shown(total)} in {unit_of_total}."
            yield index, Problem(text, "Give both in one unit.")
            continue
        problem = not_a_part(*panel.series(index), *totals.series(index_of_total[total]))
        if problem is not None:
            yield index, problem
