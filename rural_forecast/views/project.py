"""`project` as a document: the rows of the contract, and for people a screen with the answer first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf, log10
from typing import Any

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.distribution import Chance
from rural_forecast.forecasting.limits import whole as whole_of
from rural_forecast.forecasting.question import DEFAULT_LEVELS
from rural_forecast.forecasting.result import Forecast, ModelForecast
from rural_forecast.series.observation import Observation
from rural_forecast.series.published import PublishedForecast
from rural_forecast.text.numbers import percent, sparkline
from rural_forecast.views import chances as of_targets
from rural_forecast.views import markets, pool, ranges
from rural_forecast.views.about import about, about_series, named, provenance, ranged, within
from rural_forecast.views.answer import caution, change, heading, in_tables, points, short_name
from rural_forecast.views.columns import (
    actual_rows,
    end_fields,
    path_rows,
    row_columns,
    shown_growth,
    steps,
    tabulated,
    value_column,
)
from rural_forecast.views.notes import remarks
from rural_forecast.views.tidy import inputs, used

KNOWN = ("cagr", "linear", "arima", "ets")
"""Models that an analyst knows, named below the answer."""
ACTUALS = 2
"""Observed years on a screen."""
DECADES = 50
"""Greatest over least value from which a course is drawn by its logarithms."""
LONGEST = 24
"""Years of a course in characters."""


def document(
    result: Forecast,
    *,
    history: bool = False,
    all_models: bool = False,
    brief: bool = False,
    targets: Sequence[float] = (),
) -> Document:
    """The document of `project`.

    `history`: whether the machine rows have actual and published values too; `all_models`: whether people see every
    model that answered, rather than the best known; `brief`: whether it fits a screen: the last two observed years, one
    range, one note; `targets`: values whose chance in each year is given; the machine rows are then those of the
    chances.
    """
    series, write = result.history.series, in_tables(result)
    reached = [result.chance(target) for target in dict.fromkeys(targets)]
    title, likely = heading(result, reached)
    sections = [course(result, reached, whole=history or not brief, published=brief)]
    sections += [pool.table(result, result.pool)] if result.pool else []
    sections += [published_estimates(result)] if result.published and not brief else []
    sections += [_every_model(result)] if all_models else []
    return Document(
        command="project",
        records=of_targets.records(series.id, reached)
        if reached
        else Table(row_columns(result.levels), tuple(_records(result, history))),
        title=title,
        about=about(series, brief=brief),
        summary=tuple(
            filter(
                None,
                (likely, *(of_targets.sentence(chance, write) for chance in reached), change(result), caution(result)),
            )
        ),
        course=sparkline_of(result),
        sections=tuple(sections),
        points=() if brief else (*of_targets.growth(result), *points(result)),
        brief="--explain" if brief else "",
        more=tuple(_more(result)),
        figures=of_targets.figures(result, reached)
        | (pool.figures(result.pool) if result.pool else {})
        | markets.figures(result),
        inputs=inputs_of(result),
        notes=remarks(result.notes),
        series=(about_series(series),),
        provenance=made_by(result),
    )


def inputs_of(result: Forecast) -> Table:
    """The values used, those of other markets that it rests on, and what others expect where that is pooled."""
    expected = [seen for seen in result.history.series.observations if result.pool and seen.status == "forecast"]
    others = filter(None, (*result.limits.like, result.limits.within))
    return inputs(used(result.history, *expected), *map(used, others))


def _more(result: Forecast) -> Iterator[str]:
    if result.levels == DEFAULT_LEVELS:
        yield "--level 95"
    yield "--all-models"


def sparkline_of(result: Forecast) -> str:
    """All history and the forecast in characters, between their first and last year."""
    known = result.history.values.tolist()[-LONGEST:]
    values = [*known, *result.best.values.tolist()]
    if min(values) > 0 and max(values) / min(values) > DECADES:
        values = [log10(value) for value in values]
    heights = sparkline(values, longest=2 * LONGEST)
    first = result.history.years[-len(known)]
    return f"{first} {heights[: len(known)]}┊{heights[len(known) :]} {result.target}"


def made_by(result: Forecast, **more: Any) -> Mapping[str, Any]:
    """The options and versions that give the same numbers again."""
    return provenance(result.history, levels=list(result.levels), target=result.target, **_choices(result), **more)


def _choices(result: Forecast) -> dict[str, Any]:
    """The options that differ from the default."""
    history = result.history
    choices: dict[str, Any] = {"basis": history.basis} if history.basis != "levels" else {}
    limits = result.limits._asdict().items()
    stated = {name: value for name, value in limits if value not in (None, False, ())}
    if result.limits.like:
        stated["like"] = [named(other.series) for other in result.limits.like]
    stated.pop("within", None)
    if result.limits.within and (result.shares is None or result.shares.binds):  # else the numbers are those without
        stated["within"] = named(result.limits.within.series)
    choices |= result.exchange.options(result.years) if result.exchange else {}
    models = [model.model for model in ((result.pool.ours,) if result.pool else result.main)]
    choices |= {"models": models} if models != ["consensus"] else {}
    left_out = {unused.why for unused in history.left_out}
    choices |= {"since": history.first} if "since" in left_out else {}
    choices |= {"until": history.origin} if left_out & {"until", "new basis"} else {}
    choices |= {"prefer": history.prefer} if history.prefer else {}
    choices |= {"pool": result.pool.stated} if result.pool else {}
    return choices | ({"as_of": history.as_of.isoformat()} if history.as_of else {}) | stated


def _records(result: Forecast, history: bool) -> Iterator[tuple[Cell, ...]]:
    series, levels = result.history.series, len(result.levels)
    if history:
        yield from actual_rows(series, (*result.history.observations, *result.later), levels)
        blank: tuple[Cell, ...] = (None,) * (2 * levels + 1)
        for figure in result.published:
            if figure.period.is_year:
                yield (series.id, figure.period.year, "published", figure.author, figure.value, *blank, series.unit)
    for model in (*result.main, *result.others):
        yield from path_rows(series, "forecast", model.model, steps(result.years, model), result.history.last)


def course(result: Forecast, reached: Sequence[Chance] = (), *, whole: bool, published: bool) -> Table:
    """The last observed years and the forecast, year by year, with what happened and what others published.

    `whole`: all observed years, and all levels; `published`: also what others published, one figure a year.
    """
    write = in_tables(result)
    shown = list(range(len(result.levels))) if whole else ranges.shown_levels(result.levels)
    rows = [*_actual(result, whole=whole), *_ahead(result, shown, reached, published=published)]
    return ranges.table(
        rows,
        Column("period", "Year", "year"),
        ranges.amount_column(write),
        [result.levels[place] for place in shown],
        write,
        before=(Column("kind", ""),),
        behind=(
            ranges.pace_column(row.behind[0] for row in rows),
            *(of_targets.column(chance, write) for chance in reached),
        ),
        title="History and forecast",
        most=whole_of(result.history),
    )


def _actual(result: Forecast, *, whole: bool) -> Iterator[ranges.Row]:
    seen = result.history.observations
    before = [None, *(observation.value for observation in seen)]
    for observation, previous in list(zip(seen, before, strict=False))[0 if whole else -ACTUALS :]:
        kind = "derived" if observation.derived else observation.status
        rate = shown_growth(previous, observation.value)
        yield ranges.Row(observation.period.year, observation.value, (), "observed", (kind,), (rate,))


def _ahead(
    result: Forecast, shown: Sequence[int], reached: Sequence[Chance], *, published: bool
) -> Iterator[ranges.Row]:
    """The years of the forecast."""
    answering = [model for model in result.main if model.answers]
    known = {seen.period.year: seen.value for seen in (*result.history.observations, *result.later)}
    others = _by_year(result.published) if published else {}
    for step, year in enumerate(result.years):
        for model in answering:
            if step < len(model.values):
                yield _step(result, model, step, shown, reached, alone=len(answering) == 1)
        if year in others:
            value = others[year].value
            before = others[year - 1].value if year - 1 in others else known.get(year - 1)
            yield ranges.Row(year, value, (), "published", ("published",), (shown_growth(before, value),))
        if year in known:
            rate = shown_growth(known.get(year - 1), known[year])
            yield ranges.Row(year, known[year], (), "observed", ("came",), (rate,))


def _step(
    result: Forecast, model: ModelForecast, step: int, shown: Sequence[int], reached: Sequence[Chance], *, alone: bool
) -> ranges.Row:
    """The row of one year of a forecast; `alone`: its model needs no name."""
    value, before = model.values[step], model.values[step - 1] if step else result.history.last
    return ranges.Row(
        result.years[step],
        float(value),
        tuple(float(side[place, step]) for place in shown for side in (model.lower, model.upper)),
        "ours" if model.model == result.best.model else "other",
        ("forecast" if alone else model.model,),
        (shown_growth(float(before), float(value)), *(100 * chance.at_or_above[step] for chance in reached)),
        "strong" if step == len(result.years) - 1 else "plain",
    )


def _by_year(figures: Iterable[PublishedForecast]) -> dict[int, PublishedForecast]:
    """The latest published figure of each year; a bound is none."""
    exact = [figure for figure in figures if figure.period.is_year and figure.qualifier in "=~"]
    return {figure.period.year: figure for figure in sorted(exact, key=lambda figure: figure.dated)}


def published_estimates(result: Forecast) -> Table:
    """Third parties' forecasts with our value of the same year, or what happened."""
    known = {seen.period.year: seen for seen in (*result.history.observations, *result.later)}
    write = in_tables(result)
    columns = (
        Column("period", "Year", "year"),
        Column("value", "Published"),
        Column("author", "By"),
        Column("dated", "Dated"),
        value_column(write, "ours", "Ours or actual"),
        Column("verdict", ""),
    )
    rows = []
    for figure in result.published:
        if not figure.period.is_year:
            continue
        year, ours, verdict = figure.period.year, None, ""
        if year in known:
            ours, verdict = known[year].value, _outcome(figure, known[year])
        elif year in result.years:
            step = result.years.index(year)
            ours, sides = float(result.best.values[step]), (result.best.lower[:, step], result.best.upper[:, step])
            verdict = within(figure.value, ours, result.levels, *sides)
        author = f"{figure.author}{', a target' if figure.target else ''}"
        rows.append((year, ranged(figure, write), author, figure.dated, ours, verdict))
    return Table(columns, tuple(rows), title="Published estimates")


def _outcome(figure: PublishedForecast, seen: Observation) -> str:
    """Met or missed for a bound, the error for a point."""
    if figure.qualifier in "<>":
        met = seen.value >= figure.value if figure.qualifier == ">" else seen.value <= figure.value
        return "actual: met" if met else "actual: missed"
    if figure.value == seen.value:
        return "actual: exact"
    return f"actual: off by {percent(100 * (figure.value / seen.value - 1))}" if seen.value else "actual"


def other_models(result: Forecast, models: Iterable[ModelForecast]) -> str:
    """Write the answers of familiar models for the target year in a line."""
    write = in_tables(result)
    reaching = {model.model: model for model in models if len(model.values) == len(result.years)}
    given = [
        f"{short_name(name) if name != 'linear' else name} {write(reaching[name].last)}"
        for name in KNOWN
        if name in reaching
    ]
    return f"Other models, {result.target}: {', '.join(given)}" if given else ""


def _every_model(result: Forecast) -> Table:
    """Each with its weight in the consensus, or why it gives no forecast."""
    write, models = in_tables(result), [model.through(len(result.years)) for model in result.others]
    opinions = registry.names("opinion")
    return tabulated(
        sorted(models, key=lambda model: (not model.answers, inf if model.weight is None else -model.weight)),
        (Column("model", "Model"), lambda model: model.model),
        *end_fields(result.levels[:1], write, lambda model: model),
        (Column("weight", "Weight", "percent", 0), lambda model: None if model.weight is None else 100 * model.weight),
        (
            Column("reason", ""),
            lambda model: (
                (model.message or ("opinion" if model.model in opinions else "")) if model.answers else model.reason
            ),
        ),
        title=f"Other models for {result.target}",
    )
