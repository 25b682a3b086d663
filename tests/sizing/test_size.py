"""Sizing whole models: arithmetic, scaling, variance, forecasts as drivers, and the top-down comparison."""

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from rural_forecast.forecasting.result import in_currency
from rural_forecast.series.money import conversion, deflator
from rural_forecast.sizing import montecarlo
from rural_forecast.sizing.size import Sizing, size, swings
from tests.sizing.build import MARKET, write

FEW = 2_000


def sized(folder: Path, text: str, **options: object) -> Sizing:
    return size(write(folder, text), **{"draws": FEW, **options})  # type: ignore[arg-type]


def only(result: Sizing) -> tuple[float, dict[tuple[str, ...], float]]:
    return result.stages[-1].estimates[-1].value, dict(result.stages[-1].shares[-1])


def test_points_give_exact_arithmetic(tmp_path: Path) -> None:
    text = MARKET.replace('"180..220"', "200").replace('"0.5..0.8"', "0.65").replace('"4_000..9_000"', "6000")
    result = sized(tmp_path, text)
    given_estimate = result.stages[0].estimates[0]
    assert given_estimate.value == pytest.approx(200e6 * 0.65 * 6000 / 1e9, rel=1e-14)
    assert given_estimate.lower == given_estimate.upper == (given_estimate.value,) * 2
    assert result.stages[0].shares[0] == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(factor=st.floats(0.01, 1000), seed=st.integers(0, 2**32))
def test_scaling_a_driver_scales_the_result(tmp_path: Path, factor: float, seed: int) -> None:
    base = sized(tmp_path, MARKET, seed=seed)
    scaled = sized(tmp_path, MARKET.replace('"180..220"', f'"{180 * factor!r}..{220 * factor!r}"'), seed=seed)
    before, after = base.stages[0].estimates[0], scaled.stages[0].estimates[0]
    assert after.value == pytest.approx(factor * before.value, rel=1e-9)
    assert after.lower == pytest.approx([factor * low for low in before.lower], rel=1e-9)
    assert dict(scaled.stages[0].shares[0]) == pytest.approx(dict(base.stages[0].shares[0]), rel=1e-6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    users=st.tuples(st.floats(1, 100), st.floats(1.01, 30)),
    share=st.tuples(st.floats(0.01, 0.4), st.floats(0.01, 0.5)),
    seed=st.integers(0, 1000),
    formula=st.sampled_from(
        [
            "users * share * spending",
            "users * spending / (1 + share)",
            "users * share * max(spending, spending / 2)",
        ]
    ),
)
def test_shares_of_the_variance_are_shares(
    tmp_path: Path, users: tuple[float, float], share: tuple[float, float], seed: int, formula: str
) -> None:
    text = MARKET.replace("180..220", f"{users[0]!r}..{users[0] * users[1]!r}")
    text = text.replace("0.5..0.8", f"{share[0]!r}..{share[0] + share[1]!r}")
    result = sized(tmp_path, text.replace("users * share * spending", formula), seed=seed)
    shares = result.stages[0].shares[0]
    assert all(0 <= one <= 1 for one in shares.values())
    assert sum(shares.values()) <= 1 + 1e-12
    given_estimate = result.stages[0].estimates[0]
    assert given_estimate.lower[1] <= given_estimate.lower[0] <= given_estimate.value
    assert given_estimate.value <= given_estimate.upper[0] <= given_estimate.upper[1]


def test_shares_of_a_product_of_lognormals_are_the_known_ones(tmp_path: Path) -> None:
    text = """\
unit = "persons"
years = 2027
formula = "a * b * c"
[drivers.a]
value = "1.58065..5.69386"
unit = "persons"
[drivers.b]
value = "1.36163..2.93766"
unit = "ratio"
[drivers.c]
value = 7
unit = "ratio"
"""
    result = sized(tmp_path, text, draws=100_000)
    first = {name: math.exp(sigma**2) - 1 for name, sigma in (("a", 0.5), ("b", 0.3))}
    total = math.exp(0.5**2 + 0.3**2) - 1
    value, shares = only(result)
    assert value == pytest.approx(42, rel=0.01)
    assert shares[("a",)] == pytest.approx(first["a"] / total, abs=0.015)
    assert shares[("b",)] == pytest.approx(first["b"] / total, abs=0.015)
    assert 1 - sum(shares.values()) == pytest.approx(first["a"] * first["b"] / total, abs=0.015)


def test_the_seed_and_not_the_order_of_drivers_decides(tmp_path: Path) -> None:
    head, users, share, spending = MARKET.split("[drivers.")
    one, other = sized(tmp_path, MARKET), sized(tmp_path, "[drivers.".join([head, spending, share, users]))
    assert sized(tmp_path, MARKET).stages == one.stages != sized(tmp_path, MARKET, seed=2).stages
    assert one.stages[0].estimates == other.stages[0].estimates
    assert dict(one.stages[0].shares[0]) == pytest.approx(dict(other.stages[0].shares[0]))


def test_values_by_year_and_the_year_in_a_formula(tmp_path: Path) -> None:
    text = MARKET.replace("years = 2027", "years = [2026, 2027]").replace(
        'value = "180..220"', 'values = { 2026 = 100, 2027 = "190..210" }'
    )
    text = text.replace("users * share * spending", "users * spending * 1.1 ** (year - 2026)")
    text = text.replace('"4_000..9_000"', "5_000")
    first, second = sized(tmp_path, text).stages[0].estimates
    assert first.value == pytest.approx(500, rel=1e-12)
    assert second.value == pytest.approx(1.1 * math.sqrt(190 * 210) * 5, rel=1e-4)
    with pytest.raises(InputError, match=r"drivers.users.values: there is no value for 2028"):
        sized(tmp_path, text, year=2028)


def test_growth_is_no_share(tmp_path: Path) -> None:
    text = MARKET.replace("years = 2027", 'years = "2026..2028"').replace('"4_000..9_000"', "5_000")
    text = text.replace("users * share * spending", "users * spending * (1 + growth) ** (year - 2026)")
    text += '[drivers.growth]\nvalue = "-4..10"\nunit = "percent per year"\nassumption = true\n'
    result = sized(tmp_path, text.replace('"180..220"', "200"), draws=20_000, levels=(80,))
    assert result.drivers["growth"][0].lower == pytest.approx((-4,), rel=1e-3)
    assert result.stages[0].estimates[0].value == pytest.approx(1000)
    assert result.stages[0].estimates[2].lower == pytest.approx((1000 * 0.96**2,), rel=1e-3)
    assert result.stages[0].estimates[2].upper == pytest.approx((1000 * 1.1**2,), rel=1e-3)


def test_a_driver_forecast_by_the_engine(tmp_path: Path) -> None:
    text = MARKET.replace('value = "180..220"', 'series = "rural_internet_users"').replace("2027", '"2022..2026"')
    result = sized(tmp_path, text, draws=50_000)
    users = dict(zip(result.years, result.drivers["users"], strict=True))
    assert users[2023].value == users[2023].lower[0] == 326
    told = rf.forecast(rf.read("rural_internet_users"), year=2026).best
    assert users[2026].value == pytest.approx(float(told.values[-1]), rel=1e-3)
    assert users[2026].lower == pytest.approx(told.lower[:, -1].tolist(), rel=2e-3)
    assert users[2026].upper == pytest.approx(told.upper[:, -1].tolist(), rel=2e-3)
    with pytest.raises(InputError, match="has no value for 2020 on the basis that starts in 2021"):
        sized(tmp_path, text, year=2020)


def test_a_rate_stays_a_rate(tmp_path: Path) -> None:
    (tmp_path / "rate.csv").write_text("year,value\n2019,70\n2020,80\n2021,88\n2022,93\n2023,96\n2024,98\n")
    text = MARKET.replace('value = "0.5..0.8"\nunit = "share"', 'series = "./rate.csv"\nunit = "percent"').replace(
        "2027", "2034"
    )
    result = sized(tmp_path, text, levels=(99,))
    assert 0 < result.drivers["share"][0].lower[0] < result.drivers["share"][0].upper[0] <= 100


def test_series_units_are_converted(tmp_path: Path) -> None:
    text = MARKET.replace('value = "180..220"\nunit = "million persons"', 'series = "users"\nunit = "persons"')
    found = sized(tmp_path, text.replace("2027", "2023")).drivers["users"][0].value
    assert found == pytest.approx(326e6)


def test_from_below_against_from_above(tmp_path: Path) -> None:
    text = MARKET.replace("years = 2027", 'years = "2024..2027"\ntop_down = "rural_online_retail_mofcom"')
    found = sized(tmp_path, text, draws=20_000).comparison
    assert found is not None
    assert found.top_down[0].value == found.top_down[0].upper[0] == 2560
    assert found.top_down[3].lower[0] < found.top_down[3].value < found.top_down[3].upper[0]
    assert all(0 <= one <= 1 for one in found.above)
    assert found.above[0] < 0.01
    ratio = found.ratio[0]
    assert ratio is not None
    assert ratio.value == pytest.approx(sized(tmp_path, text, draws=20_000).stages[0].estimates[0].value / 2560)


def test_a_division_by_what_may_be_zero_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"line 4, formula: ") as caught:
        sized(tmp_path, MARKET.replace("users * share", "users / (share - share)"))
    assert "zero" in caught.value.hint


@pytest.mark.parametrize("options", [{"levels": (20,)}, {"draws": 10}, {"draws": 10**9}, {"seed": -1}])
def test_impossible_requests(tmp_path: Path, options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        sized(tmp_path, MARKET, **options)


def test_the_chunk_changes_no_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sized(tmp_path, MARKET, draws=20_001)
    monkeypatch.setattr(montecarlo, "CHUNK", 777)
    assert sized(tmp_path, MARKET, draws=20_001).stages == whole.stages


def test_amounts_of_every_year_are_converted_and_all_else_stays(tmp_path: Path) -> None:
    text = MARKET.replace("2027", '"2024..2027"\ntop_down = "mofcom"').replace("bn CNY", "bn RMB")
    own = sized(tmp_path, text)
    how = conversion("bn CNY", to="USD", rate=7.0)
    shown, real = in_currency(own, how), sized(tmp_path, text, real=2020, inflation=2)
    both = in_currency(real, conversion("bn CNY (2020 prices)", to="USD", at=2020))
    level = deflator("bn CNY", 2020, inflation=2)
    rates = {year: how.rate(year) for year in own.years}
    assert rates[2024] != rates[2027] == 7.0
    for other, of, unit in (
        (shown, rates, "bn USD"),
        (real, level.rates, "bn RMB (2020 prices)"),
        (both, {year: level.rate(year) * how.rate(2020) for year in own.years}, "bn USD (2020 prices)"),
    ):
        assert other.main.unit == unit
        of_both = ((result.main.estimates, result.drivers["spending"]) for result in (own, other))
        for before, after in zip(*of_both, strict=True):
            for one, two, year in zip(before, after, own.years, strict=True):
                assert two.value == pytest.approx(one.value / of[year], rel=1e-12)
                assert two.upper == pytest.approx([end / of[year] for end in one.upper], rel=1e-12)
        assert (other.drivers["users"], other.main.shares) == (own.drivers["users"], own.main.shares)
        assert own.comparison is not None is not other.comparison
        assert (other.comparison.ratio, other.comparison.above) == (own.comparison.ratio, own.comparison.above)
        assert other.comparison.top_down[0].value == pytest.approx(2560 / of[2024])
        centre = other.main.estimates[-1].value
        assert all(min(bar) <= centre <= max(bar) for bar in swings(other).values())
    assert [note.code for note in both.notes[:2]] == ["currency_converted", "deflated"]


def test_what_is_no_money_is_not_converted(tmp_path: Path) -> None:
    text = MARKET.replace("bn CNY", "persons").replace("users * share * spending", "users * share")
    with pytest.raises(UsageError, match="not an amount of one currency"):
        sized(tmp_path, text, real=2020)
    with pytest.raises(UsageError, match="no consumer prices for 2027"):
        sized(tmp_path, MARKET, real=2020)
