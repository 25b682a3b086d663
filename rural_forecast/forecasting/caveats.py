"""Caveats of a forecast, as notes: where it is bounded, and what a hindcast could not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rural_forecast.forecasting.leaders import Lead, weights
from rural_forecast.forecasting.limits import Limits, whole
from rural_forecast.forecasting.result import ModelForecast, Shares
from rural_forecast.notes import Note
from rural_forecast.series.history import History, observed_years
from rural_forecast.series.observation import Series
from rural_forecast.series.shares import end_of, is_growth
from rural_forecast.text.numbers import in_unit, number
from rural_forecast.text.wording import counted, listed

LEARNED_LATER = Note("learned_later", "The models were trained on data from after this year.")
"""Said of every forecast from an origin in the past."""


def endings(main: Sequence[ModelForecast], years: Sequence[int]) -> Iterator[Note]:
    """A warning for each model whose path ends before the target."""
    for path in main:
        if 0 < len(path.values) < len(years):
            text = f"{path.model} gives no year after {years[len(path.values) - 1]}: {path.reason}."
            yield Note("path_ends", text, warning=True)


def bounds(history: History, stated: Limits) -> Iterator[Note]:
    """Which bounds a forecast keeps."""
    unit, most = in_unit(history.series.unit), whole(history)
    if most is not None:
        yield Note("rate_ends", f"A rate ends at {most:g}{unit}: forecasts near it approach it ever more slowly.")
    if stated.ceiling is not None:
        ends = " to ".join(dict.fromkeys(map(number, stated.ceiling)))
        own = " Each path saturates at a level of its own in this range." if stated.ranged else ""
        yield Note("ceiling", f"Nothing lies above the stated ceiling, {ends}{unit}.{own}")
    if stated.floor is not None:
        yield Note("floor", f"Nothing lies below the stated floor of {number(stated.floor)}{unit}.")
    if stated.cumulative:
        last = f"{number(history.last)}{unit}"
        yield Note("cumulative", f"A running total: no median falls, and no bound lies below the last value, {last}.")


def of_leaders(history: History, stated: Limits, ahead: Sequence[Lead], years: Sequence[int]) -> Iterator[Note]:
    """The leading markets that a forecast follows; a warning where none of those stated is ahead."""
    if stated.like and not ahead:
        rose = f"passed {number(history.last)}{in_unit(history.series.unit)} from below a year before {history.origin}"
        text = f"No leading market: none of {counted(len(stated.like), 'market')} {rose} or earlier, and stayed above."
        yield Note("no_leader", text, warning=True)
    elif ahead:
        names = listed(f"{lead.name} (there in {lead.crossed:.0f})" for lead in ahead)
        share = [
            f"{100 * weight:.0f} % in {year}"
            for weight, year in zip(weights(len(ahead), len(years)), years, strict=True)
        ]
        text = f"The forecast follows {names}, with a weight of {listed(dict.fromkeys((share[0], share[-1])))}."
        yield Note("led", f"{text} Leaders are known because they succeeded; not every market does.")


def of_total(shares: Shares, years: Sequence[int]) -> Iterator[Note]:
    """The total that bounds a forecast, and a share of it as there was none before."""
    if shares.binds:
        yield Note("within", f"Nothing lies above {shares.title}, by its own forecast.")
    if shares.past and shares.leaves:
        ends = shares.value[-1], shares.lower[-1], shares.upper[-1], *shares.past
        share, low, high, *past = (f"{100 * part:.0f}" for part in ends)
        so_far = " to ".join(dict.fromkeys(past))
        text = f"In {years[-1]} it is {share} % of {shares.title} (80 %: {low} to {high} %), and {so_far} % so far."
        yield Note("share_leaves", text)


def past_whole(history: History, paths: Sequence[ModelForecast]) -> Iterator[Note]:
    """A warning where what may be a share and has not passed the whole is forecast past it."""
    series, values = history.series, history.values
    most = end_of((series.id, series.title), series.unit, float(values.min()), float(values.max()))
    if most is None or series.measure in ("rate", "growth"):
        return
    if any(float(side.max(initial=0.0)) > most for path in paths for side in (path.values, path.upper)):
        yield past_whole_note(most)


def of_growth(series: Series) -> Iterator[Note]:
    """A warning where growth in percent is forecast as if it were an amount."""
    if series.measure not in ("rate", "growth") and is_growth((series.id, series.title), series.unit):
        yield growth_note()


def past_whole_note(most: float, where: str = "") -> Note:
    """The warning; `where`: in which series of a batch."""
    text = f"The forecast passes {'100 %' if most > 1 else '1, that is 100 %'}{where}, which no share of a whole can."
    return Note("past_whole", text, warning=True, advice="--measure rate keeps it below.")


def growth_note(where: str = "") -> Note:
    """The warning; `where`: in which series of a batch."""
    text = f"Growth in percent (by name and unit) is forecast as an amount{where}. To forecast a market, give its "
    return Note("growth_forecast", f"{text}levels, with growth in a column growth_pct.", warning=True)


def hindcast(history: History, years: Sequence[int]) -> Iterator[Note]:
    """The notes of a forecast from an origin in the past; under a vintage, with what was published afterwards."""
    if history.as_of is not None or any(left_out.why in ("until", "new basis") for left_out in history.left_out):
        yield LEARNED_LATER
    if history.as_of is None:
        return
    break_year = min((year for year in history.series.breaks if year > history.origin), default=years[-1] + 1)
    later = (seen for seen in observed_years(history.series) if history.origin < seen.period.year < break_year)
    if values := [f"{number(seen.value)} for {seen.period}" for seen in later if seen.period.year in years]:
        unit = f" ({history.series.unit})" if history.series.unit else ""
        yield Note("published_later", f"Published later and not used{unit}: {listed(values)}.")
