"""`nowcast`: a year from what is known of it, how each voter voted, and what others published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.forecasting.result import in_currency
from rural_forecast.nowcasting.nowcast import KnownPart, Nowcast
from rural_forecast.series.money import Exchange
from rural_forecast.series.observation import Observation, known_on
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
    title_of,
)
from rural_forecast.views.chart import of_series, range_row


def document(
    result: Nowcast, *, history: bool = False, currency: Exchange | None = None
) -> Document:
    """The whole answer of `nowcast`; `history` adds actual and published rows to the machine rows."""
    known = _inputs(result, currency)
    annual = result.annual
    parts = {str(part.period): [part.value, part.growth_pct] for part in result.choice.used}
    options: dict[str, Any] = {"levels": [*result.levels], "target": result.year, "known": parts}
    options |= {"same_definition": True} if result.same_definition else {}
    options |= currency.options([result.year]) if currency else {}
    options |= {"as_of": result.as_of.isoformat()} if result.as_of else {}
    options |= (
        {"basis": annual.history.basis} if annual and annual.history.basis != "levels" else {}
    )
    without_years = {"version": __version__, "points": 0, "seed": None, "options": options}
    if currency is not None:
        result = in_currency(result, currency)
    return documented(
        "nowcast",
        heading(result),
        Table(table.row_columns(result.levels), tuple(_records(result, history))),
        [_answer(result), _votes(result), _parts(result)],
        result.notes,
        result.series,
        said=(_wider(result),),
        about=about(result.series, brief=True),
        brief="-f markdown",
        inputs=known,
        provenance=provenance(result.annual.history, **options) if result.annual else without_years,
    )


def _inputs(result: Nowcast, currency: Exchange | None) -> Table:
    """List the known values of the year and of those before it, and the parts that were typed, in
    their currency.
    """

    def known(seen: Observation) -> bool:
        first = seen.period.year < result.year or (
            seen.period.year == result.year and not seen.period.is_year
        )
        return first and seen.status != "forecast" and known_on(result.as_of, seen)

    typed = [part for part in result.choice.used if part.given]
    values, growth = (
        (
            *filter(known, rows),
            *(
                Observation(period, each, source="typed")
                for period, each in own
                if each is not None
            ),
        )
        for rows, own in (
            (result.series.observations, [(part.period, part.value) for part in typed]),
            (result.series.growth, [(part.period, part.growth_pct) for part in typed]),
        )
    )
    return inputs(
        replace(result.series, observations=values, growth=growth),
        *given(*filter(None, (currency,))),
    )


def _records(result: Nowcast, history: bool) -> Iterator[tuple[Cell, ...]]:
    series, unit = result.series, result.series.unit
    blanks: tuple[Cell, ...] = (None,) * (2 * len(result.levels))
    if history:
        seen = result.annual.history.observations if result.annual else ()
        yield from table.actual_rows(series, seen, len(result.levels))
        if result.actual:
            rate = table.growth(result.before, result.actual.value)
            yield (series.id, result.year, "actual", "", result.actual.value, *blanks, rate, unit)
        for figure in result.estimates:
            yield (
                series.id,
                result.year,
                "published",
                figure.author,
                figure.value,
                *blanks,
                None,
                unit,
            )
    shown = [("combined", result.value, table.flat(_ends(result)))]
    shown += [
        (one.voter, one.value, table.flat(_alone(result)) if one.voter == "annual" else blanks)
        for one in result.votes
    ]
    for voter, value, ends in shown:
        yield (
            series.id,
            result.year,
            "nowcast",
            voter,
            value,
            *ends,
            table.growth(result.before, value),
            unit,
        )


def _ends(result: Nowcast) -> tuple[tuple[float, float], ...]:
    return tuple(zip(result.lower, result.upper, strict=True))


def _alone(result: Nowcast) -> tuple[tuple[float, float], ...]:
    annual = result.annual
    return (
        tuple(annual.best.ends(annual.levels.index(level)) for level in result.levels)
        if annual
        else ()
    )


def heading(result: Nowcast, write: Amounts | None = None) -> Headline:
    """The headline: what the year comes to, and its range; `write` as for a forecast."""
    level = result.levels[result.headline]
    ends = _ends(result)[result.headline]
    return words.about(
        title_of(result.series), result.year, result.value, level, ends, write or _amounts(result)
    )


def _wider(result: Nowcast) -> str:
    """How much wider the range is than that of the years before alone, both relative to their
    medians.
    """
    place = result.headline
    annual = result.annual
    if annual is None or (alone := _alone(result)[place])[1] <= alone[0]:
        return ""
    low, high = _ends(result)[place]
    more = 100 * ((high - low) / (alone[1] - alone[0]) * annual.best.last / result.value - 1)
    return (
        f"For its size, the range is {more:.0f} % wider than from the years before alone."
        if more > 0
        else ""
    )


def _amounts(result: Nowcast) -> Amounts:
    return range_amounts(result.series.unit, result.value, *_ends(result)[result.headline])


def _answer(result: Nowcast) -> Table:
    write = _amounts(result)
    known = named_months(result.choice.months)
    rows = [
        table.Row(
            "all together" if result.annual else "the year",
            result.value,
            _ends(result),
            tone="strong",
        )
    ]
    of_part = [vote for vote in result.votes if vote.voter != "annual"]
    if result.annual is not None and of_part:
        brought = result.choice.value
        text = (
            write._replace(places=None).observed(brought)
            if brought
            else percent(100 * (result.evidence.growth or 0))
        )
        value = sum(vote.value * vote.weight for vote in of_part) / (
            sum(vote.weight for vote in of_part) or 1.0
        )
        rows.append(
            table.Row(f"its {known.removeprefix('the ')}: {text}", value, sign="other", depth=1)
        )
        rows.append(
            table.Row("the years before", result.annual.best.last, _alone(result), "other", depth=1)
        )
    rows += [
        table.Row(f"published: {each.author}", each.value, sign="published")
        for each in result.estimates
    ]
    if result.actual is not None:
        rows.append(table.Row("what came", result.actual.value, sign="observed"))
    return table.ranged(
        (row._replace(behind=(table.shown_growth(result.before, row.value),)) for row in rows),
        Column("what", f"{result.year}, from"),
        table.value_column(write),
        result.levels,
        write,
        behind=(table.growth_column(decimals=None),),
        title=f"{result.year}, estimated from {known}",
    )


def _votes(result: Nowcast) -> Table:
    return table.tabulated(
        result.votes,
        (Column("voter", "Voter"), lambda vote: vote.voter),
        (table.value_column(_amounts(result), "Estimate"), lambda vote: vote.value),
        (Column("weight", "Weight", "percent", 0), lambda vote: 100 * vote.weight),
        (table.growth_column(), lambda vote: table.shown_growth(result.before, vote.value)),
        title="How each voted",
    )


def _parts(result: Nowcast) -> Table:
    write = _amounts(result)
    before = result.year - 1

    def first(known: KnownPart) -> str | None:
        if known.base is None or known.base.published is None:
            return None
        return " ".join(filter(None, (known.base.weak, rounded(known.base.published))))

    return table.tabulated(
        result.parts,
        (Column("part", "Part"), lambda known: str(known.part.period)),
        (table.value_column(write, "Value"), lambda known: known.part.value),
        (table.growth_column(), lambda known: known.part.growth_pct),
        (Column("published", f"{before} published"), first),
        (
            table.value_column(write, f"{before} implied", "implied"),
            lambda known: known.base.implied if known.base else None,
        ),
        (Column("use", ""), lambda known: known.use),
        title=f"What is known of {result.year}",
    )


def picture(result: Nowcast, *, currency: Exchange | None = None) -> Picture:
    """The year from whole years alone and with its known part, and what came where it is known."""
    result = in_currency(result, currency) if currency else result
    write = digits(
        result.series.unit, result.before or result.value, result.value, _ends(result)[0]
    )
    rows = [(f"With {named_months(result.choice.months)}", result.value, _ends(result))]
    rows += (
        [("Whole years alone", result.annual.best.last, _alone(result))] if result.annual else []
    )
    drawn = []
    for name, value, bounds in reversed(rows):
        ranges = ((level, *ends) for level, ends in zip(result.levels, bounds, strict=True))
        drawn.append(range_row(name, value, ranges, write, answer=name == rows[0][0]))
    came = f"{write.observed(result.actual.value)} came" if result.actual else ""
    heads = (str(result.year), f"{result.levels[result.headline]} % range")
    plot = Ranges(tuple(drawn), heads, result.actual.value if result.actual else None, came)
    return of_series(
        plot, write, heading(result, write), result.series, about=clause(result.series)
    )
