"""`project` as a document: the rows of the contract, and for people the answer, the table and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.asking import ModelForecast
from rural_forecast.forecasting.forecast import Forecast
from rural_forecast.series.observation import Observation
from rural_forecast.series.published import PublishedForecast
from rural_forecast.text.wording import rounded
from rural_forecast.views.common import (
    about_series,
    decimals,
    growth,
    interval_columns,
    percent,
    provenance,
    published,
    row_columns,
    subtitle,
)
from rural_forecast.views.notes import remarks


def document(result: Forecast, *, history: bool = False) -> Document:
    """Everything `project` says; `history` adds actual and published rows to the machine rows."""
    series = result.history.series
    return Document(
        command="project",
        records=Table(row_columns(result.levels), tuple(_records(result, history))),
        title=series.title or series.id,
        subtitle=subtitle(series),
        summary=(_answer(result), _pace(result)),
        sections=tuple(_sections(result)),
        notes=remarks(result.notes),
        series=(about_series(series),),
        provenance=provenance(result.history, levels=list(result.levels), target=result.target, **_choices(result)),
    )


def _choices(result: Forecast) -> dict[str, Any]:
    """What was chosen beyond the default, to get the same numbers again."""
    history = result.history
    given: dict[str, Any] = {"basis": history.basis} if history.basis != "levels" else {}
    stated = {
        name: value for name, value in result.limits._asdict().items() if value is not None and value is not False
    }
    return given | ({"as_of": history.as_of.isoformat()} if history.as_of else {}) | stated


def _records(result: Forecast, history: bool) -> Iterator[tuple[Cell, ...]]:
    series = result.history.series
    blanks: tuple[Cell, ...] = (None,) * (2 * len(result.levels))
    head = (series.id,)
    if history:
        previous: float | None = None
        for year, value in zip(result.history.years, result.history.values.tolist(), strict=True):
            yield (*head, year, "actual", "", value, *blanks, growth(previous, value), series.unit)
            previous = value
        for seen in result.later:
            rate = growth(previous, seen.value)
            yield (*head, seen.period.year, "actual", "", seen.value, *blanks, rate, series.unit)
            previous = seen.value
        for said in result.published:
            if said.period.is_year:
                yield (*head, said.period.year, "published", said.author, said.value, *blanks, None, series.unit)
    for given in (*result.main, *result.others):
        previous = float(result.history.values[-1])
        for step, (year, value) in enumerate(zip(result.years, given.values.tolist(), strict=False)):
            rate = growth(previous, value)
            yield (*head, year, "forecast", given.model, value, *_bounds(given, step), rate, series.unit)
            previous = value


def _bounds(given: ModelForecast, step: int) -> Iterator[Cell]:
    for level in range(given.lower.shape[0]):
        yield float(given.lower[level, step])
        yield float(given.upper[level, step])


def _answer(result: Forecast) -> str:
    best = result.best
    value = rounded(float(best.values[-1]))
    intervals = ", ".join(
        f"{level} %: {rounded(float(best.lower[place, -1]))} to {rounded(float(best.upper[place, -1]))}"
        for place, level in enumerate(result.levels)
    )
    unit = result.history.series.unit
    who = "Consensus" if best.model == "consensus" else registry.get(best.model).title
    return f"{who} for {result.target}: {value} {unit} ({intervals}).".replace("  ", " ")


def _pace(result: Forecast) -> str:
    """Compound annual growth of the history and of the forecast, where both ends are positive."""
    best = result.best
    first, last = float(result.history.values[0]), float(result.history.values[-1])
    start, origin = result.history.years[0], result.origin
    parts = []
    if origin > start and first > 0 < last:
        parts.append(f"{_rate(first, last, origin - start)} a year {start} to {origin}")
    end = float(best.values[-1])
    if last > 0 < end:
        parts.append(f"{_rate(last, end, result.target - origin)} a year forecast {origin} to {result.target}")
    return f"CAGR: {'; '.join(parts)}." if parts else ""


def _rate(first: float, last: float, years: int) -> str:
    return f"{100 * ((last / first) ** (1 / years) - 1):+.1f} %"


def _sections(result: Forecast) -> Iterator[Table]:
    yield _course(result)
    if result.published:
        yield _published(result)
    if result.others:
        yield _opinions(result)


def _course(result: Forecast) -> Table:
    """History, then the forecast, in one table; what happened stands beside a hindcast."""
    hindcast = {seen.period.year: seen.value for seen in result.later}
    best = [given for given in result.main if given.answers]
    several = len(best) > 1
    digits = decimals(float(result.history.values[-1]))
    columns = [Column("period", "Year", "year"), Column("kind", "")]
    columns += [Column("model", "Model")] if several else []
    columns.append(Column("value", "Value", "number", digits))
    columns += interval_columns(result.levels, digits)
    columns.append(Column("growth_pct", "Growth", "percent", 1, sign=True))
    if hindcast:
        columns += [
            Column("actual", "Happened", "number", digits),
            Column("error_pct", "Off by", "percent", 1, sign=True, follows=True),
        ]
    rows: list[tuple[Cell, ...]] = []
    tones: list[Tone] = []
    blanks: tuple[Cell, ...] = (None,) * (2 * len(result.levels))
    no_model: tuple[Cell, ...] = ("",) if several else ()
    nothing_later: tuple[Cell, ...] = (None, None) if hindcast else ()
    previous: float | None = None
    for seen in result.history.observations:
        kind = "derived" if seen.derived else seen.status
        rate = growth(previous, seen.value)
        rows.append((seen.period.year, kind, *no_model, seen.value, *blanks, rate, *nothing_later))
        tones.append("plain")
        previous = seen.value
    for given in best:
        model: tuple[Cell, ...] = (given.model,) if several else ()
        previous = float(result.history.values[-1])
        for step, (year, value) in enumerate(zip(result.years, given.values.tolist(), strict=False)):
            row = (year, "forecast", *model, value, *_bounds(given, step), growth(previous, value))
            actual = hindcast.get(year)
            rows.append((*row, actual, growth(actual, value)) if hindcast else row)
            tones.append("strong" if year == result.target else "plain")
            previous = value
    return Table(tuple(columns), tuple(rows), title="History and forecast", tones=tuple(tones))


def _published(result: Forecast) -> Table:
    """Third parties' forecasts with what we say of the same year, or what happened."""
    main = result.best
    known = {seen.period.year: seen for seen in (*result.history.observations, *result.later)}
    columns = (
        Column("period", "Year", "year"),
        Column("value", "Published", "text"),
        Column("author", "By"),
        Column("dated", "Dated"),
        Column("ours", "Ours or actual", "number", decimals(float(result.history.values[-1]))),
        Column("verdict", ""),
    )
    rows = []
    for said in result.published:
        if not said.period.is_year:
            continue
        year = said.period.year
        ours: Cell = None
        verdict = ""
        if year in known:
            ours = known[year].value
            verdict = _outcome(said, known[year])
        elif year in result.years:
            step = result.years.index(year)
            ours = float(main.values[step])
            verdict = _place(said, main, step, result.levels)
        rows.append(
            (year, published(said), f"{said.author}{', a target' if said.target else ''}", said.dated, ours, verdict)
        )
    return Table(columns, tuple(rows), title="Published estimates")


def _outcome(said: PublishedForecast, seen: Observation) -> str:
    """Met or missed for a bound, the error for a point."""
    if said.qualifier in "<>":
        met = seen.value >= said.value if said.qualifier == ">" else seen.value <= said.value
        return "actual: met" if met else "actual: missed"
    if said.value == seen.value:
        return "actual: exact"
    return f"actual: off by {percent(100 * (said.value / seen.value - 1))}" if seen.value else "actual"


def _place(said: PublishedForecast, given: ModelForecast, step: int, levels: tuple[int, ...]) -> str:
    """Where a published figure lies in our interval."""
    for place, level in enumerate(levels):
        if given.lower[place, step] <= said.value <= given.upper[place, step]:
            return f"inside our {level} % interval"
    side = "above" if said.value > given.values[step] else "below"
    return f"{side} our {levels[-1]} % interval"


def _opinions(result: Forecast) -> Table:
    """Every other model's number for the target year, with its weight in the consensus or why it steps aside."""
    digits = decimals(float(result.history.values[-1]))
    columns = (
        Column("model", "Model"),
        Column("value", "Value", "number", digits),
        *interval_columns(result.levels[:1], digits),
        Column("weight", "Weight", "percent", 0),
        Column("reason", ""),
    )
    rows: list[tuple[Cell, ...]] = []
    ranked = sorted(
        (given.reaching(len(result.years)) for given in result.others),
        key=lambda given: (not given.answers, -(given.weight if given.weight is not None else -inf)),
    )
    for given in ranked:
        weight = None if given.weight is None else 100 * given.weight
        if given.answers:
            bounds = tuple(_bounds(given, -1))[:2]
            what = "opinion" if registry.get(given.model).role == "opinion" else ""
            rows.append((given.model, float(given.values[-1]), *bounds, weight, given.message or what))
        else:
            rows.append((given.model, None, None, None, weight, given.reason))
    return Table(columns, tuple(rows), title=f"What other models say of {result.target}")
