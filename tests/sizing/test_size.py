"""Sizing whole models: arithmetic, scaling, variance, correlation, forecasts as drivers, and the
views of a sizing.
"""

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.observed.money.deflation import deflator
from rural_forecast.observed.money.exchange import conversion
from rural_forecast.sizing import montecarlo
from rural_forecast.sizing.attribution import bridge, swings
from rural_forecast.sizing.result import Sizing
from rural_forecast.sizing.size import size
from rural_forecast.views.size import document, picture
from tests.sizing.build import MARKET, write

FORMULA = "users * share * spending"
many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)


def sized(folder: Path, text: str, **options: object) -> Sizing:
    return size(write(folder, text), **{"draws": 2_000, **options})  # type: ignore[arg-type]


def driver(name: str, value: str, unit: str = "ratio") -> str:
    return f'[drivers.{name}]\n{value}\nunit = "{unit}"\nassumption = true\n'


def test_points_give_exact_arithmetic(tmp_path: Path) -> None:
    text = (
        MARKET.replace('"180..220"', "200")
        .replace('"0.5..0.8"', "0.65")
        .replace('"4_000..9_000"', "6000")
    )
    result = sized(tmp_path, text).main
    given_estimate = result.estimates[0]
    assert given_estimate.value == pytest.approx(200e6 * 0.65 * 6000 / 1e9, rel=1e-14)
    assert given_estimate.lower == given_estimate.upper == (given_estimate.value,) * 2
    assert result.shares[0] == {}


@many
@given(
    users=st.tuples(st.floats(1, 100), st.floats(1.01, 30)),
    share=st.tuples(st.floats(0.01, 0.4), st.floats(0.01, 0.5)),
    seed=st.integers(0, 1000),
    formula=st.sampled_from(
        [FORMULA, "users * spending / (1 + share)", "users * share * max(spending, spending / 2)"]
    ),
)
def test_shares_of_the_variance_are_shares(
    tmp_path: Path, users: tuple[float, float], share: tuple[float, float], seed: int, formula: str
) -> None:
    text = MARKET.replace("180..220", f"{users[0]!r}..{users[0] * users[1]!r}")
    text = text.replace("0.5..0.8", f"{share[0]!r}..{share[0] + share[1]!r}")
    result = sized(tmp_path, text.replace(FORMULA, formula), seed=seed).main
    shares = result.shares[0]
    assert all(0 <= one <= 1 for one in shares.values())
    assert sum(shares.values()) <= 1 + 1e-12
    ends = result.estimates[0]
    assert ends.lower[1] <= ends.lower[0] <= ends.value <= ends.upper[0] <= ends.upper[1]


def test_shares_of_a_product_of_lognormals_are_the_known_ones(tmp_path: Path) -> None:
    text = 'unit = "persons"\nyears = 2027\nformula = "a * b * c"\n'
    text += driver("a", 'value = "1.58065..5.69386"', "persons") + driver(
        "b", 'value = "1.36163..2.93766"'
    )
    result = sized(tmp_path, text + driver("c", "value = 7"), draws=100_000).main
    first = {name: math.exp(sigma**2) - 1 for name, sigma in (("a", 0.5), ("b", 0.3))}
    total = math.exp(0.5**2 + 0.3**2) - 1
    shares = dict(result.shares[-1])
    assert result.estimates[-1].value == pytest.approx(42, rel=0.01)
    assert shares[("a",)] == pytest.approx(first["a"] / total, abs=0.015)
    assert shares[("b",)] == pytest.approx(first["b"] / total, abs=0.015)
    assert 1 - sum(shares.values()) == pytest.approx(first["a"] * first["b"] / total, abs=0.015)


def test_the_seed_and_not_the_order_of_drivers_nor_the_chunk_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, users, share, spending = MARKET.split("[drivers.")
    one = sized(tmp_path, MARKET)
    other = sized(tmp_path, "[drivers.".join([head, spending, share, users]))
    assert sized(tmp_path, MARKET).stages == one.stages != sized(tmp_path, MARKET, seed=2).stages
    assert one.main.estimates == other.main.estimates
    assert dict(one.main.shares[0]) == pytest.approx(dict(other.main.shares[0]))
    whole = sized(tmp_path, MARKET, draws=20_001)
    monkeypatch.setattr(montecarlo, "CHUNK", 777)
    assert sized(tmp_path, MARKET, draws=20_001).stages == whole.stages


def test_values_by_year_and_the_year_in_a_formula(tmp_path: Path) -> None:
    text = MARKET.replace("2027", "[2026, 2027]")
    text = text.replace('value = "180..220"', 'values = { 2026 = 100, 2027 = "190..210" }')
    text = text.replace(FORMULA, "users * spending * 1.1 ** (year - 2026)").replace(
        '"4_000..9_000"', "5_000"
    )
    first, second = sized(tmp_path, text).main.estimates
    assert first.value == pytest.approx(500, rel=1e-12)
    assert second.value == pytest.approx(1.1 * math.sqrt(190 * 210) * 5, rel=1e-4)
    with pytest.raises(InputError, match=r"drivers.users.values: there is no value for 2028"):
        sized(tmp_path, text, year=2028)


def test_growth_is_no_share(tmp_path: Path) -> None:
    text = (
        MARKET.replace("2027", '"2026..2028"')
        .replace('"4_000..9_000"', "5_000")
        .replace('"180..220"', "200")
    )
    text = text.replace(FORMULA, "users * spending * (1 + growth) ** (year - 2026)")
    text += driver("growth", 'value = "-4..10"', "percent per year")
    result = sized(tmp_path, text, draws=20_000, levels=(80,))
    assert result.drivers["growth"][0].lower == pytest.approx((-4,), rel=1e-3)
    estimates = result.main.estimates
    assert estimates[0].value == pytest.approx(1000)
    assert estimates[2].lower == pytest.approx((1000 * 0.96**2,), rel=1e-3)
    assert estimates[2].upper == pytest.approx((1000 * 1.1**2,), rel=1e-3)


def test_a_driver_forecast_by_the_engine_whose_units_are_converted(tmp_path: Path) -> None:
    text = MARKET.replace('value = "180..220"', 'series = "rural_internet_users"').replace(
        "2027", '"2022..2026"'
    )
    result = sized(tmp_path, text, draws=50_000)
    users = dict(zip(result.years, result.drivers["users"], strict=True))
    assert users[2023].value == users[2023].lower[0] == 326
    told = rf.forecast(rf.read("rural_internet_users"), year=2026).best
    assert users[2026].value == pytest.approx(float(told.values[-1]), rel=1e-3)
    assert users[2026].lower == pytest.approx(told.lower[:, -1].tolist(), rel=2e-3)
    assert users[2026].upper == pytest.approx(told.upper[:, -1].tolist(), rel=2e-3)
    with pytest.raises(
        InputError, match="has no value for 2020 on the basis that starts in 2021"
    ) as refused:
        sized(tmp_path, text, year=2020)
    assert refused.value.hint == "It has values from 2021 on."
    plain = sized(tmp_path, text.replace("million persons", "persons"), year=2023)
    assert plain.drivers["users"][-1].value == pytest.approx(326e6)


def test_a_rate_stays_a_rate(tmp_path: Path) -> None:
    (tmp_path / "rate.csv").write_text(
        "year,value\n2019,70\n2020,80\n2021,88\n2022,93\n2023,96\n2024,98\n"
    )
    rate = 'series = "./rate.csv"\nunit = "percent"'
    text = MARKET.replace('value = "0.5..0.8"\nunit = "share"', rate).replace("2027", "2034")
    share = sized(tmp_path, text, levels=(99,)).drivers["share"][0]
    assert 0 < share.lower[0] < share.upper[0] <= 100


def test_from_below_against_from_above(tmp_path: Path) -> None:
    text = MARKET.replace("2027", '"2024..2027"\ntop_down = "rural_online_retail_mofcom"')
    result = sized(tmp_path, text, draws=20_000)
    comparison = result.comparison
    assert comparison is not None
    assert comparison.top_down[0].value == comparison.top_down[0].upper[0] == 2560
    assert (
        comparison.top_down[3].lower[0]
        < comparison.top_down[3].value
        < comparison.top_down[3].upper[0]
    )
    assert all(0 <= one <= 1 for one in comparison.above)
    assert comparison.above[0] < 0.01
    assert comparison.ratio[0] is not None
    assert comparison.ratio[0].value == pytest.approx(result.main.estimates[0].value / 2560)


CERTAIN = (
    'unit = "count"\nyears = 2027\nformula = "FORMULA"\n'
    + driver("a", "value = 5", "count")
    + driver("zero", "value = 0")
    + driver("either", 'value = "-3..3"')
)


@pytest.mark.parametrize(
    ("formula", "problem"),
    [
        pytest.param("a / zero", "'a / zero' divides by zero in 2027", id="alone"),
        pytest.param("min(a / zero, 7)", "'a / zero' divides by zero in 2027", id="in min"),
        pytest.param("1 / (a / zero)", "'a / zero' divides by zero in 2027", id="in a divisor"),
        pytest.param("max(-a / zero, 7)", "'-a / zero' divides by zero in 2027", id="in max"),
        pytest.param("zero / zero", "'zero / zero' divides by zero in 2027", id="zero by zero"),
        pytest.param("(a / zero) ** 0", "'a / zero' divides by zero in 2027", id="in a power of 0"),
        pytest.param("1 ** (a / zero)", "'a / zero' divides by zero in 2027", id="in a power of 1"),
        pytest.param("min(zero ** -1, a)", "'zero ** -1' divides by zero in 2027", id="by a power"),
        pytest.param("min((zero - a) ** 0.5, a)", "raises a negative number", id="root"),
        pytest.param("min((a * 1e9) ** 99, a)", "is too large in 2027", id="overflow"),
    ],
)
def test_no_step_hides_another_that_gives_no_number(
    formula: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"line 3, formula: ") as caught:
        sized(tmp_path, CERTAIN.replace("FORMULA", formula))
    assert problem in str(caught.value)


def test_a_division_by_zero_in_some_draws_is_counted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"line 3, formula: ") as caught:
        sized(tmp_path, CERTAIN.replace("FORMULA", "min(a / max(either, 0), 7)"))
    assert "'a / max(either, 0)' divides by zero in 2027 in 1,000 of 2,000 draws" in str(
        caught.value
    )
    assert "'max(either, 0)'" in caught.value.hint


def test_a_division_by_zero_is_refused_at_the_driver_that_divides(tmp_path: Path) -> None:
    share = 'formula = "a / zero"\nunit = "count"\n'
    text = CERTAIN.replace("FORMULA", "min(part, a)") + f"[drivers.part]\n{share}"
    with pytest.raises(InputError, match=r"line 17, drivers.part.formula: 'a / zero' divides"):
        sized(tmp_path, text)


@pytest.mark.parametrize(
    "options", [{"levels": (20,)}, {"draws": 10}, {"draws": 10**9}, {"seed": -1}]
)
def test_impossible_options_are_refused(options: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        sized(tmp_path, MARKET, **options)


def test_amounts_of_every_year_are_converted_and_all_else_stays(tmp_path: Path) -> None:
    text = MARKET.replace("2027", '"2024..2027"\ntop_down = "mofcom"').replace("bn CNY", "bn RMB")
    own = sized(tmp_path, text)
    how = conversion("bn CNY", to="USD", rate=7.0)
    shown = in_currency(own, how)
    real = sized(tmp_path, text, real=2020, inflation=2)
    both = in_currency(real, conversion("bn CNY (2020 prices)", to="USD", price_year=2020))
    level = deflator("bn CNY", 2020, inflation=2)
    rates = {year: how.rate(year) for year in own.years}
    assert rates[2024] != rates[2027] == 7.0
    for other, of, unit in (
        (shown, rates, "bn USD"),
        (real, level.rates, "bn RMB (2020 prices)"),
        (
            both,
            {year: level.rate(year) * how.rate(2020) for year in own.years},
            "bn USD (2020 prices)",
        ),
    ):
        assert other.main.unit == unit
        of_both = ((result.main.estimates, result.drivers["spending"]) for result in (own, other))
        for before, after in zip(*of_both, strict=True):
            for one, two, year in zip(before, after, own.years, strict=True):
                assert two.value == pytest.approx(one.value / of[year], rel=1e-12)
                assert two.upper == pytest.approx([end / of[year] for end in one.upper], rel=1e-12)
        assert (other.drivers["users"], other.main.shares) == (
            own.drivers["users"],
            own.main.shares,
        )
        assert own.comparison is not None is not other.comparison
        assert (other.comparison.ratio, other.comparison.above) == (
            own.comparison.ratio,
            own.comparison.above,
        )
        assert other.comparison.top_down[0].value == pytest.approx(2560 / of[2024])
        centre = other.main.estimates[-1].value
        assert all(min(bar) <= centre <= max(bar) for bar in swings(other).values())
    assert [note.code for note in both.notes[:2]] == ["currency_converted", "deflated"]
    with pytest.raises(UsageError, match="not an amount of one currency"):
        sized(
            tmp_path,
            MARKET.replace("bn CNY", "persons").replace(FORMULA, "users * share"),
            real=2020,
        )
    with pytest.raises(UsageError, match="no consumer prices for 2027"):
        sized(tmp_path, MARKET, real=2020)


SALES = 'unit = "m EUR"\nyears = "2026..2028"\nformula = "volume * price"\nrange_level = 80\n'
SALES += driver("volume", "values = { 2026 = 10, 2028 = 14 }", "million units")
SALES += driver("price", 'values = { 2026 = "2..3", 2028 = "3..4" }', "EUR per unit")


@pytest.mark.parametrize("formula", ["volume * price", "volume * price * fixed"])
def test_effects_add_up_to_the_growth_of_the_result(formula: str, tmp_path: Path) -> None:
    """A factor that does not change has none."""
    result = sized(
        tmp_path, SALES.replace("volume * price", formula) + driver("fixed", "value = 2")
    )
    change = bridge(result)
    assert [*change] == ["volume", "price"]
    first, *_, last = result.main.estimates
    assert sum(change.values()) == pytest.approx(last.value - first.value)
    drawn = list(picture(result).plot.rows)
    start = next(
        rank for rank, row in enumerate(drawn) if row.group.startswith("What each factor adds")
    )
    assert [row.name for row in drawn[start:]] == ["2026", "Volume", "Price", "2028"]
    *parts, whole = (
        float("".join(row.ends).replace(",", "").replace("−", "-")) for row in drawn[start:]
    )
    assert sum(parts) == pytest.approx(whole)  # as printed


@pytest.mark.parametrize("name", ["rural_online_retail", "volume_price", "population_spend"])
def test_a_sizing_has_one_centre(name: str) -> None:
    result = rf.size(name, draws=2000)
    median = result.main.estimates[-1].value
    assert sum(bridge(result).values()) == pytest.approx(median - result.main.estimates[0].value)
    assert all(
        min(bar) <= median * (1 + 1e-9) and max(bar) >= median * (1 - 1e-9)
        for bar in swings(result).values()
    )


@pytest.mark.parametrize(
    ("later", "unit", "middle"),
    [
        ('"100..144"', "count", 110),
        ('"40..60"', "percent", 44.5),
        ('"-10..10"', "count", 50),
        ("140", "count", 120),
    ],
)
def test_a_year_between_two_is_interpolated(
    later: str, unit: str, middle: float, tmp_path: Path
) -> None:
    """A certain value counts as a range of no width."""
    text = f'unit = "{unit}"\nyears = "2026..2028"\nformula = "x"\n'
    text += driver(
        "x", f"values = {{ 2026 = {39 if unit == 'percent' else 100}, 2028 = {later} }}", unit
    )
    result = sized(tmp_path, text)
    _, between, last = result.drivers["x"]
    assert between.value == pytest.approx(middle, rel=0.01)
    assert between.upper[0] - between.lower[0] == pytest.approx(
        (last.upper[0] - last.lower[0]) / 2, rel=0.2
    )
    assert "2027 interpolated" in result.marginals["x"].basis
    with pytest.raises(InputError, match=r"drivers.x.values: there is no value for 2029"):
        sized(tmp_path, text, year=2029)


def test_drivers_are_independent_unless_a_correlation_is_stated(tmp_path: Path) -> None:
    series = MARKET.replace('value = "180..220"', 'series = "users"')
    series = series.replace('value = "4_000..9_000"', 'series = "income_rural"')
    apart = {("users",), ("share",), ("spending",)}
    for text, groups in (
        (MARKET, apart),
        (series, apart),
        (series.replace("years", "correlation = 0\nyears"), apart),
        (MARKET.replace("years", "correlation = 0.3\nyears"), {("users", "share", "spending")}),
    ):
        assert set(sized(tmp_path, text).main.shares[-1]) == groups


def test_a_correlation_widens_a_sum(tmp_path: Path) -> None:
    text = 'unit = "ratio"\nyears = 2027\nformula = "a + b"\ncorrelation = 0.5\n'
    text += "".join(
        driver(name, f'value = "{-1.2816 * sd}..{1.2816 * sd}"')
        for name, sd in (("a", 1), ("b", 2))
    )
    total = sized(tmp_path, text, draws=50_000).main.estimates[0]
    assert total.upper[0] == pytest.approx(7**0.5 * 1.2816, rel=0.02)


@pytest.mark.parametrize(("level", "expected"), [(None, 80), (80, 80), (90, 90)])
def test_a_range_holds_with_its_level(level: int | None, expected: int, tmp_path: Path) -> None:
    text = MARKET if level is None else MARKET.replace("years", f"range_level = {level}\nyears")
    result = sized(tmp_path, text, draws=100_000, levels=(expected,))
    for name, low, high in (("users", 180, 220), ("share", 0.5, 0.8)):
        assert result.drivers[name][0].lower == pytest.approx((low,), rel=1e-4)
        assert result.drivers[name][0].upper == pytest.approx((high,), rel=1e-4)
    assert [note.warning for note in result.notes if note.code == "range_level"] == (
        [] if level else [True]
    )


def test_a_result_below_the_last_observed_value_is_the_headline(tmp_path: Path) -> None:
    result = rf.size("rural_online_retail", draws=2000)
    assert document(result).title == "The drivers give less for 2028 than was observed in 2025"
    assert document(result).summary[0].endswith("; 3,000 was observed.")
    assert picture(result).title == document(result).title
    text = MARKET.replace("2027", '2027\ntop_down = "mofcom"').replace(
        "4_000..9_000", "90_000..95_000"
    )
    assert ": about " in document(sized(tmp_path, text)).title
