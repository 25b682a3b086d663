"""`nowcast` as a document: the answer, what is known of the year, how each voter voted, what others published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.nowcasting.parts import words
from rural_forecast.nowcasting.request import ODD, off_by
from rural_forecast.nowcasting.result import KnownPart, Nowcast, Vote
from rural_forecast.series.currency import Conversion
from rural_forecast.text.numbers import Amounts, amounts, percent, rounded
from rural_forecast.version import __version__
from rural_forecast.views.common import (
    about_series,
    growth,
    growth_column,
    interval_columns,
    provenance,
    published,
    row_columns,
    shown_growth,
    subtitle,
    value_column,
)
from rural_forecast.views.notes import remarks
from rural_forecast.views.nowcast_notes import estimate_sentence, estimate_verdict, notes, overtaken, why

COMBINED = "combined"
_USES = {"used": "used", "inside": "inside a longer part", "replaced": "left out for a typed part"}


def document(result: Nowcast, *, history: bool = False, currency: Conversion | None = None) -> Document:
    """The whole answer of `nowcast`; `history` adds actual and published rows to the machine rows."""
    texts = notes(result)
    if currency is not None:
        from rural_forecast.nowcasting.result import converted

        years = result.annual.history.years if result.annual else ()
        before, result = result.series.unit, converted(result, currency)
        texts = (*remarks([currency.note((*years, result.year), "nowcast", before)]), *texts)
    series = result.series
    return Document(
        command="nowcast",
        records=Table(row_columns(result.levels), tuple(_records(result, history))),
        title=f"{series.title or series.id}: {result.year} from {_known(result)}",
        subtitle=subtitle(series),
        summary=tuple(_summary(result)),
        sections=tuple(_sections(result)),
        notes=texts,
        series=(about_series(series),),
        provenance=_provenance(result),
    )


def _known(result: Nowcast) -> str:
    return words(result.choice.months)


def _records(result: Nowcast, history: bool) -> Iterator[tuple[Cell, ...]]:
    head, unit = (result.series.id, result.year), result.series.unit
    blanks: tuple[Cell, ...] = (None,) * (2 * len(result.levels))
    if history:
        yield from _history(result, blanks)
    bounds = [bound for pair in zip(result.lower, result.upper, strict=True) for bound in pair]
    yield (*head, "nowcast", COMBINED, result.value, *bounds, growth(result.before, result.value), unit)
    for vote in result.votes:
        own = _annual_bounds(result) if vote.voter == "annual" else blanks
        yield (*head, "nowcast", vote.voter, vote.value, *own, growth(result.before, vote.value), unit)


def _history(result: Nowcast, blanks: tuple[Cell, ...]) -> Iterator[tuple[Cell, ...]]:
    name, unit = result.series.id, result.series.unit
    previous: float | None = None
    for seen in result.annual.history.observations if result.annual else ():
        yield (name, seen.period.year, "actual", "", seen.value, *blanks, growth(previous, seen.value), unit)
        previous = seen.value
    if result.actual:
        rate = growth(result.before, result.actual.value)
        yield (name, result.year, "actual", "", result.actual.value, *blanks, rate, unit)
    for one in result.estimates:
        if not one.related:
            yield (name, result.year, "published", one.figure.author, one.figure.value, *blanks, None, unit)


def _annual_bounds(result: Nowcast) -> tuple[Cell, ...]:
    pairs = [result.annual_bounds(level) for level in result.levels]
    return tuple(bound for pair in pairs if pair for bound in pair)


def _summary(result: Nowcast) -> Iterator[str]:
    write = _amounts(result)
    intervals = ", ".join(
        f"{level} %: {write(low)} to {write(high)}"
        for level, low, high in zip(result.levels, result.lower, result.upper, strict=True)
    )
    rate = shown_growth(result.before, result.value)
    pace = f", {percent(rate)} on {result.year - 1}" if rate is not None else ""
    yield f"{result.year} comes to {write.full(result.value)} ({intervals}){pace}."
    yield _narrower(result, write)
    if result.actual is not None:
        off = growth(result.actual.value, result.value)
        became = f"{result.year} became {write._replace(places=None)(result.actual.value)}"
        yield f"{became}: the nowcast is off by {percent(off)}." if off is not None else f"{became}."
    for one in overtaken(result):
        yield estimate_sentence(result, one)


def _narrower(result: Nowcast, write: Amounts) -> str:
    """What the known part changes against the annual forecast alone."""
    months = _known(result)
    known = write._replace(places=None)  # four digits of what is no estimate
    brought = f"{months[0].upper()}{months[1:]} brought {known(result.choice.value)}" if result.choice.value else ""
    level = result.levels[0]
    bounds, narrower = result.annual_bounds(level), result.narrower_pct(level)
    if result.annual is None or bounds is None or narrower is None:
        return f"{brought}." if brought else ""
    alone = (
        f"the annual forecast alone gives {write(float(result.annual.best.values[-1]))} "
        f"({level} %: {write(bounds[0])} to {write(bounds[1])})"
    )
    lead = f"{brought}; {alone}" if brought else f"{alone[0].upper()}{alone[1:]}"
    if narrower >= 0:
        return f"{lead}. For its size, the interval is {narrower:.0f} % narrower than that."
    wider = f"For its size, the interval is {-narrower:.0f} % wider than that: the known part contradicts it"
    return f"{lead}. {wider}{_asked_for_unit(result) or '.'}"


def _asked_for_unit(result: Nowcast) -> str:
    """Said where the part is so far from the annual forecast that its unit may be another."""
    value = result.choice.value
    assert result.annual is not None
    year = float(result.annual.best.values[-1])
    if value is None or not value > 0 < year:
        return ""
    times = off_by(value, len(result.choice.months), year)
    if 1 / ODD < times < ODD:
        return ""
    side = f"{max(times, 1 / times):.2g} times {'more' if times > 1 else 'less'}"
    return f", being {side} than so many months would bring. Is it in the same unit and on the same definition?"


def _sections(result: Nowcast) -> Iterator[Table]:
    yield _answer(result)
    yield _votes(result)
    yield _parts(result)
    if result.estimates:
        yield _estimates(result)


def _amounts(result: Nowcast) -> Amounts:
    shown = [result.value, result.upper[-1], result.lower[-1]]
    return amounts(result.series.unit, shown, (result.lower[0], result.upper[0]))


def _answer(result: Nowcast) -> Table:
    write = _amounts(result)
    columns = (
        Column("what", ""),
        value_column(write, title=str(result.year)),
        *interval_columns(result.levels, write),
        growth_column(),
    )
    bounds = [bound for pair in zip(result.lower, result.upper, strict=True) for bound in pair]
    blanks: tuple[Cell, ...] = (None,) * len(bounds)
    rows: list[tuple[Cell, ...]] = [("nowcast", result.value, *bounds, shown_growth(result.before, result.value))]
    tones: list[Tone] = ["strong"]
    if result.annual is not None:
        value = float(result.annual.best.values[-1])
        rows.append(("annual forecast alone", value, *_annual_bounds(result), shown_growth(result.before, value)))
        tones.append("plain")
    if result.actual is not None:
        value = result.actual.value
        rows.append(("what it became", value, *blanks, shown_growth(result.before, value)))
        tones.append("dim")
    return Table(columns, tuple(rows), title=f"{result.year}, estimated from {_known(result)}", tones=tuple(tones))


def _votes(result: Nowcast) -> Table:
    write = _amounts(result)
    columns = (
        Column("voter", "Voter"),
        value_column(write, title="Estimate"),
        Column("weight", "Weight", "percent", 0),
        growth_column(),
        Column("why", "Rests on"),
    )
    return Table(columns, tuple(_vote(result, vote) for vote in result.votes), title="How each voted")


def _vote(result: Nowcast, vote: Vote) -> tuple[Cell, ...]:
    return (vote.voter, vote.value, 100 * vote.weight, shown_growth(result.before, vote.value), why(result, vote))


def _parts(result: Nowcast) -> Table:
    write = _amounts(result)
    year = result.year - 1
    columns = (
        Column("part", "Part"),
        value_column(write),
        growth_column(),
        Column("published", f"{year} published", "text"),
        value_column(write, "implied", f"{year} implied"),
        Column("use", ""),
    )
    return Table(columns, tuple(_part(one) for one in result.parts), title=f"What is known of {result.year}")


def _part(one: KnownPart) -> tuple[Cell, ...]:
    base = one.base
    published: Cell = None
    if base is not None and base.published is not None:
        mark = {"more than": ">", "up to": "<"}.get(base.weak, "")
        published = f"{mark}{rounded(base.published)}{' ' + base.weak if base.weak and not mark else ''}"
    implied = base.implied if base is not None else None
    return (str(one.part.period), one.part.value, one.part.growth_pct, published, implied, _USES[one.use])


def _estimates(result: Nowcast) -> Table:
    columns = (
        Column("value", "Published", "text"),
        Column("author", "By"),
        Column("dated", "Dated"),
        Column("series", "Of"),
        Column("verdict", ""),
    )
    rows = tuple(
        (
            published(one.figure),
            one.figure.author,
            one.figure.dated,
            one.series.id,
            estimate_verdict(result, one),
        )
        for one in result.estimates
    )
    return Table(columns, rows, title=f"Published estimates of {result.year}")


def _provenance(result: Nowcast) -> Mapping[str, Any]:
    options: dict[str, Any] = {
        "levels": list(result.levels),
        "target": result.year,
        "known": {str(part.period): [part.value, part.growth_pct] for part in result.choice.used},
    }
    if result.options["same_definition"]:
        options["same_definition"] = True
    if result.as_of:
        options["as_of"] = result.as_of.isoformat()
    if result.annual is not None:
        if result.annual.history.basis != "levels":
            options["basis"] = result.annual.history.basis
        return provenance(result.annual.history, **options)
    return {"version": __version__, "points": 0, "seed": None, "options": options}
