"""How people read numbers, ticks and tables: within the width of a terminal, with nothing lost."""

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import cell_len

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.render import scale
from rural_forecast.render.columns import people_texts, prose, read_columns
from rural_forecast.render.formats import render
from rural_forecast.render.table import blocks
from rural_forecast.text.numbers import Amounts, decimals, percent, tick_texts
from tests.inside import Cli
from tests.render.documents import ALL, CHINESE, FOUNDING, ROW_COLUMNS, documents

VALUES = st.floats(-1e12, 1e12)


@pytest.mark.parametrize(
    ("column", "cells", "texts"),
    [
        (Column("v", kind="number"), (180.0, 353.0, 1244.88), ["180", "353", "1,245"]),
        (Column("v", kind="number"), (482.0, 596.347, None), ["482.0", "596.3", ""]),
        (Column("v", kind="number"), (0.5, 1200.0), ["0.5", "1,200.0"]),
        (Column("v", kind="number"), (999.96, 1.0), ["1,000", "1"]),
        (Column("v", kind="number"), (-0.04, -1234.5), ["-0.04", "-1,234.50"]),
        (Column("v", kind="number", decimals=2), (1.0, -0.001), ["1.00", "0.00"]),
        (Column("v", kind="number"), (1e-7, 0.0), ["1.000e-07", "0.000e+00"]),
        (Column("v", kind="number", decimals=6), (1.2e-9, 2e-9), ["1.200e-09", "2.000e-09"]),
        (Column("v", kind="number", decimals=2), (1.2e-9,), ["0.00"]),
        (Column("v", kind="number"), (1.5e300,), ["1.500e+300"]),
        (Column("v", kind="number"), (1.7976931348623157e308, 5e-324), ["1.798e+308", "0"]),
        (Column("v", kind="number"), (0.0, 0.0), ["0", "0"]),
        (Column("v", kind="number"), (">460", 482.0), [">460", "482"]),
        (
            Column("v", kind="percent", sign=True),
            (36.6, -3.25, 0.0),
            ["+36.6 %", "-3.2 %", "0.0 %"],
        ),
        (Column("v", kind="percent", decimals=0), (31.2, None), ["31 %", ""]),
        (Column("v", kind="percent"), (0.123,), ["0.123 %"]),
        (
            Column("v", kind="number", mixed=True),
            (24243.8912, 0.5561, 8944.0, None),
            ["24,244", "0.5561", "8,944", ""],
        ),
        (Column("v", kind="year"), (2016, "2017H1"), ["2016", "2017H1"]),
        (Column("v", kind="integer"), (1234567, -5), ["1,234,567", "-5"]),
        (Column("v", kind="integer", sign=True), (3, 0), ["+3", "0"]),
        (Column("v", kind="boolean"), (True, False, None), ["yes", "no", ""]),
        (Column("v"), ("a\nb", 2016, 1.5), ["a b", "2016", "1.5"]),
    ],
)
def test_texts(column: Column, cells: tuple[Cell, ...], texts: list[str]) -> None:
    assert people_texts(column, cells) == texts


@given(st.lists(st.floats(1e-4, 1e12), min_size=1, max_size=6))
def test_the_largest_value_of_a_column_keeps_four_digits(sizes: list[float]) -> None:
    largest = max(sizes)
    shown = people_texts(Column("v", kind="number"), sizes)[sizes.index(largest)]
    assert abs(float(shown.replace(",", "")) / largest - 1) <= 5.0001e-4


@given(st.lists(VALUES, min_size=1, max_size=6))
def test_a_column_has_one_number_of_decimals(values: list[float]) -> None:
    texts = people_texts(Column("v", kind="number"), values)
    if not any("e" in text for text in texts):
        assert {len(text.partition(".")[2]) for text in texts} == {decimals(values)}


@given(st.floats(-1e6, 1e6))
def test_a_percentage_has_a_sign_unless_it_is_zero(value: float) -> None:
    text = percent(value)
    assert (text[0] in "+-") is not (not text.strip("+-0., %"))


NEGATIVE = "year,value\n2017,-2\n2018,-5\n2019,4\n2020,-1\n2021,2\n2022,3\n"
FLAT = "year,value\n2017,99985\n2018,99983\n2019,99980\n2020,99978\n"
WRONG = re.compile(r"(?:^|[ (>])-\d|[−-]0(?:\.0+)? ?%")
SHOWN = (
    "project --model naive -f table",
    "project --model naive -f markdown",
    "chart -f svg",
    "exhibit -f html",
)


def test_minus_signs_of_numbers_are_those_of_print_and_hyphens_stay() -> None:
    text = "-5.0 (-3 to ~-2) on 2017-03-01, --year 2018, >-4"
    assert prose(text) == "−5.0 (−3 to ~−2) on 2017-03-01, --year 2018, >−4"


@pytest.mark.parametrize("data", [NEGATIVE, FLAT])
@pytest.mark.parametrize("line", SHOWN)
def test_numbers_below_zero_have_the_one_minus_sign_of_print(
    data: str, line: str, cli: Cli
) -> None:
    command, *others = line.split()
    done = cli(command, "-", "--year", "2024", *others, stdin=data)
    assert done.code == 0, done.err
    plain = re.sub(r"<(style|script)\b.*?</\1>", "", done.out, flags=re.DOTALL)
    plain = re.sub(r"<[^>]*>|---+", " ", plain)
    assert not [text for text in plain.splitlines() if WRONG.search(text)]


@given(VALUES, VALUES, st.integers(3, 9))
def test_ticks_span_what_is_drawn_and_are_no_more_than_wanted(
    one: float, other: float, most: int
) -> None:
    low, high = sorted((one, other))
    assume(high - low > 1e-6 * max(abs(low), abs(high), 1.0))
    ticks = scale.value_ticks(low, high, most)
    slack = 1e-6 * (high - low)
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= most
    assert ticks == sorted(set(ticks))
    assert len(set(tick_texts(ticks))) == len(ticks)


@given(st.floats(1e-9, 1e12), st.floats(1.01, 1e9), st.integers(3, 9))
def test_logarithmic_ticks_hold_what_is_drawn(low: float, ratio: float, most: int) -> None:
    high = low * ratio
    ticks = scale.log_ticks(low, high, most)
    start, end = scale.limits(ticks, low, high, logarithmic=True)
    assert start <= low * 1.0000001
    assert end >= high * 0.9999999
    assert sum(start <= tick <= end for tick in ticks) <= most + 1


def test_labels_with_room_stay_where_they_belong() -> None:
    assert scale.spread([10, 50, 90], 5, 0, 100) == [10, 50, 90]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8), st.floats(0.5, 10))
def test_labels_keep_their_order_cover_no_other_and_stay_inside(
    wanted: list[float], room: float
) -> None:
    moved = scale.spread(wanted, room, 0, 100)
    ordered = sorted(moved)
    assert all(after - before >= room * 0.999 for before, after in pairwise(ordered))
    if room * (len(wanted) - 1) <= 100:
        assert ordered[0] >= -1e-9
        assert ordered[-1] <= 100 + 1e-9
    ranks = sorted(range(len(wanted)), key=lambda index: (wanted[index], moved[index]))
    assert [moved[index] for index in ranks] == ordered


CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def page(document: Document, **options: object) -> str:
    rendered = render(document, "table", **options)  # type: ignore[arg-type]
    assert isinstance(rendered, str)
    return rendered


@given(documents(), st.integers(20, 150))
def test_a_page_of_any_data_fits_obeys_nothing_and_loses_nothing(
    document: Document, width: int
) -> None:
    """The folded page shows all that the whole one does; headings and first columns may repeat."""
    whole = page(document)
    folded = page(document, width=width)
    assert max(map(cell_len, folded.split("\n"))) <= width
    assert not CONTROLS.search(whole + folded)
    assert re.sub("\x1b\\[[0-9;]*m", "", page(document, width=width, color=True)) == folded
    assert page(document, width=width, unicode=False).isascii()
    shown, kept = (re.sub(r"[\s─]", "", text) for text in (whole, folded))
    assert all(kept.count(sign) >= shown.count(sign) for sign in set(shown))


@pytest.mark.parametrize("document", ALL.values(), ids=ALL.keys())
def test_without_a_width_no_row_is_wrapped(document: Document) -> None:
    rendered = page(document)
    assert "…" not in rendered.replace("5 …", "")
    assert sum(line.startswith(("note: ", "warning: ")) for line in rendered.split("\n")) == len(
        document.notes
    )
    assert all(line == line.rstrip() for line in rendered.split("\n"))


def test_wide_characters_keep_columns_in_line() -> None:
    lines = page(CHINESE).split("\n")
    rows = [line for line in lines if re.search(r" (2016|2017|2018) ", line)]
    assert len(rows) == 3
    assert len({cell_len(re.split(r"201[678]", row)[0]) for row in rows}) == 1


def test_an_empty_column_takes_no_room() -> None:
    columns = (Column("year", "Year", "year"), Column("mark"), Column("value", "Value", "number"))
    empty = Table(columns, ((2016, "", 180.0),))
    shown = page(Document("test", Table((), ()), sections=(empty,)))
    assert shown.splitlines()[-1] == "2016    180"


def test_prose_has_a_readable_measure() -> None:
    document = Document("test", Table((), ()), summary=("word " * 100,))
    assert 90 <= max(map(len, page(document, width=200).split("\n"))) <= 100


def test_a_page_does_not_depend_on_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = page(FOUNDING, width=90, color=True)
    variables = {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "33", "FORCE_COLOR": "1"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert page(FOUNDING, width=90, color=True) == before


WIDTHS = (40, 60, 80, 100, 120)


def by_model_and_year(models: int, years: int, levels: int) -> Table:
    columns = list(ROW_COLUMNS[:4])
    columns += [Column(f"v{level}", f"Level {level}", "number") for level in range(levels)]
    rows: list[tuple[Cell, ...]] = []
    for model in range(models):
        for year in range(years):
            values = [1000.5 * model + year + level for level in range(levels)]
            rows.append(("market", 2020 + year, "forecast", f"model_{model}", *values))
    return Table(tuple(columns), tuple(rows))


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 12), st.sampled_from(WIDTHS))
def test_the_rows_of_every_part_are_told_apart(
    models: int, years: int, levels: int, width: int
) -> None:
    columns = read_columns(by_model_and_year(models, years, levels))
    parts = list(blocks(columns, width))
    for part in parts:
        names = [column.cells for column in part.columns if not column.measured]
        assert len(set(zip(*names, strict=True))) == models * years
    shown = [column for part in parts for column in part.columns]
    titles = [column.title for column in shown if column.measured]
    assert titles == [f"Level {level}" for level in range(levels)]


@pytest.mark.parametrize("width", range(24, 100))
def test_a_mark_stays_with_the_value_before_it(width: int) -> None:
    columns = [Column("model", "Model")]
    row: list[Cell] = ["naive"]
    for number in range(5):
        columns.append(Column(f"error_{number}", f"Error {number}", "number"))
        columns.append(Column(f"mark_{number}"))
        row += [12.5, "~"]
    table = Table(tuple(columns), (tuple(row),))
    for part in blocks(read_columns(table), width):
        first, *titles = (column.title for column in part.columns)
        assert first == "Model"
        assert all(titles[0::2])
        assert not any(titles[1::2])


@pytest.mark.parametrize(
    ("value", "low", "high", "texts"),
    [
        (930, 789, 1085, ("930", "780", "1,090")),
        (789, 700, 900, ("790", "700", "900")),  # not 789 beside a 930 that is rounded to tens
        (32, 19, 80, ("32", "19", "80")),  # nor 30
    ],
)
def test_a_value_beside_a_larger_one_is_rounded_alike_but_keeps_two_digits(
    value: float, low: float, high: float, texts: tuple[str, str, str]
) -> None:
    write = Amounts(places=-1).of_range(value, low, high)
    assert (write(value), *write.bounds(low, high)) == texts
