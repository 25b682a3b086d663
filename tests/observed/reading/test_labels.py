"""Combinations of codes are counted and numbered alike, however large the codes are."""

import numpy as np
import pytest

from rural_forecast.observed.reading.labels import distinct, together

LARGEST = [pytest.param(3, id="few codes"), pytest.param(10**6, id="codes far apart")]


@pytest.mark.parametrize("largest", LARGEST)
def test_combinations_are_numbered_by_size_without_gaps(largest):
    first = np.array([largest, -1, 0, largest, 0])
    second = np.array([1, 1, 0, 1, -1])
    assert together([first, second], 5).tolist() == [3, 0, 2, 3, 1]
    assert distinct(first, second) == 4


@pytest.mark.parametrize(("codes", "count"), [([], 0), ([-1, -1], 1), ([5, 2, 5, -1], 3)])
def test_codes_of_one_column_are_counted(codes, count):
    assert distinct(np.array(codes, dtype=np.int32)) == count
