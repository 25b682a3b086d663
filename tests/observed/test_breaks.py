"""Growth crosses a break: levels of earlier bases are evidence, and never joined or shown."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from rural_forecast.errors import UsageError
from rural_forecast.observed.breaks import Bases
from rural_forecast.observed.catalogue import Catalogue
from rural_forecast.observed.findings import check
from rural_forecast.observed.history import annual
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period

OLD = {2015: 100.0, 2016: 110.0, 2017: 121.0, 2018: 133.1}  # 10 % a year
NEW = {2019: 60.0, 2020: 72.0, 2021: 86.4}  # 20 % a year
MEAN = sqrt(1.1 * 1.2)


def bases(*parts: dict[int, float], breaks: tuple[int, ...] = (2019,), **growth: float) -> Bases:
    levels: dict[int, float] = {}
    for part in parts:
        levels |= part
    return Bases(levels, breaks, {int(name[1:]): factor for name, factor in growth.items()})


def test_the_unknown_growth_into_a_break_is_the_mean_of_both_sides() -> None:
    linked = bases(OLD, NEW).linked()
    assert linked.first == 2015
    assert linked.values[-3:].tolist() == [60.0, 72.0, 86.4]
    assert linked.values[4] / linked.values[3] == pytest.approx(MEAN)
    assert np.diff(np.log(linked.values[:4])) == pytest.approx(np.log(1.1))
    assert linked.comparable_from == 2019


def test_published_growth_into_a_break_is_used_in_its_place() -> None:
    linked = bases(OLD, NEW, y2019=1.07).linked()
    assert linked.values[4] / linked.values[3] == pytest.approx(1.07)
    assert linked.links[0].published
    assert linked.comparable_from == 2015


def test_one_point_after_a_break_takes_the_growth_before_it() -> None:
    linked = bases(OLD, {2019: 60.0}).linked()
    assert linked.values.tolist() == pytest.approx(
        [60 / 1.1**4, 60 / 1.1**3, 60 / 1.21, 60 / 1.1, 60]
    )


def test_growth_over_missing_years_beside_a_break_has_the_mean_of_both_sides() -> None:
    linked = bases({year: OLD[year] for year in (2015, 2016, 2017)}, NEW).linked()
    assert linked.first == 2015
    assert linked.values[4] / linked.values[2] == pytest.approx(MEAN**2)


def test_growths_that_are_unknown_are_as_far_apart_as_those_that_are_known() -> None:
    linked = bases({year: OLD[year] for year in (2015, 2016, 2017)}, NEW).linked()
    known = np.log([1.1, 1.1, 1.2, 1.2])
    apart = np.abs(known - np.median(known)).mean()
    unknown = np.diff(np.log(linked.values))[2:4]
    assert unknown - np.log(MEAN) == pytest.approx([apart, -apart])


def test_calm_growth_stays_calm_over_missing_years() -> None:
    new = {2019: 60.0, 2020: 66.0, 2021: 72.6}
    linked = bases({year: OLD[year] for year in (2015, 2016, 2017)}, new).linked()
    assert np.diff(np.log(linked.values)) == pytest.approx(np.log(1.1))


def test_a_gap_of_more_than_two_years_beside_a_break_ends_what_is_used() -> None:
    linked = bases({2014: 90.0, 2015: 100.0}, NEW).linked()
    assert linked.first == 2019
    assert not linked.links


def test_a_short_gap_within_an_earlier_basis_is_filled() -> None:
    old = {2012: 80.0, 2013: 88.0, **{year: OLD[year] for year in (2016, 2017, 2018)}}
    linked = bases(old, NEW).linked()
    assert linked.first == 2012
    assert linked.filled == (2014, 2015)
    assert linked.values[4] / linked.values[1] == pytest.approx(110 / 88)
    assert linked.comparable_from == 2019


def test_filled_years_are_no_outcomes() -> None:
    old = {2014: 90.0, 2016: 110.0, 2017: 121.0, 2018: 133.1}
    linked = bases(old, NEW, y2019=1.07).linked()
    assert linked.first == 2014
    assert linked.comparable_from == 2016


def test_a_long_gap_within_an_earlier_basis_ends_what_is_used() -> None:
    old = {2011: 80.0, 2012: 90.0, **{year: OLD[year] for year in (2016, 2017, 2018)}}
    assert bases(old, NEW).linked().first == 2016


def test_a_gap_within_the_latest_basis_ends_what_is_used() -> None:
    linked = bases(OLD, {2019: 60.0, 2021: 86.4, 2022: 103.7}).linked()
    assert linked.first == 2021


def test_growth_crosses_two_breaks() -> None:
    older = {2011: 9.0, 2012: 9.9, 2013: 10.89}
    linked = bases(older, {2014: 91.0, **OLD}, NEW, breaks=(2014, 2019)).linked()
    assert linked.first == 2011
    assert [link.year for link in linked.links] == [2019, 2014]


def test_a_basis_of_one_year_counts_as_a_missing_year() -> None:
    lone = {2018: 999.0}
    old = {year: OLD[year] for year in (2015, 2016, 2017)}
    linked = bases(old, lone, NEW, breaks=(2018, 2019)).linked()
    assert linked.values.tolist() == pytest.approx(bases(old, NEW).linked().values.tolist())


@pytest.mark.parametrize("first", [2018, 2017], ids=["second year", "third year"])
def test_a_break_soon_after_the_start(first: int) -> None:
    old = {year: OLD[year] for year in OLD if year >= first}
    linked = bases(old, NEW).linked()
    assert linked.first == (2019 if first == 2018 else 2017)


def test_levels_that_are_not_positive_are_shifted() -> None:
    old = {2016: -30.0, 2017: -20.0, 2018: -10.0}
    new = {2019: 5.0, 2020: 25.0}
    linked = bases(old, new).linked()
    assert linked.values.tolist() == pytest.approx([-30.0, -20.0, -10.0, 5.0, 25.0])
    assert np.isnan(linked.links[0].factor)


def made(levels: dict[int, float], breaks: tuple[int, ...] = (), **more: object) -> Series:
    observations = tuple(Observation(Period(year), value) for year, value in levels.items())
    return replace(Series("sales", breaks=breaks, observations=observations), **more)  # type: ignore[arg-type]


def test_the_values_used_are_those_of_the_latest_basis() -> None:
    history = annual(made(OLD | NEW, (2019,)))
    assert history.years == (2019, 2020, 2021)
    assert len(history.evidence) == 7
    assert [one.value for one in history.on_earlier_bases] == [*OLD.values()]


def test_a_stated_break_is_one_of_the_series() -> None:
    assert annual(made(OLD | NEW), breaks=[2019]) == annual(made(OLD | NEW, (2019,)))


@pytest.mark.parametrize("year", [2015, 2022], ids=["the first year", "after the last year"])
def test_a_break_needs_values_on_both_sides(year: int) -> None:
    with pytest.raises(UsageError, match="both sides"):
        annual(made(OLD | NEW), breaks=[year])


def test_since_leaves_earlier_bases_out() -> None:
    history = annual(made(OLD | NEW, (2019,)), since=2019)
    assert history.bases is None


def test_a_series_without_a_break_has_no_other_evidence() -> None:
    history = annual(made(OLD))
    assert history.bases is None
    assert history.evidence.tolist() == history.values.tolist()


def test_until_never_sees_growth_after_the_origin() -> None:
    whole = annual(made(OLD | NEW, (2019,)))
    assert whole.linked_until(2019).values.tolist() == pytest.approx(
        annual(made(OLD | NEW, (2019,)), until=2019).evidence.tolist()
    )


def test_published_growth_that_contradicts_levels_is_a_break() -> None:
    growth = (Observation(Period(2018), 21.0),)
    history = annual(made(OLD, growth=growth))
    assert history.years == (2018,)
    assert [year.year for year in history.restated] == [2018]
    assert history.evidence[-1] / history.evidence[-2] == pytest.approx(1.21)


@pytest.mark.parametrize("basis", ["levels", "chained"])
def test_other_bases_join_levels_or_rebuild_them(basis: str) -> None:
    growth = (Observation(Period(2018), 21.0),)
    history = annual(made(OLD, growth=growth), basis=basis)  # type: ignore[arg-type]
    assert history.years == tuple(OLD)
    assert not history.restated


def test_growth_that_rounding_explains_is_no_break() -> None:
    growth = (Observation(Period(2018), 10.4), Observation(Period(2017), 9.9))
    assert not annual(made(OLD, growth=growth)).restated


def test_a_census_does_not_hide_that_a_population_falls(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("rural_population"))
    assert history.years == (2022, 2023, 2024)
    assert np.diff(np.log(history.evidence)).max() < -0.02


CALM = {year: 100 * 1.05 ** (year - 2012) for year in range(2012, 2021)}


def leaping(year: int, times: float = 1.5) -> Series:
    return made({y: value * (times if y >= year else 1) for y, value in CALM.items()})


def test_a_survey_with_gaps_before_a_break_is_evidence(catalogue: Catalogue) -> None:
    history = annual(catalogue.get("users"))
    assert history.years == (2021, 2022, 2023)
    assert history.linked.first == 2009
    (note,) = [note for note in history.notes if note.code == "earlier_basis"]
    assert "of 2009 to 2020 (5 missing years filled) growth alone counts" in note.text


def test_a_leap_amid_calm_growth_is_a_suspected_break() -> None:
    (finding,) = check(leaping(2017))
    assert (finding.code, str(finding.period), finding.severity) == (
        "suspected_break",
        "2017",
        "warning",
    )
    (note,) = [note for note in annual(leaping(2017)).notes if note.code == "suspected_break"]
    assert note.warning
    assert "breaks=2017" in note.advice


@pytest.mark.parametrize(
    "series",
    [made(CALM), replace(leaping(2017), breaks=(2017,)), leaping(2013)],
    ids=["calm growth", "a break that is stated", "the first growth"],
)
def test_other_growth_is_none(series: Series) -> None:
    assert "suspected_break" not in {finding.code for finding in check(series)}
    assert "suspected_break" not in {note.code for note in annual(series).notes}
