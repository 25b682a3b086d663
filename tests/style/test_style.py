"""House style: ink, type, digits, units; a headline claims one thing; the answer fits a screen, and
nothing wraps.
"""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import cell_len

import rural_forecast as rf
from rural_forecast.document.table import Document, Span, Table
from rural_forecast.render.page.html import unbroken
from rural_forecast.render.table import axis_of, bars, render
from rural_forecast.render.wrapping import Pen, wrap
from rural_forecast.text.numbers import (
    Amounts,
    adding_up,
    digits,
    places_of_range,
    range_amounts,
)
from rural_forecast.text.style import BANDS, MOST_PARTS, PHONE, PRINT, SLIDE_POINTS, THEMES, WIDE
from rural_forecast.text.wording import MOST_OF_NAME, MOST_WORDS, headline, short, words
from rural_forecast.views.lookup import everything
from rural_forecast.views.project import document
from tests import programs
from tests.gate.situations import CASES, COMMANDS, case
from tests.inside import Cli, rows
from tests.render.measured import contrast, lightness


@pytest.mark.parametrize("theme", THEMES)
def test_bands_the_line_on_them_and_texts_are_seen(theme: str) -> None:
    colours = THEMES[theme]
    steps = [colours["paper"], *(colours[f"band{level}"] for level in reversed(BANDS))]
    assert all(contrast(one, other) >= 1.3 for one, other in pairwise(steps))
    assert contrast(colours["accent"], colours["band50"]) >= 3
    assert contrast(colours["grey80"], colours["grey50"]) >= 1.3
    assert all(
        contrast(colours[name], colours["paper"]) >= 4.5 for name in ("ink", "quiet", "accent")
    )
    assert contrast(colours["axis"], colours["paper"]) >= 3
    assert theme == "dark" or contrast(colours["ink"], colours["band50"]) >= 4.5


def test_parts_are_told_apart_in_grey_and_no_type_is_too_small() -> None:
    shades = [lightness(THEMES["light"][f"part{at}"]) for at in range(MOST_PARTS + 1)]
    assert all(after - before >= 11.5 for before, after in pairwise(shades))
    assert 24 <= shades[0] <= 26 <= shades[MOST_PARTS - 1] <= 85
    for medium in (WIDE, PHONE):
        assert len({medium.title, medium.range, medium.text, medium.small}) <= 4
        assert min(medium.title, medium.range, medium.text, medium.small) >= 12
    assert min(PRINT.text, PRINT.small) * 0.75 >= 8, "points on A4"
    assert SLIDE_POINTS[2] >= 14
    assert SLIDE_POINTS[3] >= 10


@pytest.mark.parametrize(
    ("unit", "last", "forecast", "ends", "written"),
    [
        ("bn CNY", 482.0, 656.4, (381.0, 1307.0), "660, 380 to 1,310 bn yuan"),
        ("bn CNY", 2995.0, 4275.0, (3094.0, 5957.0), "4.3, 3.1 to 6.0 tn yuan"),
        ("vehicles", 1.22e8, 1.31e8, (1.29e8, 1.33e8), "131, 129 to 133 m vehicles"),
        ("percent", 61.2, 63.4, (61.0, 66.1), "63.4, 61.0 to 66.1 %"),
        ("", 0.000042, 0.000045, (0.00002, 0.0001), "0.000045, 0.000020 to 0.000100"),
    ],
)
def test_the_last_actual_is_from_1_to_999_and_digits_follow_the_range(
    unit: str, last: float, forecast: float, ends: tuple[float, float], written: str
) -> None:
    write = digits(unit, last, forecast, ends)
    assert f"{write(forecast)}, {write(ends[0])} to {write.full(ends[1])}" == written
    assert unit in ("", "percent") or 1 <= last / write.factor < 1000


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (482.0, "482"),
        (9.9, "9.9"),
        (1244.88, "1,244.88"),
        (454.99999999999994, "455"),
        (0.0, "0"),
        (-30.5, "-30.5"),
        (1_234_567.0, "1,234,567"),
        pytest.param(344.827586206896, "345", id="computed by a rate of exchange"),
        pytest.param(0.0123456789, "0.0123", id="a share that was computed"),
    ],
)
def test_a_figure_of_somebody_else_is_written_as_it_was_given(value: float, text: str) -> None:
    assert Amounts("", -2).given(value) == text


@pytest.mark.parametrize(
    ("places", "ends", "texts"),
    [
        (-2, (250.0, 13_130.0), ("200", "13,200")),
        pytest.param(-2, (64.8, 42_310.0), ("60", "42,400"), id="not zero"),
        pytest.param(2, (0.29, 0.58), ("0.29", "0.58"), id="exact in decimal"),
        pytest.param(-1, (-31.0, -12.0), ("-40", "-10"), id="below zero"),
        pytest.param(0, (0.0, 100.0), ("0", "100"), id="physical bounds"),
        pytest.param(-1, (1e-9, 20.0), ("0", "20"), id="far below its row"),
    ],
)
def test_bounds_are_rounded_outwards(
    places: int, ends: tuple[float, float], texts: tuple[str, str]
) -> None:
    assert Amounts("", places).bounds(*ends) == texts


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9), st.floats(0, 1e9))
def test_the_range_that_is_written_holds_the_one_that_was_computed(
    value: float, below: float, above: float
) -> None:
    low = value - below
    high = value + above
    write = Amounts().of_range(value, low, high)
    assume(abs(write.places or 0) <= 9)
    least, most = (float(text.replace(",", "")) for text in write.bounds(low, high))
    assert least <= low + 1e-9 * abs(low)
    assert high - 1e-9 * abs(high) <= most


@given(st.floats(1e-3, 1e6), st.floats(0.001, 0.9))
def test_rounding_moves_a_value_by_less_than_a_quarter_of_its_range(
    value: float, share: float
) -> None:
    low = value * (1 - share)
    high = value * (1 + share)
    places = places_of_range(value, low, high)
    assert abs(round(value, places) - value) <= max((high - low) / 4, 0.0051 * value)


def test_digits_follow_the_range_sums_add_up_and_the_terminal_keeps_units_below_ten_million() -> (
    None
):
    parts = [1.26, 1.26, 1.26, 0.125]
    assert sum(adding_up(parts, 0.1)) == pytest.approx(round(sum(parts), 1))
    assert range_amounts("persons", 9.4e6, 9.3e6, 9.5e6).full(9.4e6) == "9,400,000 persons"
    assert range_amounts("persons", 1.41e9, 1.39e9, 1.43e9).full(1.41e9) == "1.41 bn persons"
    """Wide is more than a fifth each way; the range decides where the value says nothing."""
    written = {
        (656, 381, 1307): "660",
        (3243, 2899, 3537): "3,240",
        (4275, 3094, 5957): "4,300",
        (63.21, 60, 66): "63.2",
        (0.0123, 0.0119, 0.0127): "0.0123",
        (-0.03, -11.4, 16.7): "0.0",
        (42, 42, 42): "42.0",
    }
    assert {ends: range_amounts("", *ends)(ends[0]) for ends in written} == written


def test_a_column_of_forecasts_has_the_step_of_the_first_and_machines_get_all_digits(
    cli: Cli,
) -> None:
    table = cli(
        "project", "mofcom", "--year", "2030", "--format", "table", "--model", "consensus"
    ).out
    lines = [line.split() for line in table.splitlines() if re.match(r"20\d\d  forecast", line)]
    shown = [[float(line[at].replace(",", "")) for at in (2, 3, 5)] for line in lines]
    assert all(number % 10 == 0 for row in shown for number in row)
    assert any(number % 100 for row in shown for number in row)
    raw = rows(cli("project", "mofcom", "--year", "2030").out)
    assert all(len(row["value"]) > 12 for row in raw)
    assert [round(value) for value, *_ in shown] == [round(float(row["value"]), -1) for row in raw]


def test_no_line_starts_with_a_unit() -> None:
    text = (
        "About 4,300 bn CNY in 2030, 80 % of 12 tn yuan, 3 million persons and 15 EUR: 7 % a year"
    )
    for width in range(12, cell_len(text)):
        for line in wrap(text, width)[1:]:
            assert not re.match(r"(bn|tn|million|CNY|EUR|yuan|%)\b|%", line), (width, line)
    assert unbroken("4,300 bn CNY") == "4,300\xa0bn\xa0CNY"


@pytest.mark.parametrize(
    "line",
    ["project mofcom --model consensus", "nowcast turnover --year 2017 --partial 2017H1=300"],
)
def test_one_word_for_a_currency_throughout(line: str, cli: Cli) -> None:
    shown = cli(*line.split(), "--format", "table").out
    assert "CNY" in shown
    assert not re.search(r"\byuan\b|RMB|¥", shown)


HEADED = {
    "model": lambda: document(rf.forecast("mofcom", models=["linear"])),
    "series": lambda: everything(rf.read("turnover")),
    **{
        name: (lambda name=name: case(name).document)
        for name in ("founding", "target", "scenario pair", *COMMANDS)
    },  # type: ignore[misc]
}


@pytest.mark.parametrize(
    "name", [name for name in HEADED if name not in ("columns", "side by side")]
)
def test_a_headline_has_at_most_twelve_words_names_the_series_and_is_one_claim(name: str) -> None:
    made = HEADED[name]()
    assert words(made.title) <= MOST_WORDS
    assert not made.title.endswith(".")
    assert "." not in re.sub(r"\d\.\d", "", made.title)
    assert "rural_online" not in made.title
    if name not in ("size", "growth", "scenario pair", "score", "revise"):
        assert made.title.startswith(("Rural online", "National online", "Mofcom", "Online"))
    numbers = re.findall(r"(?<![\d.,])\d[\d,.]*", re.sub(r"\b(?:19|20)\d\d\b", "", made.title))
    assert len(numbers) <= (2 if name in ("target", "scenario pair", "precedents") else 1), (
        made.title
    )
    if name in ("founding", "project", "nowcast", "compare"):
        assert re.match(
            r"Four chances in five that it lies between [\d,]+ and [\d,]+ bn CNY\.$",
            made.summary[0],
        )
    if name == "model":
        assert made.summary[0].startswith("Linear trend: four chances in five")
    if name in CASES:
        drawn = case(name).picture
        scaled = "tn" in drawn.title + drawn.subtitle  # pictures scale their unit
        pairs = [(drawn.title, made.title), (f"{drawn.subtitle}.", made.summary[0])][
            : 1 if name == "backtest" else 2
        ]
        for short_text, text in pairs:
            both = (
                re.sub(r"[\d.,]+|\b[bt]n\b", "", one) if scaled else one
                for one in (short_text, text)
            )
            assert len({one.replace("CNY", "yuan") for one in both}) == 1


def test_a_name_has_at_most_five_words_and_a_long_claim_shortens_it() -> None:
    names = {
        "Rural online retail sales (Ministry of Commerce)": "Rural online retail sales",
        "Sales of all the goods and services of the north": "Sales of all the goods",
        "electric_cars": "electric cars",
        "Sales: by region": "Sales",
        "(all)": "(all)",
        "Total / all": "all, Total",
        "Sales / Total": "Sales",
        "农村网络零售额": "农村网络零售额",
    }
    assert {title: short(title) for title in names} == names
    assert all(len(name.split()) <= MOST_OF_NAME for name in names.values())
    made = headline(
        "Disposable income of rural households", "about 31,000 CNY per person and year in 2030"
    ).text
    assert made == "Disposable income: about 31,000 CNY per person and year in 2030"
    assert words(made) <= MOST_WORDS


def test_the_title_of_a_file_is_not_its_path(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "my_market.csv"
    file.write_text("year,value\n2019,61\n2020,66\n2021,70\n2022,77\n2023,83\n")
    assert cli("project", str(file), "--format", "table").out.startswith("My market: about ")


def screen(series: str, **options: object) -> Document:
    last = "Other models, 2030: CAGR 5,880, linear 3,970, ARIMA 3,870, ETS 4,170"
    return document(rf.forecast(rf.read(series), **options), brief=True)._replace(last=last)  # type: ignore[arg-type]


def without_warnings(shown: str) -> list[str]:
    lines = []
    inside = False
    for line in shown.splitlines():
        inside = line.startswith("warning: ") or (inside and line.startswith("         "))
        lines += [] if inside else [line]
    return lines


@pytest.mark.parametrize("series", ["mofcom", "turnover", "online", "users", "retail", "parcels"])
def test_project_takes_at_most_18_lines_with_five_years_and_each_further_year_one(
    series: str,
) -> None:
    first = without_warnings(render(screen(series, horizon=5), width=80))
    assert len(first) <= 18 + sum("published" in line for line in first)
    assert len(without_warnings(render(screen(series, horizon=8), width=80))) <= len(first) + 3


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("series", ["mofcom", "turnover"])
def test_nothing_wraps(series: str, width: int) -> None:
    shown = screen(series, horizon=5)
    lines = render(shown, width=width).splitlines()
    assert max(map(cell_len, lines)) <= width
    rows = [line for line in lines if re.match(r"\d{4}  (actual|forecast|published)", line)]
    in_view = [row for row in shown.sections[0].rows if row[1] != "old basis"]
    assert len(rows) == len(in_view) > 5
    assert lines[0] == shown.title


def test_the_answer_is_headed_by_the_headline_and_followed_by_how_to_see_more() -> None:
    shown = render(screen("mofcom", horizon=5), width=80).splitlines()
    assert re.fullmatch(r"Rural online retail sales: about [\d,]+ bn CNY in 2030", shown[0])
    assert shown[1].startswith("Four chances in five")
    assert re.search(r"2025 [▁▂▃▄▅▆▇█]{1}┊[▁▂▃▄▅▆▇█]{5} 2030$", shown[2])
    assert shown[-2] == "More: --explain (3 more notes), --level 95, --all-models"
    assert shown[-1].startswith("Other models, 2030: CAGR ")
    assert sum(line.startswith("note: ") for line in shown) == 1


def test_rows_are_drawn_on_one_axis_with_a_sign_for_each_kind() -> None:
    shown = render(screen("turnover", year=2018), width=80).splitlines()
    signs = {"actual": "●", "forecast": "◆", "published": "◇"}
    for line in shown:
        if found := re.match(r"\d{4}  (\w+)", line):
            assert signs[found[1]] in line
            assert ("━" in line) is (found[1] == "forecast")
    axis = next(line for line in shown if line.startswith("Year"))
    low, middle, high = (
        tick.start() for tick in re.finditer(r"[\d,]+", axis[axis.index("Growth") :])
    )
    assert 3 * min(middle - low, high - middle) > high - low


PEN = Pen(80, color=False, unicode=True)


def test_a_row_is_drawn_where_its_values_are_and_nothing_beyond_a_physical_bound() -> None:
    rows = (Span(50, 25, 75), Span(0, sign="observed"), Span(100, sign="published"))
    axis, *drawn = bars(Table((), (), spans=rows), 41, PEN)
    assert re.fullmatch(r"0 +50 +100", axis)
    assert [len(drawn[0]) - len(drawn[0].lstrip()), drawn[0].index("◆"), len(drawn[0])] == [
        10,
        20,
        31,
    ]
    assert (drawn[1], drawn[2]) == ("●", " " * 40 + "◇")
    assert axis_of([80, 92, 97], 100).high == 100
    assert axis_of([2, 200]).logarithmic
    assert bars(Table((), (), spans=(Span(2), Span(200))), 30, PEN)[0].endswith(" log")
    for span in (Span(1e-320), Span(1e300, -1e300), Span(0.0), None):
        assert bars(Table((), (), spans=(span,)), 40, PEN) == []


def test_ascii_has_marks_of_its_own_and_a_table_without_room_has_no_bars_and_loses_no_number() -> (
    None
):
    shown = render(screen("turnover", year=2018), width=80, unicode=False)
    assert shown.isascii()
    assert [line[-1] for line in shown.splitlines() if " actual " in line] == ["*", "*"]
    assert re.search(r"-+o-+$", shown, re.MULTILINE)
    assert re.search(r"published .* x$", shown, re.MULTILINE)
    wide, narrow = (render(screen("mofcom", horizon=5), width=width) for width in (80, 50))
    assert "━" in wide
    assert "━" not in narrow
    values = [
        re.findall(r"\d[\d,]+(?= |$)", line.partition("%")[0])
        for line in wide.splitlines()
        if line[:2] == "20"
    ]
    assert all(number in narrow for row in values for number in row)


@pytest.mark.slow
def test_other_models_come_last_and_move_nothing() -> None:
    line = "project turnover --year 2018 --color never"
    whole, alone = (
        programs.shown(f"{line}{more}", 80).rstrip() for more in ("", " --model consensus")
    )
    assert whole.splitlines()[: len(alone.splitlines())] == alone.splitlines()
    assert re.fullmatch(
        r"Other models, 2018: CAGR \S+, linear \S+, ARIMA \S+, ETS \S+",
        whole.splitlines()[-1].strip(),
    )
