"""Options as arguments of the Python API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from rural_forecast.cli.options import Choice, Limits, Money, Reading, Window
from rural_forecast.errors import UsageError

if TYPE_CHECKING:
    from rural_forecast.series.currency import Conversion
    from rural_forecast.series.observation import Series

R = TypeVar("R")


def read_options(reading: Reading, source: str, as_of: str | None = None) -> Any:
    """The options of the readers; of several files, each gets those for its kind.

    Parameters
    ----------
    as_of : the day by which years must be over to be history; today if left out
    """
    from rural_forecast.cli.applies import kind_of
    from rural_forecast.series.reading import ReadOptions

    given = reading._asdict()
    given["series_id"] = given.pop("series")
    given["where"] = tuple(reading.where or ())
    given["as_of"] = day(as_of, "--as-of") or datetime.now(UTC).date()
    kind = kind_of(source)
    if kind != "excel":
        given |= {"sheet": None, "range": None}
    if kind != "text":
        given |= {"encoding": None, "input_format": None}
    return ReadOptions(**given)


def of_series(
    chosen: Window,
    reading: Reading,
    *,
    level: Sequence[int] | None = None,
    model: Sequence[str] | None = None,
    limits: Limits | None = None,
) -> dict[str, Any]:
    """The options of a forecast of one series; those left out keep their defaults.

    Raises
    ------
    UsageError : the ceiling is not a range
    """
    given = {"levels": level, "models": model}
    asked = {name: value for name, value in given.items() if value}
    return {**asked, **(bounds(limits) if limits else {}), **window(chosen), "allow_gaps": reading.allow_gaps}


def bounds(limits: Limits) -> dict[str, Any]:
    """The ceiling, the floor and whether the series is cumulative; those left out are not included.

    Raises
    ------
    UsageError : the ceiling is not a range
    """
    given = {"ceiling": span(limits.ceiling, "--ceiling"), "floor": limits.floor, "cumulative": limits.cumulative}
    return {name: value for name, value in given.items() if value is not None and value is not False}


def window(chosen: Window | Choice) -> dict[str, Any]:
    """The options that choose the values to use."""
    given: dict[str, Any] = chosen._asdict()
    given["reconcile"] = "median" if chosen.reconcile == "median" else None
    given["as_of"] = day(chosen.as_of, "--as-of")
    return given


def day(text: str | None, option: str) -> date | None:
    """Read a date, `2017-07-20`.

    Raises
    ------
    UsageError : it is not a date
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{option} {text} is not a day.", f"Write it as {option} 2017-07-20.") from None


def conversion(money: Money, series: Series, as_of: date | None = None) -> Conversion | None:
    """The conversion of a series to the currency that is asked for, or None.

    Raises
    ------
    UsageError : its amounts cannot be converted
    """
    if money.currency is None:
        return None
    from rural_forecast.series.catalogue import load
    from rural_forecast.series.currency import RATES
    from rural_forecast.series.currency import conversion as settle

    return settle(series.unit, load().get(RATES), to=money.currency, rate=money.rate, as_of=as_of)


def shown(result: R, how: Conversion | None) -> R:
    """A result in the currency that is asked for."""
    if how is None:
        return result
    from rural_forecast.forecasting.in_currency import in_currency

    converted: R = in_currency(result, how)
    return converted


def span(text: str | None, option: str) -> tuple[float, float] | None:
    """Read a range `A..B` of positive numbers, the first not above the second.

    Raises
    ------
    UsageError : it is not a range
    """
    if text is None:
        return None
    try:
        low, _, high = text.partition("..")
        bounds = float(low), float(high or low)
    except ValueError:
        bounds = (0.0, 0.0)
    if not 0 < bounds[0] <= bounds[1] < float("inf"):
        raise UsageError(f"{option} {text} is not a range of positive numbers.", f"Write it as {option} 800..1200.")
    return bounds
