"""`score`: every kept forecast with what came, and how often the ranges held."""

from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

from rural_forecast.document.picture import MAIN, Band, Course, Line, Mark, Picture, Ranges
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.backtest import ENOUGH
from rural_forecast.forecasting.question import headline as place_of
from rural_forecast.record.score import REBASED, Coverage, Scores, Summary, outcomes_of
from rural_forecast.text.numbers import Amounts, digits, percent, range_amounts
from rural_forecast.text.wording import Headline, capital, counted
from rural_forecast.version import __version__
from rural_forecast.views import table
from rural_forecast.views.about import documented
from rural_forecast.views.chart import PAST_HEADS, name_of, of_series, past_row
from rural_forecast.views.table import flat, growth_column, interval_columns, keyed, value_column

MOST_ROWS = 20
MOST_DRAWN = 16
IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
CHANCE = 95
"""Percent of the shares that chance gives, drawn as what it allows."""


def document(result: Scores) -> Document:
    """Everything `score` says."""
    levels = result.levels
    records = []
    for one in result.rows:
        about = (
            one.series.id,
            one.author,
            one.origin,
            one.period,
            one.horizon,
            one.forecast,
            one.actual,
        )
        ends = flat(one.bounds.get(level, (None, None)) for level in levels)
        records.append((*about, one.error_pct, *ends, *map(one.held, levels)))
    head = keyed(
        "series_id author origin:year period:year horizon:integer forecast:number actual:number"
    )
    held = keyed(" ".join(f"held_{level}:boolean" for level in levels))
    rows = Table(
        (*head, growth_column("error_pct", ""), *interval_columns(levels), *held), tuple(records)
    )
    shown = len(result.rows) <= MOST_ROWS and len({row.series.unit for row in result.rows}) == 1
    sections = [_course(result)] if shown else []
    if not shown or outcomes_of(result.rows) >= ENOUGH:
        sections.append(_scores(result))
    (_, named), said = _leading(result), []
    if named is not None and named.outcomes >= ENOUGH:
        low, high = allowed(named)
        chance = f"chance alone allows {100 * low:.0f} to {100 * high:.0f} % in {counted(named.outcomes, 'outcome')}"
        said.append(f"{100 * named.held:.0f} % of {named.level} % ranges held; {chance}.")
    made = {"version": __version__, "seed": None, "options": {"records": list(result.records)}}
    more = {"said": said, "figures": figures(result), "provenance": made}
    return documented(
        "score", heading(result), rows, sections, result.notes, *result.series, **more
    )


def figures(result: Scores) -> Mapping[str, Any]:
    """The scores of each author, over all horizons and at each; and how often the ranges of all
    held.
    """
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
            {
                "author": of.author,
                "level": each.level,
                "held": each.held,
                "n": each.n,
                "outcomes": each.outcomes,
            }
            for of in _totals(result)
            for each in of.coverage
        ],
        "to_come": result.to_come,
    }


def _totals(result: Scores) -> list[Summary]:
    return [of for of in result.summaries if of.horizon is None]


def _leading(result: Scores) -> tuple[Summary, Coverage | None]:
    """The scores of the first author that has ranges, or the first one, and the coverage that
    sentences name.
    """
    totals = _totals(result)
    of = next((of for of in totals if of.coverage), totals[0])
    return of, of.coverage[place_of([each.level for each in of.coverage])] if of.coverage else None


def heading(result: Scores) -> Headline:
    """How many ranges held, and the mean error."""
    of, named = _leading(result)
    error = of.mean_error_pct
    text = f"{counted(of.n, 'forecast')} scored"
    more = ""
    if error is not None:
        off = f"{percent(error, '.1f' if error < 2 else '.0f')} off"
        more = f"The forecast was {off}." if of.n == 1 else f"The forecasts were {off} on average."
    if named is not None:
        held = round(named.held * named.n)
        level = "" if named.level == 80 else f"{named.level} % "
        count, right = (
            IN_WORDS[each] if each < len(IN_WORDS) else f"{each:,}" for each in (named.n, held)
        )
        which = f"{capital(right)} of {count}"
        if held == named.n:
            which = "Both" if held == 2 else f"All {count}"
        text = f"{which} {level}ranges held"
        if named.n == 1:
            text = f"The {level}range {'held' if held else 'did not hold'}"
    several = len(_totals(result)) > 1
    return Headline(
        f"{capital(of.author)}: {text[:1].lower()}{text[1:]}" if several else text, more
    )


def allowed(covered: Coverage) -> tuple[float, float]:
    """The shares between which an honest range holds in 95 of 100 such samples."""
    reach = NormalDist().inv_cdf(0.5 + CHANCE / 200) * covered.standard_error
    return max(covered.level / 100 - reach, 0.0), min(covered.level / 100 + reach, 1.0)


def _course(result: Scores) -> Table:
    """Every forecast with its range, and what came; series, author and origin where they differ."""
    level = result.levels[place_of(result.levels)]
    first = result.rows[0]
    ends = first.bounds.get(level, (first.forecast, first.forecast))
    largest = max(max(abs(row.forecast), abs(row.actual)) for row in result.rows)
    write = range_amounts(first.series.unit, first.forecast, *ends, largest=largest, digits=3)
    differing: dict[Column, list[Cell]] = {
        Column("series_id", "Series"): [row.series.id for row in result.rows],
        Column("author", "By"): [row.author for row in result.rows],
        Column("origin", "From", "year"): [row.origin for row in result.rows],
    }
    differing = {column: cells for column, cells in differing.items() if len(set(cells)) > 1}
    rows = [
        table.Row(
            row.period,
            row.forecast,
            [row.bounds[level]] if level in row.bounds else (),
            before=tuple(cells[at] for cells in differing.values()),
            behind=(
                row.actual,
                row.error_pct,
                {True: "yes", False: "no", None: ""}[row.held(level)],
            ),
            also=row.actual,
            beside="observed",
        )
        for at, row in enumerate(result.rows)
    ]
    behind = (
        value_column(write, "Came", "actual"),
        growth_column("error_pct", "Error", None),
        Column("held", "Held"),
    )
    value = value_column(write, "Forecast")
    year = Column("period", "Year", "year")
    return table.ranged(rows, year, value, (level,), write, before=[*differing], behind=behind)


def _scores(result: Scores) -> Table:
    level = result.levels[place_of(result.levels)]
    several = len(_totals(result)) > 1
    rows = []
    for of in result.summaries:
        held = {each.level: each.held for each in of.coverage}
        scores = (*map(held.get, result.levels), of.crps, of.interval_score.get(level))
        ahead = "all" if of.horizon is None else str(of.horizon)
        rows.append((*([of.author] if several else ()), ahead, of.n, of.mean_error_pct, *scores))
    columns = (
        *([Column("author", "Forecasts by")] if several else ()),
        *(Column("horizon", "Years ahead"), Column("n", "Forecasts", "integer")),
        Column("mean_error_pct", "Error", "percent", 1),
        *(table.share_column(f"held_{level}", f"In {level} %") for level in result.levels),
        *(Column("crps", "CRPS", "number", 2), Column("score", "Interval score", "number", 2)),
    )
    tones: tuple[Tone, ...] = tuple(
        "strong" if of.horizon is None else "plain" for of in result.summaries
    )
    return Table(
        columns, tuple(rows), "Scores; CRPS and interval score of the last value are 1", tones
    )


def picture(result: Scores) -> Picture:
    """Of one series the forecasts, the latest first, and what came; of several, how often each
    level held.
    """
    if len(result.series) > 1:
        return _reliability(result)
    series = result.series[0]
    drawn = []
    before = ""
    write = digits(series.unit, result.rows[-1].actual)
    level = result.levels[place_of(result.levels)]
    rows = [row for row in result.rows if not row.author.endswith(REBASED)]
    rows.sort(key=lambda row: (-(row.origin or 0), row.author, row.period))
    for row in rows[:MOST_DRAWN]:
        ours = row.author == "consensus"
        who = "Forecast" if ours else row.author
        group = f"{who}, from {row.origin}" if row.origin else who
        bounds = [(level, *row.bounds[level])] if level in row.bounds else []
        new = group if group != before else ""
        before = group
        drawn.append(past_row(row.period, row.forecast, bounds, row.actual, write, new, ours=ours))
    about = f"{name_of(series)}. Lines: forecasts with their {level} % range; dots: what came"
    return of_series(Ranges(tuple(drawn), PAST_HEADS), write, heading(result), series, about=about)


def _reliability(result: Scores) -> Picture:
    """The share of ranges that held over what they promise, within what chance allows in as many
    distinct outcomes.
    """
    coverage = _leading(result)[0].coverage
    if outcomes_of(result.rows) < ENOUGH or not coverage:
        hint = "Score one series, or more records."
        raise UsageError("There is nothing to draw: few outcomes of several series.", hint)
    outcomes = max(each.outcomes for each in coverage)
    xs = tuple(range(0, 101, 5))
    sides = zip(*(allowed(Coverage(x, 0, outcomes, 0.0)) for x in xs), strict=True)
    lower, upper = (tuple(100 * share for share in side) for side in sides)
    levels = tuple(each.level for each in coverage)
    held = tuple(100 * each.held for each in coverage)
    promised = Line("as promised", (0.0, 100.0), (0.0, 100.0), 2, "dotted", dots=False)
    marks = tuple(
        Mark(level, share, f"{share:.0f} %", "none")
        for level, share in zip(levels, held, strict=True)
    )
    bands = (Band("", xs, lower, upper, CHANCE, 2),)
    plot = Course((promised, Line("held", levels, held, MAIN)), bands, marks)
    allowed_in = counted(outcomes, "outcome")
    about = f"Up: ranges that held, %. Across: what they promise, %. Shaded: what chance allows in {allowed_in}"
    return of_series(plot, Amounts("%", 0), heading(result), *result.series, about=about, name="")
