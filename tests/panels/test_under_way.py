"""A tree of which some nodes have months of the year under way, and others whole years alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.panels.panel import PanelForecast

YEARS = range(2021, 2025)
VALUES = {"total": (100, 112, 125, 140), "North": (60, 66, 72, 80), "South": (40, 46, 53, 60)}


def forecast_with(
    folder: Path, monthly: Mapping[str, float], names: Sequence[str]
) -> PanelForecast:
    """Forecast a tree whose `monthly` nodes have eight months at a rate a year."""
    lines = ["id,period,value,measure"]
    for name in names:
        for year, value in zip(YEARS, VALUES[name], strict=True):
            if name not in monthly:
                lines.append(f"{name},{year},{value},flow")
                continue
            lines += [f"{name},{year}-{month:02},{value / 12!r},flow" for month in range(1, 13)]
        if name in monthly:
            lines += [
                f"{name},2025-{month:02},{monthly[name] / 12!r},flow" for month in range(1, 9)
            ]
    file = folder / "tree.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return rf.panel(str(file), horizon=2)


def value(result: PanelForecast, name: str, step: int) -> float:
    return float(result.values[result.tree.names.index(name), step])


def base(result: PanelForecast, name: str, step: int) -> float:
    return float(result.base[result.tree.names.index(name), step])


def test_a_whole_without_months_moves_with_the_nowcast_of_its_part(tmp_path: Path) -> None:
    parts = ("North", "South")
    plain = forecast_with(tmp_path, {}, parts)
    known = forecast_with(tmp_path, {"North": 90}, parts)
    change = base(known, "North", 0) - base(plain, "North", 0)
    assert value(known, "North", 0) == pytest.approx(90, rel=0.01)
    assert base(known, "total", 0) == pytest.approx(base(plain, "total", 0) + change)


def test_a_nowcast_of_one_part_takes_nothing_from_another(tmp_path: Path) -> None:
    parts = ("North", "South")
    plain = forecast_with(tmp_path, {}, parts)
    known = forecast_with(tmp_path, {"North": 90}, parts)
    assert value(known, "South", 0) == pytest.approx(value(plain, "South", 0), rel=0.02)


def test_parts_without_months_share_the_nowcast_of_their_whole(tmp_path: Path) -> None:
    known = forecast_with(tmp_path, {"total": 170}, ("total", "North", "South"))
    assert value(known, "total", 0) == pytest.approx(170, rel=0.01)
    assert value(known, "North", 0) + value(known, "South", 0) == pytest.approx(
        value(known, "total", 0)
    )
    text = " ".join(str(note) for note in known.notes if note.code == "running_year")
    assert "North and South" in text


def test_parts_add_up_where_one_has_months(tmp_path: Path) -> None:
    known = forecast_with(tmp_path, {"North": 90}, ("North", "South"))
    for step in (0, 1):
        parts = value(known, "North", step) + value(known, "South", step)
        assert parts == pytest.approx(value(known, "total", step))


def test_a_whole_that_moves_with_a_nowcast_is_named(tmp_path: Path) -> None:
    known = forecast_with(tmp_path, {"North": 90}, ("North", "South"))
    text = " ".join(str(note) for note in known.notes if note.code == "running_year")
    assert "total has no months or quarters of that year" in text
