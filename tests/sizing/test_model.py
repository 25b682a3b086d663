"""Model files: what is read, and that each mistake is told in one sentence with its place."""

from pathlib import Path

import pytest

from rural_forecast.errors import InputError, UsageError
from rural_forecast.sizing.model import load, years_of
from rural_forecast.sizing.toml import models
from tests.sizing.build import MARKET, model, refused, write

FORMULA = 'formula = "users * share * spending"\n'


def test_years_are_those_of_the_file_or_up_to_the_last_asked_for() -> None:
    for text, years in (("2027", (2027,)), ("[2028, 2026, 2028]", (2026, 2028)), ('"2026..2028"', (2026, 2027, 2028))):
        assert model(MARKET.replace("2027", text)).years == years
    stated = model(MARKET.replace("2027", "[2026, 2028]"))
    last = {None: (2026, 2028), 2027: (2026, 2027), 2028: (2026, 2028), 2030: (2026, 2028, 2029, 2030), 2020: (2020,)}
    assert {year: years_of(stated, year) for year in last} == last


def test_a_mistake_names_its_place_and_column() -> None:
    error = refused(MARKET.replace("users * share", "users * shares"))
    assert (error.code, error.place.path, error.place.line) == ("cell", "market.toml", 4)
    assert error.problem == "'users * shares * spending': there is no driver 'shares'."
    assert error.hint == "Did you mean share?"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"180..220"', '"220..180"', "7, drivers.users.value"),
        ('"0.5..0.8"', '"0.5..1.8"', "12, drivers.share.value"),
        ('"0.5..0.8"', "60", "12, drivers.share.value"),
        ('"0.5..0.8"', '"0..0.8"', "12, drivers.share.value"),
        ('"180..220"', '"many"', "7, drivers.users.value"),
        ('"180..220"', "true", "7, drivers.users.value"),
        ('"180..220"', "nan", "7, drivers.users.value"),
        ('"180..220"', "1" + "0" * 400, "7, drivers.users.value"),
        ('value = "180..220"\n', "", "6, drivers.users"),
        ('unit = "million persons"\n', "", "6, drivers.users"),
        ('unit = "bn CNY"\n', "", ""),
        ('"million persons"', '"rural persons"', "8, drivers.users.unit"),
        ('"a survey"', "3", "9, drivers.users.source"),
        ("assumption = true", 'assumption = "yes"', "14, drivers.share.assumption"),
        ("assumption", "assumtion", "14, drivers.share.assumtion"),
        ("title", "titel", "1, titel"),
        ('source = "a survey"', 'top_down = "mofcom"', "9, drivers.users.top_down"),
        ("users * share", "user * share", "4, formula"),
        ("[drivers.users]", "[drivers.year]", "6, drivers.year"),
        ("[drivers.users]", "[drivers.rural-users]", "6, drivers.rural-users"),
        ("formula", "# formula", ""),
        ("years = 2027", 'years = "2030..2027"', "3, years"),
        ("years = 2027", "years = [0]", "3, years"),
        ("years = 2027", 'years = "1..999"', "3, years"),
        ('"180..220"', '"180..220', "7, column 18"),
        ("[drivers.users]", "[drivers.share]", "11, column 15"),
        ("years = 2027", "[[correlations]]", "3, correlations"),
        ("years = 2027", "correlation = 2", "3, correlation"),
        ("years = 2027", "correlation = true", "3, correlation"),
        ("years = 2027", "correlation = nan", "3, correlation"),
        ("years = 2027", "range_level = 101", "3, range_level"),
        ("2027", '2027\ntop_down = { series = "mofcom", stage = "TAM" }', "4, top_down.stage"),
        ("2027", "2027\ntop_down = 3", "4, top_down"),
        ("2027", '2027\ntop_down = "users"', "4, top_down.unit"),
        ("2027", '2027\ntop_down = "nothing_of_the_kind"', "4, top_down.series"),
    ],
)
def test_each_mistake_is_found_at_its_place(old: str, new: str, told: str) -> None:
    message = refused(MARKET.replace(old, new, 1)).message
    assert message.startswith(f"market.toml{told and ' line '}{told}: ")


@pytest.mark.parametrize(
    ("driver", "place"),
    [
        ('series = "rural_internet_user"', "drivers.users.series"),
        ('series = "users"\nunit = "households"', "drivers.users.unit"),
        ('series = "no/such.csv"\nunit = "persons"', "drivers.users.series"),
        ('series = "users"\nsince = "2021"', "drivers.users.since"),
        ('series = "users"\nvalue = 3', "drivers.users"),
        ("", "drivers.users"),
        ('distribution = "beta"\nalpha = 2\nbeta = 3\nunit = "persons"', "drivers.users.distribution"),
        ('distribution = "gamma"\nunit = "persons"', "drivers.users.distribution"),
        ('distribution = "normal"\nmean = 3\nunit = "persons"', "drivers.users.distribution"),
        ('distribution = "normal"\nmean = "x"\nsd = 1\nunit = "persons"', "drivers.users.distribution"),
        ('distribution = "normal"\nmean = 0.5\nsd = 0.1\nunit = "share"', "drivers.users.distribution"),
        ('values = { soon = 1 }\nunit = "persons"', "drivers.users.values.soon"),
        ('series = "users"\n[drivers.more]\nseries = "rural_internet_users"', "drivers.more.series"),
    ],
)
def test_a_mistake_in_a_driver_is_found_at_its_place(driver: str, place: str) -> None:
    head, tail = MARKET.split("[drivers.users]")
    _, _, rest = tail.partition("[drivers.share]")
    assert f", {place}: " in refused(f"{head}[drivers.users]\n{driver}\n[drivers.share]{rest}").message


def test_a_model_has_at_most_fifty_drivers_and_circles_show_their_way() -> None:
    assert "at most 50" in refused(MARKET + "".join(f"[drivers.d{n}]\nvalue = 1\n" for n in range(48))).message
    text = MARKET.replace("users * share * spending", "a * spending")
    for name, formula in (("a", "b * users"), ("b", "1 - c"), ("c", "share + a / users")):
        text += f'[drivers.{name}]\nformula = "{formula}"\n'
    error = refused(text)
    assert "line 21, drivers.a.formula: the formulas go in a circle: a needs b needs c needs a" in error.message
    assert "go in a circle: market needs market" in refused(MARKET.replace("users * share", "market * share")).message


def test_stages_may_be_written_in_any_order() -> None:
    stages = '[stages]\nSOM = "SAM * share ** 2"\nSAM = "TAM * share"\n'
    stages += '[stages.TAM]\nformula = "users * spending"\ntitle = "All"\n'
    found = model(MARKET.replace(FORMULA, stages))
    assert found.stages == ("TAM", "SAM", "SOM")
    assert found.formulas["SAM"].uses == {"users", "share", "spending"}
    clash = refused(MARKET.replace(FORMULA, '[stages]\nshare = "users * spending"\n'))
    assert "stages.share: is the name of a driver too" in clash.message


def test_files_are_found_or_their_absence_told_with_the_series_they_are_set_against(tmp_path: Path) -> None:
    found = load(write(tmp_path, MARKET.replace("2027", '2027\ntop_down = "mofcom"')))
    assert (found.title, found.main) == ("A market", "market")
    assert found.top_down is not None
    assert found.top_down.series.id == "rural_online_retail_mofcom"
    with pytest.raises(UsageError, match="There is no model named 'nothing'") as unknown:
        load("nothing")
    assert "rural_online_retail" in unknown.value.hint
    for missing in (tmp_path, tmp_path / "market"):
        with pytest.raises(InputError):
            load(missing)


@pytest.mark.parametrize("name", sorted(models()))
def test_models_that_ship_are_read_and_own_up_to_their_assumptions(name: str) -> None:
    for driver in load(name).drivers:
        assert driver.assumption or driver.source or driver.written.startswith("series"), driver.name
