"""Model files: what is read, and that each mistake is told in one sentence with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import InputError, RuralForecastError, UsageError
from rural_forecast.sizing.model_file import examples, load, years_of
from rural_forecast.toml.file import TomlFile
from tests.sizing.build import MARKET, model, write


def test_a_model_is_read() -> None:
    found = model(MARKET)
    assert found.stages == ("market",)
    assert found.years == (2027,)
    assert [driver.name for driver in found.drivers] == ["users", "share", "spending"]
    assert found.formulas["market"].uses == {"users", "share", "spending"}


@pytest.mark.parametrize(
    ("text", "years"),
    [("2027", (2027,)), ("[2028, 2026, 2028]", (2026, 2028)), ('"2026..2029"', (2026, 2027, 2028, 2029))],
)
def test_years(text: str, years: tuple[int, ...]) -> None:
    assert model(MARKET.replace("2027", text)).years == years


@pytest.mark.parametrize(
    ("year", "years"),
    [
        (None, (2026, 2028)),
        (2027, (2026, 2027)),
        (2028, (2026, 2028)),
        (2030, (2026, 2028, 2029, 2030)),
        (2020, (2020,)),
    ],
)
def test_a_last_year(year: int | None, years: tuple[int, ...]) -> None:
    assert years_of(model(MARKET.replace("2027", "[2026, 2028]")), year) == years


def test_a_last_year_without_end_is_refused() -> None:
    with pytest.raises(UsageError, match="more than 101"):
        years_of(model(MARKET), 9999)
    with pytest.raises(UsageError, match="is not a year"):
        years_of(model(MARKET), 0)


def refused(text: str, folder: Path = Path()) -> InputError:
    with pytest.raises(InputError) as caught:
        model(text, folder)
    return caught.value


def test_a_mistake_is_a_value() -> None:
    error = refused(MARKET.replace("users * share", "users * shares"))
    assert (error.reason, error.fields["name"], error.fields["column"]) == ("no_such_driver", "shares", 9)
    assert error.place.line == 4
    assert error.problem == "there is no driver 'shares' (column 9 of 'users * shares * spending')."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            '"180..220"',
            '"220..180"',
            "market.toml line 7, drivers.users.value: the range ends at 180, below its start at 220.",
        ),
        ('"0.5..0.8"', '"0.5..1.8"', "line 12, drivers.share.value: 1.8 is above 1, which a share cannot be."),
        ('"0.5..0.8"', "60", "line 12, drivers.share.value: 60 is above 1, which a share cannot be."),
        ('"0.5..0.8"', '"-0.1..0.8"', "-0.1 is below 0, which a share cannot be."),
        ('"0.5..0.8"', '"0..0.8"', "the range touches 0 or 1, which the 90 % interval of a share cannot."),
        ('"180..220"', '"0..220"', "the range starts or ends at 0"),
        ('"180..220"', '"many"', "'many' is neither a number nor a range."),
        ('"180..220"', "true", "True is neither a number nor a range."),
        ('"180..220"', "nan", "nan is not a finite number."),
        ('"180..220"', "[1, 2]", "[1, 2] is neither a number nor a range."),
        ('"180..220"', "1" + "0" * 400, "is not a finite number."),
        ('value = "180..220"\n', "", "market.toml line 6, drivers.users: has no value."),
        ('unit = "million persons"\n', "", "market.toml line 6, drivers.users: has no unit."),
        ('unit = "bn CNY"\n', "", "market.toml: has no unit."),
        (
            '"million persons"',
            '"rural persons"',
            "line 8, drivers.users.unit: the unit 'rural persons' has 'rural persons'",
        ),
        ('"a survey"', "3", "line 9, drivers.users.source: 3 is not text."),
        (
            "assumption = true",
            'assumption = "yes"',
            "line 14, drivers.share.assumption: 'yes' is neither true nor false.",
        ),
        ("assumption", "assumtion", "line 14, drivers.share.assumtion: is not known here."),
        ("title", "titel", "market.toml line 1, titel: is not known here."),
        ("users * share", "user * share", "line 4, formula: there is no driver 'user' (column 1 of"),
        ("users * share", "users * * share", "line 4, formula: '*' is not expected here (column 9 of"),
        ("[drivers.users]", "[drivers.year]", "line 6, drivers.year: 'year' is reserved."),
        ("[drivers.users]", "[drivers.rural-users]", "'rural-users' is not a name that a formula can use."),
        ("formula", "# formula", "market.toml: this model has no formula."),
        ("years = 2027", 'years = "2030..2027"', "market.toml line 3, years: they end in 2027, before 2030."),
        ("years = 2027", "years = [0]", "years: 0 is not a year."),
        ("years = 2027", "years = []", "years: there is no year."),
        ("years = 2027", 'years = "1..999"', "years: these are more than 101 years."),
        ('"180..220"', '"180..220', "market.toml line 7, column 18: this is not valid TOML: illegal character"),
        ("[drivers.users]", "[drivers.share]", "this is not valid TOML: cannot declare"),
    ],
)
def test_each_mistake_is_told_with_its_place(old: str, new: str, told: str) -> None:
    assert told in refused(MARKET.replace(old, new, 1)).message


def test_a_mistake_in_a_series_driver() -> None:
    head, tail = MARKET.split("[drivers.users]")
    _, _, rest = tail.partition("[drivers.share]")
    for table, told in (
        ('series = "rural_internet_user"', "drivers.users.series: There is no series 'rural_internet_user'."),
        ('series = "users"\nunit = "households"', "drivers.users.unit: rural_internet_users is in million persons"),
        ('series = "no/such.csv"\nunit = "persons"', "drivers.users.series:"),
        ('series = "users"\nsince = "2021"', "drivers.users.since: '2021' is not a year."),
        ('series = "users"\nvalue = 3', "has value and series, but takes only one."),
        ("", "drivers.users: has no value."),
        ('distribution = "gamma"\nunit = "persons"', "'gamma' is not a distribution."),
        ('distribution = "normal"\nmean = 3\nunit = "persons"', "normal needs mean, sd."),
        ('distribution = "normal"\nmean = "x"\nsd = 1\nunit = "persons"', "drivers.users.mean: 'x' is not a number."),
        ('distribution = "normal"\nmean = 0.5\nsd = 0.1\nunit = "share"', "can be below 0, which a share cannot."),
        ('values = { 2026 = "1..2" }\nunit = "persons"', ""),
        ('values = { soon = 1 }\nunit = "persons"', "'soon' is not a year."),
    ):
        text = f"{head}[drivers.users]\n{table}\n[drivers.share]{rest}"
        if told:
            assert told in refused(text).message


def test_a_top_key_below_a_table_says_where_it_belongs() -> None:
    error = refused(MARKET + 'top_down = "mofcom"\n')
    assert "line 20, drivers.spending.top_down: belongs to the whole file" in error.message
    assert "above the first [table]" in error.hint


def test_circles_show_their_way() -> None:
    text = MARKET.replace("users * share * spending", "a * spending")
    for name, formula in (("a", "b * users"), ("b", "1 - c"), ("c", "share + a / users")):
        text += f'[drivers.{name}]\nformula = "{formula}"\n'
    error = refused(text)
    assert "line 21, drivers.a.formula: the formulas go in a circle: a needs b needs c needs a" in error.message
    assert "go in a circle: market needs market" in refused(MARKET.replace("users * share", "market * share")).message


def test_stages_may_be_written_in_any_order() -> None:
    stages = '[stages]\nSOM = "SAM * share ** 2"\nSAM = "TAM * share"\n'
    stages += '[stages.TAM]\nformula = "users * spending"\ntitle = "All"\n'
    found = model(MARKET.replace('formula = "users * share * spending"\n', stages))
    assert found.stages == ("TAM", "SAM", "SOM")
    assert found.formulas["SAM"].uses == {"users", "share", "spending"}
    clash = refused(MARKET.replace('formula = "users * share * spending"\n', '[stages]\nshare = "users * spending"\n'))
    assert "drivers.share: has the name of a stage" in clash.message


def correlated(*pairs: str) -> str:
    return MARKET + "".join(f"[[correlations]]\n{pair}\n" for pair in pairs)


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        (['between = ["users", "share"]\nvalue = 2'], "line 22, correlations 1.value: 2 is not a correlation."),
        (['between = ["users"]\nvalue = 0.2'], "line 21, correlations 1.between: needs two different drivers."),
        (['between = ["users", "users"]\nvalue = 0.2'], "needs two different drivers."),
        (['between = ["users", "market"]\nvalue = 0.2'], "correlations 1.between: there is no driver 'market'"),
        (
            ['between = ["users", "share"]\nvalue = 0.2', 'between = ["share", "users"]\nvalue = 0.3'],
            "correlations 2: share and users are given twice.",
        ),
        (
            [
                'between = ["users", "share"]\nvalue = 0.9',
                'between = ["share", "spending"]\nvalue = 0.9',
                'between = ["spending", "users"]\nvalue = -0.9',
            ],
            "line 26, correlations 3: spending and users cannot correlate at -0.9, given the other pairs.",
        ),
    ],
)
def test_impossible_correlations(pairs: list[str], told: str) -> None:
    assert told in refused(correlated(*pairs)).message


def test_a_fixed_number_correlates_with_nothing() -> None:
    text = correlated('between = ["users", "share"]\nvalue = 0.9').replace('"180..220"', "200")
    assert "'users' is a fixed number" in refused(text).message


def test_what_it_is_set_against() -> None:
    for line, told in (
        ('top_down = "mofcom"', ""),
        ('top_down = { series = "mofcom", stage = "TAM" }', "line 4, top_down.stage: there is no stage 'TAM'."),
        ("top_down = 3", "line 4, top_down: 3 is not a table."),
        (
            'top_down = "users"',
            "rural_internet_users is in million persons, which does not convert to bn CNY.",
        ),
        ('top_down = "nothing_of_the_kind"', "There is no series 'nothing_of_the_kind'."),
    ):
        text = MARKET.replace("years = 2027", f"years = 2027\n{line}")
        if told:
            assert told in refused(text).message
        else:
            found = model(text).top_down
            assert found is not None
            assert (found.value.series.id, found.stage) == ("rural_online_retail_mofcom", "market")


def test_a_series_is_not_set_against_itself() -> None:
    text = MARKET.replace('value = "4_000..9_000"', 'series = "income_rural"').replace(" and year", "")
    text = text.replace('"bn CNY"', '"CNY per person"').replace("users * share * spending", "spending * share")
    error = refused(text.replace("years = 2027", 'years = 2027\ntop_down = "income_percap_rural"'))
    assert "is also the driver spending, so the comparison would be circular" in error.message


def test_one_series_is_one_driver() -> None:
    text = MARKET.replace('value = "180..220"', 'series = "users"')
    error = refused(text + '[drivers.more]\nseries = "rural_internet_users"\n')
    assert "rural_internet_users is already the driver users" in error.message


def test_files_are_found_or_their_absence_told(tmp_path: Path) -> None:
    assert load(write(tmp_path, MARKET)).title == "A market"
    with pytest.raises(UsageError, match="There is no model named 'nothing'") as unknown:
        load("nothing")
    assert "rural_online_retail" in unknown.value.hint
    with pytest.raises(InputError, match="is a folder"):
        load(tmp_path)
    with pytest.raises(InputError, match="There is no model") as caught:
        load(tmp_path / "market")
    assert "market.toml?" in caught.value.hint


def test_text_that_is_not_utf_8() -> None:
    with pytest.raises(InputError, match=r"market.toml is not UTF-8 \(byte 9\)"):
        TomlFile.read('title = "é"'.encode("latin-1"), "market.toml", Path())


@pytest.mark.parametrize("name", sorted(examples()))
def test_models_that_ship_are_read_and_own_up_to_their_assumptions(name: str) -> None:
    for driver in load(name).drivers:
        assert driver.assumption or driver.source or driver.written.startswith("series"), driver.name


def test_lines_of_dotted_quoted_and_long_keys() -> None:
    text = 'note = """\n[drivers.a]\nvalue = 1\n"""\n[drivers]\n"b".value = 3\nc = { value = 2 }\n'
    file = TomlFile.read(text.encode(), "x.toml", Path())
    assert [file.line(path) for path in (("drivers", "a"), ("drivers", "b", "value"), ("drivers", "c", "value"))] == [
        5,
        6,
        7,
    ]


@given(st.data())
def test_damaged_files_are_refused_and_never_crash(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(MARKET) - 1))
    length = data.draw(st.integers(0, 12))
    inserted = data.draw(st.text(alphabet='"=[]{}.#\n-9ae*(', max_size=4))
    damaged = MARKET[:start] + inserted + MARKET[start + length :]
    message = "market.toml."
    try:
        model(damaged)
    except RuralForecastError as error:
        message = error.message
    assert message.startswith("market.toml")
    assert message.endswith(".")
