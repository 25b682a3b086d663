"""Correlated draws, and matrices that cannot be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.sizing.correlation import Pair, groups, matrix, ranks
from rural_forecast.toml.table import TableError


def test_groups_are_what_pairs_join() -> None:
    pairs = [Pair("a", "b", 0.1), Pair("c", "d", 0.1), Pair("e", "c", 0.1), Pair("b", "e", 0.1), Pair("x", "y", 0.1)]
    assert [set(group) for group in groups(pairs)] == [{"a", "b", "c", "d", "e"}, {"x", "y"}]
    assert groups([]) == ()


def test_an_impossible_pair_is_named_with_what_is_possible() -> None:
    pairs = [Pair("a", "b", 0.9), Pair("b", "c", 0.9), Pair("a", "c", -0.5)]
    with pytest.raises(TableError) as caught:
        matrix("abc", pairs)
    assert caught.value.path == ("correlations", 2)
    assert caught.value.fields["possible"] == (pytest.approx(0.62), pytest.approx(1.0))
    assert matrix("abc", [*pairs[:2], Pair("a", "c", 0.8)]).shape == (3, 3)


def test_pairs_that_no_single_change_mends() -> None:
    pairs = [Pair(one, other, -0.9) for one, other in ("ab", "ac", "ad", "bc", "bd", "cd")]
    with pytest.raises(TableError) as caught:
        matrix("abcd", pairs)
    assert (caught.value.path, caught.value.fields["possible"]) == (("correlations", 5), None)


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1))
def test_what_is_accepted_is_positive_semidefinite_and_the_rest_has_a_way_out(r: float, s: float, t: float) -> None:
    pairs = [Pair("a", "b", r), Pair("b", "c", s), Pair("a", "c", t)]
    possible, place = None, 0
    try:
        found = matrix("abc", pairs)
    except TableError as error:
        possible, place = error.fields["possible"], error.path[-1]
    if possible:
        pairs[place] = pairs[place]._replace(value=sum(possible) / 2)
        found = matrix("abc", pairs)
    assert np.linalg.eigvalsh(found)[0] > -1e-6


@pytest.mark.parametrize("r", [-1.0, -0.5, 0.0, 0.7, 1.0])
def test_draws_follow_the_correlation_and_keep_their_values(r: float) -> None:
    scores = np.random.default_rng(3).standard_normal((2, 20_000))
    found = ranks(matrix("ab", [Pair("a", "b", r)]), scores)
    assert all(np.array_equal(np.sort(row), np.arange(20_000)) for row in found)
    spearman = np.corrcoef(found)[0, 1]
    assert spearman == pytest.approx(6 / np.pi * np.arcsin(r / 2), abs=0.02)
