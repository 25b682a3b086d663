"""The answer of a forecast in sentences, its screen, and what people should be careful about."""

import json
import re
from math import ceil, floor, log10

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.document.table import Cell
from rural_forecast.forecasting.evidence import corpus_record, subject_record
from rural_forecast.forecasting.one_series import past_whole_note
from rural_forecast.forecasting.result import Forecast
from rural_forecast.objects.functions import forecast
from rural_forecast.render import formats
from rural_forecast.text.numbers import sparkline
from rural_forecast.views.answer import caution, heading, points
from rural_forecast.views.project import document
from tests.conformance.digest import real
from tests.inside import Cli, rows
from tests.views.forecasts import forecast_of

CLAIM = re.compile(
    r": about (\S+) in (\d+) Four chances in five that it lies between (\S+) and (\S+)\.( |$)"
)

CLAIMED_RANGE = re.compile(r"between ([\d,.]+) and ([\d,.]+) (bn|tn)")


@pytest.mark.slow
def test_every_claim_follows_from_the_rows_of_real_series() -> None:
    """Recompute the claims from the machine rows, by the sentence alone."""
    short = [values for values in real(1).values() if 3 <= len(values) <= 30]
    for values in short[:80]:
        shown = document(forecast_of(values, horizon=1 + len(values) % 4), history=True)
        forecasts = [row for row in shown.records.rows if row[5]]
        target = forecasts[-1][1]
        numbers = [number(cell) for cell in forecasts[-1][4:7]]
        text = " ".join((shown.title, *shown.summary))
        claim = CLAIM.search(text)
        assert claim, text
        assert len(shown.title.split()) <= 12
        assert int(claim[2]) == target
        step = step_of(*numbers)
        value, low, high = (float(text.replace(",", "")) for text in claim.group(1, 3, 4))
        assert value == pytest.approx(numbers[0], abs=0.51 * step)
        assert numbers[1] - 1.01 * step <= low <= numbers[1] * (1 + 1e-9)
        assert numbers[2] * (1 - 1e-9) <= high <= numbers[2] + 1.01 * step


def number(cell: Cell) -> float:
    assert isinstance(cell, float)
    return cell


def step_of(value: float, low: float, high: float) -> float:
    """Return the step of the headline: two significant digits of a wide range, three of another."""
    wide = (high - low) / 2 > abs(value) / 5
    size = max(abs(value), (high - low) / 6)
    return float(10.0 ** (floor(log10(size)) - (1 if wide else 2)))


@pytest.fixture(scope="module")
def long_history() -> Forecast:
    return forecast_of([100 + step for step in range(30)])


def test_a_brief_screen_shows_the_last_two_years_of_history(long_history: Forecast) -> None:
    course = document(long_history, brief=True).sections[0]
    assert [row[0] for row in course.rows] == [2023, 2024, 2025, 2026]
    assert course.rows[0][-1] == pytest.approx(100 * (128 / 127 - 1))


@pytest.mark.parametrize(
    ("brief", "history"),
    [pytest.param(True, True, id="asked for"), pytest.param(False, False, id="not brief")],
)
def test_a_whole_course_shows_all_years(long_history: Forecast, brief: bool, history: bool) -> None:
    shown = document(long_history, brief=brief, history=history)
    assert len(shown.sections[0].rows) == 32


@pytest.fixture(scope="module")
def across_zero() -> Forecast:
    return forecast_of([5, 2, -3], horizon=1)


def test_people_see_no_growth_across_zero(across_zero: Forecast) -> None:
    course = document(across_zero).sections[0]
    assert [row[-1] for row in course.rows[:3]] == [None, -60.0, None]


def test_machine_rows_have_growth_across_zero(across_zero: Forecast) -> None:
    records = document(across_zero, history=True).records
    assert [row[-2] for row in records.rows[:3]] == [None, -60.0, -250.0]


@pytest.fixture(scope="module")
def with_notes() -> Forecast:
    return forecast(rf.read("mofcom"), year=2028, kernels=True, basis="levels")


def test_a_brief_table_counts_the_notes_that_it_leaves_out(with_notes: Forecast) -> None:
    text = str(formats.render(document(with_notes, brief=True), "table"))
    assert "More: --explain (3 more notes), --level 95, --all-models" in text
    assert "Sources differ" not in text


def test_a_document_has_every_note_once(with_notes: Forecast) -> None:
    text = str(formats.render(document(with_notes, brief=True), "markdown"))
    assert "Sources differ" in text
    assert text.count("Another definition") == 1


def test_data_later_than_the_origin_is_a_caution() -> None:
    last = points(forecast(rf.read("mofcom"), until=2020))[-1]
    assert last.startswith("The models were trained on data from")


@pytest.mark.parametrize(
    ("levels", "named", "chances"),
    [
        ((80, 95), 80, "Four chances in five"),
        ((30, 60, 90), 90, "Nine chances in ten"),
        ((50, 80, 95), 80, "Four chances in five"),
        ((70, 90), 90, "Nine chances in ten"),
        ((30,), 30, "30 chances in 100"),
    ],
)
def test_the_answer_names_the_level_nearest_to_80(
    levels: tuple[int, ...], named: int, chances: str
) -> None:
    result = forecast(rf.read("turnover"), year=2018, levels=levels, kind="none")
    index = levels.index(named)
    low = 10 * floor(result.best.lower[index, -1] / 10)
    high = 10 * ceil(result.best.upper[index, -1] / 10)
    expected = f"{chances} that it lies between {low:,.0f} and {high:,.0f} bn CNY."
    assert heading(result).range == expected


def test_a_record_worse_than_that_of_the_last_value_is_a_caution(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = forecast(rf.read("turnover"), year=2018, kind="none")
    assert not caution(result)
    record = corpus_record(result.history.values, "consensus", 2)
    assert record
    worse = record._replace(naive_smape=record.smape - 1)
    monkeypatch.setattr("rural_forecast.views.answer.corpus_record", lambda *_: worse)
    assert caution(result).startswith("Caution: ")
    assert caution(result) in document(result).summary


def test_a_caution_on_a_series_with_a_subject_is_of_series_about_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = forecast(rf.read("turnover"), year=2018)
    record = subject_record(result.history.values, "adoption", 2)
    assert record
    worse = record._replace(naive_smape=record.smape - 1)
    monkeypatch.setattr("rural_forecast.views.answer.subject_record", lambda *_: worse)
    assert "on similar series (adoption of a technology)" in caution(result)


def test_a_note_for_pages_has_no_advice_on_what_to_type() -> None:
    note = past_whole_note(1.0)
    assert "measure='rate'" in str(note)
    assert "--" not in note.without_advice


@given(st.lists(st.floats(-1e9, 1e9), max_size=40))
def test_heights_of_a_sparkline_follow_the_values(values: list[float]) -> None:
    word = sparkline(values)
    shown = values[-12:]
    assert len(word) == len(shown)
    heights = ["▁▂▃▄▅▆▇█".index(sign) for sign in word]
    ranked = sorted(zip(shown, heights, strict=True))
    ordered = [height for _, height in ranked]
    assert ordered == sorted(ordered)


def test_sparklines_can_share_a_scale() -> None:
    assert sparkline([1, 2], low=0, high=8) == "▂▃"


@pytest.mark.slow
def test_headline_row_picture_and_page_state_one_range_around_the_computed_one(cli: Cli) -> None:
    """The range of a late year is wider than that of the first, which decides the values."""
    line = ("mofcom", "--year", 2030)
    last = rows(cli("project", *line, "-f", "csv").out)[-1]
    table = cli("project", *line, "-f", "table").out
    picture = cli("chart", *line, "-f", "svg").out
    page = cli("exhibit", *line, "-f", "html").out
    claims = [CLAIMED_RANGE.search(text.replace("\u00a0", " ")) for text in (table, picture, page)]
    stated = [claim.groups() for claim in filter(None, claims)]
    row = re.search(r"2030  forecast +\S+ +(\S+) – +(\S+)()", table)
    assert row
    stated.append(row.groups())
    edges = re.findall(r">([\d.]+)</text>", picture)
    ends = {
        tuple(float(text.replace(",", "")) * (1000 if unit == "tn" else 1) for text in (low, high))
        for low, high, unit in stated
    }
    assert len(stated) == 4
    assert len(ends) == 1
    assert {*stated[1][:2]} <= {*edges}, "the labels of the bounds"
    low, high = ends.pop()
    assert low <= float(last["lower_80"])
    assert float(last["upper_80"]) <= high


def test_observed_and_published_figures_print_as_they_were_given(cli: Cli) -> None:
    data = (
        "year,value,unit,status,author\n2018,9.9,bn EUR,,\n2019,61.25,bn EUR,,\n"
        "2020,482,bn EUR,,\n2021,1243,bn EUR,,\n2022,1987,bn EUR,,\n"
        "2024,2455,bn EUR,forecast,House A\n"
    )
    for line in ("project -f markdown", "triangulate -f table"):
        command, *more = line.split()
        done = cli(command, "-", "--year", 2024, *more, stdin=data)
        assert done.code == 0, done.err
        assert re.search(r"2[,.]455", done.out), line
        assert command == "triangulate" or re.search(r"1[,.]987", done.out), line
    table = cli("project", "-", "--year", 2024, "-f", "markdown", stdin=data).out
    for figure in ("9.9", "61.25", "482", "1,243"):
        assert re.search(rf"\| +{figure} *\|", table), figure
    given = json.loads(cli("triangulate", "-", "--year", 2024, "-f", "json", stdin=data).out)
    by_name = {row["argument"]: row["value"] for row in given["rows"]}
    assert by_name["House A"] == 2455


def test_every_author_of_a_year_has_a_row(cli: Cli) -> None:
    data = (
        "year,value,status,author\n2019,210,,\n2020,232,,\n2021,251,,\n2022,280,,\n"
        "2024,340,forecast,House A\n2024,310,forecast,House B\n"
    )
    table = cli("project", "-", "--year", 2024, "-f", "table", stdin=data).out
    for author, figure in (("House A", 340), ("House B", 310)):
        assert re.search(rf"^2024  {author} +{figure} ", table, re.MULTILINE), author
