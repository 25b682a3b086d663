"""The words of errors about currencies and prices."""

from __future__ import annotations

from rural_forecast.errors import option

TEXTS = {
    "no_unit_to_convert": (
        "The series has no unit, so nothing says in which currency its amounts are.",
        "Name it in the header, such as value (bn CNY), or in a column named unit.",
    ),
    "unclear_currency": (
        "'{word}' in the unit '{unit}' is the name of several currencies.",
        "Write its code in the header, such as value (bn USD), or in a column named unit.",
    ),
    "not_one_currency": (
        "'{unit}' is not an amount of one currency.",
        "Units with one of these can be converted: {currencies:joined}.",
    ),
    "constant_prices": (
        "The amounts are in constant prices ('{unit}'): yearly rates and prices do not apply to them.",
        "Use the series in current prices.",
    ),
    "same_currency": ("The amounts are in {currency} already.", "Leave {option currency} out."),
    "range_at_year": (
        "Every year takes the rate of {year}, the year of the prices: a range would move all of them alike.",
        "Give {option rate} one number.",
    ),
    "no_rates_of_currency": (
        "There are no exchange rates of {currency:repr}.",
        "Those that ship are of {currencies:joined}; {option rates} takes a file of others.",
    ),
    "no_rate_in_year": (
        "There is no exchange rate for {year}; the rates go from {first} to {last}.",
        "Use {option since=first}, a file with {option rates}, or leave {option currency} out.",
    ),
    "rate_unused": (
        "No year is after {last}, the last with a known rate: the rate given is not used.",
        "Leave {option rate} out, or replace the known rates by {option rates}.",
    ),
    "rates_not_positive": ("The rate of {series} is not positive in {year}.", "Correct it, or leave the year out."),
    "no_prices_by_day": ("No consumer prices of {of} were known by {day}.", "Leave {option real} out."),
    "inflation_out_of_range": ("An inflation of {inflation:g} % is out of range.", "Give percent a year, such as 2."),
    "no_country_of_currency": (
        "{currency} is not the currency of one country whose prices are known.",
        "Name a country, such as {option prices='DEU'}, or a file of prices.",
    ),
    "no_yearly_prices": ("{series} has no prices of a whole year.", "Give yearly prices or yearly inflation."),
    "prices_not_positive": ("The price index of {series} is not positive in {year}.", "Give an index or percent."),
    "no_rate_by_day": ("No exchange rate was known by {day:?{day}|now}.", "Leave {option currency} out."),
    "no_prices_of_country": (
        "No consumer prices are known for '{country}'.",
        "{similar:?Known are {similar:joined}.|Give a code such as {option prices='CHN'}, or a file.}",
    ),
    "rates_unclear": (
        (
            "{unit:?The rates of {series} are in '{unit}', not in {old} per {new}.|Nothing says which way round the "
            "rates of {series} are.}"
        ),
        "Write it in the header: value ({old} per {new}), or value ({new} per {old}).",
    ),
}


def rate_not_positive(low: float, high: float, old: str, new: str) -> tuple[str, str]:
    """`low`, `high`: the ends of the rate that is stated; `old`, `new`: the currencies."""
    named = f"The rate {low:g}" if low == high else f"The range of rates {low:g} to {high:g}"
    hint = f"Give {old} per {new}, such as {option('rate', 7.1)} or {option('rate', '6.8..7.4')}."
    return f"{named} is not positive, finite and rising.", hint


def no_base_prices(base: int, of: str, first: int, last: int, inflation: float | None) -> tuple[str, str]:
    """`first`, `last`: the years with prices; `inflation`: as stated for the years after."""
    ahead = f", or state {option('inflation', 2)}" if base > last and inflation is None else ""
    hint = f"Choose one of these years, such as {option('real', last)}{ahead}; {option('prices')} takes a file."
    return f"There are no consumer prices of {of} for {base}; they go from {first} to {last}.", hint


def no_prices_in_year(year: int, of: str, first: int, last: int) -> tuple[str, str]:
    """`first`, `last`: the years with prices."""
    use = f"{option('since', first)} leaves the year out"
    if year > last:
        use = f"{option('inflation', 2)} states it, or {option('until', last)} leaves the year out"
    problem = f"There are no consumer prices for {year}; those of {of} go from {first} to {last}."
    return problem, f"{use}; {option('prices')} takes a file."
