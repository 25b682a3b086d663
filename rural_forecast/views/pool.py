"""The pool of a forecast: ours and the mean of all voices side by side, and the voices."""

from __future__ import annotations

from typing import Any

from rural_forecast.document.table import Cell, Column, Table
from rural_forecast.forecasting.result import OURS, Forecast, Pool
from rural_forecast.text.wording import listed
from rural_forecast.views.about import ranged
from rural_forecast.views.answer import in_tables
from rural_forecast.views.columns import interval_columns, value_column


def table(result: Forecast, pool: Pool) -> Table:
    """The pool and ours alone, each with an interval, and the weights."""
    write, headline = in_tables(result), result.headline
    ends = interval_columns([result.levels[headline]], write)
    rows = []
    for year in pool.years:
        place = result.years.index(year)
        cells: list[Cell] = []
        for forecast in (result.best, pool.ours):
            sides = (forecast.values, forecast.lower[headline], forecast.upper[headline])
            cells += [float(side[place]) for side in sides]
        shares = listed(f"{who} {100 * share:.0f} %" for who, share in pool.shares(year).items())
        rows.append((year, *cells, shares))
    columns = (value_column(write, "pool", "Pool"), *ends, value_column(write, "ours", "Ours alone"), *ends)
    return Table(
        (Column("period", "Year", "year"), *columns, Column("weights", "Weights")), tuple(rows), "Pooled with others"
    )


def voices(result: Forecast, pool: Pool) -> Table:
    """The forecast of each voice for each year, with its reason."""
    write = in_tables(result)
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
    names = ("who", "weight", "by")
    voices = (
        {name: getattr(voice, name) for name in names} | {"spread": " and ".join(voice.spread)} for voice in pool.voices
    )
    return {"pool": list(voices)}
