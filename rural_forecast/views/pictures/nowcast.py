"""`nowcast` as a picture: one row a state of knowledge, the earliest on top, and what came where it is known."""

from __future__ import annotations

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.nowcasting.nowcast import Revision, revisions
from rural_forecast.nowcasting.result import Nowcast
from rural_forecast.series.money.conversion import Exchange
from rural_forecast.series.period import Period
from rural_forecast.text.style import Digits, digits
from rural_forecast.text.wording import named_months
from rural_forecast.views.nowcast import heading
from rural_forecast.views.pictures.course import about, of_series


def picture(result: Nowcast, *, currency: Exchange | None = None) -> Picture:
    """Every estimate of the year as its parts became known."""
    series, level = result.series, result.levels[0]
    rate, unit = (currency.rate(result.year), currency.unit) if currency else (1.0, series.unit)
    states = [state.divided(rate) for state in revisions(result)]
    last = states[-1]
    before = result.before / rate if result.before else last.value
    write = digits(unit, before, last.value, (last.lower[0], last.upper[0]))
    actual = result.actual.value / rate if result.actual else None
    rows = tuple(_state(state, result, write, last=state is last) for state in states)
    came = f"{write.seen(actual)} came" if actual is not None else ""
    plot = Ranges(rows, (str(result.year), f"{level} % range"), actual, came)
    head = heading(result, write)
    return of_series(plot, write, head.text, series, subtitle=head.subtitle, about=about(series))


def _state(state: Revision, result: Nowcast, write: Digits, *, last: bool) -> Row:
    return Row(
        name=f"with {_known(result, state.months)}" if state.months else "from whole years alone",
        value=state.value,
        bounds=tuple(zip(result.levels, state.lower, state.upper, strict=True)),
        texts=(write(state.value), f"{write(state.lower[0])} to {write(state.upper[0])}"),
        tone=MAIN if last else PLAIN,
        strong=last,
    )


def _known(result: Nowcast, last: int) -> str:
    """The months known by the end of one; as a period where they are the first of the year."""
    months = frozenset[int]().union(*(known.part.months for known in result.parts if known.part.period.last <= last))
    return str(Period(result.year, last, last)) if len(months) == last else named_months(months)
