"""`backtest` as a document: scores by model and horizon, or every forecast; published forecasts are scored too."""

from __future__ import annotations

from dataclasses import replace
from math import comb, isnan

from rural_forecast.document.table import Column, Document, Kind, Table
from rural_forecast.forecasting.backtest import ENOUGH, LEVELS, SCORING_LEVELS, Backtest, Score
from rural_forecast.forecasting.vintages import PublishedScore
from rural_forecast.text.numbers import amounts, percent
from rural_forecast.text.wording import counted
from rural_forecast.views.about import about_series, provenance, published, title_of
from rural_forecast.views.columns import Field, bounds, growth, growth_column, interval_columns, tabulated, value_column
from rural_forecast.views.evidence import record_by_horizon
from rural_forecast.views.notes import remarks

UNLIKELY = 0.05
"""Chance below which a count of outcomes inside an interval speaks against it."""
NEAR = 0.1
"""Share of outcomes by which an interval may miss its level without a word."""


def document(result: Backtest, *, detail: bool = False) -> Document:
    """The document of `backtest`; `detail` gives every forecast in place of the scores."""
    series = result.history.series
    origins = sorted({trial.origin for trial in result.trials})
    total = {score.model: score for score in result.scores if score.horizon is None}
    most = total["consensus"].n if "consensus" in total else 0
    span = f"{len(origins)} origins, {origins[0]} to {origins[-1]}" if len(origins) > 1 else f"One origin, {origins[0]}"
    summary = [f"{span}; {counted(most, 'forecast')} of the consensus."]
    if most < ENOUGH:
        summary.append(f"Fewer than {ENOUGH} forecasts rank nothing: read them as examples, not as evidence.")
    summary += [f"{said[0].upper()}{said[1:]}." for said in (rank(result), held(result)) if said]
    sections = [_detail(result)] if detail else [_totals(result, most >= ENOUGH), _by_horizon(result)]
    ahead = max(trial.horizon for trial in result.trials)
    record = record_by_horizon(result.history.values, ahead, [score.model for score in result.scores])
    if record and not detail:
        sections.append(record)
    sections += [_published(result)] if result.published else []
    sections += [_vintages(result)] if result.vintages else []
    return Document(
        command="backtest",
        records=_detail(result) if detail else tabulated(result.scores, *_scores(result), *_coverage("number")),
        title=f"Backtest of {title_of(series)}",
        about=(f"Unit of CRPS: {series.unit}" if series.unit and not detail else "",),
        summary=tuple(summary),
        sections=tuple(sections),
        notes=remarks(result.notes),
        series=(about_series(series),),
        provenance=provenance(result.history),
    )


def rank(result: Backtest) -> str:
    """The place of the consensus among the models by OWA, as the table ranks them; empty for too few forecasts."""
    totals = [score for score in result.scores if score.horizon is None and not isnan(score.owa)]
    ours = next((score for score in totals if score.model == "consensus"), None)
    if ours is None or ours.n < ENOUGH or len(totals) < 2:
        return ""
    place = 1 + sum(score.owa < ours.owa for score in totals)
    return f"it is number {place} of {len(totals)} models"


def held(result: Backtest) -> str:
    """How often the 80 % interval held, and what that says: distinct years alone are evidence."""
    inside: dict[int, list[bool]] = {}
    at = SCORING_LEVELS.index(LEVELS[0])
    for trial in result.trials:
        if trial.model == "consensus":
            inside.setdefault(trial.period, []).append(trial.lower[at] <= trial.actual <= trial.upper[at])
    if not inside:
        return ""
    years, count = len(inside), sum(map(len, inside.values()))
    share = sum(map(sum, inside.values())) / count
    likely = LEVELS[0] / 100
    kept = round(share * years)
    terms = [comb(years, held) * likely**held * (1 - likely) ** (years - held) for held in range(years + 1)]
    few, many = sum(terms[: kept + 1]), sum(terms[kept:])
    verdict = ", so it was too narrow" if few < UNLIKELY else ", so it was too wide" if many < UNLIKELY else ""
    if not verdict and abs(share - likely) > NEAR:
        verdict = ", too few to say more"
    return f"the {LEVELS[0]} % interval held {100 * share:.0f} % of outcomes in {counted(years, 'year')}{verdict}"


def _scores(result: Backtest) -> list[Field[Score]]:
    return [
        (Column("series_id"), lambda _: result.history.series.id),
        (Column("model", "Model"), lambda score: score.model),
        (Column("horizon", "Years ahead", "integer"), lambda score: score.horizon),
        (Column("n", "Forecasts", "integer"), lambda score: score.n),
        (Column("smape", "sMAPE", "number", 1), lambda score: _known(score.smape)),
        (Column("mase", "MASE", "number", 2), lambda score: _known(score.mase)),
        (Column("owa", "OWA", "number", 2), lambda score: _known(score.owa)),
        (Column("msis_95", "MSIS 95", "number", 1), lambda score: _known(score.msis_95)),
        (Column("crps", "CRPS", "number"), lambda score: _known(score.crps)),
    ]


def _coverage(kind: Kind) -> list[Field[Score]]:
    """Shares for machines, percentages for people."""
    whole, places = (100, 0) if kind == "percent" else (1, None)
    return [
        (Column("coverage_80", "Coverage 80 %", kind, places), lambda score: _known(whole * score.coverage_80)),
        (Column("coverage_95", "Coverage 95 %", kind, places), lambda score: _known(whole * score.coverage_95)),
    ]


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _totals(result: Backtest, ranked: bool) -> Table:
    """All horizons together; ranked by OWA where there are enough forecasts, the consensus first otherwise."""
    totals = [score for score in result.scores if score.horizon is None]
    if ranked:
        totals.sort(key=lambda score: (isnan(score.owa), score.owa))
    _, model, _, *others = _scores(result)
    table = tabulated(totals, model, *others, *_coverage("percent"), title="All horizons together")
    return replace(table, tones=tuple("strong" if score.model == "consensus" else "plain" for score in totals))


def _by_horizon(result: Backtest) -> Table:
    shown = [score for score in result.scores if score.horizon and score.model == "consensus"]
    return tabulated(shown, *_scores(result)[2:], *_coverage("percent"), title="The consensus by horizon")


def _detail(result: Backtest) -> Table:
    places = [SCORING_LEVELS.index(level) for level in LEVELS]
    columns = (
        Column("series_id"),
        Column("model", "Model"),
        Column("origin", "From", "year"),
        Column("period", "Year", "year"),
        Column("forecast", "Forecast", "number"),
        Column("actual", "Happened", "number"),
        *interval_columns(LEVELS),
    )
    rows = tuple(
        (
            result.history.series.id,
            *(trial.model, trial.origin, trial.period, trial.forecast, trial.actual),
            *bounds([trial.lower[index] for index in places], [trial.upper[index] for index in places]),
        )
        for trial in result.trials
    )
    return Table(columns, rows, title="Every forecast")


def _published(result: Backtest) -> Table:
    """Published forecasts, the outcome, and our forecast as of their date."""
    return tabulated(
        result.published,
        (Column("period", "Year", "year"), lambda scored: scored.forecast.period.year),
        (Column("said", "Forecast"), lambda scored: published(scored.forecast)),
        (Column("author", "By"), lambda scored: scored.forecast.author),
        (Column("dated", "Dated"), lambda scored: scored.forecast.dated),
        (Column("actual", "Happened", "number"), lambda scored: scored.actual),
        (Column("verdict", ""), _verdict),
        (Column("ours", "Ours, as of then", "number"), lambda scored: scored.ours),
        (Column("why_not", ""), lambda scored: scored.why_not),
        title="Published forecasts on the same definition",
    )


def _verdict(score: PublishedScore) -> str:
    if score.met is not None:
        return "met" if score.met else "missed"
    return f"off by {percent(score.error_pct)}" if score.error_pct else "exact" if score.error_pct == 0 else ""


def _vintages(result: Backtest) -> Table:
    """Ours just before a year was first published, against that figure and the present one."""
    write = amounts(result.history.series.unit, result.history.values.tolist())
    return tabulated(
        result.vintages,
        (Column("period", "Year", "year"), lambda vintage: vintage.period),
        (Column("as_of", "As of"), lambda vintage: vintage.as_of.isoformat()),
        (Column("origin", "From", "year"), lambda vintage: vintage.origin),
        (value_column(write, "ours", "Ours"), lambda vintage: vintage.ours),
        (value_column(write, "first", "First published"), lambda vintage: vintage.first.value),
        (growth_column("off_first", "Off by", follows=True), lambda vintage: growth(vintage.first.value, vintage.ours)),
        (value_column(write, "now", "Now"), lambda vintage: vintage.now.value),
        (growth_column("off_now", "Off by", follows=True), lambda vintage: growth(vintage.now.value, vintage.ours)),
        (Column("why_not", ""), lambda vintage: vintage.why_not or None),
        title="On vintages: our forecast the day before a year was first published",
    )
