"""The part of a document by which a record gives the same numbers again.

Its input rows, the options that differ from the default, and results that are not rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rural_forecast.document.table import Cell, Table
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.distribution import Chance
from rural_forecast.forecasting.result import Forecast, Shares, Voice
from rural_forecast.observed.history import History
from rural_forecast.observed.observation import Observation
from rural_forecast.observed.subjects import subject_of
from rural_forecast.question.question import CONSENSUS, Question
from rural_forecast.views import about, chances
from rural_forecast.views.others import yearly_shares
from rural_forecast.views.table import steps

if TYPE_CHECKING:
    from rural_forecast.observed.money.conversion import Conversion


def inputs_of(result: Forecast, *others: History) -> Table:
    """List the values used, and those of the other series and voices that it rests on."""
    expected = list[Observation]()
    if result.pool:
        for observation in result.history.series.observations:
            if observation.status == "forecast":
                expected.append(observation)
    total = result.limits.within
    totals = [about.used(total, start=result.limits.start_of_total)] if total else []
    return about.inputs(
        about.used(result.history, *expected, start=result.running),
        *map(about.used, result.limits.like),
        *totals,
        *map(about.used, filter(None, others)),
        *about.given(*money_of(result)),
    )


def money_of(result: Forecast) -> Iterator[Conversion]:
    """Yield how amounts came into the prices of one year, and into another currency."""
    yield from filter(None, (result.history.series.prices, result.exchange))


_RECORDED = (
    *("levels", "target", "basis"),
    *("real", "inflation", "currency", "converted_from", "rate"),
    *("models", "since", "until", "prefer", "pool", "as_of"),
    *("ceiling", "floor", "measure", "kind", "within", "like"),
)
"""The order of options that records have had since 3.0; others follow."""


def made_by(result: Forecast, **more: Any) -> Mapping[str, Any]:
    """Describe the origin of a forecast: its data, and the options that differ from the default."""
    options = {
        **_answered(result).to_json(),
        **about.money_options(money_of(result), result.years),
    }
    if result.pool:
        options["pool"] = result.pool.stated
    if result.question.ceiling:  # a workbook writes a range in round brackets
        options["ceiling"] = result.question.ceiling
    # That of the series too, and the one read from its title.
    if kind := result.limits.kind or result.question.kind:
        options["kind"] = kind
    ordered = {name: options[name] for name in (*_RECORDED, *options) if name in options}
    provenance = about.provenance(result.history, result.running, **ordered, **more)
    if result.limits.within is None:
        return provenance
    total = result.limits.within.series
    stated: dict[str, str] = {}
    subject = total.market_kind or subject_of(total)
    if subject:  # its rows have no title that says so
        stated["market_kind"] = subject
    if result.limits.start_of_total and total.measure:
        stated["measure"] = total.measure
    return {**provenance, "stated": {total.id: stated}} if stated else provenance


def _answered(result: Forecast) -> Question:
    """The question as it was answered: by its years, its models and a total that binds."""
    history = result.history
    left_out = {unused.why for unused in history.left_out}
    main = (result.pool.ours,) if result.pool else result.main
    models = tuple(path.model for path in main)
    total = result.limits.within
    since = None
    if "since" in left_out:
        since = history.first if history.bases is None else history.linked.first
    beside = [registry.get(path.model) for path in result.others if path.model != CONSENSUS]
    # A total that never binds leaves the numbers as they are without it.
    binds = result.shares is None or result.shares.binds
    return replace(
        result.question,
        year=result.target,
        models=() if models == (CONSENSUS,) else models,
        kernels=any(model.own_forecast is None for model in beside),
        opinions=any(model.own_forecast is not None for model in beside),
        since=since,
        breaks=history.breaks_used,
        until=history.origin if left_out & {"until", "new basis"} else None,
        prefer=history.prefer,
        allow_gaps=False,
        kind=None,
        within=total.series if total and binds else None,
    )


def figures(result: Forecast) -> dict[str, Any]:
    """Describe the pool and other markets for the json format; empty without them."""
    described: dict[str, Any] = {}
    if result.pool:
        described["pool"] = [_voice(voice) for voice in result.pool.voices]
    if result.leads:
        described["leaders"] = [
            {"name": lead.name, "crossed": lead.crossed, "years_to_more": lead.years_to_more}
            for lead in result.leads
        ]
    if result.shares:
        described["within"] = _total(result, result.shares)
    return described


def _voice(voice: Voice) -> dict[str, Any]:
    """Describe a voice of the pool."""
    return {
        "who": voice.who,
        "weight": voice.weight,
        "by": voice.by,
        "spread": " and ".join(voice.spread),
    }


def _total(result: Forecast, shares: Shares) -> dict[str, Any]:
    """Describe the total that a series is a part of, and its share in each year."""
    return {
        "total": shares.total,
        "past": list(shares.past) if shares.past else None,
        "shares": [
            {"period": year, "share": share, "lower_80": lower, "upper_80": upper}
            for year, share, lower, upper in yearly_shares(result.years, shares)
        ],
    }


def compound_growth(result: Forecast, reached: Sequence[Chance]) -> dict[str, Any]:
    """Describe compound growth, and targets with the forecast that they rest on, for json."""
    described: dict[str, Any] = {}
    if rate := result.cagr:
        growth = {"from": result.origin, "to": result.target, "value": rate.value}
        for index, level in enumerate(result.levels):
            growth[f"lower_{level}"] = rate.lower[index]
            growth[f"upper_{level}"] = rate.upper[index]
        described["cagr_pct"] = growth
    if reached:
        described |= chances.figures(reached)
        described["forecast"] = forecast_by_year(result)
    return described


def forecast_by_year(result: Forecast) -> list[dict[str, Cell]]:
    """Describe the forecast where the rows are those of its chances."""
    described = []
    for step in steps(result.years, result.best):
        of_year: dict[str, Cell] = {"period": step.year, "value": step.value}
        for level, (lower, upper) in zip(result.levels, step.ends, strict=True):
            of_year[f"lower_{level}"] = lower
            of_year[f"upper_{level}"] = upper
        described.append(of_year)
    return described
