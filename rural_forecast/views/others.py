"""Views of others beside a forecast: published estimates, their pool with ours, leading markets, and a total."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rural_forecast.document.table import Column, Table
from rural_forecast.forecasting.limits import whole
from rural_forecast.forecasting.result import Forecast, Pool
from rural_forecast.series.observation import Observation
from rural_forecast.series.published import PublishedForecast
from rural_forecast.text.numbers import percent
from rural_forecast.views.about import published, within
from rural_forecast.views.answer import in_tables
from rural_forecast.views.table import tabulated, value_column

YEAR = Column("period", "Year", "year")


def estimates(result: Forecast) -> Table:
    """Third parties' forecasts with our value of the same year, or what happened."""
    known = {seen.period.year: seen for seen in (*result.history.observations, *result.later)}
    write = in_tables(result)
    rows = []
    for figure in result.published:
        if not figure.period.is_year:
            continue
        year, ours, verdict = figure.period.year, None, ""
        if year in known:
            ours, verdict = known[year].value, _outcome(figure, known[year])
        elif year in result.years:
            step = result.years.index(year)
            ours, sides = float(result.best.values[step]), (result.best.lower[:, step], result.best.upper[:, step])
            verdict = within(figure.value, ours, result.levels, *sides)
        author = f"{figure.author}{', a target' if figure.target else ''}"
        rows.append((year, published(figure, write), author, figure.dated, ours, verdict))
    columns = (
        YEAR,
        Column("value", "Published"),
        Column("author", "By"),
        Column("dated", "Dated"),
        value_column(write, "Ours or actual", "ours"),
        Column("verdict", ""),
    )
    return Table(columns, tuple(rows), title="Published estimates")


def _outcome(figure: PublishedForecast, seen: Observation) -> str:
    """Met or missed for a bound, the error for a point."""
    if figure.qualifier in "<>":
        met = seen.value >= figure.value if figure.qualifier == ">" else seen.value <= figure.value
        return "actual: met" if met else "actual: missed"
    if figure.value == seen.value:
        return "actual: exact"
    return f"actual: off by {percent(100 * (figure.value / seen.value - 1))}" if seen.value else "actual"


def voices(result: Forecast, pool: Pool) -> Table:
    """The forecast of each voice for each year, ours with its range, and why."""
    write, place = in_tables(result), result.headline
    rows = []
    for year in pool.years:
        step = result.years.index(year)
        ends = " to ".join(write(float(side[place, step])) for side in (pool.ours.lower, pool.ours.upper))
        ours = f"{write(float(pool.ours.values[step]))} ({ends}, {result.levels[place]} %)"
        for who, share in pool.shares(year).items():
            figure = next((voice.forecasts.get(year) for voice in pool.voices if voice.who == who), None)
            said = (published(figure, write), figure.dated, figure.note) if figure else (ours, None, None)
            rows.append((year, who, said[0], 100 * share, *said[1:]))
    columns = (
        YEAR,
        Column("who", "Voice"),
        Column("value", "Value"),
        Column("weight", "Weight", "percent", 0),
        Column("dated", "Dated"),
        Column("why", "Why"),
    )
    return Table(columns, tuple(rows), title="Voices of the pool")


def markets(result: Forecast) -> Iterator[Table]:
    """The leaders, the most similar one first, and the implied share of each year."""
    if result.leads:
        more = "Years for ten points" if whole(result.history) is not None else "Years to double"
        yield tabulated(
            result.leads,
            (Column("name", "Leading market"), lambda lead: lead.name),
            (Column("crossed", "At our level in", "year"), lambda lead: round(lead.crossed)),
            (Column("years", more, "number", 1), lambda lead: lead.years_to_more),
            title="Leading markets",
        )
    if result.shares:
        columns = (
            YEAR,
            Column("share", "Share", "percent", 0),
            Column("lower", "80 % from", "percent", 0),
            Column("upper", "to", "percent", 0),
        )
        parts = (100 * part for part in (result.shares.value, result.shares.lower, result.shares.upper))
        rows = zip(result.years, *(part.tolist() for part in parts), strict=True)
        yield Table(columns, tuple(rows), title=f"Share of {result.shares.title}, as both forecasts imply")


def figures(result: Forecast) -> dict[str, Any]:
    """The pool and other markets for the json format; empty without them."""
    found: dict[str, Any] = {}
    if result.pool:
        found["pool"] = [
            {"who": voice.who, "weight": voice.weight, "by": voice.by, "spread": " and ".join(voice.spread)}
            for voice in result.pool.voices
        ]
    if result.leads:
        names = ("name", "crossed", "years_to_more")
        found["leaders"] = [{name: getattr(lead, name) for name in names} for lead in result.leads]
    if result.shares:
        shares = result.shares
        years = zip(result.years, *(part.tolist() for part in (shares.value, shares.lower, shares.upper)), strict=True)
        keys = ("period", "share", "lower_80", "upper_80")
        found["within"] = {
            "total": shares.total,
            "past": shares.past and list(shares.past),
            "shares": [dict(zip(keys, year, strict=True)) for year in years],
        }
    return found
