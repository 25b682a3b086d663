"""Definitions are kept apart: whose value a value is, and what two definitions have in common."""

from itertools import product

import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError
from rural_forecast.series.catalogue import load
from rural_forecast.series.definitions import elsewhere, other_definitions
from rural_forecast.series.observation import Series
from rural_forecast.series.period import Period, parse
from tests.series.build import series

FLOWS = [one.id for one in load().every() if one.measure == "flow"]


def parts(one: Series) -> list[tuple[Period, float]]:
    return [
        (seen.period, seen.value) for seen in one.observations if not seen.period.is_year and seen.status != "forecast"
    ]


def related() -> list[tuple[str, str]]:
    known = [load().get(name) for name in FLOWS]
    return [
        (ours.id, theirs.id)
        for ours, theirs in product(known, known)
        if (theirs.id in ours.related or ours.id in theirs.related) and ours.unit == theirs.unit
    ]


@pytest.mark.parametrize(("ours", "theirs"), related())
def test_every_part_of_a_related_series_is_known_as_its_own(ours: str, theirs: str) -> None:
    own, other = map(load().get, (ours, theirs))
    has = {(period, value) for period, value in parts(own)}
    for period, value in parts(other):
        if (period, value) not in has:
            assert [found.series.id for found in elsewhere(own, [(period, value)])] == [theirs]


@pytest.mark.parametrize("name", FLOWS)
@pytest.mark.slow
def test_no_series_is_refused_its_own_parts(name: str) -> None:
    own = load().get(name)
    assert list(elsewhere(own, parts(own))) == []
    years = {seen.period.year for seen in own.observations if seen.period.is_year and seen.status != "forecast"}
    for period, value in parts(own):
        if any(year < period.year for year in years):
            until = period.year - 1
            told = rf.nowcast(own, year=period.year, until=until, partial=[f"{period}={value!r}"], allow_gaps=True)
            assert not [note for note in told.notes if note.warning]


@pytest.mark.parametrize("file", ["market.csv", ""])
def test_a_series_of_a_file_is_known_by_its_years(file: str) -> None:
    half = (parse("2017H1"), 537.62)
    turnover = series({"2014": 180, "2015": 353, "2016": 482}, file=file)
    assert [one.series.id for one in elsewhere(turnover, [half])] == ["rural_online_retail_mofcom"]
    assert not list(elsewhere(series({"2016": 894.54}, file=file), [half]))
    assert not list(elsewhere(series({"2014": 61, "2015": 77, "2016": 95}, file=file), [half]))
    assert not list(elsewhere(series({"2014": 180, "2015": 353, "2016": 482}, file=file, unit="bn USD"), [half]))


def test_values_that_two_definitions_share_are_named() -> None:
    notes = {note.code: str(note) for note in other_definitions(rf.read("turnover"), 2016)}
    assert notes["shared_values"].startswith("180 (2014) and 353 (2015) are in rural_online_retail_mofcom_narrow")
    assert "gives 1.86 times as much for 2016." in notes["related_series"]


def test_python_names_the_argument_and_takes_it() -> None:
    with pytest.raises(InputError, match="rural_online_retail_mofcom") as caught:
        rf.nowcast(rf.read("turnover"), partial=["2017H1=538"])
    assert "same_definition=True" in caught.value.hint
    told = rf.nowcast(rf.read("turnover"), partial=["2017H1=538"], same_definition=True)
    warned = [note.code for note in told.notes if note.warning]
    assert warned == ["other_definition", "part_contradicts"]


@pytest.mark.parametrize(("value", "warned"), [(1244.88, True), (1240, True), (1300, False), (600, False)])
def test_an_override_on_another_definition_is_warned_of(value: float, warned: bool) -> None:
    plan = rf.Scenario("plan", override={2017: value}, reason="a plan")
    told = rf.scenario(rf.read("turnover"), plan, year=2018)
    warnings = [note for note in told.notes if note.code == "other_definition"]
    assert [note.warning for note in warnings] == [True] * warned
    for note in warnings:
        assert "1,244.88 bn CNY for it, and 894.54 for 2016, where this series has 482" in str(note)
    same = rf.scenario(rf.read("mofcom"), plan, year=2018, until=2016)
    assert not [note for note in same.notes if note.code == "other_definition"]
