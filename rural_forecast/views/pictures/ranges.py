"""Numbers side by side with their ranges: the models of `compare`, and the states of knowledge of `nowcast`."""

from __future__ import annotations

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.forecasting.compare import Comparison, Line
from rural_forecast.nowcasting.nowcast import Revision, revisions
from rural_forecast.nowcasting.result import Nowcast
from rural_forecast.series.money.conversion import Exchange
from rural_forecast.series.period import Period
from rural_forecast.text.numbers import Amounts, amounts
from rural_forecast.text.wording import named_months
from rural_forecast.views.answer import amounts_of, name_of, short_name
from rural_forecast.views.pictures.course import of_series


def comparison(result: Comparison) -> Picture:
    """One row a model that answers, the consensus first."""
    forecast = result.forecast
    series = forecast.history.series
    answering = [line for line in result.lines if line.given.answers]
    answering.sort(key=lambda line: (line.status != "consensus", line.status == "opinion", -line.given.last))
    best, write = forecast.best.last, amounts_of(forecast)
    least, most = (pick(line.given.last for line in answering) for pick in (min, max))
    rows = tuple(_model(line, forecast.levels, write) for line in answering)
    weights = "weight in the consensus" if any(row.weight is not None for row in rows) else ""
    plot = Ranges(rows, best, f"consensus, {write(best)}", weights)
    claim = f"Models put {forecast.target} at {write(least)} to {write.full(most)}; the consensus says {write(best)}"
    missing = [short_name(line.given.model) for line in result.lines if not line.given.answers]
    opinions = any(line.status == "opinion" for line in answering)
    parts = ["ARIMA and ETS are opinions and have no part in the consensus." if opinions else ""]
    parts += [f"Not shown, as they cannot be used on this series: {', '.join(missing)}." if missing else ""]
    about = " ".join(filter(None, parts))
    return of_series(plot, write, claim, series, kind="Ranges", year=forecast.target, subtitle=about)


def _model(line: Line, levels: tuple[int, ...], write: Amounts) -> Row:
    model = line.given
    consensus = line.status == "consensus"
    return Row(
        name=name_of(model.model),
        value=model.last,
        bounds=tuple((level, *model.ends(place)) for place, level in enumerate(levels)),
        text=write(model.last),
        tone=MAIN if consensus else PLAIN,
        strong=consensus,
        weight=None if consensus else model.weight,
    )


def nowcast(result: Nowcast, *, currency: Exchange | None = None) -> Picture:
    """One row a state of knowledge, the earliest on top; what the year came to is the reference, where it is known."""
    series, level = result.series, result.levels[0]
    rate, unit = (currency.rate(result.year), currency.unit) if currency else (1.0, series.unit)
    states = [state.divided(rate) for state in revisions(result)]
    last = states[-1]
    write = amounts(unit, [last.value, last.upper[-1]], (last.lower[0], last.upper[0]))
    claim = f"{result.year}: {write.full(last.value)} ({level} % interval: {write(last.lower[0])} "
    claim += f"to {write(last.upper[0])})"
    actual = result.actual.value / rate if result.actual else None
    rows = tuple(_state(state, result, write, last=state is last) for state in states)
    plot = Ranges(rows, actual, f"the year came to {write(actual)}" if actual is not None else "")
    about = "Each row adds the part that became known next."
    return of_series(plot, write, claim, series, kind="Ranges", year=result.year, subtitle=about)


def _state(state: Revision, result: Nowcast, write: Amounts, *, last: bool) -> Row:
    return Row(
        name=f"with {_known(result, state.months)}" if state.months else "from whole years alone",
        value=state.value,
        bounds=tuple(zip(result.levels, state.lower, state.upper, strict=True)),
        text=write(state.value),
        tone=MAIN if last else PLAIN,
        strong=last,
    )


def _known(result: Nowcast, last: int) -> str:
    """The months known by the end of one; as a period where they are the first of the year."""
    months = frozenset[int]().union(*(known.part.months for known in result.parts if known.part.period.last <= last))
    return str(Period(result.year, last, last)) if len(months) == last else named_months(months)
