"""`nowcast` as a picture: how the estimate of the year moved as its parts came in."""

from __future__ import annotations

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.nowcasting.nowcast import Revision, revisions
from rural_forecast.nowcasting.result import Nowcast
from rural_forecast.series.money.conversion import Exchange
from rural_forecast.series.period import Period
from rural_forecast.text.numbers import Amounts, amounts
from rural_forecast.text.wording import named_months
from rural_forecast.views.pictures.course import of_series


def picture(result: Nowcast, *, currency: Exchange | None = None) -> Picture:
    """One row a state of knowledge, the earliest on top; what the year came to is the reference, where it is known."""
    series, level = result.series, result.levels[0]
    rate, unit = (currency.rate(result.year), currency.unit) if currency else (1.0, series.unit)
    states = [state.divided(rate) for state in revisions(result)]
    last = states[-1]
    write = amounts(unit, [last.value, last.upper[-1]], (last.lower[0], last.upper[0]))
    claim = f"{result.year}: {write.full(last.value)} ({level} % interval: {write(last.lower[0])} "
    claim += f"to {write(last.upper[0])})"
    actual = result.actual.value / rate if result.actual else None
    rows = tuple(_row(state, result, write, last=state is last) for state in states)
    plot = Ranges(rows, actual, f"the year came to {write(actual)}" if actual is not None else "")
    about = "Each row adds the part that became known next."
    return of_series(plot, write, claim, series, kind="Ranges", year=result.year, subtitle=about)


def _row(state: Revision, result: Nowcast, write: Amounts, *, last: bool) -> Row:
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
