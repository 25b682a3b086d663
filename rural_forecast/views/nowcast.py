"""`nowcast`: a year from what is known of it, how each voter voted, and what others published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.forecasting.nowcasting.nowcast import KnownPart, Nowcast
from rural_forecast.observed.money.exchange import Exchange
from rural_forecast.observed.observation import Observation, known_on
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import Amounts, digits, percent, range_amounts, rounded
from rural_forecast.text.wording import Headline, named_months
from rural_forecast.version import __version__
from rural_forecast.views import table
from rural_forecast.views.about import (
    about,
    clause,
    documented,
    given,
    inputs,
    provenance,
)
from rural_forecast.views.lines import of_series
from rural_forecast.views.names import title_of
from rural_forecast.views.rows import range_row
from rural_forecast.views.table import RangedRow

Intervals = tuple[tuple[float, float], ...]  # lower and upper bound at each level


def document(
    result: Nowcast, *, history: bool = False, currency: Exchange | None = None
) -> Document:
    """Make the document of `nowcast`; `history` adds actual and published rows of the contract."""
    # Data and options stay in the unit of the data; with the rates they give the same numbers.
    rests_on = _inputs(result, currency)
    options = _options(result, currency)
    if currency is not None:
        result = in_currency(result, currency)
    return documented(
        "nowcast",
        heading(result),
        Table(table.row_columns(result.levels), tuple(_records(result, history))),
        [_answer(result, _names(result)), _votes(result), _parts(result)],
        result.notes,
        result.series,
        sentences=(_wider(result),),
        about=about(result.series, brief=True),
        brief="-f markdown",
        drawn=_answer(result, _drawn_names(result)),
        inputs=rests_on,
        provenance=_provenance(result, options),
    )


def _options(result: Nowcast, currency: Exchange | None) -> dict[str, Any]:
    """List the options that differ from the default, and the parts that were used."""
    options: dict[str, Any] = {
        "levels": [*result.levels],
        "target": result.year,
        "known": {str(part.period): [part.value, part.growth_pct] for part in result.choice.used},
    }
    if result.same_definition:
        options["same_definition"] = True
    if currency:
        options |= currency.options([result.year])
    if result.as_of:
        options["as_of"] = result.as_of.isoformat()
    if result.annual:
        history = result.annual.history
        if history.basis != "comparable":
            options["basis"] = history.basis
        if history.breaks_used:
            options["breaks"] = [*history.breaks_used]
        if history.prefer:
            options["prefer"] = history.prefer
        if any(unused.why == "since" for unused in history.left_out):
            options["since"] = history.first
    return options


def _provenance(result: Nowcast, options: dict[str, Any]) -> Mapping[str, Any]:
    """Describe the origin of the answer; a digest is that of the years before, if there are any."""
    if result.annual is None:
        return {"version": __version__, "points": 0, "seed": None, "options": options}
    return provenance(result.annual.history, **options)


def _inputs(result: Nowcast, currency: Exchange | None) -> Table:
    """List the values of the year and of those before it, the parts that were typed, and rates."""
    values = []
    growth = []
    for part in result.choice.used:
        if part.given and part.value is not None:
            values.append(Observation(part.period, part.value, source="typed"))
        if part.given and part.growth_pct is not None:
            growth.append(Observation(part.period, part.growth_pct, source="typed"))
    series = replace(
        result.series,
        observations=(*_usable(result, result.series.observations), *values),
        growth=(*_usable(result, result.series.growth), *growth),
    )
    return inputs(series, *given(*filter(None, (currency,))))


def _usable(result: Nowcast, observations: Sequence[Observation]) -> list[Observation]:
    """Select the observations that a nowcast may use."""
    return [observation for observation in observations if _is_usable(result, observation)]


def _is_usable(result: Nowcast, observation: Observation) -> bool:
    """Return True for an observation of a year before, or of a part of the year, that was out."""
    period = observation.period
    is_part = period.year == result.year and not period.is_year
    if period.year >= result.year and not is_part:
        return False
    return observation.status != "forecast" and known_on(result.as_of, observation)


def _records(result: Nowcast, history: bool) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of the contract: the answer and each voter, which alone has a range."""
    no_bounds: tuple[Cell, ...] = (None,) * (2 * len(result.levels))
    if history:
        yield from _past_records(result)
    yield _record(result, "nowcast", "combined", result.value, table.flat(_ends(result)))
    for vote in result.votes:
        bounds = table.flat(_annual_ends(result)) if vote.voter == "annual" else no_bounds
        yield _record(result, "nowcast", vote.voter, vote.value, bounds)


def _past_records(result: Nowcast) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of values used, of what came, and of published estimates of the year."""
    levels = len(result.levels)
    no_bounds: tuple[Cell, ...] = (None,) * (2 * levels)
    observations = result.annual.history.observations if result.annual else ()
    yield from table.actual_rows(result.series, observations, levels)
    if result.actual:
        yield _record(result, "actual", "", result.actual.value, no_bounds)
    for figure in result.estimates:
        yield (
            result.series.id,
            result.year,
            "published",
            figure.author,
            figure.value,
            *no_bounds,
            None,  # growth
            result.series.unit,
        )


def _record(
    result: Nowcast, kind: str, model: str, value: float, bounds: tuple[Cell, ...]
) -> tuple[Cell, ...]:
    """Make a row of the contract of the year."""
    growth = table.growth(result.before, value)
    series = result.series
    return (series.id, result.year, kind, model, value, *bounds, growth, series.unit)


def _ends(result: Nowcast) -> Intervals:
    """Give the intervals of the answer."""
    return tuple(zip(result.lower, result.upper, strict=True))


def _annual_ends(result: Nowcast) -> Intervals:
    """Give the intervals of the forecast from whole years alone; empty without one."""
    annual = result.annual
    if annual is None:
        return ()
    return tuple(annual.best.ends(annual.levels.index(level)) for level in result.levels)


def heading(result: Nowcast, write: Amounts | None = None) -> Headline:
    """Make the headline: what the year comes to, and its range; `write` as for a forecast."""
    return words.about(
        title_of(result.series),
        result.year,
        result.value,
        result.levels[result.headline],
        _ends(result)[result.headline],
        write or _amounts(result),
    )


def _wider(result: Nowcast) -> str:
    """Warn if the range is wider than that of the years before alone, both relative to medians."""
    annual = result.annual
    if annual is None:
        return ""
    annual_low, annual_high = _annual_ends(result)[result.headline]
    if annual_high <= annual_low:
        return ""
    low, high = _ends(result)[result.headline]
    widths = (high - low) / (annual_high - annual_low)
    more = 100 * (widths * annual.best.last / result.value - 1)
    if more <= 0:
        return ""
    return f"For its size, the range is {more:.0f} % wider than from the years before alone."


def _amounts(result: Nowcast) -> Amounts:
    """Choose how amounts are written in sentences and tables."""
    return range_amounts(result.series.unit, result.value, *_ends(result)[result.headline])


class _RowNames(NamedTuple):
    """The names of the rows of an answer."""

    whole: str
    years_before: str = "the years before"
    actual: str = "what came"


def _names(result: Nowcast) -> _RowNames:
    """Name the rows of the table on a terminal."""
    return _RowNames("all together" if result.annual else "the year")


def _drawn_names(result: Nowcast) -> _RowNames:
    """Name the rows of the picture, and of the table beside it in a workbook."""
    return _RowNames(f"With {named_months(result.choice.months)}", "Whole years alone", "Observed")


def _answer(result: Nowcast, names: _RowNames) -> Table:
    """Tabulate the answer, what it is made of, published estimates, and what came."""
    write = _amounts(result)
    rows = [RangedRow(names.whole, result.value, _ends(result), tone="strong")]
    rows += _ingredients(result, write, names)
    for figure in result.estimates:
        rows.append(RangedRow(f"published: {figure.author}", figure.value, sign="published"))
    if result.actual is not None:
        rows.append(RangedRow(names.actual, result.actual.value, sign="observed"))

    grown = []
    for row in rows:
        growth = table.shown_growth(result.before, row.value)
        grown.append(row._replace(behind=(growth,)))
    return table.ranged(
        grown,
        Column("what", f"{result.year}, from"),
        table.value_column(write),
        result.levels,
        write,
        behind=(table.growth_column(decimals=None),),
        title=f"{result.year}, estimated from {named_months(result.choice.months)}",
    )


def _ingredients(result: Nowcast, write: Amounts, names: _RowNames) -> Iterator[RangedRow]:
    """Yield what the parts of the year give, and what the years before it give."""
    votes = [vote for vote in result.votes if vote.voter != "annual"]
    if result.annual is None or not votes:
        return
    weights = sum(vote.weight for vote in votes) or 1.0
    value = sum(vote.value * vote.weight for vote in votes) / weights
    months = named_months(result.choice.months).removeprefix("the ")
    yield RangedRow(f"its {months}: {_brought(result, write)}", value, sign="other", depth=1)
    yield RangedRow(
        names.years_before, result.annual.best.last, _annual_ends(result), "other", depth=1
    )


def _brought(result: Nowcast, write: Amounts) -> str:
    """Write what the known parts of the year brought, or their growth where that alone is known."""
    brought = result.choice.value
    return write.given(brought) if brought else percent(100 * (result.evidence.growth or 0))


def _votes(result: Nowcast) -> Table:
    """Tabulate each voter with its estimate and weight."""
    return table.tabulated(
        result.votes,
        (Column("voter", "Voter"), lambda vote: vote.voter),
        (table.value_column(_amounts(result), "Estimate"), lambda vote: vote.value),
        (Column("weight", "Weight", "percent", 0), lambda vote: 100 * vote.weight),
        (table.growth_column(), lambda vote: table.shown_growth(result.before, vote.value)),
        title="How each voted",
    )


def _parts(result: Nowcast) -> Table:
    """Tabulate the known parts of the year, beside those of the year before."""
    write = _amounts(result)
    before = result.year - 1
    return table.tabulated(
        result.parts,
        (Column("part", "Part"), lambda part: str(part.part.period)),
        (table.value_column(write, "Value"), lambda part: part.part.value),
        (table.growth_column(), lambda part: part.part.growth_pct),
        (Column("published", f"{before} published"), _published_base),
        (table.value_column(write, f"{before} implied", "implied"), _implied_base),
        (Column("use", ""), lambda part: part.use),
        title=f"What is known of {result.year}",
    )


def _published_base(part: KnownPart) -> str | None:
    """Write the published value of a part in the year before; None without one."""
    if part.base is None or part.base.published is None:
        return None
    return " ".join(filter(None, (part.base.weak, rounded(part.base.published))))


def _implied_base(part: KnownPart) -> float | None:
    """Give the value of a part in the year before that its growth implies; None without one."""
    return part.base.implied if part.base else None


def picture(result: Nowcast, *, currency: Exchange | None = None) -> Picture:
    """Draw the year from whole years alone and with its known part, and what came if it is over."""
    result = in_currency(result, currency) if currency else result
    write = digits(
        result.series.unit,
        result.before or result.value,
        result.value,
        _ends(result)[result.headline],
    )
    names = _drawn_names(result)
    rows = []
    if result.annual:
        annual = _bounds(result, _annual_ends(result))
        rows.append(range_row(names.years_before, result.annual.best.last, annual, write))
    answer = _bounds(result, _ends(result))
    about_part = f"{_brought(result, write)} known"
    rows.append(range_row(names.whole, result.value, answer, write, answer=True, about=about_part))

    heads = (str(result.year), f"{result.levels[result.headline]} % range")
    plot = Ranges(tuple(rows), heads)
    if result.actual:
        observed = f"{write.given(result.actual.value)} observed"
        plot = plot._replace(reference=result.actual.value, reference_text=observed)
    return of_series(
        plot, write, heading(result, write), result.series, about=clause(result.series)
    )


def _bounds(result: Nowcast, ends: Intervals) -> list[tuple[int, float, float]]:
    """Give level, lower and upper bound of intervals."""
    return [(level, low, high) for level, (low, high) in zip(result.levels, ends, strict=True)]
