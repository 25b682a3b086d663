"""Tables out of Markdown, HTML, and XML whose rows are elements: SDMX-ML, UNdata, World Bank, OData, FRED."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import StringIO
from itertools import pairwise
from xml.etree.ElementTree import Element, ParseError, iterparse

from rural_forecast.errors import InputError
from rural_forecast.series.reading.amounts import is_number
from rural_forecast.series.reading.grid import Grid, grid_of_lines, grid_of_records
from rural_forecast.series.reading.limits import at_line, check_length, check_size
from rural_forecast.text.patterns import expression

_RULE = expression(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)+\|?\s*")
_HTML = frozenset(["html", "head", "body", "meta", "title", "style", "script", "link", "table", "div", "p", "h1", "h2"])
_BEFORE = ("$", "€", "£", "¥", "(", "$(", "US$")
_BEHIND = (")", "%", ")%")
"""Signs in cells of their own next to their number."""


def is_xml(text: str) -> bool:
    """True if the first element of a text is none of HTML."""
    first = re.search(r"<([a-zA-Z][\w.-]*:?[\w.-]*)", text[:20_000])
    return first is not None and first[1].lower() not in _HTML


def markdown_grids(text: str, name: str) -> list[Grid]:
    """The tables of Markdown, each with the line above it; none where no line is a rule below a head."""
    lines = text.splitlines()
    if not any("|" in line and _RULE.fullmatch(line) for line in lines):
        return []
    tables: list[Grid] = []
    rows: list[tuple[int, list[str]]] = []
    before: list[tuple[int, list[str]]] = []
    for number, line in enumerate([*lines, ""], 1):
        if "|" in line:
            if not _RULE.fullmatch(line):
                cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
                rows.append((number, [_plain(cell) for cell in cells]))
            continue
        if len(rows) > 1:
            tables.append(grid_of_lines(name, before + rows, delimiter="|"))
            before = []
        rows = []
        if line.strip():
            before = [(number, [line.strip("# *")])]
    return tables


def _plain(cell: str) -> str:
    text = re.sub(r"\*\*|__|`|<br\s*/?>", " ", cell.replace("\\|", "|"))
    return " ".join(text.split())


def html_grids(text: str, name: str) -> list[Grid]:
    """The tables of a page with two rows or more. Raises InputError if it is too long, or its tables are too large."""
    check_length(name, text)
    page = _Page(name)
    page.feed(text)
    page.close()
    return [table.grid(name) for table in page.tables if sum(len(row) > 1 for row in table.rows) > 1]


class _Above(str):
    """The text of a cell that reaches down into a row."""

    __slots__ = ()


class _Table:
    """The cells of one table; the places to the right of a wide cell stay empty."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.rows: list[list[str | None]] = []
        self.lines: list[int] = []
        self._wide: set[tuple[int, int]] = set()
        """First column and width of cells over several columns."""
        self._reach: dict[int, tuple[int, str]] = {}
        """By column: the rows below that a cell reaches into, and its text."""
        self._covered: dict[int, str] = {}

    def open_row(self, line: int) -> None:
        self.rows.append([])
        self.lines.append(line)
        self._covered = {column: text for column, (_, text) in self._reach.items()}
        self._reach = {column: (rows - 1, text) for column, (rows, text) in self._reach.items() if rows > 1}
        self._fill()

    def add(self, text: str, across: int, down: int) -> None:
        row = self.rows[-1]
        if across > 1:
            self._wide.add((len(row), across))
        for place in range(across):
            if down > 1:
                self._reach[len(row)] = down - 1, text if place == 0 else ""
            row.append(text if place == 0 else None)
        self._fill()

    def _fill(self) -> None:
        row = self.rows[-1]
        while len(row) in self._covered:
            row.append(_Above(self._covered[len(row)]))

    def grid(self, name: str) -> Grid:
        """Rows of figures repeat the labels of cells that reach down into them; other rows leave their places empty."""
        for row in self.rows:
            figures = any(cell is not None and is_number(cell) and not isinstance(cell, _Above) for cell in row)
            for place, cell in enumerate(row):
                if isinstance(cell, _Above):
                    row[place] = str(cell) if figures and not is_number(cell) else None
            _join(row)
        for start, width in self._wide:
            parts = [[cell for cell in row[start : start + width] if cell] for row in self.rows]
            if all(len(kept) < 2 for kept in parts):
                for row, kept in zip(self.rows, parts, strict=True):
                    row[start : start + width] = [*kept, *[None] * width][: len(row[start : start + width])]
        above = [(self.lines[0] - 1, [self.title])] if self.title else []
        return grid_of_lines(name, [*above, *zip(self.lines, self.rows, strict=True)])


def _join(row: list[str | None]) -> None:
    """Put signs in cells of their own to their number, as annual reports have them, below the head of both."""
    filled = [place for place, cell in enumerate(row) if cell]
    for place, after in pairwise(filled):
        if row[place] in _BEFORE:
            row[after], row[place] = f"{row[place]}{row[after]}", None
    for before, place in pairwise([place for place in filled if row[place]]):
        if row[place] in _BEHIND:
            row[before], row[place] = f"{row[before]}{row[place]}", None


class _Page(HTMLParser):
    """The tables of a page, each with the text above it as its title."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.tables: list[_Table] = []
        self._name = name
        self._open: list[_Table] = []
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._text: list[str] = []
        self._silent = self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._silent += 1
        elif tag == "table":
            self._close_cell()
            self._open.append(_Table(" ".join(" ".join(self._text[-3:]).split())))
            self.tables.append(self._open[-1])
        elif tag in ("tr", "td", "th") and self._open:
            self._close_cell()
            if tag == "tr" or not self._open[-1].rows:
                self._open[-1].open_row(self.getpos()[0])
            if tag != "tr":
                attributes = dict(attrs)
                self._cell = []
                self._span = _count(attributes.get("colspan")), _count(attributes.get("rowspan"))
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(self._silent - 1, 0)
        elif tag in ("td", "th", "tr", "table"):
            self._close_cell()
            if tag == "table" and self._open:
                self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._cell is not None:
            self._cell.append(data)
        elif data.strip() and not self._open:
            self._text.append(data)

    def _close_cell(self) -> None:
        if self._cell is not None and self._open:
            self._cells += self._span[0] * self._span[1]
            check_size(self._name, self._cells // 10, 10)
            self._open[-1].add(" ".join("".join(self._cell).split()), *self._span)
        self._cell = None


def _count(text: str | None) -> int:
    return min(max(int(text), 1), 500) if text and text.isdecimal() and len(text) < 6 else 1


# XML

DEEPEST = 50
"""Elements within each other; a table of figures has about ten."""
MOST_TAGS = 10_000_000
_KEYS = frozenset(["SeriesKey", "ObsKey", "GroupKey", "Attributes"])
_CSV = "Download it as CSV."


@dataclass
class _Open:
    """An element that is not closed yet: its attributes, the texts of the elements in it, and if these hold others."""

    tag: str
    attributes: dict[str, str]
    fields: dict[str, str] = field(default_factory=dict)
    nested: bool = False


def xml_grids(text: str, name: str) -> list[Grid]:
    """A table for each kind of element that holds attributes or texts alone; attributes around it are its own too."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        problem = f"{name} declares a document type, which can make its text grow without bound."
        raise InputError(problem, _CSV)
    if "urn:schemas-microsoft-com:office:spreadsheet" in text[:4000]:
        raise InputError(f"{name} is a workbook as XML of Excel 2003.", "Save it as .xlsx, or as CSV.")
    check_size(name, text.count("<") // (MOST_TAGS // 500_000))
    rows: dict[str, list[dict[str, str]]] = {}
    stack = [_Open("", {})]
    for event, element in _elements(text, name):
        if event == "start":
            attributes = {key: value for key, value in element.attrib.items() if not key.startswith("{")}
            stack.append(_Open(element.tag.rpartition("}")[2], attributes))
            continue
        closed = stack.pop()
        content = (element.text or "").strip()
        element.clear()
        if not _is_part(closed, content, stack) and (row := _row(closed, content, stack, name)) is not None:
            rows.setdefault(closed.tag, []).append(row)
            check_size(name, len(rows[closed.tag]))
    if "Obs" in rows:
        _add_groups(rows["Obs"], [group for tag in list(rows) if tag.endswith("Group") for group in rows.pop(tag)])
    return [grid_of_records(name, records, tag) for tag, records in rows.items() if len(records) > 1]


def _elements(text: str, name: str) -> Iterator[tuple[str, Element]]:
    """The start and the end of each element, in order."""
    depth = 0
    try:
        for event, element in iterparse(StringIO(text), ("start", "end")):  # noqa: S314
            depth += 1 if event == "start" else -1
            if depth > DEEPEST:
                raise InputError(f"{name}: the XML is nested too deeply to be a table of figures.", _CSV)
            yield event, element
    except ParseError as error:
        line, column = error.position
        problem = f"not valid XML, {str(error).partition(':')[0]}."
        raise InputError(problem, "Download or export it anew.", place=at_line(name, line, column + 1)) from None


def _row(closed: _Open, content: str, stack: Sequence[_Open], name: str) -> dict[str, str] | None:
    """The row that an element is; the element around it takes a field, or that it holds more."""
    around = stack[-1]
    outer = around.attributes if len(stack) > 2 and around.tag != "DataSet" else {}
    row = {**outer, **closed.attributes, **closed.fields}
    if row.get("OBS_VALUE") == "NaN":  # how SDMX-ML writes a missing value
        row["OBS_VALUE"] = ""
    if closed.nested or closed.fields or closed.tag == "Obs":
        around.nested = True
        return row if closed.tag == "Obs" or not closed.nested else None
    key = closed.attributes.pop("name", closed.tag)
    if closed.attributes and not content:
        return row
    check_size(name, 1, len(around.fields))
    key = key if key not in around.fields else f"{key} {len(around.fields) + 1}"
    around.fields |= {key: content, **{f"{key} {name}": text for name, text in closed.attributes.items()}}
    return None


def _is_part(closed: _Open, text: str, stack: Sequence[_Open]) -> bool:
    """True if an element of generic SDMX-ML says one thing of the series or observation around it, which takes it."""
    tag, around = closed.tag, stack[-1]
    value = closed.attributes.get("value", text)
    if tag == "Value" and around.tag in _KEYS:
        stack[-2].attributes[closed.attributes.get("id") or closed.attributes.get("concept", "")] = value
    elif tag == "ObsValue":
        around.attributes["OBS_VALUE"] = value
    elif tag == "ObsDimension" or (tag == "Time" and around.tag == "Obs"):
        around.attributes[closed.attributes.get("id", "TIME_PERIOD")] = value
    else:
        return tag in _KEYS and not closed.fields
    return True


def _add_groups(observed: Sequence[dict[str, str]], groups: Sequence[Mapping[str, str]]) -> None:
    """Give each observation of SDMX-ML the attributes of its groups, whose other attributes are dimensions of it."""
    known: dict[tuple[str, ...], dict[tuple[str | None, ...], dict[str, str]]] = {}
    for group in groups:
        keys = tuple(sorted(key for key in group if key in observed[0]))
        rest = {key: text for key, text in group.items() if key not in keys}
        known.setdefault(keys, {}).setdefault(tuple(map(group.get, keys)), {}).update(rest)
    for row in observed:
        for keys, by in known.items():
            for key, text in by.get(tuple(map(row.get, keys)), {}).items():
                row.setdefault(key, text)
