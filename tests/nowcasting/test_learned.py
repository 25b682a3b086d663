"""What the width of a nowcast rests on."""

import numpy as np
import pytest

from rural_forecast.nowcasting.learned import at_knot, learned
from rural_forecast.nowcasting.nowcast import nowcast
from rural_forecast.views.nowcast import document
from tests.series.build import series


def test_errors_shrink_with_the_months_still_open_and_grow_below_a_quarter() -> None:
    first, last = at_knot("one", 3), at_knot("one", 9)
    np.testing.assert_allclose(learned("one", 11).scale, np.array(last.scale) / 3)
    np.testing.assert_allclose(learned("one", 1).scale, np.array(first.scale) * 3**0.25)
    np.testing.assert_allclose(learned("one", 6).scale, at_knot("one", 6).scale)


@pytest.mark.parametrize(("value", "why"), [(43.0, "The first quarter says little"), (46.0, "The two disagree")])
def test_a_part_that_agrees_with_the_annual_forecast_is_not_said_to_contradict_it(value: float, why: str) -> None:
    """Shares vary so much that the interval is wider than that of whole years alone."""
    shares = (0.1, 0.4, 0.15, 0.35, 0.12, 0.38, 0.2, 0.3, 0.1, 0.4, 0.15, 0.3)
    years = {str(2006 + at): 100 * 1.03**at for at in range(len(shares))}
    quarters = {f"{year}Q1": share * total for share, (year, total) in zip(shares, years.items(), strict=True)}
    shown = document(nowcast(series(years | quarters | {"2018Q1": value}), year=2018))
    assert why in " ".join((*shown.summary, *shown.points))
