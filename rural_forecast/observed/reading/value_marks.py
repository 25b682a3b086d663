"""Reads the status of a value from its mark, that of its period, and flags in its row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from rural_forecast.errors import Problem
from rural_forecast.observed.observation import Observation
from rural_forecast.observed.reading.amounts import Amount, letters, status_of
from rural_forecast.observed.reading.head import Head, YearMark
from rural_forecast.observed.reading.schema import BREAK_MARKS, says_break
from rural_forecast.observed.reading.values import Values
from rural_forecast.text.cells import shown

_KNOWN_FLAGS = frozenset("aeprfb")  # letters of agencies with a meaning, see `amounts`


def with_marks(
    values: Values, index: int, head: Head, observed: Observation, amount: Amount, *, stated: bool
) -> Observation:
    """Complete an observation by its value and what is next to it."""
    row = int(values.melt.rows[index])
    value = float(values.melt.values[index])
    year = head.period.year
    mark = YearMark("forecast") if year > values.until.get(row, year) else _mark_of(values, head)
    if mark is not None or amount.flag:
        observed = _marked(values, index, head, observed, mark, amount.flag, stated=stated)
    _note_marks(values, row, amount)
    qualifier = observed.qualifier
    if qualifier == "=" and amount.qualifier:
        qualifier = cast(Any, amount.qualifier)
    return replace(
        observed,
        value=value,
        qualifier=qualifier,
        place=values.place_of(index),
        author=observed.author if observed.status == "forecast" else "",
        interval=values.rows.interval(row, value, observed.status, values.melt.notation),
    )


def _mark_of(values: Values, head: Head) -> YearMark | None:
    """Return the mark of a period; what the user calls history is no forecast.

    Behind `2022p` agencies mean provisional, and analysts projected.
    """
    last = values.options.actuals_until
    is_forecast = head.mark is not None and head.mark.status == "forecast"
    if is_forecast and last is not None and head.period.year <= last:
        return YearMark("preliminary")
    return head.mark


def is_break(values: Values, row: int, amount: Amount, observed: Observation) -> bool:
    """True for a value that is flagged as the first on a new basis: by a letter, in words, or
    by a mark in a column of its own.
    """
    if observed.status == "forecast":
        return False
    if values.rows.text(row, "new_basis").casefold() in BREAK_MARKS:
        return True
    flags = letters(values.rows.text(row, "flag"))
    remark = observed.note or _remark(values, row)
    return "b" in flags or _is_break_mark(amount) or says_break(remark)


def _remark(values: Values, row: int) -> str:
    """The text of a column of remarks in a table of others."""
    column = values.melt.choice.beside.roles.get("note", -1)
    return "" if values.rows.own or column < 0 else values.grid.text(row, column)


def _note_marks(values: Values, row: int, amount: Amount) -> None:
    flags = letters(values.rows.text(row, "flag"))
    if amount.marked and not amount.flag and "b" not in flags and not _is_break_mark(amount):
        values.noted.name("marks", amount.marked)
    if amount.negative:
        values.noted.name("negative")
    for flag in sorted(set(flags) - _KNOWN_FLAGS):
        values.noted.name("rows_left_out", f"value{{s}} with the flag {shown(flag)} (not used)")


def _marked(
    values: Values,
    index: int,
    head: Head,
    observed: Observation,
    mark: YearMark | None,
    flag: str,
    *,
    stated: bool,
) -> Observation:
    """Give an observation the status of the mark of its period, or of its flag."""
    across = values.table.across
    was_forecast = stated and observed.status == "forecast"
    status = status_of(flag)
    target = False
    if mark is not None and (status is None or mark.status == "forecast"):
        status, target = mark
    is_new = status not in (None, observed.status)
    # Across, a row states the status of all its values, and the mark of a column wins. Down,
    # both are about one value.
    contradicts = {status, observed.status} == {"actual", "forecast"}
    if is_new and stated and not across and contradicts:
        problem = f"contradicts the status {shown(observed.status)} of its row"
        cause = Problem(problem, "Correct one of the two.")
        raise values.refused(index, cause, period=mark is not None)
    if is_new and status and (across or not stated):
        author = ""
        if status == "forecast":
            author = observed.author or observed.source or values.noted.file
        observed = replace(observed, status=status, author=author, target=target)
    if observed.status == "forecast" and not was_forecast:
        code = "starred" if head.sign.startswith("*") else "published_forecast"
        with_flag = f" with the flag {flag}" if flag else ""
        values.noted.name(code, f"{values.period_as_written(index)}{with_flag}")
    return observed


def _is_break_mark(amount: Amount) -> bool:
    return amount.marked.isalpha() and "b" in amount.marked.casefold()
