"""Growth as people see it: a row a series by pace, or a row a year of a single one."""

from rural_forecast.document.table import Document
from rural_forecast.observed.growth import growth
from rural_forecast.observed.observation import Series
from rural_forecast.render import table as rendered
from rural_forecast.views.growth import document
from tests.observed.build import market

FAST = market("Trams", [10, 12, 15, 18], 2019, unit="m trips")
SLOW = market("Buses", [100, 101, 103, 104], 2019, unit="m trips")
SHRUNK = market("Ferries", [8, 7, 6, 6], 2019, unit="m trips")
EARLIER = market("Coaches", [4, 5, 6], 2010, unit="m trips")


def grown(*series: Series, all_years: bool = False) -> Document:
    return document(growth(*series, all_years=all_years))


def drawn(*series: Series) -> list[str]:
    return rendered.render(grown(*series), width=80, color=0, unicode=True).splitlines()


def test_several_series_have_a_row_each_the_fastest_first() -> None:
    rows = grown(SLOW, FAST, SHRUNK).sections[0]
    assert rows.cells(0) == ["Trams", "Buses", "Ferries"]


def test_a_row_has_the_last_level_and_growth_a_year() -> None:
    rows = grown(SLOW, FAST).sections[0]
    assert [column.title for column in rows.columns] == ["Series", "m trips, 2022", "A year"]
    _, level, pace = rows.rows[0]
    assert level == 18
    assert round(pace, 1) == 21.6


def test_series_without_common_years_name_their_own() -> None:
    rows = grown(FAST, EARLIER, all_years=True).sections[0]
    assert [column.title for column in rows.columns][1:3] == ["From", "To"]
    assert [row[1:3] for row in rows.rows] == [(2010, 2012), (2019, 2022)]


def test_bars_begin_at_no_growth_and_mark_it_where_a_series_shrank() -> None:
    lines = drawn(FAST, SHRUNK)
    trams = next(line for line in lines if line.startswith("Trams  "))
    ferries = next(line for line in lines if line.startswith("Ferries  "))
    assert trams.index("│") == ferries.index("│")
    assert ferries.index("●") < ferries.index("│") < trams.index("●")


def test_years_are_on_no_screen_that_did_not_ask_for_them() -> None:
    lines = drawn(FAST, SLOW)
    assert not any(line.startswith("2020") for line in lines)
    assert any("growth on the year before" in line for line in lines)


def test_one_series_has_a_row_a_year_with_its_level() -> None:
    rows = grown(FAST).sections[0]
    assert rows.cells(0) == [2019, 2020, 2021, 2022]
    assert rows.cells(1) == [10, 12, 15, 18]


def test_a_series_without_growth_has_a_row_with_its_last_level() -> None:
    rows = grown(FAST, market("Cabs", [3], 2022, unit="m trips"), all_years=True).sections[0]
    assert rows.rows[-1] == ("Cabs", None, 2022, 3, None)
