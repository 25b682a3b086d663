"""Refuses a second value of a period, with the column that tells the two apart."""

from __future__ import annotations

from datetime import date

import numpy as np

from rural_forecast.errors import Problem, option
from rural_forecast.observed.period import Period
from rural_forecast.observed.reading.codes import holds_numbers
from rural_forecast.observed.reading.draft import Draft, Point
from rural_forecast.observed.reading.labels import distinct
from rural_forecast.observed.reading.values import Values
from rural_forecast.text.cells import shown


def claim(values: Values, point: Point, draft: Draft, when: Period | date) -> None:
    """Refuse a second value of a period, source and author.

    A source may plan a period, forecast it and later report it, each once.
    """
    observed = point.observed
    is_forecast = observed.status == "forecast"
    claimed = when, observed.source, observed.author, is_forecast, observed.target
    first = draft.first.setdefault(claimed, observed)
    if first is observed:
        return
    has_several = len(values.melt.choice.ids) > 1 or "id" in values.rows.roles
    within = f" in series {shown(draft.name)}" if has_several else ""
    source = f" from source {shown(observed.source)}" if observed.source else ""
    problem = (
        f"is a second value of {observed.period}{within}{source}; the first is at {first.place}"
    )
    hint = _hint_on_second(values, point, when)
    raise values.refused(point.value_index, Problem(problem, f"{hint}."))


def _hint_on_second(values: Values, point: Point, when: Period | date) -> str:
    remove = "Remove one of them"
    if point.head.day and when != point.head.day:
        return "Sum the values to one a year, or write the dates as periods: 2017Q1, 2017M03"
    if values.rows.own:
        needs = "two values of a period need different sources, in a column named 'source'"
        if point.observed.status == "forecast":
            needs = "two forecasts of a period need different authors, in a column named 'author'"
        return f"{remove}; {needs}"
    spare = _column_that_parts(values, point)
    if spare:
        column = option("id_column", spare)
        return f"{remove}; or, if a column tells series apart, name it: {column}"
    return remove


def _column_that_parts(values: Values, point: Point) -> str:
    """Find a column of texts that gives each value of a series a period and a label of its own.

    Figures, and remarks that are on few values, tell no series apart.
    """
    melt = values.melt
    beside = melt.choice.beside
    if values.table.across:
        return ""
    indices = values.indices_of(int(melt.id_of[point.value_index]))
    rows = np.searchsorted(values.table.rows, melt.rows[indices])
    periods = values.table.period_codes[rows]
    for label in beside.others:
        codes = label.codes[rows]
        is_apart = distinct(periods, codes) == len(rows) > distinct(codes)
        if label.name and is_apart and not holds_numbers(label.of_rows(rows)):
            return label.name
    return ""
