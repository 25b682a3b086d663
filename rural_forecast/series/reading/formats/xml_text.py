"""Tables out of XML: SDMX-ML, rows as elements (UNdata, World Bank, OData, FRED), and spreadsheets of 2003."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError, iterparse

from rural_forecast.errors import InputError
from rural_forecast.series.reading.formats.workbook import NOT_SAVED, error_of
from rural_forecast.series.reading.grid import Grid, at_line, check_size, check_width, grid_of_records, grid_of_sheet
from rural_forecast.text.cells import is_empty

DEEPEST = 50
"""Elements within each other; a table of figures has about ten."""
MOST_TAGS = 10_000_000
_SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"


def xml_grids(text: str, name: str) -> list[Grid]:
    """The tables of an XML text.

    Raises InputError if it is not well-formed, declares a document type, or is too large or too deep.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError(
            f"{name} declares a document type, which can make its text grow without bound.",
            "Take the <!DOCTYPE> out, or download the figures as CSV.",
        )
    check_size(name, text.count("<") // (MOST_TAGS // 500_000))
    if _SPREADSHEET[1:-1] in text[:4000]:
        return list(_sheets(text, name))
    return list(_records(text, name))


def _elements(text: str, name: str) -> Iterator[tuple[str, Element]]:
    """The start and the end of each element, in order."""
    depth = 0
    try:
        for event, element in iterparse(StringIO(text), ("start", "end")):  # noqa: S314
            depth += 1 if event == "start" else -1
            if depth > DEEPEST:
                raise InputError(
                    f"{name}: the XML is nested too deeply to be a table of figures.", "Download it as CSV."
                )
            yield event, element
    except ParseError as error:
        line, column = error.position
        problem = str(error).partition(":")[0]
        raise InputError(
            f"not valid XML, {problem}.", "Download or export it anew.", place=at_line(name, line, column + 1)
        ) from None


# Rows as elements


class _Open(NamedTuple):
    """An element that is not closed yet."""

    tag: str
    attributes: dict[str, str]
    fields: dict[str, str]
    """The texts of the elements in it."""
    nested: list[str]
    """The elements in it that hold others."""


def _records(text: str, name: str) -> Iterator[Grid]:
    """One table for each kind of element that holds attributes or texts alone; attributes around it are its own too."""
    rows: dict[str, list[dict[str, str]]] = {}
    stack = [_Open("", {}, {}, [])]
    for event, element in _elements(text, name):
        if event == "start":
            attributes = {key: value for key, value in element.attrib.items() if not key.startswith("{")}
            stack.append(_Open(element.tag.rpartition("}")[2], attributes, {}, []))
            continue
        closed, around = stack.pop(), stack[-1]
        content = (element.text or "").strip()
        element.clear()
        if _is_part(closed, around):
            _take_part(closed, content, stack)
            continue
        outer = around.attributes if len(stack) > 2 and around.tag != "DataSet" else {}
        row = {**outer, **closed.attributes, **closed.fields}
        if row.get("OBS_VALUE") == "NaN":  # how SDMX-ML writes a missing value
            row["OBS_VALUE"] = ""
        key = closed.attributes.pop("name", closed.tag)
        holds_more = bool(closed.nested or closed.fields)
        if holds_more or closed.tag == "Obs":
            around.nested.append(closed.tag)
        if (
            closed.tag == "Obs"
            or (closed.fields and not closed.nested)
            or (closed.attributes and not holds_more | bool(content))
        ):
            records = rows.setdefault(closed.tag, [])
            records.append(row)
            check_size(name, len(records))
        elif not holds_more:
            check_width(name, len(around.fields))
            key = key if key not in around.fields else f"{key} {len(around.fields) + 1}"
            around.fields[key] = content
            around.fields.update({f"{key} {name}": text for name, text in closed.attributes.items()})
    if "Obs" in rows:
        groups = [group for tag in list(rows) if tag.endswith("Group") for group in rows.pop(tag)]
        _add_groups(rows["Obs"], groups)
    for tag, records in rows.items():
        if len(records) > 1:
            yield grid_of_records(records, name, tag)


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


_KEYS = frozenset(["SeriesKey", "ObsKey", "GroupKey", "Attributes"])


def _is_part(closed: _Open, around: _Open) -> bool:
    """True if an element of generic SDMX-ML says one thing of the series or observation around it."""
    if closed.tag in ("Value", "Time"):
        return around.tag in _KEYS if closed.tag == "Value" else around.tag == "Obs"
    return closed.tag in ("ObsDimension", "ObsValue") or (closed.tag in _KEYS and not closed.fields)


def _take_part(closed: _Open, text: str, stack: Sequence[_Open]) -> None:
    value = closed.attributes.get("value", text)
    if closed.tag == "Value":
        stack[-2].attributes[closed.attributes.get("id") or closed.attributes.get("concept", "")] = value
    elif closed.tag == "ObsValue":
        stack[-1].attributes["OBS_VALUE"] = value
    elif closed.tag not in _KEYS:
        stack[-1].attributes[closed.attributes.get("id", "TIME_PERIOD")] = value


# Spreadsheets of 2003


def _sheets(text: str, name: str) -> Iterator[Grid]:
    sheet = style = ""
    line = 0
    rows: list[tuple[int, dict[int, tuple[Any, bool]]]] = []
    percent: set[str] = set()
    for event, element in _elements(text, name):
        tag = element.tag.removeprefix(_SPREADSHEET)
        if event == "start":
            if tag == "Style":
                style = _of(element, "ID")
            elif tag == "Worksheet":
                sheet, rows, line = _of(element, "Name"), [], 0
        elif tag == "Row":
            line = _number(element, "Index", line + 1)
            if cells := _cells(element, percent):
                rows.append((line - 1, cells))
            line += _number(element, "Span", 0)
            element.clear()
        elif tag == "NumberFormat" and ("%" in (form := _of(element, "Format")) or form == "Percent"):
            percent.add(style)
        elif tag == "Worksheet" and rows:
            yield _sheet(name, sheet, rows)


def _cells(row: Element, percent: set[str]) -> dict[int, tuple[Any, bool]]:
    """The cells of a row by column, and whether each is shown in percent."""
    cells, column = {}, 0
    for cell in row.iter(f"{_SPREADSHEET}Cell"):
        column = _number(cell, "Index", column + 1)
        data = cell.find(f"{_SPREADSHEET}Data")
        if data is not None:
            cells[column - 1] = _value("".join(data.itertext()), _of(data, "Type")), _of(cell, "StyleID") in percent
        elif _of(cell, "Formula"):
            cells[column - 1] = NOT_SAVED, False
        column += _number(cell, "MergeAcross", 0)
    return {column: entry for column, entry in cells.items() if not is_empty(entry[0])}


def _value(text: str, kind: str) -> Any:
    if kind == "Error":
        return error_of(text)
    if kind == "DateTime" and text.endswith("T00:00:00.000"):
        return text.partition("T")[0]
    try:
        return float(text) if kind == "Number" else text
    except ValueError:
        return text


def _of(element: Element, attribute: str) -> str:
    return element.get(f"{_SPREADSHEET}{attribute}", "")


def _number(element: Element, attribute: str, default: int) -> int:
    text = _of(element, attribute)
    return int(text) if text.isdecimal() and len(text) < 8 else default


def _sheet(file: str, sheet: str, rows: Sequence[tuple[int, dict[int, tuple[Any, bool]]]]) -> Grid:
    width = max(max(cells) for _, cells in rows) + 1
    check_width(f"{file}!{sheet}", width)
    check_size(f"{file}!{sheet}", len(rows), width)
    percent = {(row, column) for row, cells in rows for column, (_, marked) in cells.items() if marked}
    columns = range(width)
    texts = ((row, [cells.get(column, (None,))[0] for column in columns]) for row, cells in rows)
    return grid_of_sheet(file, sheet, texts, 0, percent)
