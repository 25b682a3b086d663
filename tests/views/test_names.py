"""Names of series that were read from the files of others."""

import pytest

from rural_forecast.observed.observation import Series
from rural_forecast.text.wording import renamed, short
from rural_forecast.views.names import title_of


def of_file(
    name: str, *labels: str, places: tuple[str, ...] = (), title: str = "", unit: str = ""
) -> Series:
    return Series(name, title, unit=unit, file="data/x.csv", labels=labels, places=places)


NAMES = {
    "a head and a place": (
        of_file("Norway", "Norway", "NOR", "Oil rents (% of GDP)", "NY.GDP.X", places=("Norway",)),
        "Oil rents, Norway",
    ),
    "all that was chosen, the place last": (
        of_file("China / EV sales / Cars / BEV", "China", "EV sales", "value", places=("China",)),
        "EV sales, Cars, BEV, China",
    ),
    "codes in brackets": (
        of_file("(CO2) Gross CO2 emissions, tonnes / (S0) Baseline", unit="tonnes"),
        "Gross CO2 emissions, Baseline",
    ),
    "a title that names a place": (
        of_file(
            "x",
            "Total retail sales in the United States from 1992 to 2022 (in billion U.S. dollars)",
            title=(
                "Total retail sales in the United States from 1992 to 2022 (in billion U.S. dollars)"
            ),
        ),
        "Total retail sales, United States",
    ),
    "a code with its name beside it": (
        of_file("DE", "DE", "Germany", "Unemployment rate", places=("DE", "Germany")),
        "Unemployment rate, Germany",
    ),
    "a note above the table": (
        of_file("Germany", "Figures are in US $m., at constant prices", "Germany", "Spending"),
        "Germany, Spending",
    ),
}


@pytest.mark.parametrize(("series", "name"), NAMES.values(), ids=NAMES)
def test_a_name_has_what_is_counted_and_where_each_once(series: Series, name: str) -> None:
    assert title_of(series) == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Total retail sales of consumer goods", "Total retail sales"),
        (
            "Agriculture and fishing, value added, share of all, India",
            "Agriculture and fishing, India",
        ),
        (
            "Inflation, consumer prices for cities, United States",
            "Inflation, consumer prices, United States",
        ),
    ],
)
def test_a_shortened_name_stays_a_name(title: str, name: str) -> None:
    assert short(title) == name


@pytest.mark.parametrize(
    ("text", "own", "named"),
    [
        ("Sales: about 5", "Sales", "Mine: about 5"),
        ("The answer rose by 5", "", "Mine: the answer rose by 5"),
        ("West: 62 % of the growth", "", "Mine, West: 62 % of the growth"),
    ],
)
def test_a_title_keeps_the_finding(text: str, own: str, named: str) -> None:
    assert renamed(text, own, "Mine") == named
