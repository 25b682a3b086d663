"""Pictures of real results: what they must show."""

from dataclasses import replace

import pytest

from rural_forecast.document.page import Chapter, Page, Section
from rural_forecast.document.picture import Course, Panels, Picture, Ranges
from rural_forecast.forecasting.backtest import backtest
from rural_forecast.forecasting.compare import compare
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.pool import pooled
from rural_forecast.forecasting.result import Forecast
from rural_forecast.nowcasting.nowcast import nowcast
from rural_forecast.render import formats, terminal
from rural_forecast.render.page.html import render as rendered
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.scenarios.scenario import scenario
from rural_forecast.series.growth import growth
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.source import read
from rural_forecast.sizing.effects import swings
from rural_forecast.sizing.size import size
from rural_forecast.views.pictures import backtest as backtest_picture
from rural_forecast.views.pictures import comparison, fan, several
from rural_forecast.views.pictures import growth as growth_picture
from rural_forecast.views.pictures import nowcast as nowcast_picture
from rural_forecast.views.pictures import scenario as scenario_picture
from rural_forecast.views.pictures import size as size_picture
from rural_forecast.views.pictures.course import source
from rural_forecast.views.size import document
from tests.series.build import seen, series


@pytest.fixture(scope="module")
def founding() -> Forecast:
    return forecast(read("turnover"), year=2018)


def course(picture: Picture) -> Course:
    assert isinstance(picture.plot, Course)
    return picture.plot


def panels(picture: Picture) -> tuple[Picture, ...]:
    assert isinstance(picture.plot, Panels)
    return picture.plot.pictures


def test_a_fan_starts_at_the_last_observed_value_and_holds_its_line(founding: Forecast) -> None:
    plot = course(fan.picture(founding))
    line = next(line for line in plot.lines if line.dash == "dashed")
    assert (line.xs[0], line.ys[0]) == (2016, 482)
    assert [band.level for band in plot.bands] == [95, 80]
    for band in plot.bands:
        assert band.lower[0] == band.upper[0] == 482
        for low, value, high in zip(band.lower[1:], line.ys[1:], band.upper[1:], strict=True):
            assert low < value < high


def test_precedents_lie_behind_the_fan_but_not_on_a_terminal(founding: Forecast) -> None:
    picture = fan.picture(founding)
    plot = course(picture)
    assert len(plot.traces) == 8
    for line in plot.traces:
        assert (line.xs[0], line.ys[0]) == (2016, 482)
    assert "similar histories" in str(formats.render(picture, "svg"))
    assert "similar histories" not in terminal.render(picture)


def test_with_several_models_the_bands_say_whose_they_are() -> None:
    plot = course(fan.picture(forecast(read("mofcom"), models=("drift", "theta"))))
    assert [band.name for band in plot.bands] == ["95 % of Random walk with drift", "80 % of Random walk with drift"]


def test_published_estimates_are_marks_with_their_kind(founding: Forecast) -> None:
    marks = {mark.x: mark for mark in course(fan.picture(founding)).marks}
    assert marks[2017].y == 600
    assert (marks[2016].shape, marks[2016].text) == ("up", ">460 AliResearch")
    assert 2014 not in marks, "a figure that only repeats what was observed is no news"


def test_definition_unit_and_source_are_told(founding: Forecast) -> None:
    picture = fan.picture(founding)
    assert picture.unit == "bn CNY"
    assert "Spending by rural buyers" in picture.subtitle
    assert "AliResearch" in picture.source
    assert "180 bn CNY in 2014" in picture.alternative
    assert fan.picture(founding).head.startswith("Growth slows")
    titled = fan.picture(founding).dressed(title="农村", subtitle="mine", source="us", notes=("a note",))
    assert (titled.head, titled.title) == ("农村", picture.claim)
    assert (titled.subtitle, titled.source, titled.notes[-1]) == ("mine", "us", "a note")


def test_what_happened_is_drawn_beside_a_hindcast() -> None:
    told = forecast(read("mofcom"), until=2021, year=2024)
    names = [line.name for line in course(fan.picture(told)).lines]
    assert "what happened" in names


def test_an_earlier_basis_is_shown_apart_and_not_joined() -> None:
    plot = course(fan.picture(forecast(read("villages"))))
    earlier = [line for line in plot.lines if line.faint]
    used = next(line for line in plot.lines if line.name == "observed")
    assert earlier
    assert max(earlier[-1].xs) < min(used.xs)


def test_points_that_are_not_used_say_why_in_every_format() -> None:
    picture = fan.picture(forecast(read("villages")))
    (words,) = {line.name for line in course(picture).lines if line.faint}
    assert words == "before a gap, not used"
    assert words in str(formats.render(picture, "table"))
    assert words in str(formats.render(picture, "svg"))
    assert words in rendered(Page("Trial", (), (Chapter("Market", (Section(picture=picture),)),)))
    broken = {line.name for line in course(fan.picture(forecast(read("users")))).lines if line.faint}
    assert broken == {"on an earlier basis, not used"}
    beside = several.picture([forecast(read("users"), year=2027), forecast(read("users"), year=2027)])
    assert "Rural internet users: on an earlier basis, not used" in {line.name for line in course(beside).lines}


def test_published_figures_beyond_the_last_year_drawn_are_named_in_every_format() -> None:
    picture = fan.picture(forecast(read("turnover"), until=2015, year=2016))
    note = "Published for years beyond the drawing: 600 for 2017 (author not named)."
    assert note in picture.notes
    assert note in str(formats.render(picture, "table"))
    assert note in str(formats.render(picture, "svg"))
    assert note in rendered(Page("Trial", (), (Chapter("Market", (Section(picture=picture),)),)))


def test_published_figures_without_a_label_are_named_below_the_picture() -> None:
    seen = [Observation(Period(2015 + at), 100.0 + at) for at in range(10)]
    said = [Observation(Period(2015 + at), 90.0, "forecast", author=f"House {at}") for at in range(10)]
    picture = fan.picture(forecast(Series("market", observations=(*seen, *said))))
    unnamed = {mark.x for mark in course(picture).marks if not mark.text}
    (note,) = picture.notes
    assert len(unnamed) == 5
    assert all(f"90 for {year:.0f} (House {year - 2015:.0f})" in note for year in unnamed)


def test_derived_and_preliminary_values_are_said_to_be_so() -> None:
    chained = fan.picture(forecast(read("consumption_national"), basis="chained"))
    assert any(note.startswith("Derived from published growth: ") for note in chained.notes)
    seen = [Observation(Period(2015 + at), 100.0 + at, "preliminary" if at == 9 else "actual") for at in range(10)]
    assert fan.picture(forecast(Series("market", observations=tuple(seen)))).notes == (
        "Observed values that are preliminary: 2024.",
    )


def test_several_series_say_that_published_figures_are_left_out() -> None:
    found = [forecast(read(name), year=2027) for name in ("turnover", "mofcom")]
    assert several.picture(found).notes[0].startswith("Figures that others have published are not drawn here")


def test_definitions_stand_side_by_side_and_units_are_never_mixed(founding: Forecast) -> None:
    other = forecast(read("mofcom"), year=2027)
    plot = course(several.picture([forecast(read("turnover"), year=2027), other]))
    assert len({line.tone for line in plot.lines}) == 2
    assert len(plot.labels) == 2
    for many in ([founding, forecast(read("users"))], [founding] * 7):
        apart = several.picture(many).plot
        assert isinstance(apart, Panels)
        assert len(apart.pictures) == len(many)
        units = {panel.unit for panel in apart.pictures}
        assert units == ({"bn CNY", "million persons"} if len(many) == 2 else {""})


def test_every_model_that_answers_has_a_row() -> None:
    result = compare(read("turnover"), year=2018, opinions=False)
    plot = comparison.picture(result).plot
    assert isinstance(plot, Ranges)
    assert plot.rows[0].name == "consensus"
    assert plot.reference == plot.rows[0].value
    assert len(plot.rows) == sum(line.given.answers for line in result.lines)
    for row in plot.rows:
        assert row.value is not None
        assert all(lower <= row.value <= upper for _, lower, upper in row.bounds)


def test_a_backtest_draws_a_path_from_every_origin() -> None:
    result = backtest(read("mofcom"), models=("naive",))
    plot = course(panels(backtest_picture.picture(result))[0])
    paths = [line for line in plot.lines if line.dash == "dashed"]
    known = dict(zip(result.history.years, result.history.values, strict=True))
    assert len(paths) == len({trial.origin for trial in result.trials})
    assert all(path.ys[0] == known[int(path.xs[0])] for path in paths)
    alone = backtest_picture.picture(backtest(read("turnover")))
    assert "in 1 forecast from 1 origin; " in alone.claim
    assert "Shaded" not in alone.subtitle, "one origin has no band to shade"


def test_growth_leaves_a_gap_where_nothing_is_known() -> None:
    found = growth(read("turnover"), read("mofcom"), all_years=True)
    for line in course(growth_picture.picture(found)).lines:
        assert list(line.xs) == list(range(int(line.xs[0]), int(line.xs[-1]) + 1))


def test_a_picture_of_growth_credits_no_forecast() -> None:
    assert growth_picture.picture(growth(read("mofcom"))).source == "Source: Ministry of Commerce of China."
    unnamed = replace(read("mofcom"), publisher="")
    assert growth_picture.picture(growth(unnamed)).source == "Source: data as supplied."


def test_a_picture_names_publishers_but_no_files() -> None:
    known, filed = read("mofcom"), replace(read("mofcom"), publisher="", file="market.csv")
    assert source(filed, credit="") == "Source: data as supplied."
    assert source(known, filed, credit="") == "Source: Ministry of Commerce of China, data as supplied."


def test_scenarios_stand_beside_the_baseline() -> None:
    result = scenario(read("mofcom"), Scenario("slow", growth=2.0), year=2027)
    plot = course(scenario_picture.picture(result))
    assert [label.text.split(" ")[-1] for label in plot.labels] == ["baseline", "slow"]


def test_a_tornado_is_sorted_and_each_bar_is_one_driver_alone() -> None:
    result = size("rural_online_retail", draws=2000)
    middle, found = swings(result)
    widths = [abs(swing.high - swing.low) for swing in found]
    assert widths == sorted(widths, reverse=True)
    assert all(min(swing.low, swing.high) <= middle * 1.000001 for swing in found)
    assert abs(middle / result.main.estimates[-1].value - 1) < 0.15
    plot = panels(size_picture.picture(result))[1].plot
    assert isinstance(plot, Ranges)
    assert [row.name for row in plot.rows] == [swing.driver.replace("_", " ") for swing in found]


def test_a_nowcast_shows_how_the_estimate_moved() -> None:
    result = nowcast(read("mofcom"), year=2017, until=2016)
    plot = nowcast_picture.picture(result).plot
    assert isinstance(plot, Ranges)
    assert plot.rows[0].name == "from whole years alone"
    assert [row.name for row in plot.rows[1:]] == ["with 2017Q1", "with 2017H1", "with 2017M01-M08"]
    assert plot.rows[-1].value == result.value
    assert plot.reference == pytest.approx(1244.88)


def test_a_market_of_zeros_claims_no_interval(founding: Forecast) -> None:
    flat = founding.main[0]._replace(lower=founding.main[0].lower * 0 + 5, upper=founding.main[0].upper * 0 + 5)
    picture = fan.picture(replace(founding, main=(flat,)))
    assert "interval" not in picture.claim
    assert len(course(picture).labels) == 1


def test_series_of_a_sheet_with_one_title_have_names_of_their_own() -> None:
    seen = tuple(Observation(Period(2020 + at), 4.0 + at) for at in range(3))
    sheet = [Series(name, title="Meals in Europe", file="meals.csv", observations=seen) for name in ("Online", "Shops")]
    drawn = several.picture([forecast(series) for series in sheet])
    assert {line.name for line in course(drawn).lines} >= {"Meals in Europe: Online", "Meals in Europe: Shops"}


def test_a_small_fan_names_its_last_value_and_its_end(founding: Forecast) -> None:
    (first, *_) = panels(several.picture([founding] * (several.MOST + 1)))
    assert [mark.text for mark in course(first).marks] == ["482"]
    assert [label.text for label in course(first).labels] == ["656"]


def test_a_pool_is_joined_to_the_last_value_only_where_it_begins_in_the_next_year() -> None:
    history = {str(year): 100.0 + 5 * (year - 2012) for year in range(2012, 2020)}
    for first in (2020, 2021):
        published = tuple(seen(str(year), 160, status="forecast", author="BCG") for year in range(first, 2022))
        known = tuple(seen(period, value) for period, value in history.items())
        pool = pooled(forecast(series({}, observations=(*known, *published)), year=2021))
        lines = [line.xs for line in course(fan.picture(pool)).lines if line.name == "pool"]
        assert lines == [(2019, 2020, 2021) if first == 2020 else (2021,)]


def test_published_figures_beyond_five_and_those_that_repeat_a_value_have_no_name() -> None:
    known = tuple(seen(str(year), 100.0 + year - 2010) for year in range(2010, 2020))
    published = tuple(seen(str(year), 130.0, status="forecast", author="BCG") for year in range(2012, 2019))
    repeated = seen("2011", 101.0, status="forecast", author="BCG")
    marks = course(fan.picture(forecast(series({}, observations=(*known, *published, repeated)), year=2021))).marks
    shown = [mark for mark in marks if mark.shape != "none"]
    assert [mark.x for mark in shown] == [2018, 2017, 2016, 2015, 2014, 2013, 2012]
    assert [bool(mark.text) for mark in shown] == [True] * 5 + [False] * 2


def test_a_row_of_a_nowcast_names_its_months_where_they_are_not_the_first() -> None:
    years = {str(year): 100.0 for year in range(2013, 2018)} | {f"{year}Q2": 25.0 for year in range(2013, 2019)}
    for part, name in (("2018Q1", "with 2018H1"), ("2018Q3", "with April to September")):
        drawn = nowcast_picture.picture(nowcast(series(years | {part: 25.0}), year=2018)).plot
        assert isinstance(drawn, Ranges)
        assert drawn.rows[-1].name == name


def test_a_sizing_shows_the_level_nearest_to_80_everywhere() -> None:
    several_levels, alone = (size("rural_retailer", draws=2000, levels=levels) for levels in ((50, 75, 95), (75,)))
    documents = [document(result) for result in (several_levels, alone)]
    assert documents[0].live == documents[1].live
    tables = [[table for table in each.sections if table.columns[0].key == "item"] for each in documents]
    assert tables[0] == tables[1] != []
