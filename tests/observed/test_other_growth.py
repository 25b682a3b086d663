"""Growth of another definition of one market, as evidence for a series."""

import numpy as np
import pytest

import rural_forecast as rf
from rural_forecast.observed.history import History, annual
from rural_forecast.observed.other_growth import LEVELS, growth_since, record, scale_of
from tests.observed.build import series


def history(values: dict[str, float]) -> History:
    return annual(series(values))


OURS = {"2014": 100.0, "2015": 110.0, "2016": 121.0}
THEIRS = {"2014": 50.0, "2015": 55.0, "2016": 60.5, "2017": 72.6, "2018": 65.34}


def test_levels_are_multiplied_by_the_growth_of_the_other_alone() -> None:
    growth = growth_since(history(OURS), series(THEIRS))
    assert growth is not None
    assert [growth.factor(2017), growth.factor(2018)] == pytest.approx([1.2, 1.08])
    assert (growth.last, growth.common) == (2018, 2)


def test_a_level_of_another_size_changes_nothing() -> None:
    tenfold = {year: 10 * value for year, value in THEIRS.items()}
    ours = history(OURS)
    one = growth_since(ours, series(THEIRS))
    other = growth_since(ours, series(tenfold))
    assert one is not None
    assert other is not None
    assert np.allclose([*one.logs, one.scale], [*other.logs, other.scale])


def test_a_range_widens_with_the_years_ahead_and_the_level() -> None:
    growth = growth_since(history(OURS), series(THEIRS))
    assert growth is not None
    near, far = growth.widths(2017), growth.widths(2018)
    assert len(near) == len(LEVELS)
    assert (np.diff(near) > 0).all()
    assert (far > near).all()


def test_differences_of_its_own_widen_a_range() -> None:
    growth = np.full(6, 0.05)
    alike = scale_of(np.zeros(3), growth)
    apart = scale_of(np.full(3, 0.2), growth)
    assert alike < apart
    assert apart == pytest.approx(0.2)


def test_growths_that_agreed_twice_are_no_proof() -> None:
    growth = np.full(6, 0.05)
    assert scale_of(np.zeros(8), growth) < scale_of(np.zeros(2), growth)
    assert scale_of(np.zeros(2), growth) > 0


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"2014": 50, "2015": 55, "2016": 60}, id="no later year"),
        pytest.param({"2017": 50, "2018": 55}, id="no level in the origin"),
        pytest.param({"2016": 50, "2017": 0, "2018": 55}, id="not above zero"),
    ],
)
def test_growth_that_is_not_known_is_no_evidence(other: dict[str, float]) -> None:
    assert growth_since(history(OURS), series(other)) is None


def test_growth_across_an_unpublished_break_is_not_known() -> None:
    users = rf.read("users")  # a new basis from 2021 on
    assert growth_since(history({"2019": 1.0, "2020": 2.0}), users) is None


def test_its_record_counts_earlier_ranges() -> None:
    ours = history(OURS)
    growth = growth_since(ours, series(THEIRS))
    assert growth is not None
    assert record(ours, growth, 6) == (3, 3)
    apart = history({"2014": 100.0, "2015": 300.0, "2016": 121.0})
    growth = growth_since(apart, series(THEIRS))
    assert growth is not None
    held, ranges = record(apart, growth, 6)
    assert held < ranges == 3
