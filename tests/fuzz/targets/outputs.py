"""Whether an output is sound: it parses in its format, holds finite numbers only, and nothing that a program obeys."""

import csv
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import NoReturn
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from tests.fuzz.promises import require

_ESCAPES = frozenset("\x00\x07\x08\x1b\x7f\x9b\x9d")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_FIGURES = frozenset(
    {"value", "lower_80", "upper_80", "lower_95", "upper_95", "growth_pct", "weight", "index", "smape"}
)
_ACTIVE = frozenset({"iframe", "object", "embed", "form", "img", "link", "base", "foreignobject", "animate", "set"})


def parses(payload: str | bytes, format: str) -> None:  # noqa: A002 - the option's name
    """Hold an output against what its format promises."""
    data = payload.encode() if isinstance(payload, str) else payload
    if format not in _BINARY:
        text = data.decode()
        require(not _ESCAPES & set(text), f"{format} holds terminal escapes")
        _TEXT.get(format, _free)(text)
    else:
        _BINARY[format](data)


def _free(_text: str) -> None:
    """Tables and Markdown are for people; escapes are all that can harm them."""


def _separated(delimiter: str) -> Callable[[str], None]:
    def check(text: str) -> None:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
        require(rows and rows[0], "no header")
        for row in rows[1:]:
            require(len(row) == len(rows[0]), f"a row has {len(row)} cells, and the header {len(rows[0])}")
            for title, cell in zip(rows[0], row, strict=True):
                sign = len(cell) > 1 and cell.lstrip(" ").startswith(_FORMULA)  # a lone = is a qualifier
                require(not sign or _NUMBER.fullmatch(cell), f"{cell!r} is a formula")
                require(title not in _FIGURES or cell not in ("nan", "inf", "-inf"), f"{title} is {cell}")

    return check


def _constant(literal: str) -> NoReturn:
    require(False, f"{literal} is no JSON")
    raise AssertionError


def load(text: str) -> object:
    """JSON without the constants that only Python knows."""
    return json.loads(text, parse_constant=_constant)


def _json(text: str) -> None:
    found = load(text)
    require(isinstance(found, Mapping) and {"rows", "notes", "provenance"} <= found.keys(), "json is no document")


def _ndjson(text: str) -> None:
    for line in text.split("\n")[:-1]:
        require(isinstance(load(line), dict), "a line is no object")


def _svg(text: str) -> None:
    tree = ET.fromstring(text)
    for node in tree.iter():
        _element(str(node.tag).rpartition("}")[2].lower(), node.attrib.items())
        require(not str(node.tag).endswith("}script"), "svg holds a script")


def _element(tag: str, attributes: Iterable[tuple[str, str | None]]) -> None:
    require(tag not in _ACTIVE, f"the element {tag} is there")
    for key, value in attributes:
        name = key.rpartition("}")[2].rpartition(":")[2].lower()
        require(not name.startswith("on"), f"{tag} has the attribute {key}")
        own = (value or "").startswith("#")
        require(name not in ("src", "href") or own, f"{tag} loads {value}")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        _element(tag, attrs)


def _html(text: str) -> None:
    page = _Page()
    page.feed(text)
    for tag in ("html", "head", "body", "script", "style", "h1", "main"):
        require(page.counts.get(tag) == 1, f"{page.counts.get(tag)} elements {tag}")


def _xlsx(data: bytes) -> None:
    from python_calamine import load_workbook

    with ZipFile(BytesIO(data)) as archive:
        require(archive.testzip() is None, "the archive is damaged")
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                part = archive.read(name)
                ET.fromstring(part)
                require(not (name.startswith("xl/worksheets/") and re.search(rb"<f[ >]", part)), "a cell is a formula")
                require(b"hyperlink" not in part or b"/theme" in part, f"{name} holds a link")
    book = load_workbook(BytesIO(data))
    for sheet in book.sheet_names:
        book.get_sheet_by_name(sheet).to_python()


def _parquet(data: bytes) -> None:
    import pyarrow.parquet as pq

    for row in pq.read_table(BytesIO(data)).to_pylist():
        for value in row.values():
            require(not isinstance(value, float) or math.isfinite(value), "a number is not finite")


def _starts(magic: bytes) -> Callable[[bytes], None]:
    return lambda data: require(data.startswith(magic), f"no {magic!r} at the start")


_TEXT: Mapping[str, Callable[[str], None]] = {
    "csv": _separated(","),
    "tsv": _separated("\t"),
    "json": _json,
    "ndjson": _ndjson,
    "svg": _svg,
    "html": _html,
}
_BINARY: Mapping[str, Callable[[bytes], None]] = {
    "xlsx": _xlsx,
    "parquet": _parquet,
    "png": _starts(b"\x89PNG"),
    "pdf": _starts(b"%PDF"),
    "pptx": _starts(b"PK"),
}
