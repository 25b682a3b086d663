"""`score`: every kept forecast with what came, and how often the ranges held."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from statistics import NormalDist
from typing import Any

from rural_forecast.document.picture import MAIN, Band, Course, Line, Mark, Picture, Ranges, Row
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.backtest import ENOUGH
from rural_forecast.forecasting.question import headline as place_of
from rural_forecast.record.score import REBASED, Coverage, Scores, Summary, outcomes_of
from rural_forecast.text.headline import Headline
from rural_forecast.text.numbers import Amounts, percent, range_amounts
from rural_forecast.text.style import digits
from rural_forecast.text.wording import capital, counted
from rural_forecast.version import __version__
from rural_forecast.views import table
from rural_forecast.views.about import documented
from rural_forecast.views.drawing import PAST_HEADS, name_of, of_series, past_row
from rural_forecast.views.table import Field, flat, growth_column, interval_columns, keyed, tabulated, value_column

MOST_ROWS = 20
IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
CHANCE = 95
"""Percent of the shares that chance gives, drawn as what it allows."""


def document(result: Scores) -> Document:
    """Everything `score` says."""
    shown = len(result.rows) <= MOST_ROWS and len({row.series.unit for row in result.rows}) == 1
    sections = [_course(result)] if shown else []
    if not shown or outcomes_of(result.rows) >= ENOUGH:
        sections.append(_scores(result))
    made = {"version": __version__, "seed": None, "options": {"records": list(result.records)}}
    more = {"said": _against_chance(result), "figures": figures(result), "provenance": made}
    return documented("score", heading(result), records(result), sections, result.notes, *result.series, **more)


def records(result: Scores) -> Table:
    """The rows of the contract."""
    levels, rows = result.levels, []
    for one in result.rows:
        about = (one.series.id, one.author, one.origin, one.period, one.horizon, one.forecast, one.actual)
        ends = flat(one.bounds.get(level, (None, None)) for level in levels)
        rows.append((*about, one.error_pct, *ends, *map(one.held, levels)))
    head = keyed("series_id author origin:year period:year horizon:integer forecast:number actual:number")
    held = keyed(" ".join(f"held_{level}:boolean" for level in levels))
    return Table((*head, growth_column("error_pct", ""), *interval_columns(levels), *held), tuple(rows))


def figures(result: Scores) -> Mapping[str, Any]:
    """The scores of each author, over all horizons and at each; and how often the ranges of all held."""
    names = ("author", "horizon", "n", "outcomes", "mean_error_pct")
    return {
        "scores": [
            {name: getattr(of, name) for name in names}
            | {f"coverage_{each.level}": each.held for each in of.coverage}
            | {f"standard_error_{each.level}": each.standard_error for each in of.coverage}
            | {f"interval_score_{level}": score for level, score in of.interval_score.items()}
            | {"crps": of.crps}
            for of in result.summaries
        ],
        "reliability": [
            {"author": author, "level": each.level, "held": each.held, "n": each.n, "outcomes": each.outcomes}
            for author, of in _totals(result).items()
            for each in of.coverage
        ],
        "to_come": result.to_come,
    }


def _totals(result: Scores) -> dict[str, Summary]:
    return {of.author: of for of in result.summaries if of.horizon is None}


def _leading(result: Scores) -> Summary:
    """The scores of the first author that has ranges, or the first one."""
    totals = _totals(result).values()
    return next((of for of in totals if of.coverage), next(iter(totals)))


def _named(of: Summary) -> Coverage | None:
    """The coverage of the level that sentences name."""
    return of.coverage[place_of([each.level for each in of.coverage])] if of.coverage else None


def heading(result: Scores) -> Headline:
    """How many ranges held, and the mean error."""
    of = _leading(result)
    named, error = _named(of), of.mean_error_pct
    text, more = f"{counted(of.n, 'forecast')} scored", ""
    if error is not None:
        off = f"{percent(error, '.1f' if error < 2 else '.0f')} off"
        more = f"The forecast was {off}." if of.n == 1 else f"The forecasts were {off} on average."
    if named is not None:
        text = _held(round(named.held * named.n), named.n, "" if named.level == 80 else f"{named.level} % ")
    several = len(_totals(result)) > 1
    return Headline(f"{capital(of.author)}: {text[:1].lower()}{text[1:]}" if several else text, more)


def _held(held: int, count: int, level: str) -> str:
    if count == 1:
        return f"The {level}range {'held' if held else 'did not hold'}"
    every = "Both" if count == 2 else f"All {_count(count)}"
    return f"{every if held == count else f'{capital(_count(held))} of {_count(count)}'} {level}ranges held"


def _count(number: int) -> str:
    return IN_WORDS[number] if number < len(IN_WORDS) else f"{number:,}"


def _against_chance(result: Scores) -> Iterator[str]:
    """Give the number due and the range that chance allows, where there are outcomes enough."""
    named = _named(_leading(result))
    if named is not None and named.outcomes >= ENOUGH:
        low, high = allowed(named)
        yield (
            f"{100 * named.held:.0f} % of {named.level} % ranges held; chance alone allows {100 * low:.0f} to "
            f"{100 * high:.0f} % in {counted(named.outcomes, 'outcome')}."
        )


def allowed(covered: Coverage) -> tuple[float, float]:
    """The shares between which an honest range holds in 95 of 100 such samples."""
    reach = NormalDist().inv_cdf(0.5 + CHANCE / 200) * covered.standard_error
    return max(covered.level / 100 - reach, 0.0), min(covered.level / 100 + reach, 1.0)


def _course(result: Scores) -> Table:
    """Every forecast with its range, and what came; series, author and origin where they differ."""
    level, first = result.levels[place_of(result.levels)], result.rows[0]
    ends = first.bounds.get(level, (first.forecast, first.forecast))
    largest = max(max(abs(row.forecast), abs(row.actual)) for row in result.rows)
    write = range_amounts(first.series.unit, first.forecast, *ends, largest=largest, digits=3)
    differing: dict[Column, list[Cell]] = {
        Column("series_id", "Series"): [row.series.id for row in result.rows],
        Column("author", "By"): [row.author for row in result.rows],
        Column("origin", "From", "year"): [row.origin for row in result.rows],
    }
    differing = {column: cells for column, cells in differing.items() if len(set(cells)) > 1}
    before = [*zip(*differing.values(), strict=True)] or [()] * len(result.rows)
    rows = [
        table.Row(
            row.period,
            row.forecast,
            [row.bounds[level]] if level in row.bounds else (),
            before=others,
            behind=(row.actual, row.error_pct, {True: "yes", False: "no", None: ""}[row.held(level)]),
            also=row.actual,
            beside="observed",
        )
        for row, others in zip(result.rows, before, strict=True)
    ]
    behind = (value_column(write, "Came", "actual"), growth_column("error_pct", "Error", None), Column("held", "Held"))
    value, year = value_column(write, "Forecast"), Column("period", "Year", "year")
    return table.ranged(rows, year, value, (level,), write, before=[*differing], behind=behind)


def _scores(result: Scores) -> Table:
    """The scores by author and horizon."""
    headline = result.levels[place_of(result.levels)]

    def share(level: int) -> Callable[[Summary], float | None]:
        return lambda of: next((100 * each.held for each in of.coverage if each.level == level), None)

    fields: list[Field[Summary]] = [
        *([Column("author", "Forecasts by")] if len(_totals(result)) > 1 else []),
        (Column("horizon", "Years ahead"), lambda of: "all" if of.horizon is None else str(of.horizon)),
        Column("n", "Forecasts", "integer"),
        Column("mean_error_pct", "Error", "percent", 1),
        *((Column(f"held_{level}", f"In {level} %", "percent", 0), share(level)) for level in result.levels),
        Column("crps", "CRPS", "number", 2),
        (Column("score", "Interval score", "number", 2), lambda of: of.interval_score.get(headline)),
    ]
    made = tabulated(result.summaries, *fields, title="Scores; CRPS and interval score of the last value are 1")
    return table.toned(made, ("strong" if of.horizon is None else "plain" for of in result.summaries))


MOST_DRAWN = 16


def picture(result: Scores) -> Picture:
    """Of one series the forecasts, the latest first, and what came; of several, how often each level held.

    Raises UsageError if there is neither.
    """
    if len(result.series) > 1:
        return _reliability(result)
    series = result.series[0]
    write = digits(series.unit, result.rows[-1].actual)
    level = result.levels[place_of(result.levels)]
    about = f"{name_of(series)}. Lines: forecasts with their {level} % range; dots: what came"
    plot = Ranges(tuple(_rows(result, write, level)), PAST_HEADS)
    return of_series(plot, write, heading(result), series, about=about)


def _rows(result: Scores, write: Amounts, level: int) -> Iterator[Row]:
    rows = [row for row in result.rows if not row.author.endswith(REBASED)]
    rows.sort(key=lambda row: (-(row.origin or 0), row.author, row.period))
    before = ""
    for row in rows[:MOST_DRAWN]:
        who = "Forecast" if row.author == "consensus" else row.author
        group = f"{who}, from {row.origin}" if row.origin else who
        bounds = ((level, *row.bounds[level]),) if level in row.bounds else ()
        new = group if group != before else ""
        yield past_row(row.period, row.forecast, bounds, row.actual, write, new, ours=row.author == "consensus")
        before = group


def _reliability(result: Scores) -> Picture:
    """The share of ranges that held over what they promise, within what chance allows in as many distinct outcomes."""
    coverage = _leading(result).coverage
    if outcomes_of(result.rows) < ENOUGH or not coverage:
        hint = "Score one series, or more records."
        raise UsageError("There is nothing to draw: few outcomes of several series.", hint)
    outcomes = max(each.outcomes for each in coverage)
    xs = tuple(range(0, 101, 5))
    sides = zip(*(allowed(Coverage(x, 0, outcomes, 0.0)) for x in xs), strict=True)
    lower, upper = (tuple(100 * share for share in side) for side in sides)
    levels, held = [each.level for each in coverage], [100 * each.held for each in coverage]
    plot = Course(
        lines=(
            Line("as promised", (0.0, 100.0), (0.0, 100.0), 2, "dotted", dots=False),
            Line("held", tuple(levels), tuple(held), MAIN),
        ),
        bands=(Band("", xs, lower, upper, CHANCE, 2),),
        marks=tuple(Mark(level, share, f"{share:.0f} %", "none") for level, share in zip(levels, held, strict=True)),
    )
    allowed_in = counted(outcomes, "outcome")
    about = f"Up: ranges that held, %. Across: what they promise, %. Shaded: what chance allows in {allowed_in}"
    write = Amounts("%", 0)
    return of_series(plot, write, heading(result), *result.series, about=about, name="")
