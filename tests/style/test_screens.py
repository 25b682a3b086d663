"""House style, terminal: the answer fits a screen, ranges are drawn beside the rows, and nothing wraps."""

import re

import pytest
from rich.cells import cell_len

import rural_forecast as rf
from rural_forecast.document.table import Document, Span, Table
from rural_forecast.render.table import axis_of, bars, render
from rural_forecast.render.wrapping import Pen
from rural_forecast.views import project
from tests import programs


def screen(series: str, **options: object) -> Document:
    last = "Other models, 2030: CAGR 5,880, linear 3,970, ARIMA 3,870, ETS 4,170"
    return project.document(rf.forecast(rf.read(series), **options), brief=True)._replace(last=last)  # type: ignore[arg-type]


def without_warnings(shown: str) -> list[str]:
    lines, inside = [], False
    for line in shown.splitlines():
        inside = line.startswith("warning: ") or (inside and line.startswith("         "))
        lines += [] if inside else [line]
    return lines


@pytest.mark.parametrize("series", ["mofcom", "turnover", "online", "users", "retail", "parcels"])
def test_project_takes_at_most_18_lines_with_five_years_and_each_further_year_one(series: str) -> None:
    first = without_warnings(render(screen(series, horizon=5), width=80))
    assert len(first) <= 18 + sum("published" in line for line in first)
    assert len(without_warnings(render(screen(series, horizon=8), width=80))) <= len(first) + 3


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("series", ["mofcom", "turnover"])
def test_nothing_wraps(series: str, width: int) -> None:
    document = screen(series, horizon=5)
    lines = render(document, width=width).splitlines()
    assert max(map(cell_len, lines)) <= width
    rows = [line for line in lines if re.match(r"\d{4}  (actual|forecast|published)", line)]
    assert len(rows) == len(document.sections[0].rows)
    assert lines[0] == document.title


def test_the_answer_is_headed_by_the_headline_and_followed_by_how_to_see_more() -> None:
    shown = render(screen("mofcom", horizon=5), width=80).splitlines()
    assert re.fullmatch(r"Rural online retail sales: about [\d,]+ bn CNY in 2030", shown[0])
    assert shown[1].startswith("Four chances in five")
    assert re.search(r"2016 [▁▂▃▄▅▆▇█]{10}┊[▁▂▃▄▅▆▇█]{5} 2030$", shown[2])
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
    low, middle, high = (tick.start() for tick in re.finditer(r"[\d,]+", axis[axis.index("Growth") :]))
    assert 3 * min(middle - low, high - middle) > high - low


PEN = Pen(80, color=False, unicode=True)


def test_a_row_is_drawn_where_its_values_are_and_nothing_beyond_a_physical_bound() -> None:
    rows = (Span(50, 25, 75), Span(0, sign="observed"), Span(100, sign="published"))
    axis, *drawn = bars(Table((), (), spans=rows), 41, PEN)
    assert re.fullmatch(r"0 +50 +100", axis)
    assert [len(drawn[0]) - len(drawn[0].lstrip()), drawn[0].index("◆"), len(drawn[0])] == [10, 20, 31]
    assert (drawn[1], drawn[2]) == ("●", " " * 40 + "◇")
    assert axis_of([80, 92, 97], 100).high == 100
    assert axis_of([2, 200]).logarithmic
    assert bars(Table((), (), spans=(Span(2), Span(200))), 30, PEN)[0].endswith(" log")
    for span in (Span(1e-320), Span(1e300, -1e300), Span(0.0), None):
        assert bars(Table((), (), spans=(span,)), 40, PEN) == []


def test_ascii_has_marks_of_its_own_and_a_table_without_room_has_no_bars_and_loses_no_number() -> None:
    shown = render(screen("turnover", year=2018), width=80, unicode=False)
    assert shown.isascii()
    assert [line[-1] for line in shown.splitlines() if " actual " in line] == ["*", "*"]
    assert re.search(r"-+o-+$", shown, re.MULTILINE)
    assert re.search(r"published .* x$", shown, re.MULTILINE)
    wide, narrow = (render(screen("mofcom", horizon=5), width=width) for width in (80, 50))
    assert "━" in wide
    assert "━" not in narrow
    values = [re.findall(r"\d[\d,]+(?= |$)", line.partition("%")[0]) for line in wide.splitlines() if line[:2] == "20"]
    assert all(number in narrow for row in values for number in row)


@pytest.mark.slow
def test_other_models_come_last_and_move_nothing() -> None:
    line = "project turnover --year 2018 --color never"
    whole, alone = (programs.shown(f"{line}{more}", 80).rstrip() for more in ("", " --model consensus"))
    assert whole.splitlines()[: len(alone.splitlines())] == alone.splitlines()
    assert re.fullmatch(r"Other models, 2018: CAGR \S+, linear \S+, ARIMA \S+, ETS \S+", whole.splitlines()[-1].strip())
