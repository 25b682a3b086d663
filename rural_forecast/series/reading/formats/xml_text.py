"""Tables out of XML whose rows are elements: SDMX-ML, UNdata, World Bank, OData, FRED."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from xml.etree.ElementTree import Element, ParseError, iterparse

from rural_forecast.errors import InputError
from rural_forecast.series.reading.grid import Grid, grid_of_records
from rural_forecast.series.reading.limits import at_line, check_size

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
    """A table for each kind of element that holds attributes or texts alone; attributes around it are its own too.

    Raises InputError if the text is not well-formed, declares a document type, or is too large or too deep.
    """
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
