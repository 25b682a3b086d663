"""Exchange rates and consumer prices that ship."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from rural_forecast.errors import UsageError, option
from rural_forecast.system.extras import data_folder


class RatesOfCurrency(NamedTuple):
    """One currency in dollars."""

    per_dollar: dict[int, float]
    """Units of the currency for one US dollar, the average of each year."""
    prices_of: str  # the country whose prices are those of the currency; empty for none or several
    source: str


@cache
def rates() -> dict[str, RatesOfCurrency]:
    """Read every currency, by its code."""
    return {
        code: RatesOfCurrency(per_dollar, country, source)
        for (code, country, source), per_dollar in _shipped("rates.csv", 3)
    }


def rates_of(code: str) -> RatesOfCurrency:
    """The rates of one currency. Raises UsageError if none ship."""
    if code not in rates():
        hint = f"Known are {', '.join(rates())}; {option('rate')} takes a file of others."
        raise UsageError(f"There are no exchange rates of '{code}'.", hint)
    return rates()[code]


def prices(country: str) -> tuple[str, dict[int, float]]:
    """Find a country by its code of three letters or its name.

    Gives its name, and its yearly inflation in percent.
    """
    wanted = country.strip().casefold()
    near = []
    for (code, name), inflation in _shipped("prices.csv", 2):
        if wanted in (code.casefold(), name.casefold()):
            return name, inflation
        if wanted and wanted[:4] in name.casefold():
            near.append(f"{code} ({name})")
    hint = "Give percent a year, a code such as CHN, or a file."
    if near:
        hint = f"Known are {', '.join(near[:10])}."
    raise UsageError(f"No consumer prices are known for '{country}'.", hint)


def _shipped(file: str, texts: int) -> Iterator[tuple[list[str], dict[int, float]]]:
    """The rows of a table that ships: its first cells, which are text, and its values by year."""
    with (data_folder() / "money" / file).open(encoding="utf-8", newline="") as opened:
        table = csv.reader(opened)
        years = [int(year) for year in next(table)[texts:]]
        for row in table:
            cells = zip(years, row[texts:], strict=True)
            yield row[:texts], {year: float(cell) for year, cell in cells if cell}
