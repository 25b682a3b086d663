"""The yearly exchange rates and consumer prices that ship (`training/money.py` writes them)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from rural_forecast.errors import UsageError
from rural_forecast.system.shipped_data import data_folder


class RatesOfCurrency(NamedTuple):
    """One currency in dollars."""

    per_dollar: dict[int, float]
    """Units of the currency for one US dollar, the average of each year."""
    prices_of: str
    """The country whose prices are those of the currency; empty where there are several, or none is known."""
    source: str


class PricesOfCountry(NamedTuple):
    """Inflation of consumer prices in one country."""

    code: str
    name: str
    inflation: dict[int, float]
    """Percent, by year."""


@cache
def rates() -> dict[str, RatesOfCurrency]:
    """Every currency, by its code."""
    return {code: RatesOfCurrency(known, country, source) for (code, country, source), known in _rows("rates.csv", 3)}


def currencies() -> tuple[str, ...]:
    """The codes of all currencies."""
    return tuple(rates())


def prices(country: str) -> PricesOfCountry:
    """The prices of a country, by its code of three letters or its name.

    Raises UsageError if it is not in the table.
    """
    known = [PricesOfCountry(code, name, inflation) for (code, name), inflation in _rows("prices.csv", 2)]
    wanted = country.strip().casefold()
    for entry in known:
        if wanted in (entry.code.casefold(), entry.name.casefold()):
            return entry
    similar = [f"{entry.code} ({entry.name})" for entry in known if wanted[:4] and wanted[:4] in entry.name.casefold()]
    raise UsageError.of("no_prices_of_country", country=country, similar=similar)


def _rows(file: str, texts: int) -> Iterator[tuple[list[str], dict[int, float]]]:
    with (data_folder() / "money" / file).open(encoding="utf-8", newline="") as opened:
        table = csv.reader(opened)
        years = [int(year) for year in next(table)[texts:]]
        for row in table:
            known = {year: float(value) for year, value in zip(years, row[texts:], strict=True) if value}
            yield row[:texts], known
