"""Pictures of real results: what they must show."""

from dataclasses import replace

import pytest

from rural_forecast.document.picture import Course, Panels, Picture, Ranges
from rural_forecast.forecasting.backtest import backtest
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.pool import pooled
from rural_forecast.forecasting.result import Forecast
from rural_forecast.nowcasting.nowcast import nowcast
from rural_forecast.render import formats
from rural_forecast.series.growth import growth
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.source import read
from rural_forecast.sizing.effects import swings
from rural_forecast.sizing.size import size
from rural_forecast.views import growth as growth_view
from rural_forecast.views import nowcast as nowcast_view
from rural_forecast.views.pictures import backtest as backtest_picture
from rural_forecast.views.pictures import fan, several
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


def test_definition_unit_and_source_are_told(founding: Forecast) -> None:
    picture = fan.picture(founding)
    assert picture.unit == "bn CNY"
    assert "Spending by rural buyers" in picture.subtitle
    assert "AliResearch" in picture.source
    assert "180 bn CNY in 2014" in picture.alternative
    assert fan.picture(founding).head.startswith("About 660")
    titled = fan.picture(founding).dressed(title="农村", subtitle="mine", source="us", notes=("a note",))
    assert (titled.head, titled.title) == ("农村", picture.claim)
    assert (titled.subtitle, titled.source, titled.notes[-1]) == ("mine", "us", "a note")


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


def test_a_pool_is_drawn_with_ours_alone_next_to_it() -> None:
    history = {str(year): 100.0 + 5 * (year - 2012) for year in range(2012, 2020)}
    known = tuple(seen(period, value) for period, value in history.items())
    other = seen("2020", 160, status="forecast", author="BCG")
    drawn = fan.picture(pooled(forecast(series({}, observations=(*known, other)), year=2021)))
    lines = {line.name: line.xs for line in course(drawn).lines}
    assert lines["the pool"] == lines["ours alone"] == (2019, 2020, 2021)


def test_a_row_of_a_nowcast_names_its_months_where_they_are_not_the_first() -> None:
    years = {str(year): 100.0 for year in range(2013, 2018)} | {f"{year}Q2": 25.0 for year in range(2013, 2019)}
    for part, name in (("2018Q1", "with 2018H1"), ("2018Q3", "with April to September")):
        drawn = nowcast_view.picture(nowcast(series(years | {part: 25.0}), year=2018)).plot
        assert isinstance(drawn, Ranges)
        assert drawn.rows[-1].name == name


def test_a_sizing_shows_the_level_nearest_to_80_everywhere() -> None:
    several_levels, alone = (size("rural_retailer", draws=2000, levels=levels) for levels in ((50, 75, 95), (75,)))
    documents = [document(result) for result in (several_levels, alone)]
    assert documents[0].live == documents[1].live
    tables = [[table for table in each.sections if table.columns[0].key == "item"] for each in documents]
    assert tables[0] == tables[1] != []


def test_precedents_lie_behind_the_fan_but_not_on_a_terminal(founding: Forecast) -> None:
    picture = fan.picture(founding)
    assert [(line.xs[0], line.ys[0]) for line in course(picture).traces] == [(2016, 482)] * 8
    assert "similar histories" in str(formats.render(picture, "svg"))
    assert "similar histories" not in str(formats.render(picture, "table"))


def test_lines_and_bands_say_whose_they_are_and_what_happened() -> None:
    plot = course(fan.picture(forecast(read("mofcom"), models=("drift", "theta"), until=2021, year=2024)))
    assert [band.name for band in plot.bands] == ["95 % of Random walk with drift", "80 % of Random walk with drift"]
    names = [line.name for line in plot.lines]
    assert names == ["observed", "what happened", "Random walk with drift", "Theta"]


@pytest.mark.parametrize(("name", "why"), [("villages", "before a gap"), ("users", "on an earlier basis")])
def test_points_that_are_not_used_are_drawn_apart_and_say_why(name: str, why: str) -> None:
    result = forecast(read(name), year=2027)
    plot = course(fan.picture(result))
    used = next(line for line in plot.lines if line.name == "observed")
    unused = [line for line in plot.lines if line.faint]
    assert {line.name for line in unused} == {f"{why}, not used"}
    assert max(unused[-1].xs) < min(used.xs)
    named = [line.name for line in course(several.picture([result, result])).lines]
    assert any(name.endswith(f": {why}, not used") for name in named)


def test_published_figures_are_marks_of_which_five_are_named_and_the_others_listed(founding: Forecast) -> None:
    marks = {mark.x: mark for mark in course(fan.picture(founding)).marks}
    assert (marks[2017].y, marks[2016].shape, marks[2016].text) == (600, "up", ">460 AliResearch")
    assert 2014 not in marks, "a figure that only repeats what was observed is no news"
    known = tuple(seen(str(year), 100.0 + year - 2010) for year in range(2010, 2020))
    published = tuple(seen(str(year), 130.0, status="forecast", author="BCG") for year in range(2012, 2019))
    picture = fan.picture(forecast(series({}, observations=(*known, *published)), year=2021))
    shown = [mark for mark in course(picture).marks if mark.shape != "none"]
    assert [(mark.x, bool(mark.text)) for mark in shown] == [(year, year > 2013) for year in range(2018, 2011, -1)]
    assert picture.notes == ("Published and drawn without a label: 130 for 2013 (BCG); 130 for 2012 (BCG).",)
    beyond = fan.picture(forecast(read("turnover"), until=2015, year=2016)).notes
    assert "Published for years beyond the drawing: 600 for 2017 (author not named)." in beyond


def test_derived_and_preliminary_values_are_said_to_be_so() -> None:
    chained = fan.picture(forecast(read("consumption_national"), basis="chained"))
    assert any(note.startswith("Derived from published growth: ") for note in chained.notes)
    known = (seen(str(2015 + at), 100.0 + at, status="preliminary" if at == 9 else "actual") for at in range(10))
    notes = fan.picture(forecast(series({}, observations=tuple(known)))).notes
    assert notes == ("Observed values that are preliminary: 2024.",)


def test_definitions_are_side_by_side_and_units_are_never_mixed(founding: Forecast) -> None:
    beside = several.picture([forecast(read(name), year=2027) for name in ("turnover", "mofcom")])
    assert beside.notes[0].startswith("Figures that others have published are not drawn here")
    assert len({line.tone for line in course(beside).lines}) == len(course(beside).labels) == 2
    rates = []
    for result in (forecast(read(name), year=2027) for name in ("turnover", "mofcom")):
        known = dict(zip(result.history.years, result.history.values, strict=True))
        known |= dict(zip(result.years, result.best.values, strict=True))
        title = result.history.series.title
        rates.append((100 * ((known[2027] / known[2025]) ** 0.5 - 1), title))
    (slow, last), (fast, first) = sorted(rates)  # over the same years, though one was observed for longer
    grows = f"From 2025 to 2027 the forecast of {first} grows fastest, {fast:+.1f} % a year"
    assert beside.claim == f"{grows}; that of {last} slowest, {slow:+.1f} %"
    mixed, many = (panels(several.picture(each)) for each in ([founding, forecast(read("users"))], [founding] * 7))
    assert {panel.unit for panel in mixed} == {"bn CNY", "million persons"}
    assert {panel.unit for panel in many} == {""}
    assert [mark.text for mark in course(many[0]).marks] == ["482"]
    assert [label.text for label in course(many[0]).labels] == ["656"]


def test_growth_leaves_gaps_and_credits_no_forecast_and_files_are_not_named() -> None:
    found = growth(read("turnover"), read("mofcom"), all_years=True)
    for line in course(growth_view.picture(found)).lines:
        assert list(line.xs) == list(range(int(line.xs[0]), int(line.xs[-1]) + 1))
    known, filed = read("mofcom"), replace(read("mofcom"), publisher="", file="market.csv")
    assert growth_view.picture(growth(known)).source == "Source: Ministry of Commerce of China."
    assert source(known, filed, credit="") == "Source: Ministry of Commerce of China, data as supplied."


def test_a_backtest_of_one_origin_has_no_band_to_shade() -> None:
    alone = backtest_picture.picture(backtest(read("turnover")))
    assert "in 1 forecast from 1 origin; " in alone.claim
    assert "Shaded" not in alone.subtitle


def test_the_driver_that_moves_a_sizing_most_is_on_top() -> None:
    result = size("rural_online_retail", draws=2000)
    _, found = swings(result)
    widths = [abs(swing.high - swing.low) for swing in found]
    assert widths == sorted(widths, reverse=True)
    plot = panels(size_picture.picture(result))[1].plot
    assert isinstance(plot, Ranges)
    assert [row.name for row in plot.rows] == [swing.driver.replace("_", " ") for swing in found]


def test_a_nowcast_shows_how_the_estimate_moved() -> None:
    plot = nowcast_view.picture(nowcast(read("mofcom"), year=2017, until=2016)).plot
    assert isinstance(plot, Ranges)
    names = ["from whole years alone", "with 2017Q1", "with 2017H1", "with 2017M01-M08"]
    assert [row.name for row in plot.rows] == names
    assert plot.reference == pytest.approx(1244.88)
