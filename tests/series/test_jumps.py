"""The kernel of the check against the plain rule, point by point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.series.check import check
from rural_forecast.series.jumps import FALL, NEAR, SLIP, UNIT, jumps
from tests.series.build import series

VALUE = st.sampled_from(
    [-5.0, 0.0, 0.12, 1.0, 1.3, 8.0, 9.5, 10.0, 12.0, 60.0, 95.0, 100.0, 1000.0, 11_000.0, 1e6, 1e300]
)


def _power(step: float) -> int:
    power = round(abs(step) / log(10))
    low, high = (log(bound) for bound in NEAR)
    return power if low <= abs(step) - power * log(10) <= high else 0


def _calm(steps: Mapping[int, float], *aside: int) -> bool:
    others = [step for place, step in steps.items() if place not in aside]
    return len(others) > 1 and all(abs(step) < log(2) for step in others)


def plainly(values: list[float]) -> Iterator[tuple[int, int]]:
    """The rule for one series: place and kind."""
    known = {place: value for place, value in enumerate(values) if value > 0}
    steps = {place: log(known[place]) - log(known[place - 1]) for place in known if place - 1 in known}
    slips = set()
    for place, value in enumerate(values):
        before, after = steps.get(place), steps.get(place + 1)
        spike = False
        power = 0
        if before is not None and after is not None:
            spike = min(before, -after) > log(3) or min(-before, after) > log(3)
            power = _power((before - after) / 2) if spike else 0
        elif before is not None and _calm(steps, place):
            power = _power(before)
        elif after is not None and _calm(steps, place + 1):
            power = _power(after)
        shift = before is not None and after is not None and not spike and _power(before) > 1
        if power:
            slips.add(place)
            yield place, SLIP
        elif shift and place - 1 in steps and _calm(steps, place):
            yield place, UNIT
        elif place and place - 1 not in slips and min(values) >= 0 and value < values[place - 1] / 2:
            yield place, FALL


@given(st.lists(st.lists(VALUE, min_size=1, max_size=8), min_size=1, max_size=5))
def test_many_series_at_once_as_each_by_the_rule(panel: list[list[float]]) -> None:
    offsets = np.cumsum([0, *map(len, panel)])
    found = jumps(np.concatenate(panel), offsets)
    expected = [
        (int(start) + place, kind)
        for start, values in zip(offsets, panel, strict=False)
        for place, kind in plainly(values)
    ]
    assert list(zip(found.at.tolist(), found.kind.tolist(), strict=True)) == expected


@pytest.mark.parametrize("measure", ["flow", "stock", "rate", "price"])
def test_a_fall_of_more_than_half_is_a_warning(measure: str) -> None:
    values = {"2019": 10.0, "2020": 11.0, "2021": 12.0, "2022": 5.9}
    (found,) = check(series(values, measure=measure))
    assert (found.code, str(found.period), found.severity) == ("fall", "2022", "warning")
    assert str(found.note) == "5.9 is less than half of 12 (2021): a part of the year, or a new basis?"


def test_what_is_no_fall() -> None:
    assert check(series({"2019": 10, "2020": 5.0})) == ()  # half
    assert check(series({"2019": 10, "2020": 2}, measure="growth")) == ()
    assert check(series({"2019": 10, "2020": -8, "2021": 3})) == ()  # a balance
    assert [one.code for one in check(series({"2019": 10, "2021": 2}))] == ["gap"]
    assert [one.code for one in check(series({"2019": 10, "2020": 2}, breaks=(2020,)))] == ["break"]
