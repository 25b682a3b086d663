"""Promises on any input: only our own refusals, in words, within five seconds and one gibibyte;
sound outputs.

An output is sound if it parses in its format, holds finite numbers alone, and nothing that a
program obeys.
"""

import atexit
import csv
import json
import math
import re
import resource
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from types import FrameType
from typing import NoReturn
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from rural_forecast.document.table import Document
from rural_forecast.errors import DEFECT, RuralForecastError
from rural_forecast.render import formats

MOST_SECONDS = 5.0
MOST_MEMORY = 1 << 30
"""Of processor time, so that a busy machine breaks no promise."""
_NOTICEABLE = 64 << 20
"""Growth in one case from which on the case is to blame, and not the libraries that are loaded by
then.
"""


class BrokenPromiseError(BaseException):
    """A promise that an input broke. No `except Exception` on the way swallows it."""


def require(condition: object, said: str) -> None:
    if not condition:
        raise BrokenPromiseError(said)


@contextmanager
def refusals(*allowed: type[Exception]) -> Iterator[None]:
    """Let refusals pass that are told in words."""
    try:
        yield
    except RuralForecastError as error:
        require(error.exit_code != DEFECT, f"a defect is told: {error.message}")
        require(error.message.strip(), "a refusal says nothing")
        require("Traceback" not in error.message + error.hint, "a refusal holds a traceback")
        require(len(error.message) + len(error.hint) < 4000, "a refusal takes more than a page")
    except allowed:
        pass


def attempt(test: Callable[[bytes], None], data: bytes) -> None:
    """Run a target on one input within the limits; whatever it raises is a broken promise."""
    before = _memory()
    earlier = signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        test(data)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, earlier)
    after = _memory()
    require(
        after <= MOST_MEMORY or after - before < _NOTICEABLE, f"memory grew to {after >> 20} MB"
    )


def _too_slow(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise BrokenPromiseError(f"more than {MOST_SECONDS:g} seconds")


def _memory() -> int:
    """Most memory that this process, or one that it started, ever had, in bytes (Linux counts in
    KiB).
    """
    whom = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return 1024 * max(resource.getrusage(one).ru_maxrss for one in whom)


@cache
def scratch() -> Path:
    """One folder for all that targets write, gone when the process ends."""
    made = mkdtemp(prefix="fuzz-")
    atexit.register(rmtree, made, ignore_errors=True)
    return Path(made)


_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_FORMULA = re.compile(r" *(?:[\t\r=+\-@＝＋－＠]|\s*[=+\-@＝＋－＠].)", re.DOTALL)
_FIGURES = frozenset(
    [
        "value",
        "lower_80",
        "upper_80",
        "lower_95",
        "upper_95",
        "growth_pct",
        "weight",
        "index",
        "smape",
    ]
)
_ACTIVE = frozenset(
    [
        "iframe",
        "object",
        "embed",
        "form",
        "img",
        "image",
        "link",
        "base",
        "foreignobject",
        "animate",
        "set",
    ]
)
_MAGIC = {"png": b"\x89PNG", "pdf": b"%PDF", "pptx": b"PK"}
_CHART_FORMULA = re.compile(rb"'?[^!]+'?!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?")


def check_text(text: str) -> None:
    """Nothing that a terminal obeys, and nothing that stands in it unseen."""
    found = _FORBIDDEN.search(text.replace("\n", "").replace("\r", "").replace("\t", ""))
    require(not found, found and ascii(text[max(found.start() - 40, 0) : found.end() + 40]))


def parses(payload: str | bytes, format: str) -> None:  # noqa: A002 - the option's name
    """Hold an output against what its format promises; tables and Markdown are for people, who read
    any text.
    """
    data = payload.encode() if isinstance(payload, str) else payload
    if format == "xlsx":
        _check_workbook(data)
    elif format == "parquet":
        import pyarrow.parquet as pq

        values = [
            value for row in pq.read_table(BytesIO(data)).to_pylist() for value in row.values()
        ]
        require(
            all(map(math.isfinite, (one for one in values if isinstance(one, float)))),
            "a number is not finite",
        )
    elif format in _MAGIC:
        require(data.startswith(_MAGIC[format]), f"no {format} at the start")
    else:
        check_text(data.decode())
        _check_structure(data.decode(), format)


def _check_structure(text: str, format: str) -> None:  # noqa: A002 - the option's name
    if format in ("csv", "tsv"):
        sign = "," if format == "csv" else "\t"
        _check_rows(list(csv.reader(StringIO(text, newline=""), delimiter=sign, strict=True)))
    elif format == "json":
        found = load(text)
        require(
            isinstance(found, Mapping) and {"rows", "notes", "provenance"} <= found.keys(),
            "json is no document",
        )
    elif format == "ndjson":
        require(
            all(isinstance(load(line), dict) for line in text.split("\n")[:-1]),
            "a line is no object",
        )
    elif format == "svg":
        for node in ET.fromstring(text).iter():
            tag = str(node.tag).rpartition("}")[2].lower()
            _check_element(tag, node.attrib.items())
            require(tag not in ("script", "a"), f"svg holds {tag}")
    elif format == "html":
        page = _Page()
        page.feed(text)
        for tag in ("html", "head", "body", "script", "style", "h1", "main"):
            require(page.counts.get(tag) == 1, f"{page.counts.get(tag)} elements {tag}")


def shown(document: Document) -> None:
    for name in ("json", "table"):
        parses(formats.render(document, name), name)


def load(text: str) -> object:
    """JSON without the constants that only Python knows."""
    return json.loads(text, parse_constant=lambda literal: require(False, f"{literal} is no JSON"))


def _check_rows(rows: list[list[str]]) -> None:
    require(rows and rows[0], "no header")
    for row in rows[1:]:
        require(
            len(row) == len(rows[0]), f"a row has {len(row)} cells, and the header {len(rows[0])}"
        )
        for title, cell in zip(rows[0], row, strict=True):
            formula = len(cell) > 1 and _FORMULA.match(cell)  # a lone = is a qualifier
            require(not formula or _NUMBER.fullmatch(cell), f"{cell!r} is a formula")
            require(
                title not in _FIGURES or cell not in ("nan", "inf", "-inf"), f"{title} is {cell}"
            )


def _check_element(tag: str, attributes: Iterable[tuple[str, str | None]]) -> None:
    require(tag not in _ACTIVE, f"the element {tag} is there")
    for key, value in attributes:
        name = key.rpartition("}")[2].rpartition(":")[2].lower()
        require(not name.startswith("on"), f"{tag} has the attribute {key}")
        own = (value or "").startswith("#")
        require(name not in ("src", "href") or own, f"{tag} loads {value}")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] += 1
        _check_element(tag, attrs)


def _check_workbook(data: bytes) -> None:
    from python_calamine import load_workbook

    with ZipFile(BytesIO(data)) as archive:
        require(archive.testzip() is None, "the archive is damaged")
        parts = {
            name: archive.read(name)
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }
    for name, part in parts.items():
        tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(part).iter()}
        linked = (
            tags & {"externalReference", "ddeLink", "oleLink"} or b'TargetMode="External"' in part
        )
        require(
            not linked and (b"hyperlink" not in part or b"/theme" in part), f"{name} holds a link"
        )
        require(
            not (name.startswith("xl/worksheets/") and re.search(rb"<f[ >]", part)),
            "a cell is a formula",
        )
        formulas = re.findall(rb"<(?:c:)?f>(.*?)</(?:c:)?f>", part)
        require(all(map(_CHART_FORMULA.fullmatch, formulas)), f"{name} holds {formulas}")
    book = load_workbook(BytesIO(data))
    for sheet in book.sheet_names:
        book.get_sheet_by_name(sheet).to_python()
