"""The work of a sizing grows no faster than its model: counted at three sizes, in draws, pairs and elements."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rural_forecast.errors import InputError, UsageError
from rural_forecast.sizing import correlation, expression, montecarlo
from rural_forecast.sizing import size as sizing
from rural_forecast.sizing.correlation import Pair, groups, matrix
from rural_forecast.sizing.size import size
from rural_forecast.views.size import document
from tests.sizing.build import model

SIZES = (25, 50, 100)


def summed(drivers: int, years: str = "2027") -> str:
    """A model that sums drivers."""
    head = f'unit = "ratio"\nyears = "{years}..{years}"\nformula = "{" + ".join(f"d{n}" for n in range(drivers))}"\n'
    return head + "".join(f'[drivers.d{n}]\nvalue = "{n + 1}..{n + 3}"\nunit = "ratio"\n' for n in range(drivers))


def written(folder: Path, text: str) -> Path:
    path = folder / "model.toml"
    path.write_text(text)
    return path


def slope(work: Callable[[int], float]) -> float:
    """By what power the work grows with the size: 1 is linear."""
    counts = [work(number) for number in SIZES]
    return float(np.polyfit(np.log(SIZES), np.log(counts), 1)[0])


def test_draws_are_held_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One array a driver and one a formula, whatever the number of meetings."""
    held: list[int] = []
    original = montecarlo.variance_shares

    def watched(formulas, values, found, *rest):  # type: ignore[no-untyped-def]
        held.append(sum(np.size(value) for value in (*values.values(), *found.values())))
        return original(formulas, values, found, *rest)

    monkeypatch.setattr(sizing, "variance_shares", watched)

    def work(drivers: int) -> float:
        size(written(tmp_path, summed(drivers)), draws=2_000)
        assert held[-1] == (drivers + 1) * 2_000
        return held[-1]

    assert slope(work) < 1.05


def test_formulas_see_a_chunk_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    longest = 0
    original = expression.evaluate

    def watched(node, values):  # type: ignore[no-untyped-def]
        nonlocal longest
        found = original(node, values)
        longest = max(longest, np.size(found))
        return found

    monkeypatch.setattr(montecarlo, "evaluate", watched)
    size(written(tmp_path, summed(3)), draws=50_001)
    assert longest == montecarlo.CHUNK


@pytest.mark.slow
def test_shares_of_the_variance_cost_no_more_than_their_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each driver meets the others anew, so the work would grow with the square: fewer draws are used instead."""
    monkeypatch.setattr(montecarlo, "MOST_FOR_SHARES", 25_000_000)
    elements = 0
    original = expression.evaluate

    def watched(node, values):  # type: ignore[no-untyped-def]
        nonlocal elements
        found = original(node, values)
        elements += expression.signs(node) * np.size(found)
        return found

    monkeypatch.setattr(montecarlo, "evaluate", watched)

    def work(drivers: int) -> float:
        nonlocal elements
        elements = 0
        size(written(tmp_path, summed(drivers)), draws=10_000)
        return elements

    assert slope(work) < 1.3
    notes = document(size(written(tmp_path, summed(100)), draws=10_000)).notes
    assert "Shares of the variance rest on the first 2,525 draws, for the model is large." in notes


def test_the_chunk_changes_no_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, summed(4))
    whole = size(path, draws=20_001)
    monkeypatch.setattr(montecarlo, "CHUNK", 777)
    assert size(path, draws=20_001).stages == whole.stages


def test_too_much_is_refused_with_what_is_possible(tmp_path: Path) -> None:
    path = written(tmp_path, summed(100).replace("2027..2027", "2020..2120"))
    with pytest.raises(UsageError, match="1,000,000 draws of 100 uncertain drivers in 101 years") as caught:
        size(path, draws=1_000_000)
    assert caught.value.hint == "Use draws=99009 or less."


def test_pairs_are_gone_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading them, joining them in groups and filling the matrix asks each pair for its drivers a few times."""
    asked = 0

    class Watched(Pair):
        @property
        def first(self) -> str:  # type: ignore[override]
            nonlocal asked
            asked += 1
            return self[0]

    def work(drivers: int) -> float:
        nonlocal asked
        asked = 0
        pairs = [Watched(f"d{one}", f"d{other}", 0.01) for one in range(drivers) for other in range(one)]
        (group,) = groups(pairs)
        matrix(group, pairs)
        assert asked <= 5 * len(pairs)
        return asked

    assert slope(work) < 2.1  # of the drivers; there are as many pairs as their square


def test_correlations_that_cannot_be_are_not_all_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = 0
    original = correlation._possible

    def watched(*given):  # type: ignore[no-untyped-def]
        nonlocal tried
        tried += 1
        return original(*given)

    monkeypatch.setattr(correlation, "_possible", watched)
    text = summed(40) + "".join(
        f'[[correlations]]\nbetween = ["d{one}", "d{other}"]\nvalue = -0.9\n'
        for one in range(40)
        for other in range(one)
    )
    with pytest.raises(InputError, match=r"cannot correlate at -0\.9, given the other pairs"):
        model(text)
    assert tried == correlation._MOST_TRIED


def test_drivers_of_a_pair_are_names() -> None:
    text = summed(2) + '[[correlations]]\nbetween = [["d0"], ["d1"]]\nvalue = 0.5\n'
    with pytest.raises(InputError, match="needs two different drivers"):
        model(text)
