"""Options as arguments of the Python API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from rural_forecast.cli.options import Money, Pooling, Prices, Question, Reading, Window
from rural_forecast.errors import UsageError
from rural_forecast.series.source import read
from rural_forecast.series.source_names import is_file

if TYPE_CHECKING:
    from rural_forecast.forecasting.result import Forecast
    from rural_forecast.series.money.conversion import Conversion
    from rural_forecast.series.observation import Series
    from rural_forecast.sizing.result import Sizing

R = TypeVar("R")


def read_options(reading: Reading, source: str, as_of: date | None = None) -> Any:
    """The options of the readers; of several files, each gets those for its kind.

    `as_of`: the day by which years must be over to be history; today if left out.
    """
    from rural_forecast.cli.conditions import kind_of
    from rural_forecast.series.reading import ReadOptions

    chosen = reading._asdict()
    chosen["series_id"], *others = chosen.pop("series") or (None,)
    if others:
        raise UsageError(
            "--series is given twice.", "Keep one of the two; 'chart' and 'growth' set several side by side."
        )
    chosen["where"] = tuple(reading.where or ())
    chosen["as_of"] = as_of or datetime.now(UTC).date()
    kind = kind_of(source)
    if kind != "excel":
        chosen |= {"sheet": None, "range": None}
    if kind != "text":
        chosen |= {"encoding": None, "input_format": None}
    return ReadOptions(**chosen)


GRADED = (30, 60, 90)
"""Levels of bands that are shaded in grades."""


def of_series(asked: Question, reading: Reading, *, bands: bool = False) -> dict[str, Any]:
    """The options of a forecast of one series; those left out keep their defaults."""
    named = {"levels": GRADED if bands else asked.level, "models": asked.model, "interrupt": asked.interrupt}
    return stated(**named, **asked.limits._asdict()) | window(asked.window) | {"allow_gaps": reading.allow_gaps}


def window(chosen: Window) -> dict[str, Any]:
    """The options that choose the values to use."""
    return chosen._asdict() | {"reconcile": None if chosen.reconcile == "rule" else chosen.reconcile}


def stated(**options: Any) -> dict[str, Any]:
    """The options that are not left out."""
    return {name: value for name, value in options.items() if value not in (None, [], ()) and value is not False}


def idle_interruption(years: list[int] | None, result: Sizing) -> str:
    """A sentence where an interruption changes nothing in a sizing; empty where it does, or none is asked for."""
    if years is None or result.interrupted:
        return ""
    named = ",".join(map(str, years))
    return f"--interrupt {named} changes nothing: no series of {result.model.file.name} is forecast across it."


def pooled(result: Forecast, pooling: Pooling, chosen: Mapping[str, Any]) -> Forecast:
    """The forecast with its pool, where that is asked for.

    `chosen`: the options that choose the values to use, see `window`. Raises UsageError if there is nothing to
    pool.
    """
    if not pooling.pool:
        return result
    from rural_forecast.forecasting.pool import pooled as pool
    from rural_forecast.series.selection import selected

    return pool(result, pooling.pool_weight or {}, **selected(chosen))


class Terms(NamedTuple):
    """A series in the terms that are asked for, and how its results are shown."""

    series: Series
    conversions: tuple[Conversion, ...]

    def shown(self, result: R) -> R:
        """A result in the prices and the currency that are asked for."""
        from rural_forecast.forecasting.in_currency import in_currency

        for how in self.conversions:
            result = in_currency(result, how)
        return result


def terms(money: Money, prices: Prices, series: Series, chosen: Mapping[str, Any] | None = None) -> Terms:
    """The series in the prices of one year where that is asked for, and how results are converted.

    `chosen`: the options that choose the values to use, see `window`. Raises UsageError if its amounts cannot be
    converted.
    """
    as_of, since, until = ((chosen or {}).get(name) for name in ("as_of", "since", "until"))
    nominal, how = series.unit, None
    if prices.real is not None:
        from rural_forecast.series.money.prices import deflated, deflator

        how = deflator(nominal, prices.real, **price_level(prices), as_of=as_of)
        try:
            series = deflated(series, how, since, until)
        except UsageError as error:
            if chosen is not None:
                raise
            raise UsageError(str(error), "--inflation 2 states later prices; --prices takes a file.") from None
    return Terms(series, conversions(money, prices, nominal, how, as_of))


def price_level(prices: Prices) -> dict[str, Any]:
    """What `deflator` takes of the prices that are asked for."""
    source = read(prices.prices) if prices.prices and is_file(prices.prices) else prices.prices
    return {"prices": source, "inflation": prices.inflation}


def conversions(
    money: Money, prices: Prices, nominal: str, how: Conversion | None, as_of: date | None = None
) -> tuple[Conversion, ...]:
    """How results are brought into the prices and the currency that are asked for, one after the other.

    `nominal`: the unit of the data; `how`: what brought them into the prices of one year, where that was asked for.
    Raises UsageError if they cannot be converted.
    """
    back, at = None, prices.real
    if how is not None and prices.nominal:
        from rural_forecast.series.money.prices import inflated

        back, at = inflated(how), None
    currency = conversion(money, nominal if at is None or how is None else how.unit, as_of, at)
    return tuple(step for step in (back, currency) if step is not None)


def conversion(money: Money, unit: str, as_of: date | None = None, at: int | None = None) -> Conversion | None:
    """The conversion of amounts to the currency that is asked for, or None.

    Raises UsageError if they cannot be converted.
    """
    if money.currency is None:
        return None
    from rural_forecast.series.money.conversion import conversion as settle

    return settle(unit, to=money.currency, rate=money.rate, rates=rates(money), at=at, as_of=as_of)


def one_rate(money: Money) -> float | None:
    """The rate after the last known one. Raises UsageError if it is a range, for what is shown has no interval."""
    if isinstance(money.rate, tuple):
        named = "..".join(f"{end:g}" for end in money.rate)
        raise UsageError(
            f"--rate {named} is a range, and what is shown has no interval.", "Give one rate, such as --rate 7.1."
        )
    return money.rate


def rates(money: Money) -> Series | None:
    """The yearly rates that are given."""
    return read(money.rates) if money.rates else None
