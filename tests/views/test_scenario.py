"""Pictures and headlines of scenarios: what the headline names has the accent, all have a range."""

import rural_forecast as rf
from rural_forecast.document.picture import MAIN, Course
from rural_forecast.render.drawing import svg
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.text.style import PHONE, WIDE
from rural_forecast.views import scenario
from tests.render.measured import measured

SLOW = Scenario("slow", growth={2026: 5.0, 2027: 4.0})
SHOCK = Scenario("shock", shock={2027: (-10.0, -5.0)})
CEILING = Scenario("ceiling", ceiling=(4000.0, 5000.0))


def plot_of(*scenarios: Scenario) -> Course:
    plot = scenario.picture(rf.scenario("mofcom", *scenarios, year=2030)).plot
    assert isinstance(plot, Course)
    return plot


def test_several_scenarios_are_told_apart_by_dashes_and_the_forecast_has_the_accent() -> None:
    plot = plot_of(SLOW, SHOCK, CEILING)
    ends = {end.name: end for end in plot.ends}
    assert ends["forecast"].tone == MAIN
    others = [end for end in plot.ends if end.name != "forecast"]
    assert len({(end.tone, end.dash) for end in others}) == 3
    assert all(end.bounds for end in plot.ends)


def test_one_scenario_is_the_answer_and_has_the_accent() -> None:
    plot = plot_of(SLOW)
    assert [end.name for end in plot.ends if end.tone == MAIN] == ["slow"]


def test_each_scenario_says_what_it_assumes() -> None:
    assert [(key.name, key.text) for key in plot_of(SLOW, SHOCK, CEILING).keys] == [
        ("slow", "growth of 5 and 4 % in 2026 and 2027"),
        ("shock", "5 to 10 % lower in 2027"),
        ("ceiling", "a ceiling between 4.0 and 5.0 tn yuan"),
    ]


def test_a_phone_has_labels_in_place_of_bars_of_ranges() -> None:
    picture = scenario.picture(rf.scenario("mofcom", SLOW, SHOCK, year=2030))
    wide = measured(svg(picture, WIDE))
    phone = measured(svg(picture, PHONE))
    assert "2030 and its 80 % range" in wide.words
    assert "2030 and its 80 % range" not in phone.words
    assert {"slow", "shock", "forecast"} <= set(phone.words)


def test_the_headline_says_on_which_side_of_the_forecast_scenarios_are() -> None:
    fast = Scenario("fast", growth=20.0)
    less = rf.scenario("mofcom", SLOW, CEILING, year=2030, basis="levels")
    assert scenario.heading(less).text.endswith("less in every scenario")
    both = rf.scenario("mofcom", SLOW, fast, year=2030)
    assert scenario.heading(both).text.endswith("scenarios on both sides")


def test_the_range_of_stated_growth_has_no_chance_of_ours() -> None:
    stated = rf.scenario("mofcom", Scenario("mine", growth=(4.0, 9.0)), year=2027)
    assert scenario.heading(stated).range.startswith("If growth is 4 to 9 % a year: 3,240 to 3,570")
    ours = rf.scenario("mofcom", Scenario("fall", shock={2026: -10.0}), year=2027)
    assert "four chances in five" in scenario.heading(ours).range


def test_a_picture_has_the_values_of_an_earlier_basis_and_says_so() -> None:
    result = rf.scenario("mofcom", rf.Scenario("slow", growth=(2.0, 8.0)), year=2030)
    picture = scenario.picture(result)
    first, _ = picture.plot.span
    assert first < result.baseline.origin
    assert any("on a new basis" in note for note in picture.notes)
    assert any("dots: levels" in note for note in picture.notes)


def test_what_one_scenario_assumes_is_said_once() -> None:
    result = rf.scenario("mofcom", rf.Scenario("slow", growth=(2.0, 8.0)), year=2030)
    picture = scenario.picture(result)
    assert "2 to 8 %" in picture.subtitle
    assert not picture.plot.keys
