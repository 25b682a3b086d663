"""The histories that the battery of the commands runs on: few, and each telling."""

import numpy as np
from hypothesis import strategies as st

from tests.conformance.digest import real

HISTORIES: dict[str, list[float]] = {
    "founding": [180.0, 353.0, 482.0],
    "one": [42.0],
    "two": [3.0, 4.0],
    "flat": [7.0] * 6,
    "line": [10.0 + 3.0 * step for step in range(9)],
    "exploding": [1.9**step for step in range(12)],
    "falling": [100.0 * 0.8**step for step in range(10)],
    "sinking": [6.0, 5.0, 5.0],
    "zeros": [0.0, 3.0, 0.0, 4.0, 2.5, 6.0],
    "negative": [-4.0, 3.0, -1.0, 2.0, 5.0, 3.0, -2.0],
    "rounded": [3.0, 2.0, 2.0, 1.0, 1.0, 3.0],
    "long": np.round(
        100 * np.exp(np.cumsum(np.random.default_rng(4).normal(0.05, 0.1, 60))), 1
    ).tolist(),
    **dict(list(real(23).items())[:5]),
}


def drawn(most: int = 60) -> st.SearchStrategy[list[float]]:
    """Histories of any course: steady, wild, round, flat, with zeros and negative values."""
    lengths = st.integers(1, most)
    amounts = st.floats(0.01, 1e6, allow_subnormal=False)
    steady = st.builds(
        lambda start, rates: (start * np.cumprod(np.array([1.0, *rates]))).tolist(),
        amounts,
        st.lists(st.floats(0.5, 2.0), max_size=most - 1),
    )
    flat = st.builds(lambda value, n: [value] * n, amounts, lengths)
    signed = st.floats(-1e3, 1e3, allow_subnormal=False)
    others = (
        lengths.flatmap(lambda n, one=one: st.lists(one, min_size=n, max_size=n))
        for one in (amounts, st.integers(1, 9).map(float), st.integers(0, 5).map(float), signed)
    )
    return st.one_of(steady, flat, *others)
