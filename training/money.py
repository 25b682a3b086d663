"""Write the yearly exchange rates and consumer prices that ship, from the files of `shared/money`.

    python -m training.money ../shared/money

A currency takes the Federal Reserve's averages (to 2025), else the European Central Bank's by way
of the dollar (to 2023), else those of the Penn World Table (to 2019). Old rates of currencies that
were redenominated are left out. Sources must agree within 2 % where two of them know a year;
differences above 1 % are printed.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

DATA = Path(__file__).parents[1] / "data" / "money"
FED = {
    "Australia": "AUD",
    "Brazil": "BRL",
    "Canada": "CAD",
    "China": "CNY",
    "Denmark": "DKK",
    "Euro": "EUR",
    "Hong Kong": "HKD",
    "India": "INR",
    "Japan": "JPY",
    "Malaysia": "MYR",
    "Mexico": "MXN",
    "New Zealand": "NZD",
    "Norway": "NOK",
    "Singapore": "SGD",
    "South Africa": "ZAR",
    "South Korea": "KRW",
    "Sweden": "SEK",
    "Switzerland": "CHF",
    "Taiwan": "TWD",
    "Thailand": "THB",
}
"""Countries of the Federal Reserve's table; Venezuela is left out, whose currency was replaced
three times.
"""
ECB = ["GBP", "BGN", "CZK", "HUF", "PLN", "RON", "ISK", "RUB", "TRY", "IDR", "ILS", "PHP"]
PENN = {
    "ARE": "AED",
    "ARG": "ARS",
    "BGD": "BDT",
    "CHL": "CLP",
    "COL": "COP",
    "EGY": "EGP",
    "KAZ": "KZT",
    "KEN": "KES",
    "MAR": "MAD",
    "NGA": "NGN",
    "PAK": "PKR",
    "PER": "PEN",
    "QAT": "QAR",
    "SAU": "SAR",
    "UKR": "UAH",
    "VNM": "VND",
}
PRICES_OF = {
    "AUD": "AUS",
    "BGN": "BGR",
    "BRL": "BRA",
    "CAD": "CAN",
    "CHF": "CHE",
    "CNY": "CHN",
    "CZK": "CZE",
    "DKK": "DNK",
    "GBP": "GBR",
    "HKD": "HKG",
    "HUF": "HUN",
    "IDR": "IDN",
    "ILS": "ISR",
    "INR": "IND",
    "ISK": "ISL",
    "JPY": "JPN",
    "KRW": "KOR",
    "MXN": "MEX",
    "MYR": "MYS",
    "NOK": "NOR",
    "NZD": "NZL",
    "PHP": "PHL",
    "PLN": "POL",
    "RON": "ROU",
    "RUB": "RUS",
    "SEK": "SWE",
    "SGD": "SGP",
    "THB": "THA",
    "TRY": "TUR",
    "USD": "USA",
    "ZAR": "ZAF",
    **{code: country for country, code in PENN.items()},
    "EUR": "",
    "TWD": "",
    "ARS": "",
}
"""The country whose prices are those of a currency: the euro has several, Argentina and Taiwan
publish none here.
"""

Rates = dict[int, float]


def main(folder: Path) -> None:
    """Write `rates.csv` and `prices.csv`."""
    fed: dict[str, Rates] = defaultdict(dict)
    for row in _rows(folder / "exchange_rates_fed.csv"):
        if row["Country"] in FED:
            fed[FED[row["Country"]]][int(row["Date"][:4])] = float(row["Exchange rate"])
    per_euro: dict[str, Rates] = defaultdict(dict)
    for row in _rows(folder / "exchange_rates_ecb.csv"):
        per_euro[row["currency"]][int(row["year"])] = float(row["per_euro"])
    ecb = {
        code: {year: rate / per_euro["USD"][year] for year, rate in rates.items()}
        for code, rates in per_euro.items()
    }
    penn: dict[str, Rates] = defaultdict(dict)
    for row in _rows(folder / "exchange_rates_penn.csv"):
        penn[row["isocode"]][int(row["year"])] = float(row["xr"])
    _compare("Federal Reserve", fed, "European Central Bank", ecb)
    _compare(
        "Penn",
        {code: penn[country] for country, code in PENN.items()},
        "European Central Bank",
        ecb,
    )
    rows: list[tuple[str, str, Rates]] = [("USD", "", dict.fromkeys(range(1971, 2026), 1.0))]
    rows += [(code, "Federal Reserve, H.10", fed[code]) for code in FED.values()]
    rows += [(code, "European Central Bank, reference rates", ecb[code]) for code in ECB]
    rows += [
        (code, "Penn World Table 10.01", _one_currency(penn[country]))
        for country, code in PENN.items()
    ]
    years = range(1971, 2026)
    with (DATA / "rates.csv").open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["currency", "prices_of", "source", *years])
        for code, source, rates in sorted(rows):
            table.writerow(
                [
                    code,
                    PRICES_OF[code],
                    source,
                    *(f"{rates[y]:.6g}" if y in rates else "" for y in years),
                ]
            )
    prices: dict[tuple[str, str], Rates] = defaultdict(dict)
    for row in _rows(folder / "consumer_price_inflation_world_bank.csv"):
        prices[row["Country Code"], row["Country"]][int(row["Year"])] = float(row["CPI"])
    years = range(1960, 2025)
    with (DATA / "prices.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["country", "name", *years])
        for (code, name), rates in sorted(prices.items()):
            table.writerow(
                [code, name, *(f"{rates[year]:.6g}" if year in rates else "" for year in years)]
            )


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        yield from csv.DictReader(opened)


def _one_currency(rates: Rates) -> Rates:
    """The years since a rate last rose or fell more than tenfold in a year, or was under a
    thousandth of today's.
    """
    years = sorted(year for year in rates if year >= 1971)
    start = years[0]
    for before, after in pairwise(years):
        if not 0.1 < rates[after] / rates[before] < 10 or rates[before] < rates[years[-1]] / 1000:
            start = after
    return {year: rates[year] for year in years if year >= start}


def _compare(one: str, first: Mapping[str, Rates], other: str, second: Mapping[str, Rates]) -> None:
    for code in sorted(first.keys() & second.keys()):
        for year in sorted(first[code].keys() & second[code].keys()):
            difference = abs(first[code][year] / second[code][year] - 1)
            if difference > 0.01:
                print(
                    f"{code} {year}: {one} {first[code][year]:.6g}, {other} {second[code][year]:.6g}"
                )
            assert difference < 0.1, (code, year)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
