"""Yuan in dollars, by annual average rates: a note says what was converted, with which rate.

A year takes its own average rate. After the last known year the last rate holds, or the one that is given. Under a
vintage (`as_of`) a rate counts as known from the end of its year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.history import observed_years
from rural_forecast.series.observation import Observation, Series

RATES = "usd_cny_annual_avg"
"""Id of the catalogue's series of rates, in yuan per dollar."""
CURRENCIES = ("usd",)
_YUAN = re.compile(r"(?<![^\W\d_])(?:CNY|RMB|CN¥|yuan|renminbi)(?=(?:tn|bn|mn|m|k)?(?![^\W\d_]))", re.IGNORECASE)
_CHINESE_YUAN = re.compile(
    r"(?<![^\W\d_])(?:人民币)?([十百千万亿]*)(?:元(?:人民币)?|(?<=[十百千万亿])人民币)(?![^\W\d_每])"
)
_DOLLARS = re.compile(r"USD|dollar|美元", re.IGNORECASE)


class Conversion(NamedTuple):
    """How amounts of one unit become dollars."""

    unit: str
    """The unit after conversion."""
    rates: Mapping[int, float]
    """Yuan per dollar by year, one year or more."""
    later: float
    """Yuan per dollar after the last year of `rates`."""
    given: bool
    """Whether `later` was given by the user."""

    def rate(self, year: int) -> float:
        """Yuan per dollar in a year.

        Raises
        ------
        UsageError : there is no rate for so early a year
        """
        if year > max(self.rates):
            return self.later
        if year not in self.rates:
            raise UsageError(
                f"There is no exchange rate for {year}; the rates go from {min(self.rates)} to {max(self.rates)}.",
                f"Use {option('since', min(self.rates))}, or leave {option('currency')} out.",
            )
        return self.rates[year]

    def value(self, amount: float, year: int) -> float:
        """An amount of a year in dollars."""
        return amount / self.rate(year)

    def observation(self, obs: Observation) -> Observation:
        """An observation in dollars."""
        return replace(obs, value=self.value(obs.value, obs.period.year))

    def note(self, years: Iterable[int], what: str = "", unit: str = "") -> Note:
        """The note that goes with converted values of these years.

        Parameters
        ----------
        what : the `growth`, `forecast` or `nowcast` that is converted
        unit : that it was made in
        """
        years = sorted(set(years))
        last = max(self.rates)
        known = [year for year in years if year <= last]
        fields = {
            "years": (known[0], known[-1]) if known else None,
            "rate": self.rate(known[-1]) if known else None,
            "last": last,
            "later": self.later if years and years[-1] > last else None,
            "given": self.given,
            "what": what,
            "unit": unit,
        }
        return Note("yuan_converted", fields)


def conversion(
    unit: str, rates: Series, *, to: str = "usd", rate: float | None = None, as_of: date | None = None
) -> Conversion:
    """How amounts in `unit` are converted.

    Parameters
    ----------
    unit : such as `bn CNY` or `CNY per person`
    rates : the series of annual average rates, in yuan per dollar
    to : currency; `usd` is the one there is
    rate : yuan per dollar for the years after the last known rate
    as_of : use only rates of years that had ended by this day

    Raises
    ------
    UsageError : a unit that is no amount of yuan, an unknown currency, a rate that is not positive, no rate known yet
    """
    if to.lower() not in CURRENCIES:
        raise UsageError(f"'{to}' is not a currency that amounts can be shown in.", f"Use {' or '.join(CURRENCIES)}.")
    shown = in_dollars(unit)
    if rate is not None and not 0 < rate < float("inf"):
        raise UsageError(
            f"The rate {rate:g} is not positive and finite.", f"Give yuan per dollar, such as {option('rate', 7.1)}."
        )
    known = {
        obs.period.year: obs.value
        for obs in observed_years(rates)
        if obs.value > 0 and (as_of is None or obs.period.end <= as_of)
    }
    if not known:
        raise UsageError(f"No exchange rate was known by {as_of or 'now'}.", f"Leave {option('currency')} out.")
    return Conversion(shown, known, known[max(known)] if rate is None else rate, given=rate is not None)


def in_dollars(unit: str) -> str:
    """The unit with dollars for yuan, its scale and all else as it is, so that no factor but the rate is needed.

    Raises
    ------
    UsageError : it is no amount of yuan

    >>> in_dollars("RMB bn"), in_dollars("100 million yuan"), in_dollars("亿元")
    ('USD bn', '100 million USD', '亿美元')
    """
    if not unit:
        raise UsageError(
            "The series has no unit, so nothing says that its amounts are yuan.",
            "Name it in the header, such as value (bn CNY), or in a column named unit.",
        )
    english, count = _YUAN.subn("USD", unit)
    chinese, more = _CHINESE_YUAN.subn(r"\1美元", english)
    if count + more != 1 or _DOLLARS.search(unit):
        raise UsageError(
            f"'{unit}' is not an amount of yuan.", "Units with CNY can be converted, such as bn CNY, RMB mn or 亿元."
        )
    return chinese


def convert(
    series: Series, rates: Series, *, to: str = "usd", rate: float | None = None, as_of: date | None = None
) -> tuple[Series, Note]:
    """The series in dollars, and the note that says how.

    Published growth is left out: it is growth of yuan. To forecast in dollars, forecast in yuan and convert the
    forecast by `conversion`; a converted series mixes the market's growth with the exchange rate's.

    Raises
    ------
    UsageError : as `conversion`, or a year before the first rate
    """
    how = conversion(series.unit, rates, to=to, rate=rate, as_of=as_of)
    observations = tuple(map(how.observation, series.observations))
    note = how.note(obs.period.year for obs in observations)
    return replace(series, unit=how.unit, observations=observations, growth=()), note
