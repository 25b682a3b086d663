"""Growth side by side: published growth first, nothing across a break, nothing joined."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from rural_forecast.observed.catalogue import load
from rural_forecast.observed.definitions import elsewhere, other_definitions
from rural_forecast.observed.growth import Growth, GrowthPoint, growth
from rural_forecast.observed.history import Basis, annual
from rural_forecast.observed.observation import Series
from rural_forecast.observed.period import Period, parse
from rural_forecast.observed.yearly import observed_years
from tests.observed.build import day, observed, series

CONSUMPTION = (
    "consumption_percap_national",
    "consumption_percap_rural",
    "consumption_percap_urban",
)


def points(result: Growth, line: int = 0) -> dict[int, GrowthPoint]:
    return {point.year: point for point in result.lines[line].points}


def test_the_articles_chart_rural_consumption_leads_in_2014_2015_and_2016() -> None:
    result = growth(*map(rf.read, CONSUMPTION), since=2014, until=2016)
    assert result.years == (2014, 2015, 2016)
    national, rural, urban = (points(result, line) for line in range(3))
    for year in result.years:
        rates = [line[year].growth_pct for line in (rural, national, urban)]
        assert rates == sorted(rates, key=lambda rate: -(rate or 0)), year
    assert [rural[year].growth_pct for year in result.years] == [
        12,
        pytest.approx(10.05, abs=0.01),
        9.8,
    ]
    assert [rural[year].growth_derived for year in result.years] == [False, True, False]
    income = growth(rf.read("income_percap_rural"), since=2014, until=2016)
    assert [point.growth_pct for point in points(income).values()] == [11.2, 8.9, 8.2]


def test_nothing_is_computed_across_a_break() -> None:
    urban = points(growth(rf.read("consumption_percap_urban")))
    assert (urban[2014].growth_pct, urban[2014].growth_derived) == (8, False)  # as published
    market = series({"2018": 10, "2019": 12, "2020": 50, "2021": 60}, breaks=(2020,))
    result = growth(market, base=2018)
    by_year = points(result)
    assert (by_year[2020].growth_pct, by_year[2021].growth_pct) == (None, pytest.approx(20))
    assert (by_year[2019].indexed, by_year[2020].indexed) == (pytest.approx(120), None)
    (note,) = [note for note in result.notes if note.code == "basis_change"]
    assert "base=2020" in note.advice
    assert growth(market).base == 2020
    assert [point.indexed for point in points(growth(market)).values()] == [
        None,
        None,
        100,
        pytest.approx(120),
    ]


def test_a_level_that_growth_gives_is_marked_as_derived() -> None:
    by_year = points(growth(series({"2012": 5, "2016": 10, "2018": 14}, growth={"2018": 16})))
    assert list(by_year) == [2012, 2016, 2017, 2018]
    assert by_year[2017].value == pytest.approx(14 / 1.16)
    assert [year for year, point in by_year.items() if point.value_derived] == [2017]
    assert (by_year[2018].growth_pct, by_year[2018].derived) == (16, False)


def test_growth_without_a_level_is_shown() -> None:
    by_year = points(growth(series({"2016": 10, "2017": 12}, growth={"2019": 5})))
    assert (by_year[2019].value, by_year[2019].growth_pct, by_year[2019].indexed) == (None, 5, None)
    alone = points(growth(rf.read("rural_online_retail_mofcom_yoy")))
    assert (alone[2018].value, alone[2018].growth_pct, alone[2018].derived) == (None, 30.4, False)


def test_years_shown_do_not_bound_the_data_used() -> None:
    income = rf.read("income_percap_rural")
    whole = points(growth(income))
    part = points(growth(income, since=2015, until=2016))
    assert [whole[year].growth_pct for year in part] == [
        point.growth_pct for point in part.values()
    ]
    assert points(growth(income, since=2015, base=2014))[2015].indexed == pytest.approx(
        100 * 11422 / 10489
    )


def test_two_definitions_are_shown_side_by_side_and_never_joined() -> None:
    result = growth(rf.read("turnover"), rf.read("mofcom"), all_years=True)
    assert "482 and 894.54 bn CNY in 2016, 1.86 times" in next(
        str(note) for note in result.notes if note.code == "definitions"
    )
    assert points(result, 1)[2016].growth_pct is None
    assert list(points(result)) == [2014, 2015, 2016]


@pytest.mark.parametrize(("basis", "is_noted"), [("levels", True), ("chained", False)])
def test_published_growth_that_does_not_fit_the_levels_is_noted(
    basis: Basis, is_noted: bool
) -> None:
    codes = [note.code for note in growth(rf.read("mofcom"), basis=basis).notes]
    assert ("growth_of_levels" in codes) is is_noted


def test_as_of_bounds_levels_and_growth() -> None:
    assert list(points(growth(rf.read("mofcom"), as_of=day("2018-12-31")))) == [2016, 2017]


def test_dollars_change_growth_and_published_growth_of_yuan_is_left_out() -> None:
    result = growth(rf.read("mofcom"), currency="usd", until=2018)
    by_year = points(result)
    assert by_year[2017].growth_pct == pytest.approx(100 * (1244.88 / 6.7569 / (894.54 / 6.64) - 1))
    assert all(point.growth_derived for year, point in by_year.items() if year > 2016)
    assert (result.lines[0].series.unit, result.notes[0].code) == ("bn USD", "currency_converted")
    assert result.options == {"currency": "usd"}


def test_what_cannot_be_shown_is_refused() -> None:
    asked = [
        ("users", {"since": 2020, "until": 2019}),
        ("users", {"since": 2030}),
        ("users", {"base": 1999}),
    ]
    twice = ("turnover rural_online_shopping_turnover", "mofcom_narrow mofcom", "")
    for names, options in (*asked, *((names, {}) for names in twice)):
        with pytest.raises(UsageError) as refused:
            growth(*map(rf.read, names.split()), **options)
        assert refused.value.hint


@given(
    st.lists(st.floats(1, 1e6), min_size=2, max_size=8),
    st.lists(st.floats(1, 1e6), min_size=2, max_size=8),
    st.floats(1e-3, 1e3),
)
def test_growth_and_index_do_not_depend_on_the_unit(
    first: list[float], other: list[float], scale: float
) -> None:
    def of(values: list[float], name: str, factor: float = 1) -> Any:
        return series(
            {str(2000 + index): value * factor for index, value in enumerate(values)}, id=name
        )

    plain, scaled = (growth(of(first, "a", factor), of(other, "b")) for factor in (1, scale))
    for before, after in zip(plain.lines[0].points, scaled.lines[0].points, strict=True):
        assert (after.growth_pct is None) == (before.growth_pct is None)
        assert (after.growth_pct or 0) == pytest.approx(before.growth_pct or 0, rel=1e-6, abs=1e-6)
        assert after.indexed == pytest.approx(before.indexed)
    assert plain.years == tuple(range(2000, 2000 + min(len(first), len(other))))
    indexed = [point.indexed or 0 for point in plain.lines[0].points]
    rates = [point.growth_pct for point in plain.lines[0].points]
    for index in range(1, len(indexed)):
        assert indexed[index] == pytest.approx(
            indexed[index - 1] * (1 + (rates[index] or 0) / 100), rel=1e-6
        )


def test_growth_of_the_largest_numbers_is_finite() -> None:
    grown = points(growth(series({"2015": 5e307, "2016": 6e307}, id="a")))
    assert (grown[2016].growth_pct, grown[2016].indexed) == (pytest.approx(20), None)


def test_a_slip_is_never_a_level() -> None:
    market = series({"2019": 10, "2020": 11})
    doubled = series(
        {}, observations=(*market.observations, observed("2020", 110, source="b", doubtful=True))
    )
    assert points(growth(doubled))[2020].growth_pct == pytest.approx(10)


FLOWS = [one.id for one in load().every() if one.measure == "flow"]


def parts(one: Series) -> list[tuple[Period, float]]:
    actual = [obs for obs in one.observations if obs.status != "forecast"]
    return [(obs.period, obs.value) for obs in actual if not obs.period.is_year]


def test_every_part_of_a_related_series_is_known_as_its_own() -> None:
    flows = [load().get(name) for name in FLOWS]

    def are_related(own: Series, other: Series) -> bool:
        return own.unit == other.unit and (other.id in own.related or own.id in other.related)

    pairs = [pair for pair in product(flows, flows) if are_related(*pair)]
    assert pairs
    for own, other in pairs:
        for part in set(parts(other)) - set(parts(own)):
            assert [one.series.id for one in elsewhere(own, [part])] == [other.id]


@pytest.mark.parametrize("name", FLOWS)
@pytest.mark.slow
def test_no_series_is_refused_its_own_parts(name: str) -> None:
    own = load().get(name)
    assert list(elsewhere(own, parts(own))) == []
    years = {obs.period.year for obs in observed_years(own)}
    for period, value in parts(own):
        if any(year < period.year for year in years):
            until = period.year - 1
            told = rf.nowcast(
                own, year=period.year, until=until, partial=[f"{period}={value!r}"], allow_gaps=True
            )
            assert not [note for note in told.notes if note.warning]


@pytest.mark.parametrize("file", ["market.csv", ""])
def test_a_series_of_a_file_is_known_by_its_years(file: str) -> None:
    half = (parse("2017H1"), 537.62)
    years = {"2014": 180, "2015": 353, "2016": 482}
    assert [one.series.id for one in elsewhere(series(years, file=file), [half])] == [
        "rural_online_retail_mofcom"
    ]
    for other in ({"2016": 894.54}, {"2014": 61, "2015": 77, "2016": 95}):
        assert not list(elsewhere(series(other, file=file), [half]))
    assert not list(elsewhere(series(years, file=file, unit="bn USD"), [half]))


def test_values_that_two_definitions_share_are_named() -> None:
    history = annual(rf.read("turnover"))
    every = other_definitions(history, 2018, until=None)
    notes = {note.code: str(note) for note in every}
    assert notes["shared_values"].startswith(
        "180 (2014) and 353 (2015) are in rural_online_retail_mofcom_narrow"
    )
    assert "gives 1.86 times as much for 2016; its growth since" in notes["related_series"]


def test_a_part_on_another_definition_is_refused_with_the_argument_that_takes_it() -> None:
    with pytest.raises(InputError, match="rural_online_retail_mofcom") as caught:
        rf.nowcast(rf.read("turnover"), partial=["2017H1=538"])
    assert "same_definition=True" in caught.value.hint
    told = rf.nowcast(rf.read("turnover"), partial=["2017H1=538"], same_definition=True)
    warned = [note.code for note in told.notes if note.warning]
    assert warned == ["other_definition", "part_contradicts"]


@pytest.mark.parametrize(
    ("value", "warned"), [(1244.88, True), (1240, True), (1300, False), (600, False)]
)
def test_an_override_on_another_definition_is_warned_of(value: float, warned: bool) -> None:
    plan = rf.Scenario("plan", override={2017: value}, reason="a plan")
    told = rf.scenario(rf.read("turnover"), plan, year=2018)
    warnings = [note for note in told.notes if note.code == "other_definition"]
    assert [note.warning for note in warnings] == [True] * warned
    for note in warnings:
        assert "1,244.88 bn CNY for it, and 894.54 for 2016, where this series has 482" in str(note)
    same = rf.scenario(rf.read("mofcom"), plan, year=2018, until=2016)
    assert not [note for note in same.notes if note.code == "other_definition"]
