"""`scenario`: assumptions of a person beside the forecast, year by year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isnan
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.document.picture import (
    MAIN,
    Course,
    Dash,
    EndRange,
    Key,
    Label,
    Picture,
)
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.forecasting.distribution import Chance
from rural_forecast.forecasting.result import ModelForecast
from rural_forecast.observed.history import History
from rural_forecast.scenarios.assumptions import ABOVE, Assumed, Scenario, ends_of
from rural_forecast.scenarios.following import ScenarioPath
from rural_forecast.scenarios.scenario import Outcome, Scenarios
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import Amounts, in_unit
from rural_forecast.text.wording import Headline, listed, spans, written
from rural_forecast.views import attribution, chances, lines, premises, project, recorded, table
from rural_forecast.views.about import documented
from rural_forecast.views.answer import in_sentences, in_tables
from rural_forecast.views.chart import break_sentence, earlier_lines, key_of_bases
from rural_forecast.views.names import title_of
from rural_forecast.views.table import RangedRow

_ASSUMED = {"override": "value stated", "growth": "growth stated", "": ""}
CHANGE = table.growth_column("change", "Change")
# Context in a picture: lines are told apart by their dashes, then by their grey.
_CONTEXT_DASHES: tuple[Dash, ...] = ("solid", "dashed", "dotted", "dash-dotted")
_CONTEXT_TONES = (2, 4)


def document(
    result: Scenarios, *, history: bool = False, targets: Sequence[float] = ()
) -> Document:
    """Make the document of `scenario`; `history` adds actual and published rows of the contract.

    With `targets`, the rows are those of their chances.
    """
    base = result.baseline
    wanted = tuple(dict.fromkeys(targets))
    baseline = project.document(base, history=history, brief=True)
    several = len(result.outcomes) > 1
    first = _last_year(result) if several else _course(result, result.outcomes[0])
    stated = {outcome.scenario.name: _stated(outcome.scenario) for outcome in result.outcomes}
    rows = Table(table.row_columns(base.levels), (*baseline.records.rows, *_records(result)))
    figures = {}
    if wanted:
        reached = [*_reached(result, wanted)]
        rows = Table(chances.OF_MODELS, tuple(_chances(result, reached)))
        figures["targets"] = [chances.described(chance, model=name) for name, chance in reached]
    return documented(
        "scenario",
        heading(result, targets=wanted),
        rows,
        [first, *(_course(result, outcome, whole=True) for outcome in result.outcomes)],
        result.notes,
        base.history.series,
        sentences=(*premises.of_forecast(base, in_sentences(base)), *_sentences(result, wanted)),
        about=baseline.about,
        brief="-f markdown",
        inputs=baseline.inputs,
        provenance=recorded.made_by(base, scenarios=stated),
        figures=figures,
    )


def _chances(
    result: Scenarios, reached: Iterable[tuple[str, Chance]]
) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of chances, each with the name of the model or scenario."""
    series_id = result.baseline.history.series.id
    for name, chance in reached:
        for row in chances.records(series_id, [chance]):
            yield (*row, name)


def _reached(result: Scenarios, targets: Sequence[float]) -> Iterator[tuple[str, Chance]]:
    """Yield the chances of targets in the forecast, then in each scenario, with its name."""
    for outcome in (None, *result.outcomes):
        name = result.baseline.best.model if outcome is None else outcome.scenario.name
        for target in targets:
            yield name, result.chance(target, outcome)


def _sentences(result: Scenarios, targets: Sequence[float]) -> list[str]:
    """Say the chance of each target in each scenario, then in the forecast."""
    write = in_tables(result.baseline)
    sentences = []
    for target in targets:
        for outcome in result.outcomes:
            name = _name(outcome)
            sentences.append(chances.sentence(result.chance(target, outcome), write, name))
        sentences.append(chances.sentence(result.chance(target), write, "forecast"))
    return sentences


def _records(result: Scenarios) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of the contract of each scenario."""
    base = result.baseline
    for outcome in result.outcomes:
        yield from table.path_rows(
            base.history.series,
            "scenario",
            outcome.scenario.name,
            base.years,
            outcome.path,
            base.history.last,
        )


def _stated(scenario: Scenario) -> dict[str, Any]:
    """Give what a scenario states, as a file of scenarios has it."""
    stated = {}
    for key in ("growth", "ceiling", "shock", "override", "range_level", "reason"):
        value = getattr(scenario, key)
        if isinstance(value, Mapping):
            value = dict(value)
        if value not in (None, "", {}):
            stated[key] = value
    return stated


def heading(
    result: Scenarios, write: Amounts | None = None, targets: Sequence[float] = ()
) -> Headline:
    """Make the headline: what a scenario comes to, or how several differ from the forecast.

    With a target, it is its chance in the scenario, or in the forecast where there are several.

    A picture gives its own way to `write` amounts.
    """
    base = result.baseline
    write = write or in_sentences(base)
    if len(result.outcomes) > 1:
        head = _heading_of_several(result, write)
        if not targets:
            return head
        reached = result.chance(targets[0])
        return chances.heading(title_of(base.history.series), reached, write, head.range)
    (outcome,) = result.outcomes
    level = base.levels[base.headline]
    last = _end(outcome.path, base.headline, write)
    in_its_digits = _digits_of(outcome.path, base.headline, write)
    claim = f"{last.amount}{in_unit(write.unit)} in {base.target}{_under(outcome, write)}"
    condition = f"Stated: {_assumption(outcome, write)};"
    likely = ""
    if last.bounds and outcome.path.assumed[-1]:
        # The range is that of the person who stated it: it has no chance of ours.
        condition = _condition(outcome, write)
        likely = f"{' to '.join(last.texts)}{in_unit(write.unit)}; "
    elif last.bounds:
        likely = f"{words.odds(level, *last.texts)}{in_unit(write.unit)}; "
    range_ = f"{condition} {likely}the forecast alone is {in_its_digits(base.best.last)}."
    title = title_of(base.history.series)
    if targets:
        reached = result.chance(targets[0], outcome)
        return chances.heading(title, reached, write, range_)
    return words.headline(title, claim, range_)


def _end(path: ModelForecast | ScenarioPath, index: int, write: Amounts) -> EndRange:
    """Write the last value of a path and the range of a level, in the digits that it supports."""
    value = float(path.values[-1])
    low = float(path.lower[index, -1])
    high = float(path.upper[index, -1])
    if isnan(low):
        return EndRange("", value, write(value))
    own = _digits_of(path, index, write)
    return EndRange("", value, own(value), (low, high), own.bounds(low, high))


def _digits_of(path: ModelForecast | ScenarioPath, index: int, write: Amounts) -> Amounts:
    """Write amounts in the digits of the last value of a path, so that they can be compared."""
    low = float(path.lower[index, -1])
    high = float(path.upper[index, -1])
    return write if isnan(low) else write.of_range(float(path.values[-1]), low, high)


def _heading_of_several(result: Scenarios, write: Amounts) -> Headline:
    """Make the headline of several: the forecast, and the side of it on which they are."""
    base = result.baseline
    forecast = write.printed(base.best.last)
    values = [write.printed(float(outcome.path.values[-1])) for outcome in result.outcomes]
    side = "scenarios on both sides"
    if max(values) < forecast:
        side = "less in every scenario"
    if min(values) > forecast:
        side = "more in every scenario"
    title = title_of(base.history.series)
    level = base.levels[base.headline]
    ends = base.best.ends(base.headline)
    range_ = words.about(title, base.target, base.best.last, level, ends, write).range
    claim = f"{write.full(base.best.last)} in {base.target}, {side}"
    return words.headline(title, claim, range_)


def _name(outcome: Outcome) -> str:
    """Name a scenario in a sentence."""
    return outcome.scenario.name.replace("_", " ")


def _under(outcome: Outcome, write: Amounts) -> str:
    """Say under which scenario; one without a name is what it assumes, here or in the range."""
    if outcome.scenario.name not in ABOVE:
        return f" under {_name(outcome)}"
    rate = _rate_alone(outcome, write)
    return f" if growth is {rate}" if rate else ", as stated"


def _drawn_name(outcome: Outcome, write: Amounts) -> str:
    """Name the line of a scenario; growth alone that has no name is its rate."""
    rate = _rate_alone(outcome, write) if outcome.scenario.name in ABOVE else ""
    return f"{rate} growth" if rate else _name(outcome)


def _rate_alone(outcome: Outcome, write: Amounts) -> str:
    """Write the one rate that is all a scenario assumes, without the words "a year"."""
    scenario = outcome.scenario
    if _is_growth_alone(scenario) and isinstance(scenario.growth, int | float):
        return _assumption(outcome, write).removeprefix("growth of ").removesuffix(" a year")
    return ""


def _is_growth_alone(scenario: Scenario) -> bool:
    """Check that a scenario assumes growth, and nothing else."""
    others = scenario.ceiling or scenario.shock or scenario.override
    return scenario.growth is not None and not others


def _course(result: Scenarios, outcome: Outcome, *, whole: bool = False) -> Table:
    """Tabulate a scenario year by year, next to the forecast.

    `whole` adds all its ranges, and what is assumed of each year.
    """
    base = result.baseline
    write = in_tables(base)
    rows = []
    for step, (year, value, ends) in enumerate(table.steps(base.years, outcome.path)):
        forecast = float(base.best.values[step])
        behind: tuple[Cell, ...] = (table.shown_growth(forecast, value),)
        if whole:
            behind = (*behind, _assumptions(outcome, step, year))
        row = RangedRow(
            year,
            value,
            ends,
            before=(forecast,),
            behind=behind,
            tone="strong" if year == base.target else "plain",
        )
        rows.append(row)
    return table.ranged(
        rows,
        table.YEAR,
        table.value_column(write, "Scenario"),
        base.levels,
        write,
        before=(table.value_column(write, "Forecast", "baseline"),),
        behind=(CHANGE, Column("assumed", "")) if whole else (CHANGE,),
        every=whole,
        title=_name(outcome) if whole else "",
    )


def _assumptions(outcome: Outcome, step: int, year: int) -> str:
    """Say what is assumed of a year."""
    assumptions = [_ASSUMED[outcome.path.assumed[step]]]
    shock = outcome.scenario.shock.get(year)
    if shock is not None:
        assumptions.append(f"shock of {written(shock)} %")
    return ", ".join(filter(None, assumptions))


def _last_year(result: Scenarios) -> Table:
    """Tabulate the forecast and each scenario in the last year."""
    base = result.baseline
    write = in_tables(base)
    *_, forecast = table.steps(base.years, base.best)
    rows = [RangedRow("forecast", forecast.value, forecast.ends)]
    for outcome in result.outcomes:
        *_, last = table.steps(base.years, outcome.path)
        change = table.shown_growth(forecast.value, last.value)
        rows.append(RangedRow(_name(outcome), last.value, last.ends, "other", behind=(change,)))
    return table.ranged(
        rows,
        Column("scenario", "Scenario"),
        table.value_column(write, str(base.target)),
        base.levels,
        write,
        behind=(CHANGE,),
    )


def picture(result: Scenarios, *, targets: Sequence[float] = ()) -> Picture:
    """Draw what the headline names with the accent and its fan; the others are context.

    Each has its range in the last year as a bar beside the drawing, and what it assumes as a line
    above it, which is its key.
    """
    base = result.baseline
    write = lines.write_of(base)
    year = base.target
    index = base.headline
    drawn = [
        _DrawnPath("forecast", base.best, ""),
        *(
            _DrawnPath(_drawn_name(outcome, write), outcome.path, _assumption(outcome, write))
            for outcome in result.outcomes
        ),
    ]
    leading = 0 if len(result.outcomes) > 1 else 1

    courses = []
    labels = []
    ends = []
    keys = []
    rank = 0
    for number, one in enumerate(drawn):
        tone = MAIN
        dash: Dash = "solid"
        if number != leading:
            tone = _CONTEXT_TONES[rank // len(_CONTEXT_DASHES) % len(_CONTEXT_TONES)]
            dash = _CONTEXT_DASHES[rank % len(_CONTEXT_DASHES)]
            rank += 1
        end = _end(one.path, index, write)
        line = lines.ahead(base, one.path.values, one.name, tone)
        if tone != MAIN:
            line = line._replace(dash=dash, dots=False)
        courses.append(line)
        labels.append(Label(end.value, end.amount, one.name, tone, strong=tone == MAIN))
        ends.append(end._replace(name=one.name, tone=tone, dash=dash))
        # That of one alone is in the line below the headline.
        if one.assumption and len(result.outcomes) > 1:
            keys.append(Key(one.name, one.assumption, tone, dash))

    lower = drawn[leading].path.lower[index]
    upper = drawn[leading].path.upper[index]
    bands = []
    if not np.isnan(lower).any():
        bands.append(lines.band(base, base.levels[index], lower, upper))
    plot = Course(
        lines=(*earlier_lines(base), lines.observed(base.history), *reversed(courses)),
        bands=tuple(bands),
        marks=tuple(lines.last_value(base.history, write)),
        labels=tuple(labels),
        origin=base.origin,
        keys=tuple(keys),
        ends=tuple(ends),
        ends_head=f"{year} and its {base.levels[index]} % range",
    )
    return lines.of_series(
        plot,
        write,
        heading(result, write, targets),
        base.history.series,
        source=attribution.line(attribution.of_forecasts(base)),
        notes=tuple(_of_bases(base.history)),
        premise=" ".join(premises.of_forecast(base, write)),
    )


def _of_bases(history: History) -> Iterator[str]:
    """Say which years are on a new basis, and what is drawn of earlier ones."""
    basis = break_sentence(history)
    if basis:
        yield f"{basis} {key_of_bases(history)}."


class _DrawnPath(NamedTuple):
    """A path with its name and what it assumes."""

    name: str
    path: ModelForecast | ScenarioPath
    assumption: str


def _condition(outcome: Outcome, write: Amounts) -> str:
    """Write what a scenario assumes as a condition, where it assumes growth alone."""
    if _is_growth_alone(outcome.scenario):
        text = _assumption(outcome, write).removeprefix("growth of ")
        return f"If growth is {text}:"
    return f"With {_assumption(outcome, write)}:"


def _assumption(outcome: Outcome, write: Amounts) -> str:
    """Write what a scenario assumes, in the unit of the picture."""
    scenario = outcome.scenario
    texts = []
    if isinstance(scenario.growth, Mapping):
        years = spans(scenario.growth)
        texts.append(f"growth of {_rates(scenario.growth.values())} in {years}")
    elif scenario.growth is not None:
        texts.append(f"growth of {_spoken(scenario.growth)} % a year")
    if scenario.ceiling:
        low, high = scenario.ceiling
        lower = f"between {write.given(low)} and" if low < high else "at"
        texts.append(f"a ceiling {lower} {write.given(high)}{in_unit(write.unit)}")
    for year, change in scenario.shock.items():
        texts.append(f"{_change(change)} in {year}")
    for year, value in scenario.override.items():
        texts.append(f"{_amount(value, write)} in {year}")
    return ", ".join(texts) or "nothing"


def _rates(rates: Iterable[Assumed]) -> str:
    """Write rates of years in their order, each once where all are equal."""
    texts = list(map(_spoken, rates))
    if len(set(texts)) == 1:
        return f"{texts[0]} %"
    return f"{listed(texts)} %"


def _change(change: Assumed) -> str:
    """Write a change of the level in words where its direction is sure."""
    low, high = ends_of(change)
    if high <= 0:
        return f"{_spoken((-high, -low))} % lower"
    if low >= 0:
        return f"{_spoken(change)} % higher"
    return f"a change of {_spoken(change)} %"


def _spoken(value: Assumed) -> str:
    """Write a number, or the ends of a range, in a sentence."""
    return " to ".join(dict.fromkeys(map(written, ends_of(value))))


def _amount(value: Assumed, write: Amounts) -> str:
    low, high = ends_of(value)
    if low == high:
        return f"{write.given(low)}{in_unit(write.unit)}"
    return f"{write.given(low)} to {write.given(high)}{in_unit(write.unit)}"
