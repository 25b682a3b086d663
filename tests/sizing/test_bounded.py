"""The work of a sizing grows no faster than its model: counted at three sizes, in draws and elements."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rural_forecast.errors import UsageError
from rural_forecast.sizing import expression, montecarlo
from rural_forecast.sizing.size import size
from tests.sizing.build import write

SIZES = (25, 50, 100)


def summed(drivers: int, years: str = "2027") -> str:
    """A model that sums drivers."""
    head = f'unit = "ratio"\nyears = "{years}..{years}"\nformula = "{" + ".join(f"d{n}" for n in range(drivers))}"\n'
    return head + "".join(f'[drivers.d{n}]\nvalue = "{n + 1}..{n + 3}"\nunit = "ratio"\n' for n in range(drivers))


def slope(work: Callable[[int], float]) -> float:
    """By what power the work grows with the size: 1 is linear."""
    counts = [work(number) for number in SIZES]
    return float(np.polyfit(np.log(SIZES), np.log(counts), 1)[0])


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
        size(write(tmp_path, summed(drivers)), draws=10_000)
        return elements

    assert slope(work) < 1.3
    result = size(write(tmp_path, summed(100)), draws=10_000)
    assert result.share_draws == 2_525
    assert "share_draws" in {note.code for note in result.notes}


def test_the_chunk_changes_no_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, summed(4))
    whole = size(path, draws=20_001)
    monkeypatch.setattr(montecarlo, "CHUNK", 777)
    assert size(path, draws=20_001).stages == whole.stages


def test_too_much_is_refused_with_what_is_possible(tmp_path: Path) -> None:
    path = write(tmp_path, summed(100).replace("2027..2027", "2020..2120"))
    with pytest.raises(UsageError, match="1,000,000 draws of 100 uncertain drivers in 101 years") as caught:
        size(path, draws=1_000_000)
    assert caught.value.hint == "Use draws=99009 or less."
