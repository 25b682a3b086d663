"""Model and scenario files, and folders of a catalogue, that are broken, hostile or endless."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bad_input.refusals import check_refusal, check_short, watched
from tests.inside import Cli, Outcome

MODEL = """title = "Rural market"
unit = "bn CNY"
years = 2027
formula = "users * spending"
[drivers.users]
unit = "million persons"
value = "1..2"
[drivers.spending]
unit = "CNY per person and year"
value = "100..200"
"""
SCENARIO = 'series = "rural_online_shopping_turnover"\nyear = 2020\n[scenarios.slow]\ngrowth = 5\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.toml"


BROKEN: dict[str, str] = {
    "nothing": "",
    "a NUL": MODEL + "\0",
    "deep lists": "a = " + "[" * 10_000 + "]" * 10_000,
    "deep tables": MODEL + "[" + ".".join(["a"] * 10_000) + "]\n",
    "deep inline tables": "a = " + "{a=" * 5000 + "1" + "}" * 5000,
    "a huge number": MODEL.replace("2027", "9" * 5000),
    "a long number": MODEL.replace("2027", "9" * 500),
    "a product beyond all numbers": MODEL.replace("* spending", "* spending * 1e155").replace("1..2", "1e149..1e150"),
    "a large number": MODEL.replace('"1..2"', "1.7e308"),
    "a range beyond all logarithms": MODEL.replace("1..2", "5e-324..1.7e308"),
    "draws beyond all numbers": MODEL.replace("1..2", "1e-150..1e150"),
    "a name of 40,000 dots": MODEL + ".".join("a" * 40_000) + " = 1\n",
    "a quoted name of many dots": MODEL + " . ".join(['"a"'] * 40_000) + " = 1\n",
    "many dots in braces": MODEL + "x = [{" + ".".join("a" * 40_000) + " = 1}]\n",
    "a circle": MODEL + '[drivers.a]\nformula = "b"\nunit = "count"\n[drivers.b]\nformula = "a"\nunit = "count"\n',
    "5,000 drivers": MODEL + "".join(f'[drivers.x{n}]\nunit = "share"\nvalue = 0.5\n' for n in range(5000)),
    "a megabyte": MODEL + "#" + "x" * 1_000_000,
    "all years": MODEL.replace("2027", '"1..9999"'),
    "a name of escapes": MODEL + '[drivers."\\u001b[31m"]\nvalue = 1\nunit = "count"\n',
    "a key of escapes": MODEL.replace("title", '"\\u001b]0;x\\u0007"'),
}
FORMULAS = [
    "__import__('os').system('id')",
    "users * spending ** 9**9**9",
    "1e308 * 1e308 * users * spending",
    "(" * 6000 + "users * spending" + ")" * 6000,
    "(" * 400 + "users * spending" + ")" * 400,
    "users * spending" + " + users * spending" * 500,
    "users * " + "9" * 400 + " * spending",
    "u\u0455ers * spending",
    "users\u202e * spending",
    "users * spending * １",
    "",
]
UNITS = [
    "bn " * 5000 + "CNY", "CNY per " * 3000 + "person", "1" * 400 + " CNY", "thousand " * 200 + "persons", "%" * 5000,
    "per",
]  # fmt: skip
BROKEN |= {f"formula {place}": MODEL.replace("users * spending", text) for place, text in enumerate(FORMULAS)}
BROKEN |= {f"unit {place}": MODEL.replace("million persons", text) for place, text in enumerate(UNITS)}
SCENARIOS = [
    SCENARIO.replace("growth = 5", "growth = 1e308"),
    SCENARIO.replace("growth = 5", 'ceiling = "1..1e999"'),
    SCENARIO.replace("[scenarios.slow]", '[scenarios."\\u001b[31m"]'),
    "scenarios = []",
    "[" * 10_000,
    SCENARIO + "#" + "x" * 1_000_000,
]


@pytest.mark.slow
@pytest.mark.parametrize("case", BROKEN)
def test_broken_models(case: str, path: Path, cli: Cli) -> None:
    path.write_text(BROKEN[case], encoding="utf-8")
    check_short(cli("size", path), 3)


def test_broken_scenarios(path: Path, cli: Cli) -> None:
    for text in SCENARIOS:
        path.write_text(text)
        check_short(cli("scenario", "--from", path), 2, 3)


@pytest.mark.slow
def test_the_largest_model_takes_its_time_and_no_more_and_one_that_is_no_text_is_refused(path: Path, cli: Cli) -> None:
    chain = "".join(f'[drivers.d{n}]\nformula = "d{n + 1}"\nunit = "count"\n' for n in range(40))
    path.write_text(MODEL + chain + '[drivers.d40]\nvalue = "1..2"\nunit = "count"\n')
    assert watched("size", str(path), "--format", "csv").code == 0
    path.write_bytes(MODEL.encode("utf-16"))
    check_refusal(cli("size", path), 3, "is not UTF-8 (byte 0)")
    path.write_bytes(MODEL.encode("utf-8-sig"))
    assert cli("size", path).code == 0


SERIES = "series_id,title,measure,unit,alias,related,breaks\nx_one,One,flow,bn CNY,xo,,\n"
OBSERVATIONS = "series_id,period,value,source_id,note\nx_one,2014,180,s1,\nx_one,2015,353,s1,\nx_one,2016,482,s1,\n"
SOURCES = "source_id,publisher,published_earliest,published_latest\ns1,Press,2014-01-01,2014-02-01\n"
WHOLE = {"series.csv": SERIES, "observations.csv": OBSERVATIONS, "sources.csv": SOURCES}
Ask = Callable[..., Outcome]


@pytest.fixture
def ask(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Write the three files, some of them changed, and ask for the series."""
    monkeypatch.setenv("RURAL_FORECAST_CATALOGUE", str(tmp_path))

    def call(changes: dict[str, str | bytes | None] | None = None, *arguments: str) -> Outcome:
        for name, text in (WHOLE | (changes or {})).items():
            if text is not None:
                (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return cli(*(arguments or ("project", "x_one")))

    return call


@pytest.mark.parametrize("name", WHOLE)
def test_files_that_are_missing_or_no_text(name: str, ask: Ask, tmp_path: Path) -> None:
    check_refusal(ask({name: None}), 3, f"has no plain file {name}", "A catalogue needs")
    check_refusal(ask({name: ""}), 3, f"{name} line 1 has no column", "Its header needs")
    check_refusal(ask({name: WHOLE[name].encode("utf-16")}), 3, f"{name} is not UTF-8", "Save it as UTF-8")
    check_refusal(ask({name: WHOLE[name] + "a,b\n"}), 3, "has 2 cells, and the header", "Quote a cell")
    check_refusal(ask({name: WHOLE[name] + '"open'}), 3, "has a cell that never closes", "within it twice")
    check_refusal(ask({name: WHOLE[name] + "x" * 200_000}), 3, "more than 131,072 characters")
    header, _, rows = WHOLE[name].partition("\n")
    twice = f"{header},{header.split(',')[0]}\n{rows}"
    check_refusal(ask({name: twice}), 3, f"{name} line 1 names column", "each once")


def test_what_is_no_plain_file_is_never_read(ask: Ask, tmp_path: Path) -> None:
    place = tmp_path / "series.csv"
    place.mkdir()
    check_refusal(ask({"series.csv": None}), 3, "no plain file series.csv")
    place.rmdir()
    os.mkfifo(place)
    check_refusal(ask({"series.csv": None}), 3, "no plain file series.csv")
    for target in ("/dev/zero", "series.csv"):
        place.unlink()
        place.symlink_to(target)
        check_refusal(ask({"series.csv": None}), 3, "series.csv")


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("series.csv", "x_one,One", "x_one,Two\nx_one,One", ""),
        ("series.csv", "flow", "flux", "series.csv line 2, column measure: 'flux'"),
        ("series.csv", "xo,,", "online,,", "column alias: 'online'"),
        ("series.csv", "xo,,", "xo,nowhere,", "column related: 'nowhere'"),
        *(("series.csv", "xo,,", f"xo,,{cell}", f"column breaks: '{cell}'") for cell in ("soon", "99999")),
        ("observations.csv", "x_one,2014", "x_two,2014", "line 2, column series_id: 'x_two'"),
        ("observations.csv", "180,s1", "180,s9", "line 2, column source_id: 's9'"),
        *(("observations.csv", "2014,180", f"{cell},180", f"line 2, column period: '{cell}'")
          for cell in ("2014/15", "20145")),
        *(("observations.csv", ",180,", f",{cell},", f"line 2, column value: '{cell[:3]}")
          for cell in ("1e999", "1_0", "nan", "১৮০", "=180", "1" * 400)),
        ("observations.csv", "2015,353", "2014,353", "line 3, column period: '"),
        ("sources.csv", "2014-01-01", "soon", "column published_earliest: 'soon'"),
        ("sources.csv", "s1,Press", ",Press", "column source_id: ''"),
    ],
)  # fmt: skip
def test_cells_that_are_wrong(name: str, old: str, new: str, says: str, ask: Ask) -> None:
    assert old in WHOLE[name]
    check_refusal(ask({name: WHOLE[name].replace(old, new, 1)}), 3, says)


def test_the_whole_folder_is_read_and_series_related_in_a_circle_are_no_trap(ask: Ask) -> None:
    assert "x_one,2017,forecast,consensus" in ask().out
    circle = SERIES.replace("xo,,", "xo,x_two x_one,") + "x_two,Two,flow,bn CNY,,x_one,\n"
    both = OBSERVATIONS + OBSERVATIONS.partition("\n")[2].replace("x_one", "x_two")
    for form in ("csv", "json"):
        outcome = ask({"series.csv": circle, "observations.csv": both}, "project", "x_one", "--format", form)
        assert outcome.code == 0


@pytest.mark.slow
def test_escapes_in_a_catalogue_are_told_in_print(ask: Ask) -> None:
    escape = "\x1b]52;c;QQ==\x07\x1b[31m[bold]"
    words = {"One,": f"{escape}One,", "Press": f"{escape}Press", "s1,\n": f"s1,{escape}note\n"}
    changed = {name: re.sub("One,|Press|s1,\n", lambda found: words[found[0]], text) for name, text in WHOLE.items()}
    for command in (["project", "x_one"], ["series", "show", "x_one"], ["series", "list"]):
        for form in ("table", "csv", "json", "markdown"):
            outcome = ask(changed, *command, "--format", form)
            assert outcome.code == 0
            assert all(line.isprintable() for line in outcome.out.splitlines())


def test_a_variable_that_names_no_folder(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("/nowhere", "/dev/null", "\x1b[31m", "x" * 5000, "~"):
        monkeypatch.setenv("RURAL_FORECAST_CATALOGUE", value)
        check_refusal(cli("project"), 3, "which is no folder", "It needs series.csv")
