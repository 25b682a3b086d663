"""Tables out of XML, as statistics come in it: SDMX-ML, and records of fields.

In SDMX-ML an observation is a row, and the keys of its series, group and data set are further
columns, as in SDMX-CSV. Structure-specific (2.1) and compact (2.0) data have them as attributes,
generic data as elements. In other XML, such as that of UNdata and the World Bank, an element with
fields is a row: the elements in it that hold nothing but a text, and its attributes.
"""

from __future__ import annotations

from collections import defaultdict

from rural_forecast.errors import InputError
from rural_forecast.observed.reading.formats.markup import outermost
from rural_forecast.observed.reading.formats.xml_elements import (
    OTHER_FORM,
    Element,
    Fields,
    Handler,
    follow,
)
from rural_forecast.observed.reading.grid import Grid, at_record, grid_of_records
from rural_forecast.text.wording import counted

_COMPACT = ("StructureSpecificData", "StructureSpecificTimeSeriesData", "CompactData")
_GENERIC = ("GenericData", "GenericTimeSeriesData")
# Elements of generic data whose fields are those of the element that they are in.
_WRAPPERS = ("SeriesKey", "ObsKey", "GroupKey", "Attributes")


def xml_grids(text: str, name: str) -> list[Grid]:
    """Read the tables of XML. Raises InputError where it is damaged, or has none."""
    root = outermost(text).rpartition(":")[2]
    is_sdmx = root in _COMPACT + _GENERIC
    handler = _Observations(name, root) if is_sdmx else _Records(name)
    follow(text, name, handler)
    grids = handler.grids()
    if not grids:
        raise InputError(f"{name} is XML without a table of figures.", OTHER_FORM)
    return grids


class _Observations(Handler):
    """Observations of SDMX-ML, in either of its forms."""

    def __init__(self, name: str, root: str) -> None:
        super().__init__(name)
        self._is_generic = root in _GENERIC
        self._dimension = "TIME_PERIOD"  # of observations that do not name it
        self._groups: list[Fields] = []
        self._rows: list[tuple[list[Element], Fields]] = []
        self._deleted = 0

    def keep(self, element: Element, parent: Element) -> None:
        stated = element.attributes
        if element.name == "Structure":
            self._dimension = stated.get("dimensionAtObservation", self._dimension)
        elif element.name == "Obs":
            if any(outer.attributes.get("action") == "Delete" for outer in self.open):
                self._deleted += 1
            else:
                self._rows.append(self.row(self.fields_of(element)))
        elif element.name in _WRAPPERS:
            parent.fields |= element.fields
        elif parent.name == "DataSet" and element.name != "Series":
            self._groups.append(self.fields_of(element))
        elif self._is_generic:
            parent.fields |= _generic_field(element, self._dimension)

    def fields_of(self, element: Element) -> Fields:
        """Give the fields of an element, which compact data have as attributes."""
        if self._is_generic:
            return element.fields
        if element.name != "DataSet":
            return element.attributes
        # Concepts have capital letters there; `action`, `setID` and such are of the standard.
        return {key: text for key, text in element.attributes.items() if key.isupper()}

    def grids(self) -> list[Grid]:
        """Make one table of all observations."""
        rows = self.joined(self._rows)
        # A group says more of the series that have its keys.
        groups = defaultdict[tuple[tuple[str, ...], tuple[str, ...]], Fields](dict)
        for group in self._groups:
            keys = tuple(key for key in group if rows and key in rows[0])
            groups[keys, tuple(group[key] for key in keys)] |= group
        for keys in {keys for keys, _ in groups}:
            for row in rows:
                row |= groups.get((keys, tuple(row.get(key, "") for key in keys)), {})
        deleted = (counted(self._deleted, "observation"), "a data set that deletes has them")
        left_out = [deleted] if self._deleted else []
        place_of = at_record(self.name, "observation")
        return [grid_of_records(self.name, rows, place_of, left_out=left_out)] if rows else []


def _generic_field(element: Element, dimension: str) -> Fields:
    stated = element.attributes
    value = stated.get("value", "")
    if element.name == "Value":
        return {stated.get("id") or stated.get("concept", ""): value}
    if element.name == "ObsDimension":
        return {stated.get("id", dimension): value}
    if element.name == "ObsValue":
        return {"OBS_VALUE": value}
    return {"TIME_PERIOD": element.text} if element.name == "Time" else {}


class _Records(Handler):
    """Elements with fields; those with the same elements around them are a table."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._rows = defaultdict[tuple[str, ...], list[tuple[list[Element], Fields]]](list)

    def keep(self, element: Element, parent: Element) -> None:
        stated = element.attributes
        is_row = len(stated) > 1 and "name" not in stated and not element.text
        if element.is_leaf and not is_row:
            name = stated.pop("name", element.name)
            texts = {name: element.text} | {f"{name} {key}": text for key, text in stated.items()}
            for key, text in texts.items():
                before = parent.fields.get(key)
                parent.fields[key] = f"{before}; {text}" if before else text
        elif len(stated | element.fields) > 1:
            path = (*(outer.name for outer in self.open), element.name)
            self._rows[path].append(self.row(stated | element.fields))

    def fields_of(self, element: Element) -> Fields:
        fields = element.attributes | element.fields
        return {f"{element.name} {key}": text for key, text in fields.items()}

    def grids(self) -> list[Grid]:
        """Make a table of the rows of each path."""
        grids = list[Grid]()
        for path, rows in self._rows.items():
            place_of = at_record(self.name, path[-1])
            grids.append(grid_of_records(self.name, self.joined(rows), place_of))
        return grids
