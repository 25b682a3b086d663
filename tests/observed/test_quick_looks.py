"""The quick looks at the values of one series leave nothing out that the rules find."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.observed.findings import _leap_positions, jumps, jumps_of, leaps_of
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period

STEPS = st.lists(st.sampled_from([0.02, 0.05, 0.1, 0.18, 0.25, 1.0, -0.7]), min_size=7, max_size=12)


def of_steps(steps):
    levels = 100 * np.exp(np.cumsum([0.0, *steps]))
    years = range(2000, 2000 + len(levels))
    return levels, {
        Period(year): Observation(Period(year), value)
        for year, value in zip(years, levels.tolist(), strict=True)
    }


@given(STEPS)
def test_a_quick_look_leaves_out_no_leap(steps):
    levels, values = of_steps(steps)
    position = int(_leap_positions(levels[None], np.zeros(len(steps), dtype=bool))[0])
    found = [finding.period for finding in leaps_of(Series("s"), values)]
    assert found == ([Period(2000 + position)] if position else [])


@given(STEPS)
def test_a_quick_look_leaves_out_no_jump(steps):
    levels, values = of_steps(steps)
    positions = jumps(levels, np.array([0, len(levels)])).position.tolist()
    found = [finding.period for finding in jumps_of(Series("s"), values)]
    assert found == [Period(2000 + position) for position in positions]
