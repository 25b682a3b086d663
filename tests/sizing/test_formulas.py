"""Model files: formulas, units, ranges, and each mistake in one sentence with its place."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from rural_forecast.errors import InputError, UsageError
from rural_forecast.observed.shares import whole_of
from rural_forecast.sizing.distributions import from_bounds, from_range, grid
from rural_forecast.sizing.formulas import evaluate, names, parse, parse_unit
from rural_forecast.sizing.model import load, years_of
from rural_forecast.sizing.toml import TableError, models
from tests.sizing.build import MARKET, model, refused, write

SIGNS = st.sampled_from(["+", "-", "*", "/", "**", "- -", "* -"])


@given(st.lists(SIGNS, min_size=1, max_size=6), st.lists(st.integers(1, 4), min_size=7, max_size=7))
def test_precedence_is_python_s(signs: list[str], numbers: list[int]) -> None:
    # Decimals, for a tower of whole powers would fill the memory before it failed.
    text = f"{numbers[0]}.0"
    for sign, number in zip(signs, numbers[1:], strict=False):
        text += f" {sign} {number}.0"
    try:
        expected = float(eval(text, {"__builtins__": {}}))
    except (OverflowError, ZeroDivisionError):
        reject()  # Hypothesis fails if most are
    with np.errstate(all="ignore"):
        value = float(evaluate(parse(text), {}))
    assert value == pytest.approx(expected, rel=1e-9)


def test_numbers_and_signs_are_read() -> None:
    values = {
        "-2 ** 2": -4,
        "2 ** -1": 0.5,
        "2 ** 3 ** 2": 512,
        "1_000 + .5": 1000.5,
        "1.5e3": 1500,
        "2e-3 * 1e+3": 2,
        "max(1, 2, 3) - min(4, 5)": -1,
        "+3": 3,
        "\n 6 /\t4 ": 1.5,
    }
    assert {text: evaluate(parse(text), {}) for text in values} == values


def test_names_are_read_in_the_order_of_the_text() -> None:
    assert [*names(parse("b * (a + b) / 用户"))] == ["b", "a", "b", "用户"]


def test_words_of_python_are_names() -> None:
    assert [*names(parse(" 用户 * in - class"))] == ["用户", "in", "class"]
    assert [*names(parse("True * True"))] == ["True", "True"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "column 1 "),
        ("a +", "column 4 "),
        ("a b", "column 3 "),
        ("(a", "column 1 "),
        ("a)", "column 2 "),
        ("a * 60%", "column 8 "),
        ("1__0", "column 2 "),
        ("(" * 300 + "a" + ")" * 300, "column 201 "),
        ("a ^ 2", "'a ^ 2' is not arithmetic"),
        ("min(a)", "'min(a)' is not arithmetic"),
        ("a, b", "'a, b' is not arithmetic"),
        ("1e999", "'1e999' is not arithmetic"),
        ("a // b", "'a // b' is not arithmetic"),
        ("a < b", "'a < b' is not arithmetic"),
        ("a.__class__", "'a.__class__' is not arithmetic"),
        ("__import__(os)", "'__import__(os)' is not arithmetic"),
        ("2 * exp(a)", "'exp(a)' is not arithmetic"),
        ("a # b", "has a #"),
        ("2 ** " * 100 + "2", "100 signs"),
        ("-" * 1900 + "2", ""),
        ("a" * 20_000, "2,000 characters"),
    ],
)
def test_what_is_no_formula_is_refused(text: str, problem: str) -> None:
    with pytest.raises(TableError) as caught:
        parse(text)
    assert problem in caught.value.problem


@pytest.mark.parametrize(
    ("text", "powers", "scale"),
    [
        ("persons", {"person": 1}, 1),
        ("million people", {"person": 1}, 1e6),
        ("bn CNY", {"CNY": 1}, 1e9),
        ("yuan per person and year", {"CNY": 1, "person": -1}, 1),
        ("CNY/person/month", {"CNY": 1, "person": -1}, 12),
        ("orders per thousand households", {"order": 1, "household": -1}, 1e-3),
        ("100 million companies", {"company": 1}, 1e8),
        ("share", {}, 1),
        ("percent", {}, 0.01),
        ("count", {}, 1),
        ("buses", {"buse": 1}, 1),
    ],
)
def test_units_are_read(text: str, powers: dict[str, int], scale: float) -> None:
    unit = parse_unit(text)
    assert dict(unit.powers) == powers
    assert unit.scale == pytest.approx(scale)


def test_units_that_make_no_sense_are_refused_and_parts_of_a_whole_known() -> None:
    for text in (
        "rural persons",
        "CNY per",
        "CNY per (person)",
        "3 € each",
        "%x",
        "0 persons",
        "CNY per 0.0 persons",
        "9" * 30,
    ):
        with pytest.raises(ValueError, match="unit"):
            parse_unit(text)
    wholes = {
        "share": 1,
        "percent": 100,
        "percent of users": 100,
        "percent per year": None,
        "ratio": None,
    }
    assert {text: whole_of(text) for text in wholes} == wholes


@pytest.mark.parametrize(
    "formula",
    [
        "users + spending",
        "users * spending - 5",
        "min(users, share) * spending",
        "spending ** share * users",
        "share ** users",
        "users ** 1.5",
    ],
)
def test_terms_that_do_not_fit_are_refused(formula: str) -> None:
    error = refused(MARKET.replace("users * share * spending", formula))
    assert (error.code, error.place.line) == ("cell", 4)


def test_persons_never_become_households_unasked_and_a_driver_bridges_them() -> None:
    text = MARKET.replace("million persons", "million households")
    error = refused(text)
    assert error.place.line == 4
    assert "'users' is in households and 'spending' is in CNY per person" in error.message
    bridge = '[drivers.size]\nvalue = 2.6\nunit = "persons per household"\n'
    assert model(text.replace("users * share", "users * size * share") + bridge).formulas
    formula = "users ** 2 / users * share * spending * (1 + share) ** (year - 2025)"
    assert model(MARKET.replace("users * share * spending", formula)).formulas[
        "market"
    ].unit == parse_unit("bn CNY")


GRID = grid(20_000)


def drawn(distribution: Any) -> np.ndarray:
    return np.asarray(distribution.draws(GRID))


@pytest.mark.parametrize(
    ("low", "high", "whole", "kind"),
    [
        (50, 200, None, "lognormal"),
        (-200, -50, None, "lognormal"),
        (-3, 8, None, "normal"),
        (0.2, 0.9, 1.0, "logit-normal"),
        (20, 99, 100.0, "logit-normal"),
    ],
)
@pytest.mark.parametrize("level", [80, 90])
def test_a_range_is_an_interval_of_its_level(
    low: float, high: float, whole: float | None, kind: str, level: int
) -> None:
    distribution = from_range(low, high, whole, level)
    assert distribution.kind == kind
    ends = np.quantile(drawn(distribution), [0.5 - level / 200, 0.5 + level / 200])
    assert ends == pytest.approx([low, high], rel=1e-3)


@given(st.floats(1e-6, 1e6), st.floats(1.001, 50), st.floats(0.001, 0.99), st.floats(0.001, 0.99))
def test_ranges_stay_within_the_limits_of_their_unit(
    low: float, factor: float, one: float, other: float
) -> None:
    amounts = drawn(from_range(low, low * factor))
    assert amounts.min() > 0
    assert np.median(amounts) == pytest.approx(low * factor**0.5, rel=1e-4)
    shares = drawn(from_range(min(one, other), max(one, other), 1.0))
    assert 0 <= shares.min() <= shares.max() <= 1


@pytest.mark.parametrize(
    ("kind", "bounds", "mean", "sd"),
    [
        ("uniform", (1, 4), 2.5, 3 / 12**0.5),
        ("pert", (0, 2, 6), 14 / 6, 6 * (7 / 3 * 11 / 3 / 36 / 7) ** 0.5),
    ],
)
def test_named_distributions_have_their_moments(
    kind: str, bounds: tuple[float, ...], mean: float, sd: float
) -> None:
    values = drawn(from_bounds(kind, [(bound, bound) for bound in bounds]))
    assert (np.diff(values) >= 0).all()
    assert values.mean() == pytest.approx(mean, rel=2e-3)
    assert values.std() == pytest.approx(sd, rel=2e-2)


def test_impossible_ranges_and_bounds_are_refused() -> None:
    for low, high, whole in (
        (0, 3, None),
        (-3, 0, None),
        (0, 0.5, 1),
        (-0.1, 0.5, 1),
        (50, 100, 100),
    ):
        with pytest.raises(TableError):
            from_range(low, high, whole)
    bounds: list[tuple[str, list[tuple[float, float]], float | None]] = [
        ("uniform", [(2, 2), (1, 1)], None),
        ("uniform", [(2, 2), (2, 2)], None),
        ("uniform", [(1, 2), (3, 3)], None),
        ("uniform", [(0, 0), (2, 2)], 1.0),
        ("pert", [(0, 0), (9, 9), (6, 6)], None),
    ]
    for kind, ends, whole in bounds:
        with pytest.raises(TableError):
            from_bounds(kind, ends, whole)


FORMULA = 'formula = "users * share * spending"\n'


def test_years_are_those_of_the_file_or_up_to_the_last_asked_for() -> None:
    for text, years in (
        ("2027", (2027,)),
        ("[2028, 2026, 2028]", (2026, 2028)),
        ('"2026..2028"', (2026, 2027, 2028)),
    ):
        assert model(MARKET.replace("2027", text)).years == years
    stated = model(MARKET.replace("2027", "[2026, 2028]"))
    last = {
        None: (2026, 2028),
        2027: (2026, 2027),
        2028: (2026, 2028),
        2030: (2026, 2028, 2029, 2030),
        2020: (2020,),
    }
    assert {year: years_of(stated, year) for year in last} == last


def test_a_mistake_names_its_place_circles_their_way_and_drivers_are_at_most_fifty() -> None:
    error = refused(MARKET.replace("users * share", "users * shares"))
    assert (error.code, error.place.path, error.place.line) == ("cell", "market.toml", 4)
    assert error.problem == "'users * shares * spending': there is no driver 'shares'."
    assert error.hint == "Did you mean share?"


USERS = '"180..220"'
SHARE = '"0.5..0.8"'
YEARS = "years = 2027"
MISTAKES = [
    (USERS, ('"220..180"', '"many"', "true", "nan", "1" + "0" * 400), "7, drivers.users.value"),
    (SHARE, ('"0.5..1.8"', "60", '"0..0.8"'), "12, drivers.share.value"),
    (f"value = {USERS}\n", ("",), "6, drivers.users"),
    ('unit = "million persons"\n', ("",), "6, drivers.users"),
    ('unit = "bn CNY"\n', ("",), ""),
    ('"million persons"', ('"rural persons"',), "8, drivers.users.unit"),
    ('"a survey"', ("3",), "9, drivers.users.source"),
    ("assumption = true", ('assumption = "yes"',), "14, drivers.share.assumption"),
    ("assumption", ("assumtion",), "14, drivers.share.assumtion"),
    ("title", ("titel",), "1, titel"),
    ('source = "a survey"', ('top_down = "mofcom"',), "9, drivers.users.top_down"),
    ("users * share", ("user * share",), "4, formula"),
    ("[drivers.users]", ("[drivers.year]",), "6, drivers.year"),
    ("[drivers.users]", ("[drivers.rural-users]",), "6, drivers.rural-users"),
    ("formula", ("# formula",), ""),
    (YEARS, ('years = "2030..2027"', "years = [0]", 'years = "1..999"'), "3, years"),
    (USERS, (USERS[:-1],), "7, column 18"),
    ("[drivers.users]", ("[drivers.share]",), "11, column 15"),
    (YEARS, ("[[correlations]]",), "3, correlations"),
    (YEARS, ("correlation = 2", "correlation = true", "correlation = nan"), "3, correlation"),
    (YEARS, ("range_level = 101",), "3, range_level"),
    (YEARS, (f'{YEARS}\ntop_down = {{ series = "mofcom", stage = "TAM" }}',), "4, top_down.stage"),
    (YEARS, (f"{YEARS}\ntop_down = 3",), "4, top_down"),
    (YEARS, (f'{YEARS}\ntop_down = "users"',), "4, top_down.unit"),
    (YEARS, (f'{YEARS}\ntop_down = "nothing_of_the_kind"',), "4, top_down.series"),
]


@pytest.mark.parametrize(
    ("old", "new", "told"), [(old, one, told) for old, new, told in MISTAKES for one in new]
)
def test_each_mistake_is_found_at_its_place(old: str, new: str, told: str) -> None:
    message = refused(MARKET.replace(old, new, 1)).message
    assert message.startswith(f"market.toml{told and ' line '}{told}: ")


@pytest.mark.parametrize(
    ("driver", "path"),
    [
        ('series = "rural_internet_user"', "drivers.users.series"),
        ('series = "users"\nunit = "households"', "drivers.users.unit"),
        ('series = "no/such.csv"\nunit = "persons"', "drivers.users.series"),
        ('series = "users"\nsince = "2021"', "drivers.users.since"),
        ('series = "users"\nvalue = 3', "drivers.users"),
        ("", "drivers.users"),
        (
            'distribution = "beta"\nalpha = 2\nbeta = 3\nunit = "persons"',
            "drivers.users.distribution",
        ),
        ('distribution = "gamma"\nunit = "persons"', "drivers.users.distribution"),
        ('distribution = "normal"\nmean = 3\nunit = "persons"', "drivers.users.distribution"),
        (
            'distribution = "normal"\nmean = "x"\nsd = 1\nunit = "persons"',
            "drivers.users.distribution",
        ),
        (
            'distribution = "normal"\nmean = 0.5\nsd = 0.1\nunit = "share"',
            "drivers.users.distribution",
        ),
        ('values = { soon = 1 }\nunit = "persons"', "drivers.users.values.soon"),
        (
            'series = "users"\n[drivers.more]\nseries = "rural_internet_users"',
            "drivers.more.series",
        ),
    ],
)
def test_a_mistake_in_a_driver_is_found_at_its_place(driver: str, path: str) -> None:
    head, tail = MARKET.split("[drivers.users]")
    _, _, rest = tail.partition("[drivers.share]")
    assert (
        f", {path}: " in refused(f"{head}[drivers.users]\n{driver}\n[drivers.share]{rest}").message
    )
    assert (
        "at most 50"
        in refused(MARKET + "".join(f"[drivers.d{n}]\nvalue = 1\n" for n in range(48))).message
    )
    text = MARKET.replace("users * share * spending", "a * spending")
    for name, formula in (("a", "b * users"), ("b", "1 - c"), ("c", "share + a / users")):
        text += f'[drivers.{name}]\nformula = "{formula}"\n'
    error = refused(text)
    assert (
        "line 21, drivers.a.formula: the formulas go in a circle: a needs b needs c needs a"
        in error.message
    )
    assert (
        "go in a circle: market needs market"
        in refused(MARKET.replace("users * share", "market * share")).message
    )


def test_stages_may_be_written_in_any_order() -> None:
    stages = '[stages]\nSOM = "SAM * share ** 2"\nSAM = "TAM * share"\n'
    stages += '[stages.TAM]\nformula = "users * spending"\ntitle = "All"\n'
    market = model(MARKET.replace(FORMULA, stages))
    assert market.stages == ("TAM", "SAM", "SOM")
    assert market.formulas["SAM"].uses == {"users", "share", "spending"}


def test_a_stage_with_the_name_of_a_driver_is_refused() -> None:
    clash = refused(MARKET.replace(FORMULA, '[stages]\nshare = "users * spending"\n'))
    assert "stages.share: is the name of a driver too" in clash.message


def test_a_file_is_read_with_the_series_it_is_set_against(tmp_path: Path) -> None:
    market = load(write(tmp_path, MARKET.replace("2027", '2027\ntop_down = "mofcom"')))
    assert (market.title, market.main) == ("A market", "market")
    assert market.top_down is not None
    assert market.top_down.series.id == "rural_online_retail_mofcom"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="named 'nothing'") as unknown:
        load("nothing")
    assert "rural_online_retail" in unknown.value.hint
    for missing in (tmp_path, tmp_path / "market"):
        with pytest.raises(InputError):
            load(missing)


@pytest.mark.parametrize("name", sorted(models()))
def test_models_that_ship_are_read_and_own_up_to_their_assumptions(name: str) -> None:
    for driver in load(name).drivers:
        assert driver.assumption or driver.source or driver.written.startswith("series"), (
            driver.name
        )
