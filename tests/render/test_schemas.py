"""The shipped schemas are strict, and every machine format gives back what was put in."""

import csv
import io
import json
import math
import re
from typing import Any, NoReturn

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.errors import InputError, OutputError, Place, RuralForecastError
from rural_forecast.render import formats
from rural_forecast.render.error import as_json, plain
from rural_forecast.render.formats import FORMATS, from_suffix, render
from rural_forecast.render.formats.markdown import escape
from rural_forecast.render.formats.separated import field
from rural_forecast.render.schemas import NAMES, schema
from rural_forecast.text.cells import encodable, without_controls
from tests.programs import python
from tests.render.documents import EMPTY, FOUNDING, documents, remarks
from tests.schemas import errors

BOUNDS = "lower_80 upper_80 lower_95 upper_95"
COLUMNS = {
    "forecast": f"series_id period kind model value {BOUNDS} growth_pct unit",
    "compare": f"series_id model period value {BOUNDS} weight backtest_smape backtest_n status "
    "reason",
    "backtest": "series_id model horizon n smape mase owa msis_95 crps coverage_80 coverage_95",
    "backtest-detail": f"series_id model origin period forecast actual {BOUNDS}",
    "growth": "series_id period value growth_pct index derived unit",
    "precedents": "series_id rank precedent source from_period to_period distance horizon "
    "growth_pct",
    "size": f"item stage period value {BOUNDS} variance_share unit",
    "series-list": "series_id alias title measure unit first last n publisher",
    "models": "model title role min_points spreadsheet reference",
    "series-show": "series_id period value qualifier status used published_growth_pct source note "
    "unit",
    "series-read": "period value status unit source note series_id growth_pct measure definition "
    "author qualifier published_on doubtful low high level",
    "series-check": "series_id period severity code text path line column",
    "model-parameters": "model parameter meaning unit lower upper",
    "error": "code message hint exit_code path line column value",
    "panel": f"series_id period kind model value {BOUNDS} growth_pct unit parent base_value",
    "score": f"series_id author origin period horizon forecast actual error_pct {BOUNDS} held_80 "
    "held_95",
    "triangulate": "series_id argument period value lower_80 upper_80 weight held_80 n definition "
    "why",
    "revise": "series_id period step value lower_80 upper_80 change detail",
    "chances": "series_id target period chance chance_by model",
    "document": "schema_version command series rows figures inputs notes provenance",
}
FOUNDING_ROW: dict[str, Any] = json.loads(str(render(FOUNDING, "ndjson")).split("\n")[0])


def test_every_schema_has_its_columns_here() -> None:
    missing = {*NAMES} - COLUMNS.keys()
    assert not COLUMNS.keys() - {*NAMES}
    assert not missing, f"list the columns of {sorted(missing)} in COLUMNS of this file"


@pytest.mark.parametrize("name", sorted(COLUMNS.keys() & {*NAMES}))
def test_schema_is_valid_and_follows_the_contract(name: str) -> None:
    rules = schema(name)
    Draft202012Validator.check_schema(rules)
    assert list(rules["properties"]) == COLUMNS[name].split()
    assert rules["title"]
    assert all("description" in column for column in rules["properties"].values())


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("forecast", {"period": "2017"}, "'2017' is not of type 'integer'"),
        ("forecast", {"period": 0}, "0 is less than the minimum of 1"),
        ("forecast", {"kind": "guess"}, "'guess' is not one of"),
        ("forecast", {"value": None}, "None is not of type 'number'"),
        ("forecast", {"lower_100": 1.0}, "'lower_100' does not match any of the regexes"),
        ("forecast", {"surprise": 1}, "'surprise' does not match any of the regexes"),
        ("backtest", {"coverage_80": 80.0}, "80.0 is greater than the maximum of 1"),
        ("backtest", {"coverage_95": 80.0}, "80.0 is greater than the maximum of 1"),
        ("compare", {"status": "winner"}, "'winner' is not one of ['consensus'"),
    ],
)
def test_a_row_that_breaks_the_contract_is_refused(
    name: str, row: dict[str, object], message: str
) -> None:
    messages = errors(name, FOUNDING_ROW | row if name == "forecast" else row)
    assert sum(text.startswith(message) for text in messages) == 1
    assert name != "forecast" or len(messages) == 1


def test_rows_of_any_levels_fit() -> None:
    assert not errors("forecast", FOUNDING_ROW)
    other = {
        key.replace("80", "50").replace("95", "9"): value for key, value in FOUNDING_ROW.items()
    }
    assert not errors("forecast", other)


def test_the_document_checks_the_rows_of_its_command() -> None:
    assert not errors("document", json.loads(str(render(EMPTY, "json"))))
    whole = json.loads(str(render(FOUNDING, "json")))
    assert not errors("document", whole)
    whole["rows"][0]["value"] = "602"
    [problem] = errors("document", whole)
    assert "'602'" in problem
    whole["command"] = "another"
    assert not errors("document", whole)
    del whole["notes"]
    assert errors("document", whole) == ["'notes' is a required property"]


def test_people_read_an_error_in_two_lines() -> None:
    assert (
        plain("No series 'rurl'.", "Did you mean it?")
        == "error: No series 'rurl'.\nhint: Did you mean it?"
    )
    assert plain("It failed.") == "error: It failed."


def test_the_labels_of_an_error_alone_are_coloured() -> None:
    colored = plain("bad \x1b[5mcell\x07\nvalue", "mend it", color=True)
    assert colored == "\x1b[1;31merror:\x1b[0m bad cell value\n\x1b[36mhint:\x1b[0m mend it"


def test_programs_read_an_error_as_one_object() -> None:
    error = InputError(
        'column value: "x" \x1b乡 is not a number', place=Place("a.csv:3", "a.csv", 3, 2), value="x"
    )
    written = as_json(error)
    assert not {"\n", "\x1b"} & {*written}
    read = json.loads(written)
    assert errors("error", read) == []
    assert read == {
        "code": "cell",
        "message": 'a.csv:3: column value: "x" \x1b乡 is not a number',
        "hint": "",
        "exit_code": 3,
        "path": "a.csv",
        "line": 3,
        "column": 2,
        "value": "x",
    }


def test_an_error_without_a_place_has_no_line() -> None:
    assert json.loads(as_json(OutputError("It is full.")))["line"] is None


def as_text(cell: Cell) -> str:
    """Return the text that a cell must have."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, str):
        clean = re.sub(
            r"(\r\n|[;\t\r\n])(?=[^\S\t\r\n]*\"*[=+@＝＋－＠-])", r"\1'", without_controls(cell)
        )
        start = clean.lstrip(" ")
        opens = start.startswith(("\t", "\r", "\n")) or start.lstrip().startswith(
            tuple("=+-@＝＋－＠")
        )
        return f"'{clean}" if opens and len(start) > 1 else clean
    return repr(cell)


def refuse(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is not JSON")


def kept(cell: Cell) -> Cell:
    return encodable(cell) if isinstance(cell, str) else cell


@given(documents())
def test_every_text_format_reads_back_is_utf_8_and_obeys_no_escape(document: Document) -> None:
    texts = {
        name: str(formats.render(document, name))
        for name in ("csv", "tsv", "json", "ndjson", "markdown")
    }
    for name, text in texts.items():
        text.encode()
        assert not any(sign in text for sign in "\x00\x1b\x7f\x90\x9b\x9d")
        assert text.endswith("\n") or (name == "ndjson" and not document.records.rows)
    keys = [column.key for column in document.records.columns]
    for name, delimiter in (("csv", ","), ("tsv", "\t")):
        header, *lines = csv.reader(
            io.StringIO(texts[name], newline=""), delimiter=delimiter, strict=True
        )
        assert header == keys
        assert lines == [[as_text(cell) for cell in row] for row in document.records.rows]
    rows = [dict(zip(keys, map(kept, row), strict=True)) for row in document.records.rows]
    assert [
        json.loads(line, parse_constant=refuse) for line in texts["ndjson"].splitlines()
    ] == rows
    whole = json.loads(texts["json"], parse_constant=refuse)
    assert whole["rows"] == rows
    assert all(list(row) == keys for row in whole["rows"])
    notes = [(note.code, encodable(str(note)), note.warning) for note in document.notes]
    assert [(note["code"], note["text"], note["warning"]) for note in whole["notes"]] == notes
    assert list(whole) == ["schema_version", "command", "series", "rows", "notes", "provenance"]
    lines_of_table = [line for line in texts["markdown"].split("\n") if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines_of_table}) == 1
    assert len(lines_of_table) == 2 + len(document.records.rows)


@given(documents())
def test_parquet_reads_back(document: Document) -> None:
    small = [
        tuple(None if isinstance(cell, int) and abs(cell) >= 2**53 else cell for cell in row)
        for row in document.records.rows
    ]
    rendered = formats.render(
        Document("test", Table(document.records.columns, tuple(small))), "parquet"
    )
    assert isinstance(rendered, bytes)
    rows = [tuple(row.values()) for row in pq.read_table(io.BytesIO(rendered)).to_pylist()]
    assert rows == [tuple(map(kept, row)) for row in small]


def test_parquet_has_true_types_and_says_where_it_comes_from() -> None:
    rendered = formats.render(FOUNDING, "parquet")
    assert isinstance(rendered, bytes)
    table = pq.read_table(io.BytesIO(rendered))
    types = ["string", "int64", "string", "string", *("double",) * 6, "string"]
    assert [str(kind) for kind in table.schema.types] == types
    assert [tuple(row.values()) for row in table.to_pylist()] == list(FOUNDING.records.rows)
    about = json.loads(table.schema.metadata[b"rural_forecast"])
    assert about["provenance"]["version"] == "1.0.0"


@given(st.text(alphabet='ab=-+@;\t\r\n "', max_size=12))
def test_no_part_of_a_text_is_a_formula_where_cells_part_at_semicolons(cell: str) -> None:
    _, *parts = re.split("[;\t\r\n]", field(cell))
    assert not any(re.match(r'\s*"*[=+@-]', part) for part in parts)


@given(st.text())
def test_no_text_is_html_in_markdown(text: str) -> None:
    assert not {"<", "\n"} & set(escape(text))


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("rural_online_retail", "rural_online_retail"),
        ("R&D &lt; _x_", r"R&D &amp;lt; \_x\_"),
    ],
    ids=["an id is readable", "an entity is text"],
)
def test_markdown_shows_a_text_as_it_is(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_minus_signs_of_markdown_are_those_of_tables() -> None:
    note = "between -10.7 and +2 % by 2017-03-01; see --basis"
    shown = str(formats.render(FOUNDING._replace(notes=remarks(note)), "markdown"))
    assert "- between −10.7 and +2 % by 2017-03-01; see --basis\n" in shown


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_a_defect(name: str, value: float) -> None:
    document = Document("test", Table((Column("value", kind="number"),), ((1.0,), (value,))))
    with pytest.raises(RuralForecastError, match="finite") as caught:
        formats.render(document, name)
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    "suffix", ["csv", "tsv", "json", "ndjson", "parquet", "xlsx", "svg", "png", "pdf", "html"]
)
def test_a_suffix_in_any_letter_case_names_its_format(suffix: str) -> None:
    assert from_suffix(f"folder.x/out.{suffix.upper()}") == suffix


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("out.TXT", "table"),
        ("out.MD", "markdown"),
        ("out.jsonl", "ndjson"),
        ("out", None),
        (".csv", None),
    ],
)
def test_other_suffixes_name_a_format_or_none(file: str, name: str | None) -> None:
    assert from_suffix(file) == name


def test_a_row_of_one_empty_cell_is_a_line_of_csv() -> None:
    empty = Document("test", Table((Column("note"),), ((None,), ("a",))))
    assert formats.render(empty, "csv") == 'note\n""\na\n'


def test_a_float_of_numpy_is_a_number() -> None:
    number = Document("test", Table((Column("value", kind="number"),), ((np.float64(0.1),),)))
    assert formats.render(number, "csv") == "value\n0.1\n"
    assert formats.render(number, "ndjson") == '{"value":0.1}\n'


@pytest.mark.parametrize(
    ("traits", "message"),
    [
        ({"name": "csv"}, "name 'csv': csv and csv"),
        ({"order": 4}, "order 4: csv and docx"),
        ({"suffixes": (".tsv",)}, "suffix '.tsv': tsv and docx"),
    ],
)
def test_a_format_whose_name_order_or_suffix_is_taken_is_refused_when_it_is_loaded(
    traits: dict[str, Any], message: str
) -> None:
    new = formats.Format("docx", 1_000, (".docx",), {})
    assert list(formats.ordered([new, *formats.BY_NAME.values()])) == [*formats.BY_NAME, "docx"]
    with pytest.raises(ValueError, match=f"Two formats have the {message}"):
        formats.ordered([*formats.BY_NAME.values(), new._replace(**traits)])


@pytest.mark.slow
def test_a_format_loads_only_what_it_needs() -> None:
    code = (
        "import sys\nbefore = set(sys.modules)\n"
        "from rural_forecast.document.table import Column, Document, Table\n"
        "from rural_forecast.render.formats import render\n"
        "for name in ('csv', 'json', 'markdown', 'table'):\n"
        "    render(Document('t', Table((Column('a'),), (('x\\n=',), (None,)))), name)\n"
        "    print(*set(sys.modules) - before)"
    )
    absent = [{"rich", "csv", "numpy", "typer"}] * 2 + [
        {"rich", "numpy"},
        {"rich.console", "rich.table", "numpy"},
    ]
    for loaded, wrong in zip(python(code, "-I").splitlines(), absent, strict=True):
        assert not wrong & set(loaded.split())
