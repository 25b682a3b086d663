"""Rows to series: flat arrays and offsets, all checks made on whole columns.

A series that cannot be used is refused with the row and the reason, and the others go on. Only refused series cost a
Python step each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import option
from rural_forecast.forecasting.batch.rates import Extent, Rates, rates
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.series.reading.draft import jump
from rural_forecast.series.reading.grid import shown
from rural_forecast.series.reading.values import LEAVE_OUT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rural_forecast.series.published import PublishedForecast

    Integers = NDArray[np.int64]
else:
    Integers = np.ndarray


class Refusal(NamedTuple):
    """A series that is not forecast, and why."""

    series_id: str
    row: int
    """Where the reason shows, as `Raw.rows` counts, or a line once `Source.lines` told it; -1 for no single row."""
    reason: str


class CareNeededError(Exception):
    """The file says more than columns can, such as what the message names: the careful readers must read it."""


class Raw(NamedTuple):
    """Columns of a stretch of input that holds whole series, in any order of rows."""

    series: Words
    """Codes count from 0 in order of first appearance; there may be words without rows."""
    years: Integers
    """0 where there is none."""
    values: Array
    """NaN where there is none."""
    rows: Integers
    """The row of the input, as its source counts them; `Source.lines` gives the lines."""
    units: Words | None = None
    definitions: Words | None = None
    faults: Mapping[int, str] = {}
    """What is wrong with the cells of a row, where the reader knows more than that something is."""
    unit: str = ""
    """Unit of all, where no column says it."""
    sourced: bool = False
    """Whether rows name their sources, so that a year may have several values."""
    second: str = ""
    """What to do about a second value of a year."""
    published: bool = False
    """Whether rows that hold forecasts of others were left out."""
    head: str = ""
    """Name of the column of values."""
    measure: str | None = None
    """What all series measure, by the user's word."""


def taken(words: Words | None, at: Any) -> Words | None:
    """A column at these rows; None where there is no such column."""
    return words and words._replace(codes=words.codes[at])


class Panel(NamedTuple):
    """Series without gaps: series i has `values[offsets[i]:offsets[i + 1]]`, its last year is `origins[i]`."""

    ids: Sequence[str]
    offsets: Integers
    values: Array
    origins: Integers
    units: Sequence[str]
    """One a series, or one for all."""
    published: Mapping[str, Sequence[PublishedForecast]] = {}
    """What others forecast, by id; read only where it is shown."""
    wholes: Mapping[str, float] = {}
    """The most that a rate can be, by id."""
    before_gaps: int = 0
    """Values before the last gap of their series, which are not used."""
    shares: Sequence[str] = ()
    """Series that are rates by name and unit, as they were read."""
    doubts: Mapping[str, Note] = {}
    """What else the check finds wrong with the values used, by id; only the careful readers know it."""

    @property
    def lengths(self) -> Integers:
        """Points of each series."""
        return np.diff(self.offsets)

    def select(self, chosen: Integers) -> Panel:
        """The series at these places, in this order."""
        lengths = self.lengths[chosen]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        at = np.repeat(self.offsets[chosen] - offsets[:-1], lengths) + np.arange(offsets[-1])
        units = self.units if len(self.units) == 1 else [self.units[i] for i in chosen]
        return Panel(
            [self.ids[i] for i in chosen],
            offsets,
            self.values[at],
            self.origins[chosen],
            units,
            self.published,
            self.wholes,
            doubts=self.doubts,
        )

    def sliced(self, most: int) -> Iterator[Panel]:
        """Panels of at most so many series, in order."""
        count = len(self.ids)
        if count <= most:
            yield self
            return
        for start in range(0, count, most):
            end = min(start + most, count)
            first, last = self.offsets[start], self.offsets[end]
            units = self.units if len(self.units) == 1 else self.units[start:end]
            yield Panel(
                self.ids[start:end],
                self.offsets[start : end + 1] - first,
                self.values[first:last],
                self.origins[start:end],
                units,
                self.published,
                self.wholes,
                doubts=self.doubts,
            )


def build(raw: Raw, *, allow_gaps: bool = False) -> tuple[Panel, list[Refusal]]:
    """Series in order of first appearance, and those that are refused.

    Parameters
    ----------
    allow_gaps : whether a series with missing years is used from its last gap on, in place of being refused

    Raises
    ------
    CareNeededError : several values of a year, in a file that names sources
    """
    raw = _ordered(raw)
    codes = raw.series.codes
    count = len(raw.series.words)
    lengths = np.bincount(codes, minlength=count)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    inside = codes[1:] == codes[:-1]
    step = np.diff(raw.years)
    usable = (raw.years > 0) & np.isfinite(raw.values)
    wrong = ~usable
    if raw.faults:
        wrong |= np.isin(raw.rows, np.fromiter(raw.faults, dtype=np.int64, count=len(raw.faults)))
    repeated = inside & (step == 0)
    if raw.sourced and repeated.any():
        raise CareNeededError("several values of a year")
    wrong[1:] |= repeated
    gaps = inside & (step > 1)
    if not allow_gaps:
        wrong[1:] |= gaps
    bad = np.zeros(count, dtype=np.bool_)
    bad[codes[wrong]] = True
    bad[lengths == 0] = True
    unit_codes, different_units = _one_each(raw.units, starts, lengths)
    _, different_definitions = _one_each(raw.definitions, starts, lengths)
    bad |= different_units | different_definitions
    refusals = [_refusal(raw, series, starts, ends, allow_gaps=allow_gaps) for series in np.flatnonzero(bad).tolist()]
    first = starts.copy()
    if allow_gaps:
        last_gap = np.flatnonzero(gaps) + 1
        first[codes[last_gap]] = last_gap  # the last assignment, that of the last gap, stands
    good = np.flatnonzero(~bad)
    kept = ends[good] - first[good]
    offsets = np.concatenate([[0], np.cumsum(kept)]).astype(np.int64)
    whole = not bad.any() and not allow_gaps
    at = slice(None) if whole else np.repeat(first[good] - offsets[:-1], kept) + np.arange(offsets[-1])
    words = raw.series.words
    units: list[str] = [raw.unit]
    if raw.units is not None:
        told = raw.units.words
        units = [told[code] if code >= 0 else raw.unit for code in unit_codes[good].tolist()]
    ids = words if whole else [words[i] for i in good.tolist()]
    values = raw.values[at]
    known = Rates(units)
    if len(good):
        every = Extent(*(part.reduceat(raw.values, starts[lengths > 0])[~bad[lengths > 0]] for part in _EXTENT))
        used = Extent(*(part.reduceat(values, offsets[:-1]) for part in _EXTENT))
        known = rates(ids, units, raw.head, raw.measure, every, used)
    panel = Panel(
        ids,
        offsets,
        values,
        raw.years[ends[good] - 1],
        known.units,
        wholes=known.wholes,
        shares=known.shares,
        before_gaps=int((first[good] - starts[good]).sum()),
    )
    return panel, refusals


_EXTENT = (np.minimum, np.maximum)


def _ordered(raw: Raw) -> Raw:
    """By series and, within each, by year."""
    codes, years = raw.series.codes, raw.years
    step = np.diff(codes)
    falls = (step < 0) | ((step == 0) & (np.diff(years) < 0))
    if not falls.any():
        return raw
    order = np.lexsort((years, codes))
    return raw._replace(
        series=raw.series._replace(codes=codes[order]),
        years=years[order],
        values=raw.values[order],
        rows=raw.rows[order],
        units=taken(raw.units, order),
        definitions=taken(raw.definitions, order),
    )


def _one_each(words: Words | None, starts: Integers, lengths: Integers) -> tuple[Integers, NDArray[np.bool_]]:
    """The one text of each series as a code, -1 for none, and which series have several."""
    none = np.full(len(lengths), -1)
    if words is None or not len(words.codes):
        return none, np.zeros(len(lengths), dtype=np.bool_)
    codes = words.codes
    there = lengths > 0
    highest, lowest = none.copy(), none.copy()
    highest[there] = np.maximum.reduceat(codes, starts[there])
    lowest[there] = np.minimum.reduceat(np.where(codes < 0, len(words.words), codes), starts[there])
    return highest, there & (highest >= 0) & (lowest != highest)


def _refusal(raw: Raw, series: int, starts: Integers, ends: Integers, *, allow_gaps: bool) -> Refusal:
    """Why one series is refused: the first reason in the order of its years."""
    name = raw.series.words[series]
    start, end = int(starts[series]), int(ends[series])
    rows = raw.rows[start:end].tolist()
    told = next((row for row in sorted(rows) if row in raw.faults), None)
    if told is not None:
        return Refusal(name, told, raw.faults[told])
    if not rows:
        return Refusal(name, -1, "it has no value of a whole year that is not a forecast")
    years, values = raw.years[start:end].tolist(), raw.values[start:end].tolist()
    for row, year, value in zip(rows, years, values, strict=True):
        if year == 0:
            return Refusal(name, row, "the period is empty or no year from 1 to 9999")
        if value != value:
            return Refusal(name, row, f"the value of {year} is empty or not a number. {LEAVE_OUT}")
        if value in (float("inf"), float("-inf")):
            return Refusal(name, row, f"the value of {year} is not a finite number. {LEAVE_OUT}")
    for place in range(1, len(years)):
        before, year = years[place - 1], years[place]
        if year == before:
            return Refusal(name, max(rows[place - 1 : place + 1]), f"a second value of {year}. {raw.second}")
        if year > before + 1 and not allow_gaps:
            hint = f"Add the missing years, or use {option('allow_gaps', True)}: only years after the last gap count."
            return Refusal(name, rows[place], f"{jump(before, year)}. {hint}")
    return Refusal(name, *_difference(raw, slice(start, end)))


def _difference(raw: Raw, at: slice) -> tuple[int, str]:
    """Which row says another unit or definition than those before, and what."""
    rows = raw.rows[at].tolist()
    for role, column in (("unit", raw.units), ("definition", raw.definitions)):
        codes = [-1] * len(rows) if column is None else column.codes[at].tolist()
        texts = [(row, column.words[code]) for row, code in zip(rows, codes, strict=True) if column and code >= 0]
        for row, text in texts:
            if text != texts[0][1]:
                differs = f"{role} {shown(text)} differs from {shown(texts[0][1])} in years before"
                return row, f"{differs}. One series has one {role}; give the other rows an id of their own."
    raise AssertionError("a series is refused, and nothing is wrong with it")
