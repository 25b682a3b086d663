"""The growth bridge, the bars of drivers, years between given ones, and drivers that correlate."""

from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError
from rural_forecast.sizing.size import bridge, swings
from rural_forecast.views.size import document, picture
from tests.sizing.build import MARKET, write

MODEL = """
unit = "m EUR"
years = "2026..2028"
formula = "volume * price"
range_level = 80
[drivers.volume]
values = { 2026 = 10, 2028 = 14 }
unit = "million units"
assumption = true
[drivers.price]
values = { 2026 = "2..3", 2028 = "3..4" }
unit = "EUR per unit"
assumption = true
"""


@pytest.mark.parametrize("formula", ["volume * price", "volume * price * fixed"])
def test_effects_add_up_to_the_growth_of_the_result(formula: str, tmp_path: Path) -> None:
    """A factor that does not change has none."""
    fixed = '[drivers.fixed]\nvalue = 2\nunit = "ratio"\nassumption = true\n'
    result = rf.size(write(tmp_path, MODEL.replace("volume * price", formula) + fixed), draws=2000)
    change = bridge(result)
    assert [*change] == ["volume", "price"]
    first, last = (result.main.estimates[at].value for at in (0, -1))
    assert sum(change.values()) == pytest.approx(last - first)
    drawn = list(picture(result).plot.rows)
    start = next(at for at, row in enumerate(drawn) if row.group.startswith("What each factor adds"))
    assert [row.name for row in drawn[start:]] == ["2026", "Volume", "Price", "2028"]
    *parts, whole = (float("".join(row.ends).replace(",", "").replace("−", "-")) for row in drawn[start:])
    assert sum(parts) == pytest.approx(whole)  # as printed


@pytest.mark.parametrize("name", ["rural_online_retail", "volume_price", "population_spend"])
def test_a_sizing_has_one_centre(name: str) -> None:
    result = rf.size(name, draws=2000)
    median = result.main.estimates[-1].value
    assert sum(bridge(result).values()) == pytest.approx(median - result.main.estimates[0].value)
    assert all(min(bar) <= median * (1 + 1e-9) and max(bar) >= median * (1 - 1e-9) for bar in swings(result).values())


@pytest.mark.parametrize(
    ("later", "unit", "middle"),
    [('"100..144"', "count", 110), ('"40..60"', "percent", 44.5), ('"-10..10"', "count", 50), ("140", "count", 120)],
)
def test_a_year_between_two_is_interpolated(later: str, unit: str, middle: float, tmp_path: Path) -> None:
    """A certain value counts as a range of no width."""
    first = 39 if unit == "percent" else 100
    text = f'unit = "{unit}"\nyears = "2026..2028"\nformula = "x"\n[drivers.x]\nunit = "{unit}"\n'
    text += f"values = {{ 2026 = {first}, 2028 = {later} }}\nassumption = true\n"
    result = rf.size(write(tmp_path, text), draws=2000)
    between, last = (result.drivers["x"][at] for at in (1, 2))
    assert between.value == pytest.approx(middle, rel=0.01)
    assert between.upper[0] - between.lower[0] == pytest.approx((last.upper[0] - last.lower[0]) / 2, rel=0.2)
    assert "2027 interpolated" in result.marginals["x"].basis
    with pytest.raises(InputError, match=r"drivers.x.values: there is no value for 2029"):
        rf.size(write(tmp_path, text), year=2029, draws=2000)


def groups(text: str, folder: Path) -> set[tuple[str, ...]]:
    return set(rf.size(write(folder, text), draws=2000).main.shares[-1])


def test_drivers_correlate_as_stated_or_as_series_do(tmp_path: Path) -> None:
    series = MARKET.replace('value = "180..220"', 'series = "users"')
    series = series.replace('value = "4_000..9_000"', 'series = "income_rural"')
    apart = {("users",), ("share",), ("spending",)}
    assert groups(MARKET, tmp_path) == apart
    assert groups(series, tmp_path) == {("users", "spending"), ("share",)}
    assert groups(series.replace("years", "correlation = 0\nyears"), tmp_path) == apart
    assert groups(MARKET.replace("years", "correlation = 0.3\nyears"), tmp_path) == {("users", "share", "spending")}


def test_a_correlation_widens_a_sum(tmp_path: Path) -> None:
    drivers = "".join(
        f'[drivers.{name}]\nvalue = "{-1.2816 * sd}..{1.2816 * sd}"\nunit = "ratio"\n'
        for name, sd in (("a", 1), ("b", 2))
    )
    text = f'unit = "ratio"\nyears = 2027\nformula = "a + b"\ncorrelation = 0.5\n{drivers}'
    found = rf.size(write(tmp_path, text), draws=50_000).main.estimates[0]
    assert found.upper[0] == pytest.approx(7**0.5 * 1.2816, rel=0.02)


@pytest.mark.parametrize(("level", "expected"), [(None, 80), (80, 80), (90, 90)])
def test_a_range_holds_with_its_level(level: int | None, expected: int, tmp_path: Path) -> None:
    text = MARKET if level is None else MARKET.replace("years", f"range_level = {level}\nyears")
    result = rf.size(write(tmp_path, text), draws=100_000, levels=(expected,))
    for name, low, high in (("users", 180, 220), ("share", 0.5, 0.8)):
        assert result.drivers[name][0].lower == pytest.approx((low,), rel=1e-4)
        assert result.drivers[name][0].upper == pytest.approx((high,), rel=1e-4)
    warned = [note for note in result.notes if note.code == "range_level"]
    assert [note.warning for note in warned] == ([] if level else [True])


def test_a_result_below_the_last_observed_value_is_the_headline(tmp_path: Path) -> None:
    result = rf.size("rural_online_retail", draws=2000)
    assert document(result).title == "The drivers give less for 2028 than was observed in 2025"
    assert document(result).summary[0].endswith("; 3,000 were observed.")
    assert picture(result).title == document(result).title
    text = MARKET.replace("years = 2027", 'years = 2027\ntop_down = "mofcom"').replace("4_000..9_000", "90_000..95_000")
    assert ": about " in document(rf.size(write(tmp_path, text), draws=2000)).title
