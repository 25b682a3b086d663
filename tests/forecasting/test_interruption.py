"""Years across which growth is not read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import UsageError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.interruption import without
from tests.series.build import series

STEADY = {str(year): 100 * 1.05 ** (year - 2000) for year in range(2000, 2012)}


@given(st.lists(st.floats(1, 1e6), min_size=5, max_size=12), st.data())
def test_only_growth_changes_never_the_last_value(values: list[float], data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(1, len(values) - 1), min_size=1, max_size=len(values) - 3))
    seen = without(np.array([values]), sorted(places))
    assert seen.shape == (1, len(values))
    assert np.isfinite(seen).all()
    assert seen[0, -1] == pytest.approx(values[-1])
    scaled = without(7 * np.array([values]), sorted(places))
    assert scaled == pytest.approx(7 * seen)
    if len(values) - 1 not in places:
        kept = [place for place in range(len(values)) if place not in places]
        assert seen[0, kept] == pytest.approx(np.array(values)[kept])


def test_a_year_inside_is_passed_over() -> None:
    hit = series({**STEADY, "2006": 60.0})
    assert forecast(hit, interrupt=[2006]).best.values == pytest.approx(forecast(series(STEADY)).best.values, rel=0.001)
    assert forecast(hit, interrupt=[2006]).history.observations[6].value == 60


def test_a_shock_in_the_last_year_keeps_its_level_and_the_usual_growth() -> None:
    hit = series({**STEADY, "2011": 120.0})
    result = forecast(hit, interrupt=[2011])
    usual = forecast(series(STEADY)).best.values / STEADY["2011"]
    assert result.best.values / 120 == pytest.approx(usual, rel=0.001)
    plain = forecast(hit).best
    assert (result.best.upper[0] / result.best.values >= plain.upper[0] / plain.values - 1e-12).all()
    (note,) = (note for note in result.notes if note.code == "interrupted")
    assert str(note) == "Growth is not read across 2011: the level of 2011 stays, and no recovery is assumed."


def test_values_that_are_not_positive_are_allowed() -> None:
    result = forecast(series({**{str(2000 + year): 5.0 - year for year in range(9)}, "2004": -40.0}), interrupt=[2004])
    assert (result.best.lower < result.best.values).all()
    assert (result.best.values < result.best.upper).all()


@pytest.mark.parametrize(
    ("years", "match"),
    [([2000], "the first year"), ([1999], "not a year"), ([2012], "not a year"), (range(2001, 2011), "fewer than 3")],
)
def test_what_cannot_be_an_interruption(years: list[int], match: str) -> None:
    with pytest.raises(UsageError, match=match):
        forecast(series(STEADY), interrupt=list(years))


def test_a_kind_is_set_against_the_same_interruption_without_it() -> None:
    hit = series({**STEADY, "2011": 120.0})
    stated, without = (forecast(hit, interrupt=[2011], kind=kind) for kind in ("adoption", None))
    (note,) = (note for note in stated.notes if note.code == "of_kind")
    best = without.best
    assert note.fields["without"] == (best.values[-1], best.lower[0, -1], best.upper[0, -1])
