"""`project` as a document: the rows of the contract, and for people a screen with the answer first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import Any

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.result import Forecast, ModelForecast
from rural_forecast.series.observation import Observation
from rural_forecast.series.published import PublishedForecast
from rural_forecast.text.numbers import percent
from rural_forecast.text.wording import counted
from rural_forecast.views import chances as of_targets
from rural_forecast.views import pool
from rural_forecast.views.about import about, about_series, provenance, ranged, title_of, within
from rural_forecast.views.answer import RECENT, amounts_of, finding, points, short_name
from rural_forecast.views.columns import (
    actual_rows,
    end_fields,
    growth,
    growth_column,
    in_tables,
    interval_columns,
    path_rows,
    row_columns,
    shown_growth,
    steps,
    tabulated,
    value_column,
)
from rural_forecast.views.notes import remarks
from rural_forecast.views.tidy import of_history

KNOWN = ("cagr", "linear", "arima", "ets")
"""Models that an analyst knows, shown next to the consensus."""
HEAVIEST = 2
"""Members shown, those with the largest weights."""


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
    model that answered, rather than the best known; `brief`: whether it fits a screen: the last ten years, without the
    notes; `targets`: values whose chance to be reached by each year is given; the machine rows are then those of the
    chances.
    """
    series = result.history.series
    chances = [result.chance(target) for target in dict.fromkeys(targets)]
    rows = Table(row_columns(result.levels), tuple(_records(result, history)))
    return Document(
        command="project",
        records=of_targets.records(series.id, chances) if chances else rows,
        title=title_of(series),
        about=about(series, brief=brief),
        summary=(finding(result), *(of_targets.sentence(chance, amounts_of(result)) for chance in chances)),
        sections=(
            *((of_targets.table(chances, amounts_of(result)),) if chances else ()),
            _course(result, whole=history or not brief),
            *((pool.table(result, result.pool),) if result.pool else ()),
            *((published_estimates(result),) if result.published else ()),
        ),
        points=(*of_targets.growth(result), *points(result)),
        after=tuple(other_models(result, every=all_models)),
        brief="--explain" if brief else "",
        figures=of_targets.figures(result, chances) | (pool.figures(result.pool) if result.pool else {}),
        inputs=inputs_of(result),
        notes=remarks(result.notes),
        series=(about_series(series),),
        provenance=made_by(result),
    )


def inputs_of(result: Forecast) -> Table:
    """The values used, and those published or expected by others that a pool rests on."""
    series = result.history.series
    return of_history(
        result.history, *(seen for seen in series.observations if result.pool and seen.status == "forecast")
    )


def made_by(result: Forecast, **more: Any) -> Mapping[str, Any]:
    """The options and versions that give the same numbers again."""
    return provenance(result.history, levels=list(result.levels), target=result.target, **_choices(result), **more)


def _choices(result: Forecast) -> dict[str, Any]:
    """The options that differ from the default."""
    history = result.history
    choices: dict[str, Any] = {"basis": history.basis} if history.basis != "levels" else {}
    limits = result.limits._asdict().items()
    stated = {name: value for name, value in limits if value is not None and value is not False}
    choices |= result.exchange.options(result.years) if result.exchange else {}
    models = [model.model for model in ((result.pool.ours,) if result.pool else result.main)]
    choices |= {"models": models} if models != ["consensus"] else {}
    choices |= {"since": history.first} if any(unused.why == "since" for unused in history.left_out) else {}
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


def _course(result: Forecast, *, whole: bool) -> Table:
    """History, then the forecast, in one table; what happened is next to a hindcast."""
    hindcast = {seen.period.year: seen.value for seen in result.later}
    answering = [model for model in result.main if model.answers]
    several = len(answering) > 1
    seen = result.history.observations[0 if whole else -RECENT :]
    write = in_tables(amounts_of(result), [observation.value for observation in seen])
    columns = [Column("period", "Year", "year"), Column("kind", "")]
    columns += [Column("model", "Model")] if several else []
    columns += [value_column(write), *interval_columns(result.levels, write), growth_column()]
    if hindcast:
        columns += [value_column(write, "actual", "Happened"), growth_column("error_pct", "Off by", follows=True)]
    keys = [column.key for column in columns]
    rows: list[dict[str, Cell]] = []
    before = [None, *(observation.value for observation in result.history.observations)][-len(seen) - 1 : -1]
    for observation, previous in zip(seen, before, strict=True):
        kind, rate = "derived" if observation.derived else observation.status, shown_growth(previous, observation.value)
        rows.append({"period": observation.period.year, "kind": kind, "value": observation.value, "growth_pct": rate})
    names = [column.key for column in interval_columns(result.levels)]
    for model in answering:
        previous = result.history.last
        for year, value, ends in steps(result.years, model):
            row: dict[str, Cell] = {"period": year, "kind": "forecast", "model": model.model, "value": value}
            off, rate = growth(hindcast.get(year), value), shown_growth(previous, value)
            row |= {"growth_pct": rate, "actual": hindcast.get(year), "error_pct": off}
            rows.append(row | dict(zip(names, ends, strict=True)))
            previous = value
    earlier = result.history.years[: -len(seen)]
    return Table(
        tuple(columns),
        tuple(tuple(map(row.get, keys)) for row in rows),
        title="History and forecast",
        caption=f"{counted(len(earlier), 'earlier year')}, from {earlier[0]} on, with --history." if earlier else "",
        tones=tuple("strong" if row["period"] == result.target else "plain" for row in rows),
    )


def published_estimates(result: Forecast) -> Table:
    """Third parties' forecasts with our value of the same year, or what happened."""
    known = {seen.period.year: seen for seen in (*result.history.observations, *result.later)}
    write = amounts_of(result)
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


def other_models(result: Forecast, *, every: bool = False) -> Iterator[Table]:
    """Forecasts of other models for the target year: those that an analyst knows and the heaviest members, or all."""
    models = {model.model: model.through(len(result.years)) for model in result.others}
    if every:
        yield _every_model(result, list(models.values()))
    elif all(model in models for model in KNOWN):
        heaviest = sorted((model for model in models.values() if model.weight), key=lambda model: -(model.weight or 0))
        shown = [*(models[model] for model in KNOWN), *heaviest[:HEAVIEST]]
        write = amounts_of(result)
        titles = (short_name(each.model) + (f", {100 * each.weight:.0f} %" if each.weight else "") for each in shown)
        columns = (
            replace(value_column(write, model.model), title=title) for model, title in zip(shown, titles, strict=True)
        )
        row = (result.target, *(model.last if model.answers else None for model in shown))
        yield Table((Column("period", "", "year"), *columns), (row,), title="Other models")


def _every_model(result: Forecast, models: list[ModelForecast]) -> Table:
    """Each with its weight in the consensus, or why it gives no forecast."""
    write = amounts_of(result)
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
