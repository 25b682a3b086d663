"""Pictures of real results, lists of series and of models: what they must show."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.document.picture import Course, Picture, Ranges
from rural_forecast.document.table import Document, Table
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.pool import pooled
from rural_forecast.forecasting.result import Forecast
from rural_forecast.nowcasting.nowcast import nowcast
from rural_forecast.render.formats import render
from rural_forecast.series.catalogue import load
from rural_forecast.series.growth import growth
from rural_forecast.series.source import read
from rural_forecast.text.numbers import BLOCKS, LONGEST, sparkline
from rural_forecast.views import chart, lookup, size
from rural_forecast.views import growth as growth_view
from rural_forecast.views import nowcast as nowcast_view
from rural_forecast.views.chart import source
from rural_forecast.views.table import row_columns
from tests.series.build import seen, series


@pytest.fixture(scope="module")
def founding() -> Forecast:
    return forecast(read("turnover"), year=2018)


def course(picture: Picture) -> Course:
    assert isinstance(picture.plot, Course)
    return picture.plot


def test_definition_unit_and_source_are_told(founding: Forecast) -> None:
    picture = chart.picture(founding)
    assert picture.unit == "bn yuan"
    assert "Spending by rural buyers" in picture.about
    assert "AliResearch" in picture.source
    assert "from 180 in 2014" in picture.alternative
    assert picture.title == "Rural online shopping turnover: about 660 bn yuan in 2018"
    named = picture.dressed(name="农村", subtitle="mine", source="us", notes=("a note",))
    assert named.title == "农村: about 660 bn yuan in 2018"
    assert (named.subtitle, named.source, named.notes[-1]) == ("mine", "us", "a note")
    assert picture.dressed(name="农村", headline="All mine").title == "All mine"


def test_series_of_a_sheet_with_one_title_have_names_of_their_own() -> None:
    known = {str(2020 + at): 4.0 + at for at in range(3)}
    sheet = [series(known, id=name, title="Meals in Europe", file="meals.csv") for name in ("Online", "Shops")]
    drawn = chart.several([forecast(one) for one in sheet])
    assert {line.name for line in course(drawn).lines} >= {"Online", "Shops"}


def test_a_pool_is_drawn_with_ours_alone_next_to_it() -> None:
    known = [seen(str(year), 100.0 + 5 * (year - 2012)) for year in range(2012, 2020)]
    other = seen("2020", 160, status="forecast", author="BCG")
    drawn = chart.picture(pooled(forecast(series({}, observations=(*known, other)), year=2021)))
    lines = {line.name: line.xs for line in course(drawn).lines}
    assert lines["forecast"] == lines["ours alone"] == (2019, 2020, 2021)


def test_a_nowcast_shows_the_year_without_and_with_its_part_named_by_its_months() -> None:
    plot = nowcast_view.picture(nowcast(read("mofcom"), year=2017, until=2016)).plot
    assert isinstance(plot, Ranges)
    assert [row.name for row in plot.rows] == ["Whole years alone", "With January to August"]
    assert plot.reference == pytest.approx(1244.88)
    years = {str(year): 100.0 for year in range(2013, 2018)} | {f"{year}Q2": 25.0 for year in range(2013, 2019)}
    for part, name in (("2018Q1", "With the first half"), ("2018Q3", "With April to September")):
        drawn = nowcast_view.picture(nowcast(series(years | {part: 25.0}), year=2018)).plot
        assert isinstance(drawn, Ranges)
        assert drawn.rows[-1].name == name


def test_a_sizing_shows_the_level_nearest_to_80_everywhere() -> None:
    several_levels, alone = (rf.size("rural_retailer", draws=2000, levels=levels) for levels in ((50, 75, 95), (75,)))
    documents = [size.document(result) for result in (several_levels, alone)]
    assert documents[0].live == documents[1].live
    tables = [[table for table in each.sections if table.columns[0].key == "item"] for each in documents]
    assert tables[0] == tables[1] != []


@pytest.mark.parametrize(("name", "why"), [("villages", "before a gap"), ("users", "on an earlier basis")])
def test_points_that_are_not_used_are_drawn_apart_and_say_why(name: str, why: str) -> None:
    result = forecast(read(name), year=2027)
    plot = course(chart.picture(result))
    used = next(line for line in plot.lines if line.name == "observed")
    unused = [line for line in plot.lines if line.faint]
    assert {line.name for line in unused} == {f"{why}, not used"}
    assert max(unused[-1].xs) < min(used.xs)


def test_derived_and_preliminary_values_are_said_to_be_so() -> None:
    chained = chart.picture(forecast(read("consumption_national"), basis="chained"))
    assert any(note.startswith("Derived from published growth: ") for note in chained.notes)
    known = (seen(str(2015 + at), 100.0 + at, status="preliminary" if at == 9 else "actual") for at in range(10))
    notes = chart.picture(forecast(series({}, observations=tuple(known)))).notes
    assert notes == ("Observed values that are preliminary: 2024.",)


def test_growth_leaves_gaps_and_credits_no_forecast_and_files_are_not_named() -> None:
    found = growth(read("turnover"), read("mofcom"), all_years=True)
    for line in course(growth_view.picture(found)).lines:
        assert list(line.xs) == list(range(int(line.xs[0]), int(line.xs[-1]) + 1))
    known, filed = read("mofcom"), replace(read("mofcom"), publisher="", file="market.csv")
    assert growth_view.picture(growth(known)).source == "Source: Ministry of Commerce of China."
    assert source(known, filed, credit="") == "Sources: Ministry of Commerce of China; data as supplied."


def lines(document: object, width: int | None = 80) -> list[str]:
    text = render(document, "table", width=width)  # type: ignore[arg-type]
    assert isinstance(text, str)
    return text.splitlines()


def test_every_name_can_be_copied_from_the_list_and_a_search_that_finds_nothing_says_so() -> None:
    known = load().every()
    shown = {line.partition(" ")[0] for line in lines(lookup.listing(known))}
    assert {one.label for one in known} <= shown
    assert any(line.startswith("No series holds every word.") for line in lines(lookup.listing(())))
    assert lookup.listing([read("turnover")]).sections[0].rows[0][-1] == "▁▅█"


def test_notes_and_addresses_stand_under_their_rows_and_no_sign_says_exactly() -> None:
    shown = lines(lookup.everything(read("turnover"))._replace(brief=""))
    row = next(place for place, line in enumerate(shown) if line.startswith("2015") and " yes " in line)
    assert shown[row].split() == ["2015", "353", "actual", "yes", "xfa20160411"]
    assert shown[row + 1] == "  Ministry of Commerce figure; implied by 482/1.366 = 352.9"
    assert any(line.split()[:3] == ["2016", "460", ">"] for line in shown)
    assert "  http://finance.ce.cn/rolling/201410/13/t20141013_3692152.shtml" in shown


def test_the_bounds_of_parameters_have_one_number_of_decimals_and_rows_headings_for_people() -> None:
    shown = lines(lookup.one_model(registry.get("damped_holt")))
    bounds = [line.split()[-2:] for line in shown if line.startswith(("alpha ", "phi ")) and "one-step" not in line]
    assert bounds == [["0.000", "1.000"], ["0.800", "0.995"]]
    assert "Needs: 1 point or more." in lines(lookup.one_model(registry.get("naive")))
    columns = row_columns((80,))
    row = ("north", 2027, "forecast", "consensus", 5.0, 4.0, 6.0, 3.2, "bn CNY")
    heading = lines(Document("batch", Table(columns, (row,))))[0]
    assert heading == "Series  Year  Kind      Model      Value  80 % range  Growth  Unit"


@given(st.lists(st.floats(-1e9, 1e9), max_size=40))
def test_heights_follow_the_values(values: list[float]) -> None:
    assert sparkline([1, 2], low=0, high=8) == "▂▃", "a common scale can be given"
    word, shown = sparkline(values), values[-LONGEST:]
    assert len(word) == len(shown)
    heights = [BLOCKS.index(sign) for sign in word]
    assert all(heights[i] <= heights[j] for i, a in enumerate(shown) for j, b in enumerate(shown) if a < b)
