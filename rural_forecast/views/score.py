"""`score`: every kept forecast with what came, and how often the ranges held."""

from collections.abc import Iterator, Mapping
from statistics import NormalDist
from typing import Any

from rural_forecast.document.picture import MAIN, Band, Course, Line, Mark, Picture, Ranges, Row
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.past_record import ENOUGH
from rural_forecast.notes import of_code
from rural_forecast.question.question import headline as headline_index
from rural_forecast.record.outcomes import REBASED
from rural_forecast.record.scored import Coverage, Scores, Summary, outcomes_of
from rural_forecast.text.numbers import Amounts, digits, percent, range_amounts
from rural_forecast.text.wording import Headline, capital, counted, headline
from rural_forecast.version import __version__
from rural_forecast.views import table
from rural_forecast.views.about import documented, inputs, observed
from rural_forecast.views.lines import name_of, of_series
from rural_forecast.views.names import title_of
from rural_forecast.views.rows import PAST_HEADS, PAST_SIGNS, past_row
from rural_forecast.views.table import (
    RangedRow,
    flat,
    growth_column,
    interval_columns,
    keyed,
    value_column,
)

MOST_ROWS = 20  # forecasts of a table for people
MOST_DRAWN = 16  # forecasts of a picture
IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
CHANCE = 95
"""Percent of the shares that chance gives, drawn as what it allows."""
_HELD = {True: "yes", False: "no", None: ""}


def document(result: Scores) -> Document:
    """Make the document of `score`."""
    one_unit = len({row.series.unit for row in result.rows}) == 1
    few = len(result.rows) <= MOST_ROWS and one_unit
    sections = [_course(result)] if few else []
    if not few or outcomes_of(result.rows) >= ENOUGH:
        sections.append(_scores(result))
    return documented(
        "score",
        heading(result),
        _records(result),
        sections,
        result.notes,
        *result.series,
        sentences=_coverage_sentences(result),
        observed=lambda: inputs(*map(observed, result.series)),
        figures=figures(result),
        provenance={
            "version": __version__,
            "seed": None,
            "options": {"records": list(result.records)},
        },
    )


def _records(result: Scores) -> Table:
    """Make the rows of the contract: one a kept forecast."""
    levels = result.levels
    rows = []
    for row in result.rows:
        ends = flat(row.bounds.get(level, (None, None)) for level in levels)
        record = (
            row.series.id,
            row.author,
            row.origin,
            row.period,
            row.horizon,
            row.forecast,
            row.actual,
            row.error_pct,
            *ends,
            *map(row.held, levels),
        )
        rows.append(record)
    columns = (
        *keyed("series_id author origin:year period:year horizon:integer"),
        *keyed("forecast:number actual:number"),
        growth_column("error_pct", ""),
        *interval_columns(levels),
        *(Column(f"held_{level}", kind="boolean") for level in levels),
    )
    return Table(columns, tuple(rows))


def _coverage_sentences(result: Scores) -> list[str]:
    """Say how often ranges held, and what chance allows; empty below enough outcomes."""
    _, coverage = _leading(result)
    if coverage is None or coverage.outcomes < ENOUGH:
        return []
    low, high = allowed(coverage)
    held = f"{100 * coverage.held:.0f} % of {coverage.level} % ranges held"
    outcomes = counted(coverage.outcomes, "outcome")
    chance = f"chance alone allows {100 * low:.0f} to {100 * high:.0f} % in {outcomes}"
    return [f"{held}; {chance}."]


def figures(result: Scores) -> Mapping[str, Any]:
    """Describe the scores and coverage of each author for the json format."""
    reliability = []
    for summary in _totals(result):
        reliability += [_reliability_record(summary, coverage) for coverage in summary.coverage]
    return {
        "scores": [_score_record(summary) for summary in result.summaries],
        "reliability": reliability,
        "to_come": result.to_come,
    }


def _score_record(summary: Summary) -> dict[str, Any]:
    """Describe the scores of an author at a horizon, or over all of them."""
    coverage = summary.coverage
    return {
        "author": summary.author,
        "horizon": summary.horizon,
        "n": summary.n,
        "outcomes": summary.outcomes,
        "mean_error_pct": summary.mean_error_pct,
        **{f"coverage_{of_level.level}": of_level.held for of_level in coverage},
        **{f"standard_error_{of_level.level}": of_level.standard_error for of_level in coverage},
        **{f"interval_score_{level}": score for level, score in summary.interval_score.items()},
        "crps": summary.crps,
    }


def _reliability_record(summary: Summary, coverage: Coverage) -> dict[str, Any]:
    """Describe how often the ranges of an author held at a level."""
    return {
        "author": summary.author,
        "level": coverage.level,
        "held": coverage.held,
        "n": coverage.n,
        "outcomes": coverage.outcomes,
    }


def _totals(result: Scores) -> list[Summary]:
    """Select the scores of each author over all horizons."""
    return [summary for summary in result.summaries if summary.horizon is None]


def _leading(result: Scores) -> tuple[Summary, Coverage | None]:
    """Give the first author that has ranges, or the first one, and the coverage of sentences."""
    totals = _totals(result)
    summary = next((total for total in totals if total.coverage), totals[0])
    if not summary.coverage:
        return summary, None
    levels = [coverage.level for coverage in summary.coverage]
    return summary, summary.coverage[headline_index(levels)]


def heading(result: Scores) -> Headline:
    """Make the headline: how many ranges held, and the mean error."""
    summary, coverage = _leading(result)
    text = f"{counted(summary.n, 'forecast')} scored"
    if coverage is not None:
        text = _ranges_held(coverage)
    claim = f"{text[:1].lower()}{text[1:]}"
    if len(_totals(result)) > 1:
        return Headline(f"{capital(summary.author)}: {claim}", _mean_error(summary))
    if len(result.series) == 1:
        return headline(title_of(result.series[0]), claim, _mean_error(summary))
    return Headline(text, _mean_error(summary))


def _mean_error(summary: Summary) -> str:
    """Say how far forecasts were off; empty if they have no error in percent."""
    error = summary.mean_error_pct
    if error is None:
        return ""
    off = f"{percent(error, '.1f' if error < 2 else '.0f')} off"
    return f"The forecast was {off}." if summary.n == 1 else f"The forecasts were {off} on average."


def _ranges_held(coverage: Coverage) -> str:
    """Say how many ranges held; the level is left out where it is 80 %."""
    held = round(coverage.held * coverage.n)
    level = "" if coverage.level == 80 else f"{coverage.level} % "
    if coverage.n == 1:
        return f"The {level}range {'held' if held else 'did not hold'}"
    which = f"{capital(_in_words(held))} of {_in_words(coverage.n)}"
    if held == coverage.n:
        which = "Both" if held == 2 else f"All {_in_words(coverage.n)}"
    return f"{which} {level}ranges held"


def _in_words(count: int) -> str:
    """Write a small count in words."""
    return IN_WORDS[count] if count < len(IN_WORDS) else f"{count:,}"


def allowed(covered: Coverage) -> tuple[float, float]:
    """Compute the shares between which an honest range holds in 95 of 100 such samples."""
    reach = NormalDist().inv_cdf(0.5 + CHANCE / 200) * covered.standard_error
    return max(covered.level / 100 - reach, 0.0), min(covered.level / 100 + reach, 1.0)


def _course(result: Scores) -> Table:
    """Tabulate every forecast with its range, and what came."""
    level = result.levels[headline_index(result.levels)]
    write = _amounts(result, level)
    differing = _differing(result)
    came = [row.actual for row in result.rows]
    rows = []
    for index, row in enumerate(result.rows):
        ranged_row = RangedRow(
            row.period,
            row.forecast,
            [row.bounds[level]] if level in row.bounds else (),
            before=tuple(cells[index] for cells in differing.values()),
            behind=(row.actual, row.error_pct, _HELD[row.held(level)]),
            other=row.actual,
            other_sign="observed",
        )
        rows.append(ranged_row)
    return table.ranged(
        rows,
        table.YEAR,
        value_column(write, "Forecast"),
        (level,),
        write,
        before=[*differing],
        behind=(
            table.as_given(value_column(write, "Came", "actual"), came),
            growth_column("error_pct", "Error", None),
            Column("held", "Held"),
        ),
    )


def _amounts(result: Scores, level: int) -> Amounts:
    """Choose how amounts of forecasts of one unit are written: by the first one and its range."""
    first = result.rows[0]
    low, high = first.bounds.get(level, (first.forecast, first.forecast))
    largest = max(max(abs(row.forecast), abs(row.actual)) for row in result.rows)
    return range_amounts(first.series.unit, first.forecast, low, high, largest=largest, digits=3)


def _differing(result: Scores) -> dict[Column, list[Cell]]:
    """Give the columns that part the forecasts: those of series, author and origin that differ."""
    columns: dict[Column, list[Cell]] = {
        Column("series_id", "Series"): [row.series.id for row in result.rows],
        Column("author", "By"): [row.author for row in result.rows],
        Column("origin", "From", "year"): [row.origin for row in result.rows],
    }
    return {column: cells for column, cells in columns.items() if len(set(cells)) > 1}


def _scores(result: Scores) -> Table:
    """Tabulate the scores by horizon, and by author if there are several."""
    level = result.levels[headline_index(result.levels)]
    rows = []
    for summary in result.summaries:
        held = {coverage.level: coverage.held for coverage in summary.coverage}
        row = (
            summary.author,
            "all" if summary.horizon is None else str(summary.horizon),
            summary.n,
            summary.mean_error_pct,
            *map(held.get, result.levels),
            summary.crps,
            summary.interval_score.get(level),
        )
        rows.append(row)
    columns = (
        Column("author", "Forecasts by"),
        Column("horizon", "Years ahead"),
        Column("n", "Forecasts", "integer"),
        Column("mean_error_pct", "Error", "percent", 1),
        *(table.share_column(f"held_{of_level}", f"In {of_level} %") for of_level in result.levels),
        Column("crps", "CRPS", "number", 2),
        Column("score", "Interval score", "number", 2),
    )
    tones: tuple[Tone, ...] = tuple(
        "strong" if summary.horizon is None else "plain" for summary in result.summaries
    )
    title = "Scores; CRPS and interval score of the last value are 1"
    scores = Table(columns, tuple(rows), title, tones)
    return scores if len(_totals(result)) > 1 else scores.without("author")


def picture(result: Scores) -> Picture:
    """Draw the forecasts of one series and what came; of several, how often each level held."""
    if len(result.series) > 1:
        return _reliability(result)
    series = result.series[0]
    write = digits(series.unit, result.rows[-1].actual)
    level = result.levels[headline_index(result.levels)]
    about = f"Bars: {level} % ranges"
    if of_code(result.notes, "basis_of_forecast"):
        about = f"Observed: on the basis of each forecast. {about}"
    if of_code(result.notes, "few_outcomes"):
        about = f"{counted(outcomes_of(result.rows), 'outcome')}: an example, not evidence. {about}"
    if len(_totals(result)) > 1:
        about = f"{name_of(series)}. {about}"
    plot = Ranges(tuple(_past_rows(result, level, write)), PAST_HEADS, signs=PAST_SIGNS)
    return of_series(plot, write, heading(result), series, about=about)


def _past_rows(result: Scores, level: int, write: Amounts) -> Iterator[Row]:
    """Draw the forecasts of one series, the latest origin first; the first of a group heads it."""
    rows = [row for row in result.rows if not row.author.endswith(REBASED)]
    rows.sort(key=lambda row: (-(row.origin or 0), row.author, row.period))
    before = ""
    for row in rows[:MOST_DRAWN]:
        ours = row.author == "consensus"
        who = "Forecast" if ours else row.author
        group = f"{who}, from {row.origin}" if row.origin else who
        bounds = [(level, *row.bounds[level])] if level in row.bounds else []
        head = group if group != before else ""
        before = group
        yield past_row(row.period, row.forecast, bounds, row.actual, write, head, ours=ours)


def _reliability(result: Scores) -> Picture:
    """Draw the share of ranges that held over what they promise, and what chance allows."""
    summary, _ = _leading(result)
    if outcomes_of(result.rows) < ENOUGH or not summary.coverage:
        problem = "There is nothing to draw: few outcomes of several series."
        raise UsageError(problem, "Score one series, or more records.")
    outcomes = max(coverage.outcomes for coverage in summary.coverage)
    levels = tuple(coverage.level for coverage in summary.coverage)
    held = tuple(100 * coverage.held for coverage in summary.coverage)
    promised = Line("as promised", (0.0, 100.0), (0.0, 100.0), 2, "dotted", dots=False)
    marks = [
        Mark(level, share, f"{share:.0f} %", "none")
        for level, share in zip(levels, held, strict=True)
    ]
    plot = Course(
        lines=(promised, Line("held", levels, held, MAIN)),
        bands=(_allowed_band(outcomes),),
        marks=tuple(marks),
    )
    about = (
        "Up: ranges that held, %. Across: what they promise, %. "
        f"Shaded: what chance allows in {counted(outcomes, 'outcome')}"
    )
    return of_series(plot, Amounts("%", 0), heading(result), *result.series, about=about, name="")


def _allowed_band(outcomes: int) -> Band:
    """Draw what chance allows at each level in so many distinct outcomes."""
    levels = tuple(range(0, 101, 5))
    lower = []
    upper = []
    for level in levels:
        low, high = allowed(Coverage(level, 0, outcomes, 0.0))
        lower.append(100 * low)
        upper.append(100 * high)
    return Band("", levels, tuple(lower), tuple(upper), CHANCE, 2)
