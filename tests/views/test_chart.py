"""Pictures of real results: what is drawn, what it is called, and where it comes from."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

import rural_forecast as rf
from rural_forecast.document.picture import Course, Panels, Picture, Ranges
from rural_forecast.forecasting.pool import pooled
from rural_forecast.objects.functions import forecast
from rural_forecast.views import attribution, chart, compare, growth, nowcast, several, size
from tests.observed.build import observed, series


@pytest.fixture(scope="module")
def founding() -> Picture:
    return chart.picture(forecast(rf.read("turnover"), year=2018))


def course(picture: Picture) -> Course:
    assert isinstance(picture.plot, Course)
    return picture.plot


def ranges(picture: Picture) -> Ranges:
    assert isinstance(picture.plot, Ranges)
    return picture.plot


def test_a_picture_says_what_is_counted(founding: Picture) -> None:
    assert founding.title == "Rural online shopping turnover: about 830 bn yuan in 2018"
    assert founding.unit == "bn yuan"
    assert "Spending by rural buyers" in founding.about


def test_a_picture_names_its_source(founding: Picture) -> None:
    assert "AliResearch" in founding.source


def test_the_text_in_place_of_a_picture_says_where_history_begins(founding: Picture) -> None:
    assert "from 180 in 2014" in founding.alternative


def test_the_text_in_place_of_a_picture_parts_a_new_basis_from_earlier_ones() -> None:
    picture = chart.picture(forecast("mofcom"))
    assert "Observed: 3.00 in 2025; on an earlier basis 0.895 in 2016" in picture.alternative


def test_texts_of_a_person_replace_ours(founding: Picture) -> None:
    dressed = founding.dressed(name="农村", subtitle="mine", source="us", notes=("a note",))
    assert dressed.title == "农村: about 830 bn yuan in 2018"
    assert (dressed.subtitle, dressed.source, dressed.notes[-1]) == ("mine", "us", "a note")
    assert founding.dressed(name="农村", headline="All mine").title == "All mine"


def test_series_of_one_sheet_are_drawn_by_their_own_names() -> None:
    values = {"2020": 4.0, "2021": 5.0, "2022": 6.0}
    sheet = [
        series(values, id=name, title="Meals in Europe", file="meals.csv")
        for name in ("Online", "Shops")
    ]
    drawn = several.several([forecast(one) for one in sheet])
    names = {line.name.partition(", ")[0] for line in course(drawn).lines}
    assert names >= {"Online", "Shops"}
    assert drawn.title.startswith("Meals in Europe, Online: fastest growth")


def of_sizes(*sizes: float) -> Picture:
    """A picture of series that grow alike, from a size each."""
    years = range(2016, 2024)
    made = []
    for number, first in enumerate(sizes):
        values = {str(year): first * 1.05 ** (year - 2016) for year in years}
        made.append(series(values, id=f"region {number}", title=f"Region {number}"))
    return several.several([forecast(one) for one in made])


def panels(drawn: Picture) -> list[Course]:
    assert isinstance(drawn.plot, Panels)
    return [panel.plot for panel in drawn.plot.pictures if isinstance(panel.plot, Course)]


def test_small_multiples_of_one_unit_are_sorted_on_one_scale_and_the_largest_has_the_accent() -> (
    None
):
    drawn = of_sizes(20, 80, 40, 30, 50, 60, 70)
    assert drawn.title.startswith("Region 1: the largest, about ")
    ends = [course.lines[1].ys[-1] for course in panels(drawn)]
    assert ends == sorted(ends, reverse=True)
    assert [course.is_answer for course in panels(drawn)] == [True, *[False] * 6]
    assert len({(min(course.drawn), max(course.drawn)) for course in panels(drawn)}) == 1


def test_small_multiples_of_unlike_sizes_say_that_each_has_an_axis_of_its_own() -> None:
    drawn = of_sizes(2, 80, 40, 30, 50, 60, 70)
    assert "each on an axis of its own" in drawn.about
    assert len({max(course.drawn) for course in panels(drawn)}) == 7


def test_growth_that_a_headline_compares_is_at_the_line_of_each_series() -> None:
    drawn = of_sizes(20, 80)
    assert all(label.name.endswith(" % a year") for label in course(drawn).labels)


def test_a_pool_is_drawn_beside_ours_alone() -> None:
    history = [observed(str(year), 100.0 + 5 * (year - 2012)) for year in range(2012, 2020)]
    other = observed("2020", 160, status="forecast", author="BCG")
    pool = pooled(forecast(series({}, observations=(*history, other)), year=2021))
    lines = {line.name: line.xs for line in course(chart.picture(pool)).lines}
    assert lines["forecast"] == lines["ours alone"] == (2019, 2020, 2021)


def test_a_nowcast_is_drawn_without_and_with_the_known_part_of_the_year() -> None:
    plot = ranges(nowcast.picture(rf.nowcast(rf.read("mofcom"), year=2017, until=2016)))
    assert [row.name for row in plot.rows] == ["Whole years alone", "With January to August"]
    assert plot.reference == pytest.approx(1244.88)


def test_a_total_among_its_parts_is_called_by_its_id() -> None:
    values = {2019: 1, 2020: 2, 2021: 3}
    sheet = []
    for name, factor in (("Total", 1), ("Asia", 0.5)):
        sized = {year: factor * value for year, value in values.items()}
        title = "Speakers" if name == "Total" else f"{name}, Speakers"
        sheet.append(rf.series(sized, id=name, title=title))
    drawn = course(several.several([forecast(one) for one in sheet]))
    assert [label.name.partition(",")[0] for label in drawn.labels] == ["Total", "Asia"]


@pytest.mark.parametrize(
    ("part", "name"), [("2018Q1", "With the first half"), ("2018Q3", "With April to September")]
)
def test_a_nowcast_names_the_known_part_by_its_months(part: str, name: str) -> None:
    years = {str(year): 100.0 for year in range(2013, 2018)}
    quarters = {f"{year}Q2": 25.0 for year in range(2013, 2019)}
    result = rf.nowcast(series(years | quarters | {part: 25.0}), year=2018)
    assert ranges(nowcast.picture(result)).rows[-1].name == name


def test_a_sizing_shows_the_level_nearest_to_80_everywhere() -> None:
    several_levels = size.document(rf.size("rural_retailer", draws=2000, levels=(50, 75, 95)))
    one_level = size.document(rf.size("rural_retailer", draws=2000, levels=(75,)))
    assert several_levels.live == one_level.live
    drivers = several_levels.sections[-1]
    assert drivers.columns[0].key == "item"
    assert drivers == one_level.sections[-1]


@pytest.mark.parametrize(
    ("name", "why"), [("villages", "before a gap"), ("users", "earlier basis")]
)
def test_points_that_are_not_used_are_drawn_apart_with_the_reason(name: str, why: str) -> None:
    plot = course(chart.picture(forecast(rf.read(name), year=2027)))
    used = next(line for line in plot.lines if line.name == "observed")
    unused = [line for line in plot.lines if line.faint]
    assert any(line.name.startswith(why) for line in unused)
    assert max(unused[0].xs) < min(used.xs)


def test_derived_values_are_noted() -> None:
    chained = chart.picture(forecast(rf.read("consumption_national"), basis="chained"))
    assert any(note.startswith("Derived from published growth: ") for note in chained.notes)


def test_preliminary_values_are_noted() -> None:
    history = [observed(str(year), 100.0 + year - 2015) for year in range(2015, 2024)]
    last = observed("2024", 109.0, status="preliminary")
    notes = chart.picture(forecast(series({}, observations=(*history, last)))).notes
    assert notes == ("Observed values that are preliminary: 2024.",)


def test_lines_of_growth_leave_gaps() -> None:
    result = rf.growth(rf.read("turnover"), rf.read("mofcom"), all_years=True)
    for line in course(growth.picture(result)).lines:
        assert list(line.xs) == list(range(int(line.xs[0]), int(line.xs[-1]) + 1))


def test_averages_that_a_headline_of_growth_compares_are_at_the_lines() -> None:
    drawn = growth.picture(rf.growth("income_rural", "income_urban"))
    labels = [label.name for label in course(drawn).labels]
    averages = [name.partition("average ")[2] for name in labels]
    assert averages[0] in drawn.title
    assert averages[1] in drawn.subtitle


def test_a_picture_of_growth_credits_no_forecast() -> None:
    picture = growth.picture(rf.growth(rf.read("mofcom")))
    assert picture.source == "Source: Ministry of Commerce of China."


def test_a_series_of_a_file_has_no_publisher() -> None:
    published = rf.read("mofcom")
    filed = replace(published, publisher="", file="market.csv")
    nameless = replace(
        filed, observations=tuple(replace(value, source="") for value in filed.observations)
    )
    credit = attribution.line(attribution.of_series(published, nameless), "")
    assert credit == "Sources: Ministry of Commerce of China; data as supplied."


def test_definitions_of_one_market_are_side_by_side_each_with_its_range_and_none_is_ahead() -> None:
    both = [rf.forecast(name, year=2030) for name in ("turnover", "mofcom")]
    shown = several.several(both)
    assert shown.title == "Two definitions of one market, side by side"
    assert isinstance(shown.plot, Panels)
    assert "fastest" not in shown.alternative
    for result, panel in zip(both, shown.plot.pictures, strict=True):
        low, high = panel.amounts.of_range(result.best.last, *result.best.ends(0)).bounds(
            *result.best.ends(0)
        )
        assert f"{panel.title} {low} to {high}" in shown.subtitle
        assert isinstance(panel.plot, Course)
        assert [band.level for band in panel.plot.bands] == [80]
    axes = {(min(panel.plot.drawn), max(panel.plot.drawn)) for panel in shown.plot.pictures}
    assert len(axes) == 1, "heights can be compared"


def test_other_markets_are_compared_without_a_verb_that_has_to_agree() -> None:
    shown = several.several([rf.forecast(name, year=2027) for name in ("mofcom", "online")])
    assert re.fullmatch(r".+: fastest growth to 2027, \+\d+\.\d % a year", shown.title)


def test_two_markets_that_grow_alike_are_both() -> None:
    shown = several.several([rf.forecast({2019: size, 2020: 1.1 * size}) for size in (5, 50)])
    assert shown.title.startswith("Both grow ")


def test_columns_do_not_speak_of_a_line_that_they_do_not_have() -> None:
    found = rf.forecast("mofcom", year=2030)
    assert "Grey line" in chart.picture(found).about
    assert "Grey line" not in chart.columns(found).about
    assert any("on a new basis" in note for note in chart.columns(found).notes)


def test_published_growth_carries_a_line_back_across_bases() -> None:
    found = rf.forecast("mofcom", year=2030)
    (back,) = [line for line in course(chart.picture(found)).lines if line.name == "past growth"]
    growth = {
        year: 100 * (later / before - 1) for (_, before), (year, later) in pairwise(back.points)
    }
    assert growth[2025] == pytest.approx(6.7)
    assert growth[2024] == pytest.approx(6.4)
    assert back.points[-1] == (2025, 3000)
    (levels,) = [line for line in course(chart.picture(found)).lines if line.dash == "none"]
    assert dict(levels.points)[2024] == 2560


def test_no_line_crosses_a_basis_whose_growth_nobody_published() -> None:
    found = rf.forecast("users", year=2027)
    assert not [line for line in course(chart.picture(found)).lines if line.name == "past growth"]


def test_no_range_of_a_row_is_finer_than_its_value() -> None:
    # ETS has a narrow range beside the wide one of the forecast, which gives values their step.
    drawn = ranges(compare.picture(rf.compare("mofcom", until=2025, year=2028)))
    for row in drawn.rows:
        value, span, *_ = row.texts
        places = len(value.partition(".")[2])
        assert all(len(end.partition(".")[2]) <= places for end in span.split(" to "))
