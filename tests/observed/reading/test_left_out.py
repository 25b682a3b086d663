"""Every cell with content is used, refused, or named as left out, and counts once; tidy rows say
what the file said.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import InputError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.observed.findings import check
from rural_forecast.observed.growth import growth
from rural_forecast.observed.observation import ReadingAccount, Series
from rural_forecast.observed.reading import ReadOptions, read
from rural_forecast.render.formats import render
from rural_forecast.views.lookup import read as document
from tests.inside import Cli
from tests.observed.reading.reading import from_text, points

MOST_REFUSED = 0.3  # share of the tables that a property draws
NUMBERS = st.integers(1, 99).map(str)
NAMES = st.sampled_from(["North", "South", "see text"])
OTHER_WIDE_HEADS = (
    "2023",
    "2024",
    "2024E",
    "2025F",
    "2O24",
    "20245",
    "CAGR",
    "Rank",
    "Notes on method",
    "",
    "2024 growth",
    "同比",
    "unit",
    "note",
    "source",
)
LONG_HEADS = (
    "growth_pct",
    "Comment",
    "Rank",
    "",
    "lower_80",
    "2024E",
    "units",
    "flag",
    "source",
    "note",
    "status",
)


def test_every_cell_of_a_wide_sheet_is_used_or_named() -> None:
    outcomes = Counter[str]()

    @given(st.data())
    def check_sheet(data: st.DataObject) -> None:
        others = data.draw(st.lists(st.sampled_from(OTHER_WIDE_HEADS), max_size=5, unique=True))
        heads = ["2021", *others, "2022"]
        count = data.draw(st.integers(1, 3))
        row = st.tuples(NUMBERS, *map(cells_below, heads[1:]))
        rows = data.draw(st.lists(row, min_size=count, max_size=count))
        lines = [",".join((f"r{number}", *cells)) for number, cells in enumerate(rows)]
        text = "\n".join([",".join(("Region", *heads)), *lines])
        try:
            all_series = from_text(text, allow_gaps=True)
        except InputError:  # and so not dropped
            outcomes["refused"] += 1
            return
        outcomes["read"] += 1
        check_used_or_named(text, heads, rows, all_series)

    check_sheet()
    assert outcomes["refused"] <= MOST_REFUSED * outcomes.total()


def cells_below(head: str) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), NUMBERS, NUMBERS if head[:1].isdigit() else NAMES)


def check_used_or_named(
    text: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    all_series: Sequence[Series],
) -> None:
    observations = [value for series in all_series for value in series.observations]
    places = Counter(value.place for value in observations)
    codes = {note.code for series in all_series for note in series.reading_notes}
    used = {"2021", "2022", "2023", "2024", "2024E", "2025F"}
    kept = []
    for line, cells in enumerate(rows, 2):
        values = sum(bool(cell) for head, cell in zip(heads, cells, strict=True) if head in used)
        assert places[f"standard input:{line}"] == values
        if values:
            kept.append(cells)
    for column, head in enumerate(heads):
        content = [cells[column] for cells in kept if cells[column]]
        # Of so few rows, one text makes a column one of labels.
        if head in used or not content or not all(map(str.isdigit, content)):
            continue
        remarks = {getattr(value, head, None) for value in observations}
        if head == "unit":
            remarks = {series.unit for series in all_series}
        assert codes & {"left_out", "mistyped_year"} or set(content) <= remarks, text


def test_every_column_of_a_long_form_is_used_or_named() -> None:
    outcomes = Counter[str]()

    @given(st.data())
    def check_form(data: st.DataObject) -> None:
        heads = data.draw(
            st.lists(st.sampled_from(LONG_HEADS), min_size=1, max_size=5, unique=True)
        )
        row = st.tuples(*(st.one_of(st.just(""), NUMBERS, NAMES) for _ in heads))
        rows = data.draw(st.lists(row, min_size=1, max_size=3))
        lines = [",".join((str(2020 + i), str(10 + i), *cells)) for i, cells in enumerate(rows)]
        text = "\n".join([",".join(("year", "value", *heads)), *lines])
        try:
            (series,) = from_text(text)
        except InputError:
            outcomes["refused"] += 1
            return
        outcomes["read"] += 1
        assert len(series.observations) == len(rows)
        codes = {note.code for note in series.reading_notes}
        for column, head in enumerate(heads):
            content = [cells[column] for cells in rows if cells[column]]
            if not content or head in ("growth_pct", "source", "note", "status"):
                continue
            is_label = len(set(content)) == 1 < len(content) == len(rows)
            if is_label and not content[0].isdigit():
                continue
            if head == "units" and set(content) == {series.unit}:
                continue
            assert "left_out" in codes, (text, series.reading_notes)

    check_form()
    assert outcomes["refused"] <= MOST_REFUSED * outcomes.total()


@pytest.mark.parametrize("other", ["", ",Comment", ",Rank"])
def test_an_empty_column_leaves_the_unit_in_the_next_one(other: str) -> None:
    blank = "," if other else ""
    (series,) = from_text(f"year,value{other},units\n2020,10{blank},\n2021,11{blank},North\n")
    assert series.unit == "North"


@pytest.mark.parametrize("other", ["", ",Comment"])
def test_an_empty_column_leaves_the_definition_in_the_next_one(other: str) -> None:
    blank = "," if other else ""
    text = f"year,value{other},definition\n2020,10{blank},\n2021,11{blank},Sales of shops\n"
    (series,) = from_text(text)
    assert series.definition == "Sales of shops"


def test_the_reasons() -> None:
    (series,) = from_text("Region,2021,2022,CAGR,同比,,Remark\nNorth,12,13,0.1,8.3,7,restated\n")
    named = "column 'CAGR', column '同比', column 6 without a name at standard input:2 and 1 more"
    assert str(series.reading_notes[0]) == f"Left out of standard input: {named} (not a year)."
    (series,) = from_text("year,value,other,comment\n2021,12,5,a\n2022,13,6,b\n")
    (note,) = series.reading_notes
    assert "column 'other' (not the value column); column 'comment' (not used)." in str(note)
    heads = [f"x{i}" for i in range(30)]
    (series,) = from_text(f"Region,2020,2021,{','.join(heads)}\nNorth,11,12,{','.join('1' * 30)}\n")
    assert "column 'x2' and 27 more (not a year)." in str(series.reading_notes[0])


def test_labels_need_no_line() -> None:
    for text in (
        "year,value,country\n2021,12,China\n2022,13,China\n",
        "id,year,value,country\na,2021,12,China\na,2022,12,China\nb,2021,12,India\nb,2022,13,India\n",
        "Country,Indicator,2021,2022\nChina,GDP,1,2\nIndia,GDP,1,2\n",
    ):
        assert {series.reading_notes for series in from_text(text)} == {()}


TOTALS = ("Total", "合计", "Sum", "World", "Grand total", "总计", "全国", "Grand Total (bn CNY)")


@pytest.mark.parametrize("name", TOTALS)
def test_a_total_among_regions_is_named(name: str) -> None:
    text = f"Region,2021,2022\nNorth,12,13\nSouth,10,11\n{name},22,24.2\n"
    all_series = from_text(text)
    assert [one.reading_notes[0].code for one in all_series] == ["total_row"] * 3
    assert repr(name) in str(all_series[0].reading_notes[0])
    assert any(
        "with the name of a sum of others" in str(note) for note in growth(*all_series).notes
    )
    assert from_text(text, series_id=name)[0].reading_notes == ()
    assert from_text(text.replace(name, "East"))[0].reading_notes == ()
    assert from_text(f"Region,2021,2022\n{name},22,24.2\n")[0].reading_notes == ()


def test_keys_of_a_document_are_named() -> None:
    rows = [{"year": 2021, "value": 12}]
    (series,) = from_text(json.dumps({"rows": rows, "notes": [], "extra": {"2022": 5}}))
    assert [*map(str, series.reading_notes)] == [
        "Left out of standard input: key 'extra' (only its 'rows' are read)."
    ]


def test_the_check_finds_a_mistyped_year() -> None:
    (series,) = from_text("Region,2021,2022,2023,2O24,CAGR\nNorth,12,13,15,30,1\n")
    (finding,) = check(series)
    assert (finding.code, finding.severity) == ("reading", "warning")
    assert re.search("2O24.*2024", str(finding.note))
    assert "CAGR" in str(series.reading_notes[1])


Rows = list[list[str]]
DAY = date(2026, 3, 1)


def whole(text: str | bytes, **options: object) -> tuple[Series, ...]:
    data = text.encode() if isinstance(text, str) else text
    return read("-", ReadOptions(allow_gaps=True, as_of=DAY, **options), io.BytesIO(data))  # type: ignore[arg-type]


def account(series: Series) -> ReadingAccount:
    assert series.account is not None
    return series.account


def lines(rows: Rows) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, Rows, int]:
    """A table of two regions in some layout, with what stands around it; the number of values that
    are there.
    """
    first = draw(st.integers(1990, 2015))
    years = [str(first + step) for step in range(draw(st.integers(3, 9)))]
    value = st.one_of(st.integers(1, 10**6).map(str), st.sampled_from(["", "..", "n/a", ":"]))
    values = [
        [draw(st.integers(1, 99).map(str)), *(draw(value) for _ in years[1:])] for _ in range(2)
    ]
    layout = draw(st.sampled_from(["wide", "long", "down", "columns"]))
    if layout == "wide":
        rows = [
            ["Region", "Code", *years],
            ["North", "N1", *values[0]],
            ["South", "S2", *values[1]],
        ]
    elif layout == "long":
        rows = [["Region", "Remarks", "Year", "Value"]]
        rows += [["North", "x", year, cell] for year, cell in zip(years, values[0], strict=True)]
        rows += [["South", "", year, cell] for year, cell in zip(years, values[1], strict=True)]
    elif layout == "columns":
        rows = [
            ["Year", "North", "South"],
            *(list(cells) for cells in zip(years, *values, strict=True)),
        ]
    else:
        rows = [
            ["Year", "Value"],
            *([year, cell] for year, cell in zip(years, values[0], strict=True)),
        ]
        values = values[:1]
    titles = [
        [],
        [["Turnover by region"], []],
        [["Data Source", "Office"], ["Updated", "then"], []],
    ]
    above = draw(st.sampled_from(titles))
    below = draw(st.sampled_from([[], [[], ["Source: the office"]]]))
    there = sum(cell.isdigit() for row in values for cell in row)
    return layout, [*above, *rows, *below], there


@given(tables())
def test_every_cell_counts_once_and_tidy_rows_give_the_same_series(
    table: tuple[str, Rows, int],
) -> None:
    layout, rows, count = table
    all_series = whole(lines(rows))
    filled = sum(cell != "" for row in rows for cell in row)
    assert sum(len(series.observations) for series in all_series) == count
    for series in all_series:
        counts = account(series)
        assert counts.cells == counts.used + counts.missing + sum(counts.skipped.values())
        assert filled <= counts.cells == filled + _empty_values(layout, rows)
        assert counts is account(all_series[0]), (
            "the account is of the file, and so of all its series"
        )
        assert counts.used >= 2 * count if layout in ("long", "down") else counts.used > count
    again = whole(str(render(document(all_series), "csv")))
    for before, after in zip(all_series, again, strict=True):
        one, other = (
            list(map(attrgetter("period", "value", "status"), of.observations))
            for of in (before, after)
        )
        assert one == other
        assert (after.id, after.unit, after.measure) == (before.id, before.unit, before.measure)


def _empty_values(layout: str, rows: Rows) -> int:
    first = {"wide": 2, "columns": 1}.get(layout, -1)
    count = 0
    for row in rows:
        is_pair = layout == "down" and len(row) == 2 and row[0].isdigit()
        if len(row) > 2 or is_pair:
            count += row[first:].count("")
    return count


SHARES = """"Data Source","Office",

"Name","Code","2018","2019","2020","2021","2030"
"Internet users (% of population)","IT","50","52.5","55","57 p",""
"""
EXAMPLES = {
    "flags": (
        "region;year;value;flag;unit\n"
        "N;2019;1,5;;bn EUR\n"
        "N;2020;1,75;p;bn EUR\n"
        "N;2021;2,5;e;bn EUR\n"
    ),
    "marks": "Year,Sales (bn CNY)\n2019,5\n2020,6\n2021,7\n2022E,9\n2023E,12\n",
    "share": "Year,Internet users (% of population)\n2019,50\n2020,52\n2021,55\n",
    "sources": (
        "year,value,source,published_on,qualifier\n"
        "2019,5,A,2020-02-01,~\n"
        "2019,5.5,B,,>\n"
        "2020,6,A,,\n"
    ),
    "growth": "year,value,growth_pct\n2018,,4\n2019,5,10\n2020,6,20\n",
    "doubts": (
        "year,value,doubtful,definition\n"
        "2019,5,,wide\n"
        "2020,6,yes,wide\n"
        "2021,7,,wide\n"
        "2022,8,,wide\n"
    ),
    "future": "year,value\n2023,5\n2024,6\n2025,7\n2026,8\n2027,9\n2028,10\n",
    "targets": "year,value,status\n2023,5,\n2024,6,\n2025,8,target\n2027,8,forecast\n",
    "years apart": "FY,value\n2019/20,5\n2020/21,6\n2021/22,7\n",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_tidy_rows_give_the_same_forecast(name: str) -> None:
    (before,) = whole(EXAMPLES[name])
    (after,) = whole(str(render(document([before]), "csv")))
    first = forecast(before)
    second = forecast(after)
    assert (after.measure, after.unit, after.definition) == (
        before.measure,
        before.unit,
        before.definition,
    )
    one, other = (
        list(map(attrgetter("value", "status", "doubtful", "qualifier"), of.observations))
        for of in (before, after)
    )
    assert one == other
    assert [one.value for one in after.growth] == [one.value for one in before.growth]
    assert first.main[0].values.tolist() == second.main[0].values.tolist()
    assert [(one.period, one.value) for one in first.published] == [
        (one.period, one.value) for one in second.published
    ]


def test_years_to_come_are_published_figures_in_every_kind_of_table() -> None:
    plain = EXAMPLES["future"]
    for text in (
        plain,
        f"A table\n\n{plain}",
        "id,2023,2024,2025,2026,2027,2028\nx,5,6,7,8,9,10\n",
    ):
        (series,) = whole(text)
        assert [one.status for one in series.observations] == ["actual"] * 3 + ["forecast"] * 3
        assert [note.code for note in series.reading_notes if note.warning] == ["future_years"]
        assert (account(series).published, account(series).as_of) == (3, DAY)
        (kept,) = whole(text, actuals_until=2028)
        assert {one.status for one in kept.observations} == {"actual"}
        assert account(kept).as_of is None
        (short,) = whole(text, actuals_until=2024)
        assert [one.status for one in short.observations] == ["actual"] * 2 + ["forecast"] * 4
    (tidy,) = whole(str(render(document([kept]), "csv")))
    assert {one.status for one in tidy.observations} == {"actual"}, (
        "a status that is stated is not overruled"
    )


@pytest.mark.parametrize(
    ("parts", "history"),
    [
        pytest.param(["2026H1", "2026H2"], [], id="a half under way"),
        pytest.param(["2026M01", "2026M02", "2026M03"], ["2026M01", "2026M02"], id="months"),
        pytest.param(["2025H1", "2025H2", "2026Q1"], ["2025H1", "2025H2"], id="a year before"),
        pytest.param(["2026M01-M02", "2026M01-M08"], ["2026M01-M02"], id="months from January"),
    ],
)
def test_a_part_of_the_running_year_is_history_once_it_is_over(
    parts: list[str], history: list[str]
) -> None:
    rows = ["period,value", "2023,100", "2024,110", *(f"{part},50" for part in parts)]
    (series,) = whole("\n".join(rows))
    actual = [one.period for one in series.observations if one.status == "actual"]
    assert [str(period) for period in actual if not period.is_year] == history
    (note,) = (note for note in series.reading_notes if note.code == "future_years")
    later = parts[len(history) :]
    are = f"{later[0]} to {later[-1]} are" if len(later) > 1 else f"{later[0]} is"
    assert f"{are} not over by {DAY}: " in str(note)


def test_parts_after_the_last_year_of_history_are_published_figures() -> None:
    (series,) = whole("period,value\n2024,100\n2025,110\n2026M01,9\n", actuals_until=2025)
    assert [one.status for one in series.observations] == ["actual", "actual", "forecast"]


def test_a_batch_reads_years_to_come_as_alone(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    later = date.today().year  # noqa: DTZ011 - the command line reads the clock
    rows = [f"{name},{later + step},{step + 9}" for name in "NS" for step in (-3, -2, -1, 1, 2, 3)]
    file.write_text("\n".join(("series_id,year,value", *rows)), encoding="utf-8")
    done = cli("batch", file, "--horizon", "1")
    assert f"{later + 1} to {later + 3} are not over by {later}" in done.err
    alone = [
        cli("project", file, "--series", name, "--horizon", "1").out.splitlines()[1]
        for name in "NS"
    ]
    assert done.out.splitlines()[1:] == alone


def test_years_that_are_doubtful_are_asked_about() -> None:
    for text in ("year,value\n2021,5\n2022,6\n2032,7\n", "id,2021,2022,2032\nx,5,6,7\n"):
        with pytest.raises(InputError, match="2032 alone, 10 years after 2022") as caught:
            whole(text)
        assert "actuals_until=2022" in caught.value.hint
        (series,) = whole(text, actuals_until=2022)
        assert [one.status for one in series.observations] == ["actual", "actual", "forecast"]
    with pytest.raises(InputError, match="has no year that is over") as caught:
        whole("year,value\n2030,5\n2031,6\n2032,7\n")
    assert "20" not in caught.value.hint, "no year that is not over"


def test_a_running_index_is_history() -> None:
    (index,) = whole(
        "period,value\n" + "".join(f"{number},{number + 5}\n" for number in range(1, 2100))
    )
    assert {one.status for one in index.observations} == {"actual"}


@pytest.mark.slow
def test_the_account_is_shown_and_kept(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "shares.csv"
    file.write_text(SHARES, encoding="utf-8")
    done = cli("series", "read", file)
    assert done.code == 0
    assert done.out.startswith(
        "period,value,status,unit,source,note,series_id,measure\n2018,50.0,actual,"
    )
    assert "table found at shares.csv:3" in done.err
    assert "cells: 16 = 13 used + 1 missing + 2 skipped" in done.err
    assert "skipped line shares.csv:1: 'Data Source' (above the table)" in done.err
    assert cli("series", "read", file, "-q").err == ""
    for name in ("tidy.xlsx", "tidy.parquet", "tidy.json"):
        assert cli("series", "read", file, "-q", "-o", tmp_path / name).code == 0
        again = cli("project", tmp_path / name, "--horizon", "1")
        assert again.out == cli("project", file, "--horizon", "1").out, name
    for command in (("compare",), ("growth",), ("series", "check")):
        shown = cli(*command, file, "--format", "json", "-v")
        assert "cells: 16 = 13 used + 1 missing + 2 skipped" in shown.err, (command, shown.err)
        (reading,) = json.loads(shown.out)["provenance"]["reading"]
        assert reading["cells"] == reading["used"] + reading["missing"] + sum(
            reading["skipped"].values()
        )
    assert "reading" not in json.loads(cli("project", "--format", "json").out)["provenance"]
    # Zeros say something, unlike empty cells.
    file.write_text("year,value,growth_pct\n2019,5,0\n2020,5,0\n")
    header, *lines = cli("series", "read", file, "-q").out.splitlines()
    assert header.endswith(",growth_pct")
    assert [line.rpartition(",")[2] for line in lines] == ["0.0", "0.0"]


def test_several_columns_of_values_count_in_one_account() -> None:
    all_series = whole("year,North,South,Remarks\n2021,5,6,x\n2022,6,8,\n2023,7,,y\n")
    assert [series.id for series in all_series] == ["North", "South"]
    (counts,) = {id(series.account): account(series) for series in all_series}.values()
    assert (counts.cells, counts.used, counts.missing) == (15, 11, 1)
    assert counts.skipped == {"another column": 3}
    notes = [note for series in all_series for note in series.reading_notes]
    left_out = [note.text for note in notes if note.code == "left_out"]
    assert not any("North" in text or "South" in text for text in left_out), "both are used"


def test_a_row_without_content_has_no_cells() -> None:
    (series,) = whole('{"year": 2021, "value": 1}\n{}\n{"year": 2022, "value": 2}\n')
    assert (account(series).cells, account(series).used) == (6, 6)


PART = {
    "long": "id,year,value\nN,2021,1\nN,2022,x1x\nS,2021,2\nS,2022,3\n",
    "wide": "Sales\n\nid,2021,2022\nN,1,x1x\nS,2,3\n",
}


@pytest.mark.parametrize("name", PART)
def test_a_cell_that_is_refused_leaves_the_other_series(
    name: str, cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "part.csv"
    file.write_text(PART[name], encoding="utf-8")
    done = cli("series", "read", file)
    assert done.code == 5
    assert [line.split(",")[:2] for line in done.out.splitlines()[1:]] == [
        ["2021", "2.0"],
        ["2022", "3.0"],
    ]
    line = PART[name][: PART[name].index("x1x")].count("\n") + 1
    assert f"refused: {file} line {line}, series 'N': column" in done.err
    assert "'x1x' is not a number" in done.err
    assert "a series that is refused" in done.err
    batch = cli("batch", file, "--horizon", "1")
    assert (batch.code, batch.out.splitlines()[1][:7]) == (5, "S,2023,")


def test_every_cell_counts_once_in_other_formats() -> None:
    rows = [["Region", "2020", "2021"], ["North", "1", ".."], ["South", "2", "3"]]
    records = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    page = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in rows)
    mark_down = "\n".join(
        "| " + " | ".join(row) + " |" for row in (rows[0], ["---"] * 3, *rows[1:])
    )
    for text in (
        json.dumps(records),
        "\n".join(map(json.dumps, records)),
        f"<table>{page}</table>",
        mark_down,
    ):
        counts = account(whole(text)[0])
        assert (counts.cells - sum(counts.skipped.values()), counts.used, counts.missing) == (
            9,
            8,
            1,
        ), text


def test_files_that_a_model_or_scenario_names_are_accounted_for(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "shops.csv").write_text(
        "year,value,unit\n2021,5,million\n2022,6,million\n", encoding="utf-8"
    )
    (tmp_path / "s.toml").write_text(
        'series = "shops.csv"\n[scenarios.low]\ngrowth = 1\n', encoding="utf-8"
    )
    model = '[drivers]\nshops = { series = "shops.csv" }\n[stages]\nmarket = "shops"\n'
    (tmp_path / "m.toml").write_text(f'unit = "million"\n{model}', encoding="utf-8")
    for command in (
        ("scenario", "--from", tmp_path / "s.toml"),
        ("size", tmp_path / "m.toml", "--year", "2023"),
    ):
        done = cli(*command, "--format", "json")
        (reading,) = json.loads(done.out)["provenance"]["reading"]
        assert (reading["table"], reading["used"]) == ("shops.csv:1", 9)


def test_a_batch_accounts_for_every_cell(cli: Cli, tmp_path: Path) -> None:
    long = (
        "id,year,value,x\nN,2021,1,5\nN,2022,2,\nS,2021,3,6\nS,2022,x1x,\nT,2021,4,\nT,2022,..,\n"
    )
    records = json.dumps(list(csv.DictReader(io.StringIO(long))))
    wide = "id,2021,2022\nN,1,2\nS,3,\n"
    files = {
        "a.csv": (long, 24),
        "b.json": (records, 24),
        "c.csv": (wide, 9),
        "d.csv": (f"A title\n\n{long}", 25),
    }
    for name, (text, cells) in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        done = cli("batch", tmp_path / name, "-o", tmp_path / "out.json", "-v")
        (reading,) = json.loads((tmp_path / "out.json").read_text())["provenance"]["reading"]
        assert (reading["cells"], reading["missing"]) == (cells, 1), name
        assert reading["cells"] == reading["used"] + reading["missing"] + sum(
            reading["skipped"].values()
        )
        assert (reading["skipped"].get("a series that is refused", 0) > 0) == ("x1x" in text)
        assert f"cells: {cells} = {reading['used']} used" in done.err


@pytest.mark.parametrize(
    ("above", "last"),
    [
        ("Outlook of December 2023: baseline projections", 2022),
        ("Population projections\nLast updated,2024-06-30", 2023),
        ("Population projections\nStand: 05.12.2023", 2022),
        ("Population projections 2023 to 2049", 2022),
        pytest.param("National projections 2021(base)-2049", 2021, id="a base is observed"),
        pytest.param("GDP projections, constant 2021 USD", None, id="a year of prices"),
        pytest.param("Projections of 2031", None, id="a year to come"),
        ("Population projections", None),
    ],
)
def test_the_last_year_of_history_in_a_hint_is_over_and_the_words_of_the_file(
    above: str, last: int | None
) -> None:
    values = "".join(f"{year},{year - 1900}\n" for year in range(2020, 2050))
    with pytest.raises(InputError, match="not where the history") as caught:
        whole(f"{above}\n\nyear,value\n{values}")
    named = re.findall(r"\d{4}", caught.value.hint)
    assert named == ([str(last)] if last else [])


def test_a_column_says_when_projections_were_updated() -> None:
    rows = [f"Baseline projection,2023-12-05,{year},{year - 1900}" for year in range(2020, 2050)]
    with pytest.raises(InputError) as caught:
        whole("\n".join(("Region,Last updated,year,value", *rows)))
    assert "actuals_until=2022" in caught.value.hint


@pytest.mark.parametrize("name", ["comment", "notes", "remarks", "Anmerkung / note"])
@pytest.mark.parametrize("letter", ["o", "m", "z"])
def test_a_letter_in_a_column_of_remarks_leaves_its_value(name: str, letter: str) -> None:
    lines = [f"year,value,{name}", "2020,10,", f"2021,12,{letter}", "2022,14,check", ""]
    (series,) = from_text("\n".join(lines))
    assert points(series) == {"2020": 10, "2021": 12, "2022": 14}


@pytest.mark.parametrize("name", ["flag", "OBS_STATUS", "Symbols", "confidentiality"])
def test_a_letter_in_a_column_of_flags_says_that_there_is_no_value(name: str) -> None:
    (series,) = from_text(f"year,value,{name}\n2019,0,z\n2020,10,\n2021,12,\n")
    assert points(series) == {"2020": 10, "2021": 12}


def test_a_flag_behind_each_figure_holds_for_that_figure() -> None:
    across = "country,2019,,2020,,2021,\nFR,0,z,11,,12,\nDE,20,,21,,22,b\n"
    assert [points(series) for series in from_text(across)] == [
        {"2020": 11, "2021": 12},
        {"2019": 20, "2020": 21, "2021": 22},
    ]
    down = "year,sales,sales flag,profit,profit flag\n2019,10,,0,z\n2020,11,,2,\n2021,12,,3,\n"
    assert points(from_text(down, value_column="sales")[0]) == {"2019": 10, "2020": 11, "2021": 12}
    assert points(from_text(down, value_column="profit")[0]) == {"2020": 2, "2021": 3}


def test_a_flag_at_the_end_of_a_row_holds_for_all_its_figures() -> None:
    france = "FR,1,2,3,\n"
    germany = "DE,4,5,6,\n"
    gone = "IT,0,0,0,z\n"
    series = from_text(f"country,2019,2020,2021,flag\n{france}{germany}{gone}")
    assert [one.id for one in series] == ["FR", "DE"]


def test_a_column_of_figures_without_a_name_is_a_doubt_about_the_next_name() -> None:
    table = "year,,births,deaths\n2019,10,3,4\n2020,11,3.5,4\n2021,12,3.9,4\n"
    (series,) = from_text(table, series_id="births")
    (note,) = [note for note in series.reading_notes if note.code == "unnamed_column"]
    assert note.warning
    (series,) = from_text(table, series_id="deaths")
    assert "unnamed_column" not in {note.code for note in series.reading_notes}


def test_a_mark_that_is_explained_below_a_table_is_no_series() -> None:
    rows = "GEO,2019,2020,2021\nBE,1,:,3\nDE,4,5,6\n:,not available,,\n"
    series = from_text(rows, allow_gaps=True)
    notes = " ".join(str(note) for note in series[0].reading_notes)
    assert [one.id for one in series] == ["BE", "DE"]
    assert "1 value of" in notes
    assert "without any value" not in notes
