"""The pool of a forecast: its rows, ours and the mixture side by side, and its voices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rural_forecast.document.table import Cell, Column, Table
from rural_forecast.forecasting.result import OURS, Forecast, Pool
from rural_forecast.text.wording import listed
from rural_forecast.views.about import ranged
from rural_forecast.views.answer import amounts_of
from rural_forecast.views.columns import growth, in_tables, interval_columns, steps, value_column


def records(result: Forecast, pool: Pool) -> Iterator[tuple[Cell, ...]]:
    """The rows of the contract; growth only where the year before is known."""
    series, main = result.history.series, pool.main
    before = {result.origin: result.history.last}
    for year, value, ends in steps(pool.years, main):
        before[year] = value
        yield (series.id, year, "forecast", main.model, value, *ends, growth(before.get(year - 1), value), series.unit)


def table(result: Forecast, pool: Pool) -> Table:
    """Ours and the pool, each with an interval, and the weights."""
    write, headline = in_tables(amounts_of(result), pool.main.values.tolist()), result.headline
    ends = interval_columns([result.levels[headline]], write)
    rows = []
    for step, year in enumerate(pool.years):
        at = result.years.index(year)
        cells: list[Cell] = []
        for forecast, place in ((result.best, at), (pool.main, step)):
            sides = (forecast.values, forecast.lower[headline], forecast.upper[headline])
            cells += [float(side[place]) for side in sides]
        shares = listed(f"{who} {100 * share:.0f} %" for who, share in pool.shares(year).items())
        rows.append((year, *cells, shares))
    columns = (value_column(write, "ours", "Ours"), *ends, value_column(write, "pool", "Pool"), *ends)
    return Table(
        (Column("period", "Year", "year"), *columns, Column("weights", "Weights")), tuple(rows), "Pooled with others"
    )


def voices(result: Forecast, pool: Pool) -> Table:
    """The forecast of each voice for each year, with its reason."""
    write = amounts_of(result)
    rows = [
        (year, voice.who, ranged(published, write), 100 * pool.shares(year)[voice.who], published.dated, published.note)
        for year in pool.years
        for voice in pool.voices
        if voice.who != OURS and (published := voice.forecasts.get(year))
    ]
    columns = (
        Column("period", "Year", "year"),
        Column("who", "Voice"),
        Column("value", "Value"),
        Column("weight", "Weight", "percent", 0),
        Column("dated", "Dated"),
        Column("why", "Why"),
    )
    return Table(columns, tuple(rows), title="Voices of the pool")


def figures(pool: Pool) -> dict[str, Any]:
    """The weights for the json format."""
    names = ("who", "weight", "by", "scored")
    voices = (
        {name: getattr(voice, name) for name in names} | {"spread": " and ".join(voice.spread)} for voice in pool.voices
    )
    return {"pool": list(voices)}
