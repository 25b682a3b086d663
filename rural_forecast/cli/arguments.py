"""Options as arguments of the Python API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from rural_forecast.cli.conditions import kind_of
from rural_forecast.cli.options import Money, Pooling, Prices, Question, Reading
from rural_forecast.errors import UsageError
from rural_forecast.series.source import read
from rural_forecast.series.source_names import is_file

if TYPE_CHECKING:
    from rural_forecast.forecasting.result import Forecast
    from rural_forecast.series.money.conversion import Exchange
    from rural_forecast.series.observation import Series

R = TypeVar("R")


def read_options(reading: Reading, source: str, as_of: date | None = None) -> Any:
    """The options of the readers; of several files, each gets those for its kind.

    `as_of`: the day by which years must be over to be history; today if left out.
    """
    chosen = dict(vars(reading))
    chosen["series_id"], *others = chosen.pop("series") or (None,)
    if others:
        raise UsageError(
            "--series is given twice.", "Keep one of the two; 'chart' and 'growth' set several side by side."
        )
    chosen["where"] = tuple(reading.where or ())
    chosen["as_of"] = as_of or datetime.now(UTC).date()
    if reading.measure == "cumulative":
        chosen["measure"] = None
    kind = kind_of(source)
    chosen["encoding"] = reading.encoding if kind == "text" else None
    chosen["sheet"] = reading.sheet if kind == "excel" else None
    from rural_forecast.series.reading import ReadOptions

    return ReadOptions(**chosen)


def of_series(asked: Question, reading: Reading) -> dict[str, Any]:
    """The options of a forecast of one series; those left out keep their defaults."""
    named = {"levels": asked.level, "models": asked.model}
    return stated(**named, **limits(asked, reading)) | vars(asked.window) | {"allow_gaps": reading.allow_gaps}


def limits(asked: Question, reading: Reading) -> dict[str, Any]:
    """The limits of a forecast; that of a running total is a measure, which is stated with how a file is read."""
    return vars(asked.limits) | {"measure": reading.measure if reading.measure == "cumulative" else None}


def stated(**options: Any) -> dict[str, Any]:
    """The options that are not left out."""
    return {name: value for name, value in options.items() if value not in (None, [], ()) and value is not False}


def pooled(result: Forecast, pooling: Pooling) -> Forecast:
    """The forecast led by its pool, where that is asked for.

    Raises UsageError if there is nothing to pool.
    """
    if not pooling.pool:
        return result
    from rural_forecast.forecasting.pool import pooled as pool

    return pool(result, pooling.weight or {})


class Terms(NamedTuple):
    """A series in the prices that are asked for, and how its results are shown."""

    series: Series
    conversion: Exchange | None

    def shown(self, result: R) -> R:
        """A result in the currency that is asked for."""
        return converted(result, self.conversion)


def converted(result: R, how: Exchange | None) -> R:
    """A result in another currency, where one is asked for."""
    if how is None:
        return result
    from rural_forecast.forecasting.in_currency import in_currency

    shown: R = in_currency(result, how)
    return shown


def terms(money: Money, prices: Prices, series: Series, chosen: Mapping[str, Any] | None = None) -> Terms:
    """The series in the prices of one year where that is asked for, and how results are converted.

    `chosen`: the options that choose the values to use, see `Window`. Raises UsageError if its amounts cannot be
    converted.
    """
    as_of, since, until = ((chosen or {}).get(name) for name in ("as_of", "since", "until"))
    if prices.real is not None:
        if chosen and chosen["basis"] == "chained":
            raise UsageError("--real is for levels as published, and these are chained.", "Use --basis levels.")
        from rural_forecast.series.money.prices import deflated, deflator

        how = deflator(series.unit, prices.real, inflation=inflation(prices), as_of=as_of)
        series = deflated(series, how, since, until)
    return Terms(series, conversion(money, series.unit, as_of, prices.real))


def inflation(prices: Prices) -> float | str | Series | None:
    """Inflation, or whose prices, as `deflator` takes them."""
    named = prices.inflation
    return read(named) if isinstance(named, str) and is_file(named) else named


def conversion(money: Money, unit: str, as_of: date | None = None, at: int | None = None) -> Exchange | None:
    """The conversion of amounts to the currency that is asked for, or None.

    `at`: the year of the prices that amounts are in. Raises UsageError if they cannot be converted.
    """
    if money.currency is None:
        return None
    from rural_forecast.series.money.conversion import conversion as settle

    return settle(unit, to=money.currency, rate=rate(money), at=at, as_of=as_of)


def rate(money: Money) -> float | Series | None:
    """The rate after the last known one, or yearly rates, as `conversion` takes them."""
    return read(money.rate) if isinstance(money.rate, str) else money.rate
