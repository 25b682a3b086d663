"""The made-up curves that networks learn from besides the corpus."""

import numpy as np
import pytest

from training import curves


def test_made_up_windows_are_whole_positive_and_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "COUNT", 300)
    first, again = curves.made_up(1), curves.made_up(1)
    assert all(np.array_equal(one, other) for one, other in zip(first.values, again.values, strict=True))
    assert min(values.min() for values in first.values) > 0
    assert min(map(len, first.values)) >= 3
    assert np.isfinite(first.future).all()


@pytest.mark.parametrize("curve", [*curves.CURVES, curves.shocked])
def test_curves_have_a_value_a_year(curve: curves.Curve) -> None:
    years = np.arange(-9, 11.0)
    path = curve(years, np.random.default_rng(3))
    assert path.shape == years.shape
    assert np.isfinite(path).all()
