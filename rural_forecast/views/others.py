"""Tables of others' figures next to ours: published estimates, voices, leading markets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rural_forecast.document.table import Cell, Column, Table
from rural_forecast.forecasting.result import Forecast, Pool, Shares
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.observed.preference import PublishedForecast
from rural_forecast.text.numbers import (
    given_places,
    percent,
)
from rural_forecast.views import about, table
from rural_forecast.views.answer import in_tables


def estimates(result: Forecast) -> Table:
    """Tabulate forecasts of third parties with our value of the same year, or what happened."""
    write = in_tables(result)
    observations = (*result.history.observations, *result.later)
    actual = {observation.period.year: observation.value for observation in observations}
    rows = list[tuple[Cell, ...]]()
    places = []
    for figure in result.published:
        if not figure.period.is_year:
            continue
        year = figure.period.year
        compared: float | None = None
        digits = write.places or 0
        verdict = ""
        if year in actual:
            compared = actual[year]
            digits = given_places(compared / write.factor)
            verdict = _outcome(figure, compared)
        elif year in result.years:
            compared = float(result.best.values[result.years.index(year)])
            verdict = _place_in_intervals(result, figure, compared)
        author = f"{figure.author}, a target" if figure.target else figure.author
        rows.append((year, about.published(figure, write), author, figure.dated, compared, verdict))
        places.append(digits)
    ours = table.value_column(write, "Ours or actual", "ours")
    columns = (
        table.YEAR,
        Column("value", "Published"),
        Column("author", "By"),
        Column("dated", "Dated"),
        ours._replace(row_decimals=tuple(places)),
        Column("verdict"),
    )
    return Table(columns, tuple(rows), title="Published estimates")


def _outcome(figure: PublishedForecast, actual: float) -> str:
    """Say how far a published figure was off, or if its bound was met."""
    if figure.qualifier in "<>":
        met = (actual >= figure.value) == (figure.qualifier == ">")
        return f"actual: {'met' if met else 'missed'}"
    if figure.value == actual:
        return "actual: exact"
    return f"actual: off by {percent(100 * (figure.value / actual - 1))}" if actual else "actual"


def _place_in_intervals(result: Forecast, figure: PublishedForecast, ours: float) -> str:
    """Say in which interval of ours a published figure is: the narrowest that holds it."""
    step = result.years.index(figure.period.year)
    sides = (result.best.lower[:, step], result.best.upper[:, step])
    for level, low, high in zip(result.levels, *sides, strict=True):
        if low <= figure.value <= high:
            return f"inside our {level} % interval"
    side = "above" if figure.value > ours else "below"
    return f"{side} our {result.levels[-1]} % interval"


def voices(result: Forecast, pool: Pool) -> Table:
    """Tabulate the forecast of each voice for each year, ours with its range, and why."""
    write = in_tables(result)
    forecasts = {voice.who: voice.forecasts for voice in pool.voices}
    rows = list[tuple[Cell, ...]]()
    for year in pool.years:
        for who, weight in pool.shares(year).items():
            figure = forecasts[who].get(year)
            if figure:
                value = about.published(figure, write)
                rows.append((year, who, value, weight, figure.dated, figure.note))
            else:
                rows.append((year, who, _our_voice(result, pool, year), weight, None, None))
    columns = (
        table.YEAR,
        Column("who", "Voice"),
        Column("value", "Value"),
        table.share_column("weight", "Weight"),
        Column("dated", "Dated"),
        Column("why", "Why"),
    )
    return Table(columns, tuple(rows), "Voices of the pool")


def _our_voice(result: Forecast, pool: Pool, year: int) -> str:
    """Write our own forecast of a year, without those of others, and its range."""
    write = in_tables(result)
    step = result.years.index(year)
    index = result.headline
    median = float(pool.ours.values[step])
    ends = (float(pool.ours.lower[index, step]), float(pool.ours.upper[index, step]))
    low, high = write.of_range(median, *ends).bounds(*ends)
    value = write(median)
    return f"{value} ({low} to {high}, {result.levels[index]} %)"


def markets(result: Forecast) -> Iterator[Table]:
    """Tabulate the leaders, the most similar one first, and the implied share of each year."""
    if result.leads:
        is_share = whole_of_rate(result.history) is not None
        more = "Years for ten points" if is_share else "Years to double"
        columns: tuple[Column, ...] = (
            Column("name", "Leading market"),
            Column("crossed", "At our level in", "year"),
            Column("years_to_more", more, "number", 1),
        )
        leads = tuple((lead.name, round(lead.crossed), lead.years_to_more) for lead in result.leads)
        yield Table(columns, leads, "Leading markets")
    if result.shares:
        columns = (
            table.YEAR,
            table.share_column("share", "Share"),
            table.share_column("share", "80 % from")._replace(side="down"),
            table.share_column("share", "to")._replace(side="up"),
        )
        title = f"Share of {result.shares.title}, as both forecasts imply"
        yield Table(columns, tuple(yearly_shares(result.years, result.shares)), title)


def yearly_shares(years: Sequence[int], shares: Shares) -> Iterator[tuple[float, ...]]:
    """Yield each year with its share and the bounds of the share."""
    yield from zip(
        years, shares.value.tolist(), shares.lower.tolist(), shares.upper.tolist(), strict=True
    )
