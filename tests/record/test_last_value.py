"""The last value beside a kept forecast: it sees the values that models see."""

from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import UsageError
from rural_forecast.observed.history import annual
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period
from rural_forecast.observed.yearly import observed_years
from rural_forecast.record.last_value import values_until


@given(
    st.dictionaries(st.integers(2000, 2015), st.floats(0.1, 1e6), min_size=1),
    st.integers(1999, 2016),
    st.sampled_from([(), (2008,)]),
)
def test_the_last_value_sees_the_values_of_a_history(values, origin, breaks):
    rows = tuple(Observation(Period(year), value) for year, value in values.items())
    series = Series("s", observations=rows, breaks=breaks)
    try:
        history = annual(series, until=origin, allow_gaps=True)
        expected = history.values.tolist() if history.origin == origin else None
    except UsageError:
        expected = None
    try:
        observed = {row.period.year: row for row in observed_years(series)}
        seen = values_until(series, observed, origin)
    except UsageError:
        seen = None
    assert (None if seen is None else seen.tolist()) == expected
