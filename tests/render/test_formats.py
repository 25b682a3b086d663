"""Every format of documents gives back what was put in, and nothing that a program obeys or takes for markup."""

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

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.errors import RuralForecastError
from rural_forecast.render import formats
from rural_forecast.render.formats import FORMATS, from_suffix
from rural_forecast.render.formats.markdown import escape
from rural_forecast.render.formats.separated import field
from rural_forecast.text.cells import encodable, without_controls
from tests.programs import python
from tests.render.documents import FOUNDING, documents, remarks


def as_text(cell: Cell) -> str:
    """What a cell must read as."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, str):
        clean = re.sub(r"(\r\n|[;\t\r\n])(?=[^\S\t\r\n]*\"*[=+@＝＋－＠-])", r"\1'", without_controls(cell))
        start = clean.lstrip(" ")
        opens = start.startswith(("\t", "\r", "\n")) or start.lstrip().startswith(tuple("=+-@＝＋－＠"))
        return f"'{clean}" if opens and len(start) > 1 else clean
    return repr(cell)


def refuse(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is not JSON")


def kept(cell: Cell) -> Cell:
    return encodable(cell) if isinstance(cell, str) else cell


@given(documents())
def test_every_text_format_reads_back_is_utf_8_and_obeys_no_escape(document: Document) -> None:
    texts = {name: str(formats.render(document, name)) for name in ("csv", "tsv", "json", "ndjson", "markdown")}
    for name, text in texts.items():
        text.encode()
        assert not any(sign in text for sign in "\x00\x1b\x7f\x90\x9b\x9d")
        assert text.endswith("\n") or (name == "ndjson" and not document.records.rows)
    keys = [column.key for column in document.records.columns]
    for name, delimiter in (("csv", ","), ("tsv", "\t")):
        header, *lines = csv.reader(io.StringIO(texts[name], newline=""), delimiter=delimiter, strict=True)
        assert header == keys
        assert lines == [[as_text(cell) for cell in row] for row in document.records.rows]
    rows = [dict(zip(keys, map(kept, row), strict=True)) for row in document.records.rows]
    assert [json.loads(line, parse_constant=refuse) for line in texts["ndjson"].splitlines()] == rows
    whole = json.loads(texts["json"], parse_constant=refuse)
    assert whole["rows"] == rows
    assert all(list(row) == keys for row in whole["rows"])
    notes = [(note.code, encodable(str(note)), note.warning) for note in document.notes]
    assert [(note["code"], note["text"], note["warning"]) for note in whole["notes"]] == notes
    assert list(whole) == ["schema_version", "command", "series", "rows", "notes", "provenance"]
    cells = [re.findall(r"(?<!\\)\|", line) for line in texts["markdown"].split("\n") if line.startswith("|")]
    assert len(set(map(len, cells))) == 1
    assert len(cells) == 2 + len(document.records.rows)


@given(documents())
def test_parquet_reads_back(document: Document) -> None:
    small = [
        tuple(None if isinstance(cell, int) and abs(cell) >= 2**53 else cell for cell in row)
        for row in document.records.rows
    ]
    rendered = formats.render(Document("test", Table(document.records.columns, tuple(small))), "parquet")
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


@given(st.text(alphabet='ab=-+@;\t\r\n "', max_size=12), st.text())
def test_no_part_of_a_text_is_a_formula_where_cells_part_at_semicolons_nor_html(cell: str, text: str) -> None:
    for part in re.split("[;\t\r\n]", field(cell))[1:]:
        assert not re.match(r'\s*"*[=+@-]', part)
    assert not {"<", "\n"} & {*escape(text)}


def test_markdown_keeps_ids_readable_entities_text_and_minus_signs_those_of_tables() -> None:
    assert escape("rural_online_retail") == "rural_online_retail"
    assert escape("R&D &lt; _x_") == r"R&D &amp;lt; \_x\_"
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


def test_a_lone_empty_cell_is_a_line_that_readers_see_and_numpy_floats_are_floats() -> None:
    empty = Document("test", Table((Column("note"),), ((None,), ("a",))))
    assert formats.render(empty, "csv") == 'note\n""\na\n'
    number = Document("test", Table((Column("value", kind="number"),), ((np.float64(0.1),),)))
    assert formats.render(number, "csv") == "value\n0.1\n"
    assert formats.render(number, "ndjson") == '{"value":0.1}\n'


def test_suffixes_and_formats_agree() -> None:
    for suffix in ("csv", "tsv", "json", "ndjson", "parquet", "xlsx", "svg", "png", "pdf", "html"):
        assert from_suffix(f"folder.x/out.{suffix.upper()}") == suffix
    others = [from_suffix(name) for name in ("out.TXT", "out.MD", "out.jsonl", "out", ".csv")]
    assert others == ["table", "markdown", "ndjson", None, None]


@pytest.mark.parametrize(
    ("traits", "said"),
    [
        ({"name": "csv"}, "csv takes 'csv', which csv has"),
        ({"order": 4}, "docx takes 4, which csv has"),
        ({"suffixes": (".tsv",)}, "docx takes '.tsv', which tsv has"),
    ],
)
def test_a_format_whose_name_order_or_suffix_is_taken_is_refused_when_it_is_loaded(
    traits: dict[str, Any], said: str
) -> None:
    new = formats.Format("docx", 1_000, (".docx",), {})
    assert list(formats.ordered([new, *formats.BY_NAME.values()])) == [*formats.BY_NAME, "docx"]
    with pytest.raises(ValueError, match=f"The format {said}"):
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
    absent = [{"rich", "csv", "numpy", "typer"}] * 2 + [{"rich", "numpy"}, {"rich.console", "rich.table", "numpy"}]
    for loaded, wrong in zip(python(code, "-I").splitlines(), absent, strict=True):
        assert not wrong & set(loaded.split())
