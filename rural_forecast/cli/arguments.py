"""Options as arguments of the Python API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from rural_forecast.cli.options import Limits, Money, Pooling, Prices, Question, Reading, Window
from rural_forecast.errors import UsageError
from rural_forecast.series.period import LAST_YEAR
from rural_forecast.series.source_names import is_file

if TYPE_CHECKING:
    from rural_forecast.forecasting.result import Forecast
    from rural_forecast.series.money.conversion import Conversion
    from rural_forecast.series.observation import Series
    from rural_forecast.sizing.size import Sizing

R = TypeVar("R")


def read_options(reading: Reading, source: str, as_of: str | None = None) -> Any:
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
    chosen["as_of"] = day(as_of, "--as-of") or datetime.now(UTC).date()
    kind = kind_of(source)
    if kind != "excel":
        chosen |= {"sheet": None, "range": None}
    if kind != "text":
        chosen |= {"encoding": None, "input_format": None}
    return ReadOptions(**chosen)


GRADED = (30, 60, 90)
"""Levels of bands that are shaded in grades."""


def of_series(asked: Question, reading: Reading, *, bands: bool = False) -> dict[str, Any]:
    """The options of a forecast of one series; those left out keep their defaults.

    Raises UsageError if the ceiling is not a range, or the interruption is not years.
    """
    named = {"levels": GRADED if bands else asked.level, "models": asked.model}
    return {
        **{name: value for name, value in named.items() if value},
        **bounds(asked.limits),
        **window(asked.window),
        "allow_gaps": reading.allow_gaps,
        **interruption(asked.interrupt),
    }


def bounds(limits: Limits) -> dict[str, Any]:
    """What is stated of the numbers to come; options left out are not included.

    Raises UsageError if the ceiling is not a range.
    """
    named = {**limits._asdict(), "ceiling": span(limits.ceiling, "--ceiling")}
    return {name: value for name, value in named.items() if value is not None and value is not False}


def interruption(text: str | None) -> dict[str, Any]:
    """Read years such as `2009,2020-2021`; an option left out is not included.

    Raises UsageError if they are not years.
    """
    if text is None:
        return {}
    spans = [part.strip().partition("-") for part in text.split(",")]
    try:
        years = [year for first, _, last in spans for year in range(int(first), int(last or first) + 1)]
    except ValueError:
        years = []
    if not years or not 1 <= min(years) <= max(years) <= LAST_YEAR:
        raise UsageError(f"--interrupt {text} is not a list of years.", "Write it as --interrupt 2020-2021.")
    return {"interrupt": years}


def idle_interruption(text: str | None, result: Sizing) -> str:
    """A sentence where an interruption changes nothing in a sizing; empty where it does, or none is asked for."""
    if text is None or result.interrupted:
        return ""
    return f"--interrupt {text} changes nothing: no series of {result.model.file.name} is forecast across it."


def pooled(result: Forecast, pooling: Pooling, chosen: Mapping[str, Any]) -> Forecast:
    """The forecast with its pool, where that is asked for.

    `chosen`: the options that choose the values to use, see `window`. Raises UsageError if a weight cannot be read, or
    there is nothing to pool.
    """
    if not pooling.pool:
        return result
    from rural_forecast.forecasting.pool import pooled as pool
    from rural_forecast.series.selection import selected

    weights: dict[str, float] = {}
    for text in pooling.pool_weight or ():
        who, _, share = text.rpartition("=")
        try:
            weight = float(share)
        except ValueError:
            who = ""
        if not who or who in weights:
            problem = "names a voice twice" if who else "is not a voice and its share"
            raise UsageError(f"--pool-weight {text} {problem}.", "Write it as --pool-weight BCG=0.3.")
        weights[who] = weight
    return pool(result, weights, **selected(chosen))


def window(chosen: Window) -> dict[str, Any]:
    """The options that choose the values to use."""
    options: dict[str, Any] = chosen._asdict()
    options["reconcile"] = "median" if chosen.reconcile == "median" else None
    options["as_of"] = day(chosen.as_of, "--as-of")
    return options


def day(text: str | None, option: str) -> date | None:
    """Read a date, `2017-07-20`. Raises UsageError if it is not a date."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{option} {text} is not a day.", f"Write it as {option} 2017-07-20.") from None


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
    source = _read(prices.prices) if prices.prices and is_file(prices.prices) else prices.prices
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

        back, at = inflated(how, nominal), None
    currency = conversion(money, nominal if at is None or how is None else how.unit, as_of, at)
    return tuple(step for step in (back, currency) if step is not None)


def conversion(money: Money, unit: str, as_of: date | None = None, at: int | None = None) -> Conversion | None:
    """The conversion of amounts to the currency that is asked for, or None.

    Raises UsageError if they cannot be converted.
    """
    if money.currency is None:
        return None
    from rural_forecast.series.money.conversion import conversion as settle

    return settle(unit, to=money.currency, rate=rate(money), rates=rates(money), at=at, as_of=as_of)


def rate(money: Money) -> float | tuple[float, float] | None:
    """The rate after the last known one, or the range of it, that is given.

    Raises
    ------
    UsageError : it is neither
    """
    ends = span(money.rate, "--rate", "6.8..7.4")
    return ends[0] if ends is not None and ends[0] == ends[1] else ends


def one_rate(money: Money) -> float | None:
    """The same where it cannot be a range, for what is shown has no interval.

    Raises
    ------
    UsageError : it is one
    """
    ends = rate(money)
    if isinstance(ends, tuple):
        raise UsageError(
            f"--rate {money.rate} is a range, and what is shown has no interval.", "Give one rate, such as --rate 7.1."
        )
    return ends


def rates(money: Money) -> Series | None:
    """The yearly rates that are given."""
    return _read(money.rates) if money.rates else None


def _read(source: str) -> Series:
    from rural_forecast.series.source import read

    return read(source)


def span(text: str | None, option: str, example: str = "800..1200") -> tuple[float, float] | None:
    """Read a range `A..B` of positive numbers, the first not above the second, or one number for both.

    Raises UsageError if it is not a range.
    """
    if text is None:
        return None
    try:
        low, _, high = text.partition("..")
        bounds = float(low), float(high or low)
    except ValueError:
        bounds = (0.0, 0.0)
    if not 0 < bounds[0] <= bounds[1] < float("inf"):
        raise UsageError(
            f"{option} {text} is not a positive number or a range of them.", f"Write it as {option} {example}."
        )
    return bounds
