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
    assert "total has no nowcast of its own" in text


def test_months_that_give_no_nowcast_are_named_once_as_not_used(tmp_path: Path) -> None:
    file = tmp_path / "tree.csv"
    forecast_with(tmp_path, {"North": 90, "South": 60}, ("North", "South"))
    rows = file.read_text(encoding="utf-8").splitlines()
    # A hundred times a usual month is no evidence of its year.
    few = [row for row in rows if not row.startswith("South,2025")] + ["South,2025-01,500,flow"]
    file.write_text("\n".join(few) + "\n", encoding="utf-8")
    notes = [(note.code, str(note)) for note in rf.panel(str(file), horizon=2).notes]
    not_used = [text for code, text in notes if code == "parts_not_used"]
    assert len(not_used) == 1
    assert "South" in not_used[0]
    going_on = [text for code, text in notes if code == "running_year"]
    assert not any("months or quarters" in text for text in going_on)


def completed(folder: Path, total: Sequence[float | None]) -> PanelForecast:
    """Forecast a tree whose total may lack its last years."""
    lines = ["id,period,value"]
    for name, values in {**VALUES, "total": total}.items():
        for year, value in zip(YEARS, values, strict=True):
            if value is not None:
                lines.append(f"{name},{year},{value}")
    file = folder / "tree.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return rf.panel(str(file), horizon=2)


def test_a_total_that_ends_before_its_parts_goes_on_as_their_sum(tmp_path: Path) -> None:
    whole = completed(tmp_path, VALUES["total"])
    short = completed(tmp_path, (100, 112, 125, None))
    assert short.values == pytest.approx(whole.values)
    assert short.completed == {"total": 2023}
    assert [note.code for note in short.notes if note.warning] == ["completed"]


def test_a_total_that_its_parts_miss_is_forecast_from_its_own_end(tmp_path: Path) -> None:
    short = completed(tmp_path, (100, 112, 127, None))
    assert short.completed == {}
    assert "ends_early" in [note.code for note in short.notes]
