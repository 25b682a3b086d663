"""`score` as a document: every forecast with what came, and what the ranges held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from statistics import NormalDist
from typing import Any

from rural_forecast.document.picture import MAIN, Picture, Ranges, Row
from rural_forecast.document.table import Cell, Column, Document, Span, Table
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.backtest import ENOUGH
from rural_forecast.forecasting.question import headline as place_of
from rural_forecast.record.outcomes import Coverage, Scored, Summary, outcomes_of
from rural_forecast.record.score import REBASED, Scores
from rural_forecast.text.headline import Headline
from rural_forecast.text.numbers import percent, range_amounts
from rural_forecast.text.style import Digits, digits
from rural_forecast.text.wording import capital, counted
from rural_forecast.version import __version__
from rural_forecast.views import ranges
from rural_forecast.views.about import about_series
from rural_forecast.views.columns import growth_column, interval_columns, tabulated
from rural_forecast.views.drawing import CREDIT, name_of, of_series, source
from rural_forecast.views.notes import remarks

MOST_ROWS = 20
"""Forecasts that people see one by one."""
IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
CHANCE = 95
"""Percent of the shares that chance gives, drawn as what it allows."""


def document(result: Scores) -> Document:
    """Everything `score` says."""
    head = heading(result)
    shown = len(result.rows) <= MOST_ROWS and len({row.series.unit for row in result.rows}) == 1
    sections = [_course(result)] if shown else []
    if not shown or outcomes_of(result.rows) >= ENOUGH:
        sections.append(_scores(result))
    return Document(
        command="score",
        records=records(result),
        title=head.text,
        summary=tuple(filter(None, (head.range, *_against_chance(result)))),
        sections=tuple(sections),
        figures=figures(result),
        notes=remarks(result.notes),
        series=tuple(map(about_series, result.series)),
        provenance={"version": __version__, "seed": None, "options": {"records": list(result.records)}},
    )


def records(result: Scores) -> Table:
    """The rows of the contract."""
    columns = (
        Column("series_id"),
        Column("author"),
        Column("origin", kind="year"),
        Column("period", kind="year"),
        Column("horizon", kind="integer"),
        Column("forecast", kind="number"),
        Column("actual", kind="number"),
        growth_column("error_pct", ""),
        *interval_columns(result.levels),
        *(Column(f"held_{level}", kind="boolean") for level in result.levels),
    )
    rows = tuple(
        (
            *(row.series.id, row.author, row.origin, row.period, row.horizon, row.forecast, row.actual, row.error_pct),
            *(bound for level in result.levels for bound in row.bounds.get(level, (None, None))),
            *(row.held(level) for level in result.levels),
        )
        for row in result.rows
    )
    return Table(columns, rows)


def figures(result: Scores) -> Mapping[str, Any]:
    """The scores of each author, over all horizons and at each; and how often the ranges of all held."""
    return {
        "scores": [
            {
                "author": of.author,
                "horizon": of.horizon,
                "n": of.n,
                "outcomes": of.outcomes,
                "mean_error_pct": of.mean_error_pct,
                **{f"coverage_{each.level}": each.held for each in of.coverage},
                **{f"standard_error_{each.level}": each.standard_error for each in of.coverage},
                **{f"interval_score_{level}": score for level, score in of.interval_score.items()},
                "crps": of.crps,
            }
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


def leading(result: Scores) -> Summary:
    """The scores of the first author that has ranges, or the first one."""
    totals = _totals(result).values()
    return next((of for of in totals if of.coverage), next(iter(totals)))


def _named(of: Summary) -> Coverage | None:
    """The coverage of the level that sentences name."""
    return of.coverage[place_of([each.level for each in of.coverage])] if of.coverage else None


def heading(result: Scores) -> Headline:
    """How many ranges held, and the mean error."""
    of = leading(result)
    mean = "" if of.n == 1 else " on average"
    off = "" if of.mean_error_pct is None else f"{_few(of.mean_error_pct)} off{mean}"
    forecasts = "The forecast was" if of.n == 1 else "The forecasts were"
    named = _named(of)

    def claimed(text: str) -> str:
        several = len(_totals(result)) > 1
        return f"{capital(of.author)}: {text[:1].lower()}{text[1:]}" if several else text

    if named is None:
        return Headline(claimed(f"{forecasts} {off}" if off else f"{counted(of.n, 'forecast')} scored"))
    held, all_of = round(named.held * named.n), named.n
    of_level = "" if named.level == 80 else f" {named.level} %"
    if all_of == 1:
        text = f"The{of_level} range {'held' if held else 'did not hold'}"
    elif held == all_of == 2:
        text = f"Both{of_level} ranges held"
    elif held == all_of:
        text = f"All {_count(all_of)}{of_level} ranges held"
    else:
        text = f"{capital(_count(held))} of {_count(all_of)}{of_level} ranges held"
    return Headline(claimed(text), f"{forecasts} {off}." if off else "")


def _count(number: int) -> str:
    return IN_WORDS[number] if number < len(IN_WORDS) else f"{number:,}"


def _few(error: float) -> str:
    return percent(error, ".1f" if error < 2 else ".0f")


def _against_chance(result: Scores) -> Iterator[str]:
    """Give the number due and the range that chance allows, where there are outcomes enough."""
    named = _named(leading(result))
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
    """Every forecast with its range, what came beside it."""
    level = result.levels[place_of(result.levels)]
    first = result.rows[0]
    low, high = first.bounds.get(level, (first.forecast, first.forecast))
    largest = max(max(abs(row.forecast), abs(row.actual)) for row in result.rows)
    write = range_amounts(first.series.unit, first.forecast, low, high, largest=largest, digits=3)
    several = len(result.series) > 1
    before = [Column("author", "By")] if len(result.authors) > 1 else []
    before = [Column("series_id", "Series"), *before] if several else before
    behind = [replace(ranges.amount_column(write, "Came", "actual"), decimals=write.places, factor=write.factor)]
    behind += [ranges.pace_column((row.error_pct for row in result.rows), "error_pct", "Error"), Column("held", "Held")]
    origins = {row.origin for row in result.rows}
    if len(origins) > 1:
        before.append(Column("origin", "From", "year"))
    rows = []
    for row in result.rows:
        said: list[Cell] = [row.series.id] if several else []
        said += [row.author] if len(result.authors) > 1 else []
        said += [row.origin] if len(origins) > 1 else []
        held = row.held(level)
        word = "" if held is None else "yes" if held else "no"
        ends = row.bounds.get(level, ())
        rows.append(
            ranges.Row(row.period, row.forecast, ends, before=tuple(said), behind=(row.actual, row.error_pct, word))
        )
    value = ranges.amount_column(write, "Forecast")
    made = ranges.table(rows, Column("period", "Year", "year"), value, (level,), write, before=before, behind=behind)
    spans = (_span(row, level) for row in result.rows)
    return replace(made, spans=tuple(spans))


def _span(row: Scored, level: int) -> Span:
    low, high = row.bounds.get(level, (None, None))
    return Span(row.actual, low, high, "observed", row.forecast, "ours")


def _scores(result: Scores) -> Table:
    """The scores by author and horizon."""
    levels = result.levels
    several = len(_totals(result)) > 1

    def shares(level: int) -> Any:
        return lambda of: next((100 * each.held for each in of.coverage if each.level == level), None)

    fields: list[Any] = [(Column("author", "Forecasts by"), lambda of: of.author)] if several else []
    fields += [
        (Column("horizon", "Years ahead"), lambda of: "all" if of.horizon is None else str(of.horizon)),
        (Column("n", "Forecasts", "integer"), lambda of: of.n),
        (Column("error", "Error", "percent", 1), lambda of: of.mean_error_pct),
        *((Column(f"held_{each}", f"In {each} %", "percent", 0), shares(each)) for each in levels),
        (Column("crps", "CRPS", "number", 2), lambda of: of.crps),
        (Column("score", "Interval score", "number", 2), lambda of: of.interval_score.get(levels[place_of(levels)])),
    ]
    made = tabulated(result.summaries, *fields, title="Scores", caption="CRPS and interval score: 1 is the last value.")
    return replace(made, tones=tuple("strong" if of.horizon is None else "plain" for of in result.summaries))


MOST_DRAWN = 16


def picture(result: Scores) -> Picture:
    """Of one series the forecasts, the latest first, and what came; of several, what each level held.

    Raises UsageError if there is neither.
    """
    head = heading(result)
    if len(result.series) > 1:
        if outcomes_of(result.rows) < ENOUGH:
            hint = "Score one series, or more records."
            raise UsageError("There is nothing to draw: few outcomes of several series.", hint)
        return _reliability(result)
    series = result.series[0]
    write = digits(series.unit, result.rows[-1].actual)
    rows = tuple(_rows(result, write))
    level = result.levels[place_of(result.levels)]
    about = f"{name_of(series)}. Lines: forecasts with their {level} % range; dots: what came"
    plot = Ranges(rows, ("forecast", "came"))
    return of_series(plot, write, head.text, series, subtitle=head.range.rstrip("."), about=about)


def _rows(result: Scores, write: Digits) -> Iterator[Row]:
    level = result.levels[place_of(result.levels)]
    rows = [row for row in result.rows if not row.author.endswith(REBASED)]
    rows.sort(key=lambda row: (-(row.origin or 0), row.author, row.period))
    before: tuple[str, int | None] | None = None
    for row in rows[:MOST_DRAWN]:
        start = row.author, row.origin
        who = "Forecast" if row.author == "consensus" else row.author
        known = f"{who}, from {row.origin}" if row.origin else who
        yield Row(
            str(row.period),
            row.forecast,
            ((level, *row.bounds[level]),) if level in row.bounds else (),
            (write(row.forecast), write.seen(row.actual)),
            MAIN if row.author == "consensus" else 0,
            other=row.actual,
            group=known if start != before else "",
        )
        before = start


def _reliability(result: Scores) -> Picture:
    """Rows for the promise of each level, its coverage, and the range that chance allows by distinct outcomes."""
    coverage, head = leading(result).coverage, heading(result)
    outcomes = max(each.outcomes for each in coverage)
    rows = tuple(
        Row(
            f"{each.level} % range",
            100 * each.held,
            ((CHANCE, 100 * allowed(each)[0], 100 * allowed(each)[1]),),
            (f"{100 * each.held:.0f}",),
            MAIN,
            strong=True,
        )
        for each in coverage
    )
    return Picture(
        Ranges(rows, ("held, %",)),
        head.text,
        subtitle=head.range.rstrip("."),
        about=f"Shaded: what chance allows in {counted(outcomes, 'outcome')}",
        unit="%",
        amounts=Digits("%", 1.0, 1.0),
        source=source(*result.series, credit=CREDIT),
        alternative=f"Shares of outcomes inside ranges. {head.text}.",
    )
