"""`nowcast` as a document: the answer, what is known of the year, how each voter voted, what others published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.forecasting.question import headline as level_of_headlines
from rural_forecast.nowcasting.evidence import SHARES
from rural_forecast.nowcasting.nowcast import Revision, revisions
from rural_forecast.nowcasting.request import ODD, off_by
from rural_forecast.nowcasting.result import KnownPart, Nowcast, PublishedEstimate, Vote
from rural_forecast.series.money.conversion import Exchange
from rural_forecast.series.observation import Observation
from rural_forecast.series.period import Period
from rural_forecast.text.headline import Headline, Writer, chances, headline
from rural_forecast.text.numbers import Amounts, percent, range_amounts, rounded
from rural_forecast.text.style import Digits, digits
from rural_forecast.text.wording import capital, listed, named_months, spans
from rural_forecast.version import __version__
from rural_forecast.views import drawing, ranges
from rural_forecast.views.about import about, about_series, provenance, published, title_of, within
from rural_forecast.views.columns import (
    actual_rows,
    bounds,
    growth,
    growth_column,
    row_columns,
    shown_growth,
    tabulated,
    value_column,
)
from rural_forecast.views.drawing import of_series
from rural_forecast.views.notes import remarks
from rural_forecast.views.tidy import inputs

COMBINED = "combined"
_USES = {"used": "used", "replaced": "left out for a typed part"}


def document(result: Nowcast, *, history: bool = False, currency: Exchange | None = None) -> Document:
    """The whole answer of `nowcast`; `history` adds actual and published rows to the machine rows."""
    if currency is not None:
        result = in_currency(result, currency)
    series = result.series
    title, likely = heading(result)
    return Document(
        command="nowcast",
        records=Table(row_columns(result.levels), tuple(_records(result, history))),
        title=title,
        about=about(series, brief=True),
        summary=tuple(filter(None, (likely, _agreement(result)))),
        sections=(_answer(result), _votes(result), _parts(result), *_estimates(result)),
        points=tuple(_overtaken(result)),
        brief="-f markdown",
        inputs=_inputs(result),
        notes=remarks(result.notes),
        series=(about_series(series),),
        provenance=_provenance(result, currency),
    )


def _inputs(result: Nowcast) -> Table:
    """List the known values of the year and of those before it, and the parts that were typed."""

    def known(seen: Observation) -> bool:
        published = result.as_of is None or (
            seen.published_latest is not None and seen.published_latest <= result.as_of
        )
        whole = seen.period.is_year and seen.period.year >= result.year
        return published and not whole and seen.status != "forecast" and seen.period.year <= result.year

    series = result.series
    typed = (
        Observation(part.period, part.value, source="typed")
        for part in result.choice.used
        if part.given and part.value is not None
    )
    seen, growth = (tuple(filter(known, rows)) for rows in (series.observations, series.growth))
    return inputs(replace(series, observations=(*seen, *typed), growth=growth))


def _records(result: Nowcast, history: bool) -> Iterator[tuple[Cell, ...]]:
    series, unit = result.series, result.series.unit
    blanks: tuple[Cell, ...] = (None,) * (2 * len(result.levels))
    if history:
        yield from actual_rows(series, result.annual.history.observations if result.annual else (), len(result.levels))
        if result.actual:
            rate = growth(result.before, result.actual.value)
            yield (series.id, result.year, "actual", "", result.actual.value, *blanks, rate, unit)
        for item in result.estimates:
            if not item.related:
                figure = item.figure
                yield (series.id, result.year, "published", figure.author, figure.value, *blanks, None, unit)
    shown = [(COMBINED, result.value, bounds(result.lower, result.upper))]
    shown += [(item.voter, item.value, _alone(result) if item.voter == "annual" else blanks) for item in result.votes]
    for voter, value, ends in shown:
        yield (series.id, result.year, "nowcast", voter, value, *ends, growth(result.before, value), unit)


def _alone(result: Nowcast) -> tuple[Cell, ...]:
    """The bounds of the annual forecast."""
    return tuple(end for level in result.levels for end in result.annual_bounds(level) or ())


def heading(result: Nowcast, write: Writer | None = None) -> Headline:
    """The headline: what the year comes to, and its range; `write` as for a forecast."""
    write, place = write or _amounts(result), level_of_headlines(result.levels)
    low, high = write(result.lower[place]), write.full(result.upper[place])
    claim = f"about {write.full(result.value)} in {result.year}"
    return headline(title_of(result.series), claim, f"{chances(result.levels[place], low, high)}.")


def _agreement(result: Nowcast) -> str:
    """How the range compares with that of the annual forecast alone."""
    level = result.levels[level_of_headlines(result.levels)]
    ends, narrower = result.annual_bounds(level), result.narrower_pct(level)
    if ends is None or narrower is None:
        return ""
    if narrower >= 0:
        return f"For its size, the range is {narrower:.0f} % narrower than from the years before alone."
    disagree = not ends[0] <= result.from_the_part <= ends[1]
    why = "The two disagree" if disagree else f"{capital(named_months(result.choice.months))} says little"
    wider = f"{1 - narrower / 100:.0f} times as wide as" if narrower <= -100 else f"{-narrower:.0f} % wider than"
    return f"{why}: for its size, the range is {wider} the years'{_asked_for_unit(result) or '.'}"


def _asked_for_unit(result: Nowcast) -> str:
    """Appended where the part is so far from the annual forecast that its unit may be another."""
    value = result.choice.value
    assert result.annual is not None
    year = result.annual.best.last
    if value is None or not value > 0 < year:
        return ""
    times = off_by(value, len(result.choice.months), year)
    if 1 / ODD < times < ODD:
        return ""
    side = f"{max(times, 1 / times):.2g} times {'more' if times > 1 else 'less'}"
    return f", being {side} than so many months would bring. Is it in the same unit and on the same definition?"


def _amounts(result: Nowcast) -> Amounts:
    place = level_of_headlines(result.levels)
    return range_amounts(result.series.unit, result.value, result.lower[place], result.upper[place])


def _answer(result: Nowcast) -> Table:
    """The year from all that is known, from its part and from the years before, what was published and what came."""
    write, places = _amounts(result), ranges.shown_levels(result.levels)
    before = result.before
    known = named_months(result.choice.months).removeprefix("the ")
    brought = (
        write._replace(places=None)(result.choice.value) if result.choice.value else percent(100 * (result.growth or 0))
    )
    rows = [
        ranges.Row(
            "all together" if result.annual else "the year", result.value, bounds(*_at(result, places)), tone="strong"
        )
    ]
    of_part = [vote for vote in result.votes if vote.voter != "annual"]
    if result.annual is not None and of_part:
        value = sum(vote.value * vote.weight for vote in of_part) / (sum(vote.weight for vote in of_part) or 1.0)
        rows.append(ranges.Row(f"its {known}: {brought}", value, sign="other", depth=1))
        ends = tuple(end for place in places for end in result.annual_bounds(result.levels[place]) or ())
        rows.append(ranges.Row("the years before", result.annual.best.last, ends, "other", depth=1))
    own = (estimate.figure for estimate in result.estimates if not estimate.related)
    rows += [ranges.Row("published", figure.value, sign="published") for figure in own]
    if result.actual is not None:
        rows.append(ranges.Row("what came", result.actual.value, sign="observed"))
    rates = [shown_growth(before, row.value) for row in rows]
    return ranges.table(
        (row._replace(behind=(rate,)) for row, rate in zip(rows, rates, strict=True)),
        Column("what", f"{result.year}, from"),
        ranges.amount_column(write),
        [result.levels[place] for place in places],
        write,
        behind=(ranges.pace_column(rates),),
        title=f"{result.year}, estimated from {named_months(result.choice.months)}",
    )


def _at(result: Nowcast, places: Sequence[int]) -> tuple[list[float], list[float]]:
    return [result.lower[place] for place in places], [result.upper[place] for place in places]


def _votes(result: Nowcast) -> Table:
    return tabulated(
        result.votes,
        (Column("voter", "Voter"), lambda vote: vote.voter),
        (value_column(_amounts(result), title="Estimate"), lambda vote: vote.value),
        (Column("weight", "Weight", "percent", 0), lambda vote: 100 * vote.weight),
        (growth_column(), lambda vote: shown_growth(result.before, vote.value)),
        (Column("why", "Rests on"), lambda vote: _why(result, vote)),
        title="How each voted",
    )


def _parts(result: Nowcast) -> Table:
    write, before = _amounts(result), result.year - 1
    return tabulated(
        result.parts,
        (Column("part", "Part"), lambda known: str(known.part.period)),
        (value_column(write), lambda known: known.part.value),
        (growth_column(), lambda known: known.part.growth_pct),
        (Column("published", f"{before} published"), _published),
        (value_column(write, "implied", f"{before} implied"), lambda known: known.base.implied if known.base else None),
        (Column("use", ""), lambda known: _use(result, known)),
        title=f"What is known of {result.year}",
    )


def _use(result: Nowcast, known: KnownPart) -> str:
    inside = known.part.months <= result.choice.months
    return _USES.get(known.use) or ("inside a longer part" if inside else "overlaps a longer part")


def _published(known: KnownPart) -> str | None:
    """The same part of the year before, as it was published."""
    if known.base is None or known.base.published is None:
        return None
    mark = {"more than": ">", "up to": "<"}.get(known.base.weak, "")
    return f"{mark}{rounded(known.base.published)}{'' if mark or not known.base.weak else f' {known.base.weak}'}"


def _estimates(result: Nowcast) -> Iterator[Table]:
    if result.estimates:
        yield tabulated(
            result.estimates,
            (Column("value", "Published"), lambda estimate: published(estimate.figure)),
            (Column("author", "By"), lambda estimate: estimate.figure.author),
            (Column("dated", "Dated"), lambda estimate: estimate.figure.dated),
            (Column("series", "Of"), lambda estimate: estimate.series.id),
            (Column("verdict", ""), lambda estimate: _verdict(result, estimate)),
            title=f"Published estimates of {result.year}",
        )


def _why(result: Nowcast, vote: Vote) -> str:
    """The evidence of a vote, in a few words."""
    known = named_months(result.choice.months)
    grew = percent(100 * (result.growth or 0), ",.1f")
    match vote.voter:
        case "share":
            return f"{capital(known)} was {_shares(result)}"
        case "growth":
            same = "share" in result.vote and abs(result.vote["share"].value / vote.value - 1) < 0.001
            text = f"{rounded(result.before or 0)} in {result.year - 1}, and {known} grew by {grew}"
            return f"{text}; the same information as the share" if same else text
        case "smoothing":
            return f"The run of the parts, season by season, over {result.smoothed_years} years"
        case "annual":
            years = result.annual.history.years if result.annual else ()
            return f"Whole years alone, {spans(years)}" if len(years) > 1 else f"The whole year {years[0]} alone"
        case "rest":
            return f"{capital(known)}, and the rest of {result.year - 1} once more"
    months = f"{len(result.choice.months)} of 12 months"
    if result.bend is not None:
        return f"{months}, filled as the known parts of earlier years fill theirs"
    if result.growth is not None:
        return f"{months} without seasons, growing steadily by {grew} a year"
    return f"{months} without seasons{', growing as the annual forecast' if result.before is not None else ''}"


def _verdict(result: Nowcast, estimate: PublishedEstimate) -> str:
    """Where a published figure lies, and that it is on another definition if it is."""
    return f"{_place(result, estimate)}; another definition" if estimate.related else _place(result, estimate)


def _place(result: Nowcast, estimate: PublishedEstimate) -> str:
    value, months = estimate.figure.value, named_months(result.choice.months)
    if result.choice.value is not None and value < result.choice.value:
        return f"less than the {rounded(result.choice.value)} of {months} alone"
    if value < result.from_the_part and value < result.lower[0]:
        return f"below what {months} alone implies, {rounded(result.from_the_part)}"
    return within(value, result.value, result.levels, result.lower, result.upper)


def _overtaken(result: Nowcast) -> Iterator[str]:
    """A sentence for each published estimate below what the known part implies."""
    limit = min(result.from_the_part, result.lower[0])
    for estimate in result.estimates:
        if estimate.figure.value < limit and estimate.figure.qualifier != ">":
            about = f", for {title_of(estimate.series)}: another definition" if estimate.related else ""
            published = (
                f"The {rounded(estimate.figure.value)} published for {result.year} ({estimate.figure.author}{about})"
            )
            yield f"{published} is {_place(result, estimate)}."


def _shares(result: Nowcast) -> str:
    used = result.shares[-1:] if result.base and result.base.how == "restated" else result.shares[-SHARES:]
    mean = 100 * sum(share.value for share in used) / len(used)
    return f"{mean:.1f} % of {listed(share.year for share in used)}{', on average' if len(used) > 1 else ''}"


def _provenance(result: Nowcast, currency: Exchange | None) -> Mapping[str, Any]:
    known = {str(part.period): [part.value, part.growth_pct] for part in result.choice.used}
    options: dict[str, Any] = {"levels": list(result.levels), "target": result.year, "known": known}
    if result.options["same_definition"]:
        options["same_definition"] = True
    options |= currency.options([result.year]) if currency else {}
    if result.as_of:
        options["as_of"] = result.as_of.isoformat()
    if result.annual is not None:
        if result.annual.history.basis != "levels":
            options["basis"] = result.annual.history.basis
        return provenance(result.annual.history, **options)
    return {"version": __version__, "points": 0, "seed": None, "options": options}


def picture(result: Nowcast, *, currency: Exchange | None = None) -> Picture:
    """Every estimate of the year as its parts became known."""
    series, level = result.series, result.levels[0]
    rate, unit = (currency.rate(result.year), currency.unit) if currency else (1.0, series.unit)
    states = [state.divided(rate) for state in revisions(result)]
    last = states[-1]
    before = result.before / rate if result.before else last.value
    write = digits(unit, before, last.value, (last.lower[0], last.upper[0]))
    actual = result.actual.value / rate if result.actual else None
    rows = tuple(_state(state, result, write, last=state is last) for state in states)
    came = f"{write.seen(actual)} came" if actual is not None else ""
    plot = Ranges(rows, (str(result.year), f"{level} % range"), actual, came)
    head = heading(result, write)
    return of_series(plot, write, head.text, series, subtitle=head.subtitle, about=drawing.about(series))


def _state(state: Revision, result: Nowcast, write: Digits, *, last: bool) -> Row:
    return Row(
        name=f"with {_known(result, state.months)}" if state.months else "from whole years alone",
        value=state.value,
        bounds=tuple(zip(result.levels, state.lower, state.upper, strict=True)),
        texts=(write(state.value), f"{write(state.lower[0])} to {write(state.upper[0])}"),
        tone=MAIN if last else PLAIN,
        strong=last,
    )


def _known(result: Nowcast, last: int) -> str:
    """The months known by the end of one; as a period where they are the first of the year."""
    months = frozenset[int]().union(*(known.part.months for known in result.parts if known.part.period.last <= last))
    return str(Period(result.year, last, last)) if len(months) == last else named_months(months)
