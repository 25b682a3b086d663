"""The growth bridge, years between given ones, and the correlation of drivers that are series."""

from __future__ import annotations

from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.document.picture import Columns, Panels
from rural_forecast.errors import InputError
from rural_forecast.forecasting.paths import SIBLINGS
from rural_forecast.render import terminal_chart
from rural_forecast.render.terminal_pen import Pen
from rural_forecast.sizing.effects import bridge, swings
from rural_forecast.views.pictures.size import picture
from rural_forecast.views.size import document

MODEL = """
unit = "m EUR"
years = "2026..2028"
formula = "volume * price"
[drivers.volume]
values = { 2026 = 10, 2028 = 14 }
unit = "million units"
assumption = true
[drivers.price]
values = { 2026 = "2..3", 2028 = "3..4" }
unit = "EUR per unit"
assumption = true
"""


def written(folder: Path, text: str = MODEL) -> str:
    file = folder / "model.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_effects_add_up_to_the_growth_at_medians(tmp_path: Path) -> None:
    result = rf.size(written(tmp_path), draws=2000)
    change = bridge(result, result.main)
    assert change
    effects = change.effects
    assert [one.factor for one in effects] == ["volume", "price"]
    assert effects[0].growth == pytest.approx(0.4)
    first, last = (result.drivers["volume"][at].value * result.drivers["price"][at].value for at in (0, -1))
    assert sum(one.effect for one in effects) == pytest.approx(last - first)
    assert any(table.title.startswith("Growth of market from 2026 to 2028") for table in document(result).sections)


def test_the_bridge_ends_where_the_swings_begin() -> None:
    result = rf.size("rural_online_retail", draws=2000)
    change = bridge(result, result.main)
    assert change
    assert change.after == pytest.approx(swings(result)[0])


def test_the_waterfall_floats_from_the_first_year_to_the_last(tmp_path: Path) -> None:
    result = rf.size(written(tmp_path), draws=2000)
    panels = picture(result).plot
    assert isinstance(panels, Panels)
    waterfall = panels.pictures[-1]
    assert isinstance(waterfall.plot, Columns)
    columns = [column for _, (column,) in waterfall.plot.groups]
    assert [name for name, _ in waterfall.plot.groups] == ["2026", "volume", "price", "2028"]
    assert [column.base for column in columns] == pytest.approx([0, columns[0].value, columns[1].value, 0])
    assert columns[2].value == pytest.approx(columns[3].value)
    shown = [
        line
        for line in terminal_chart._columns(waterfall.plot, waterfall.amounts, Pen(60, color=False, unicode=True))
        if "█" in line or "▓" in line
    ]
    indent = [len(line) - len(line[8:].lstrip()) for line in shown]
    assert indent[0] == indent[3] < indent[1] < indent[2]


def test_a_year_between_two_is_interpolated_and_said(tmp_path: Path) -> None:
    result = rf.size(written(tmp_path), draws=2000)
    assert result.drivers["volume"][1].value == 12
    assert "2027 interpolated" in result.marginals["price"].basis
    with pytest.raises(InputError, match="there is no value for 2029"):
        rf.size(written(tmp_path), year=2029, draws=2000)


@pytest.mark.parametrize(
    ("later", "unit", "middle"),
    [('"100..144"', "count", 110), ('"40..60"', "percent", 44.5), ('"-10..10"', "count", 50)],
)
def test_a_certain_value_is_interpolated_as_a_range_of_no_width(
    later: str, unit: str, middle: float, tmp_path: Path
) -> None:
    first = 39 if unit == "percent" else 100
    text = f'title = "t"\nunit = "{unit}"\nyears = "2026..2028"\nformula = "x"\n[drivers.x]\nunit = "{unit}"\n'
    result = rf.size(written(tmp_path, f"{text}values = {{ 2026 = {first}, 2028 = {later} }}\nassumption = true\n"))
    between, last = (result.drivers["x"][at] for at in (1, 2))
    assert between.value == pytest.approx(middle, rel=0.01)
    assert between.upper[0] - between.lower[0] == pytest.approx((last.upper[0] - last.lower[0]) / 2, rel=0.2)


def test_drivers_that_are_series_correlate_unless_a_pair_names_one() -> None:
    model = rf.size("rural_online_retail", draws=2000).model
    assert model.learned == ("users", "population", "income")
    assert {pair.value for pair in model.pairs} == {SIBLINGS}
    notes = [str(note) for note in document(rf.size("rural_online_retail", draws=2000)).notes]
    assert any(note.startswith(f"users, population and income correlate at {SIBLINGS}") for note in notes)


@pytest.mark.parametrize("name", ["volume_price", "population_spend"])
def test_templates_have_a_bridge(name: str) -> None:
    result = rf.size(name, draws=2000)
    assert bridge(result, result.main)
