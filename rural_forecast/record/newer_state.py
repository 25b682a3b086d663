"""All that an answer follows from, of data of today."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from rural_forecast.errors import RuralForecastError, UsageError
from rural_forecast.forecasting.one_series import USED_AT_START
from rural_forecast.notes import Note
from rural_forecast.observed.history import History
from rural_forecast.observed.money.deflation import deflated, deflator
from rural_forecast.observed.observation import (
    Observation,
    Series,
)
from rural_forecast.observed.preference import observed_parts
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.observed.reading import read as read_all
from rural_forecast.observed.stated_breaks import broken
from rural_forecast.question.question import Window
from rural_forecast.question.source import read
from rural_forecast.record.state import TYPED, State
from rural_forecast.sizing.model import load
from rural_forecast.text.cells import quoted


def of_data(
    new: Any, read_as: ReadOptions | None, kept: State, name: str
) -> tuple[State, list[Note]]:
    """Return what the options of a record choose of data of today, of a sizing its model; and what
    is wrong.
    """
    if kept.command == "size":
        model = load(str(new)).with_breaks(kept.question.breaks)
        drivers = {series.id: series for series in model.series}
        question = replace(kept.question, sizing=model.file.text)
        return _refreshed(kept._replace(series=drivers, question=question)), []
    if isinstance(new, str | Path):
        if kept.command == "panel":
            new = read_all(str(new), read_as or ReadOptions().dated())
        else:
            new = read(str(new), read_as)
    sources = [new] if isinstance(new, Series) else [*new]
    newer = {}
    doubts = list[Note]()
    asked = kept.question
    window = Window(
        since=asked.since,
        prefer=asked.prefer,
        basis=asked.basis,
        allow_gaps=True,
    )
    for source in sources:
        used = source
        key = name if len(sources) == 1 else source.id
        if source.file and key in kept.series:
            used = _as_stated_before(used, kept.series[key])
        if kept.command != "nowcast":  # which takes parts of years too
            if asked.real is not None:
                prices = deflator(used.unit, asked.real, inflation=kept.inflation)
                used = deflated(used, prices)
            history = window.history_of(broken(used, asked.breaks))
            published = [row for row in used.observations if row.status == "forecast"]
            parts = _running_parts(used, history)
            for note in history.notes:
                if note.warning and not (parts and note.code in USED_AT_START):
                    doubts.append(note)
            growth = [rate for rate in used.growth if parts and not rate.period.is_year]
            used = replace(
                used,
                observations=(
                    *history.on_earlier_bases,
                    *history.observations,
                    *parts,
                    *published,
                ),
                growth=(*history.growth_into_bases, *growth),
                breaks=history.breaks_used,
            )
        newer[key] = used
    if missing := [kept_name for kept_name in kept.series if kept_name not in newer]:
        raise UsageError(
            f"The newer data have no series {quoted(missing)}.", f"They have {quoted(list(newer))}."
        )
    return _refreshed(kept._replace(series=newer)), doubts


def _as_stated_before(newer: Series, old: Series) -> Series:
    """The series of a newer file, with the statements about the older one that it does not make."""
    return replace(
        newer,
        measure=old.measure,
        market_kind=newer.market_kind or old.market_kind,
        within=newer.within or old.within,
    )


def _running_parts(series: Series, history: History) -> list[Observation]:
    """The parts of years, where some are of the year after the last whole one."""
    if not history.running:
        return []
    return [*observed_parts(series.observations)]


def _refreshed(state: State) -> State:
    """The same with the other series as their sources have them now; as kept where there is none
    any more.
    """
    others = dict(state.others)
    question = state.question
    for name in (*question.like, question.within, question.rate, question.inflation):
        if isinstance(name, str):
            with suppress(RuralForecastError):
                others[name] = read(name)
    return state._replace(others=others)


def with_typed(series: Series, old: Series) -> Series:
    """The newer values with the parts that were typed before: a record has those that it used
    alone.
    """
    both: dict[str, Any] = {}
    for rows in ("observations", "growth"):
        newer = getattr(series, rows)
        periods = {row.period for row in newer}
        typed = [row for row in getattr(old, rows) if row.source == TYPED]
        both[rows] = (*newer, *(row for row in typed if row.period not in periods))
    return replace(series, **both)
