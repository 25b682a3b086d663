"""Pictures and pages as users ask for them."""

import re
from pathlib import Path

import pytest

from tests.inside import Cli
from tests.programs import ended, shown, terminal

MARKET = "year,value\n2015,10\n2016,12\n2017,15\n2018,17\n2019,20\n2020,22\n"


def test_off_a_terminal_the_chart_is_text_without_escapes_and_is_below_a_table(cli: Cli) -> None:
    done = cli("chart", "turnover", "--year", "2018")
    assert done.code == 0
    assert "\x1b" not in done.out
    assert max(map(len, done.out.splitlines())) <= 80
    assert all(text in done.out for text in ("bn yuan", "observed", "forecast", "2017: 600 published"))
    table = cli("project", "turnover", "--format", "table").out
    both = cli("project", "turnover", "--format", "table", "--chart").out
    assert both.startswith(table)
    assert "◆ forecast" in both.removeprefix(table)


@pytest.mark.parametrize(
    "line",
    [
        "project turnover",
        "compare turnover",
        "backtest turnover",
        "growth turnover mofcom --years all",
        "scenario mofcom --growth 3",
        "nowcast mofcom --year 2017 --until 2016",
        "size rural_online_retail --draws 2000",
        "chart turnover mofcom --log",
    ],
)
def test_every_result_that_can_be_drawn_is(cli: Cli, tmp_path: Path, line: str) -> None:
    done = cli(*line.split(), "-o", tmp_path / "picture.svg", "--title", "A title of mine")
    assert done.code == 0, done.err
    assert "A title of mine" in (tmp_path / "picture.svg").read_text()


def test_each_of_many_panels_has_ticks_in_its_own_unit(cli: Cli) -> None:
    units = {name: "bn CNY" if name in "abcd" else "m CNY" for name in "abcdefg"}
    rows = [f"{name},{year},{year - 2000},{unit}" for name, unit in units.items() for year in range(2015, 2021)]
    drawn = cli("chart", "-", "--format", "svg", stdin="\n".join(["id,year,value,unit", *rows])).out
    assert "A, bn yuan" in drawn
    assert "G, m yuan" in drawn
    texts = re.findall(r"<text[^>]*>([\d.,]+)</text>", drawn)
    assert max(float(text.replace(",", "")) for text in texts) < 3000


@pytest.mark.slow
def test_an_exhibit_with_its_appendix_is_one_file_with_everything_and_no_folder_of_ours(
    cli: Cli, tmp_path: Path
) -> None:
    market, target = tmp_path / "my market.csv", tmp_path / "page.html"
    market.write_text(MARKET)
    done = cli("exhibit", market, "--year", "2022", "--appendix", "-o", target)
    assert done.code == 0, done.err
    text = target.read_text()
    assert len(text.encode()) < 500_000
    assert str(tmp_path) not in text
    assert re.search(r"sha256:[0-9a-f]{64}", text)
    headings = "The forecast", "Models and weights", "Backtest on this series", "What is counted", "In plain words"
    assert all(heading in text for heading in headings)
    assert "6 values, 2015 to 2020" in text


def test_a_page_answers_by_the_model_asked_for_in_the_currency_asked_for(cli: Cli) -> None:
    asked = ("turnover", "--year", "2018", "--model", "drift", "--currency", "usd")
    text = cli("exhibit", *asked, "--appendix", "--format", "html").out
    (row,) = cli("project", *asked, "--format", "csv").out.splitlines()[2:]
    assert round(float(row.split(",")[4])) == 119
    assert "about 120\u00a0bn\u00a0dollars in 2018" in text
    assert "Random walk with drift: four chances in five" in text
    assert "is made in bn CNY and then converted" in text
    assert "In bn CNY, the unit of the data." in text
    assert "482" in text[text.index("Every value with its source") :], "sources are quoted as published"


@pytest.mark.slow
def test_a_terminal_gets_a_chart_of_its_width_colour_and_encoding_and_no_page() -> None:
    plain = shown("chart turnover -q", 60, NO_COLOR="1")
    assert "\x1b" not in plain
    assert max(map(len, plain.splitlines())) <= 60
    assert "\x1b[" in shown("chart turnover -q", 60)
    ascii_alone = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert shown("chart turnover -q", 60, fresh=True, NO_COLOR="1", **ascii_alone).isascii()
    for command in ("exhibit turnover", "chart turnover --format svg"):
        said, code = ended(terminal(command))
        assert code == 2
        assert "is not for a terminal" in said


@pytest.mark.parametrize(
    "line", ["chart - -f svg", "chart -", "scenario - --override 2025=30 --reason because -f table --chart"]
)
def test_a_logarithmic_axis_that_cannot_be_is_said(cli: Cli, line: str) -> None:
    done = cli(*line.split(), "--log", stdin="year,value\n2020,0\n2021,3\n2022,9\n2023,20\n")
    assert done.code == 0
    assert "warning: The axis is linear" in done.err
    said = " ".join(done.out.split())
    assert "The axis is linear: a logarithmic one cannot show values of zero or less." in said


def test_a_page_of_a_file_takes_the_words_that_are_given(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "cars.csv"
    file.write_text("region,mode,year,value\nGermany,Cars,2020,5\nGermany,Cars,2021,6\nGermany,Cars,2022,8\n")
    asked = ("exhibit", file, "--year", "2024", "--format", "html")
    own = cli(*asked)
    assert own.err == ""
    assert ">Cars, Germany: about " in own.out, "labels of a publisher are a name"
    stated = ("--title", "Electric cars, Germany", "--credit", "The agency", "--author", "Ann", "--date", "2026")
    text = cli(*asked, *stated).out
    assert ">Electric cars, Germany: about " in text
    assert "The agency" in text
    assert ">All mine</h1>" in cli(*asked, "--headline", "All mine").out
