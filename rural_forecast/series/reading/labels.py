"""What the columns of a panel are: labels of its series, values, codes, and remarks on values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from rural_forecast.series.reading.cells import STATUSES
from rural_forecast.series.reading.codes import are_unique, counts_rows, same, told_apart
from rural_forecast.series.reading.column_names import GENERIC_VALUES, normalised, without_unit
from rural_forecast.series.reading.columns import columns_by_role, named, range_columns
from rural_forecast.series.reading.flags import is_flag
from rural_forecast.series.reading.number_forms import is_missing, is_number
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.panel import Panel, single_spaced
from rural_forecast.text.cells import is_empty

_REMARKS = re.compile(
    r"(?i)(?:^|[\W_])(?:flags?|status|statut|(?<!variable )attribut\w*(?!\W*\w)|atrybut|codes|notes?|comments?|"
    r"remarks?|footnotes?|symbols?|confidentiality|obs_?flag|obs_?status|last.?updated?|updated|decimals?|scalar_id|terminated)"
    r"(?:$|[\W_])|标记|备注"
)
"""Names of columns that say something of a value, and do not tell series apart."""
_NUMBERED = re.compile(
    r"(?i)(?:decimals?|scalar id|terminated|(?:obs ?)?(?:flags?|status|footnotes?|notes?)(?: codes?)?)"
)
"""Those of columns that hold numbers: `Bank notes` has figures."""
_SOURCES = re.compile(r"(?i)(?:data )?sources?(?: notes?)?|description|来源|数据来源")
_VALUES = (
    *("obs_value", "valeur", "wert", "valor", "wartosc", "wartość", "waarde", "valore", "arvo", "varde", "dato"),
    *("data_value", "observation_value", "factvaluenumeric", "numericvalue", "primaryvalue", "값", "値"),
)
VALUES = GENERIC_VALUES.union(_VALUES)
"""Names of the column of values in files of long form, normalised."""


class Column(NamedTuple):
    """A column of labels."""

    name: str
    of: Callable[[int], str]
    """The label of a row."""


class Labels(NamedTuple):
    """The columns of a panel by what they are."""

    columns: Sequence[Column]
    """Labels that may tell series apart."""
    others: Sequence[Column]
    """Columns of numbers and remarks, which only `where` may name."""
    numbers: Sequence[int]
    """Of years down: columns that may hold the values."""
    value: int
    """The column that surely does; -1 where none is known."""
    roles: Mapping[str, int]
    """Columns that say something of a value, by their role; `remark N` for those that are not used."""


def labels_of(panel: Panel, options: ReadOptions, *, several: bool = False) -> Labels:
    """The columns of a panel.

    `several`: whether all columns of values are read, those that never change as well. Raises UsageError if there is no
    column that is to tell series apart, or several.
    """
    places = [
        at
        for at in range(len(panel.names))
        if at not in (panel.period, panel.part) and at not in panel.years and not all(map(is_empty, panel.cells(at)))
    ]
    numbers = [] if panel.across else [at for at in places if is_numeric(panel, at)]
    roles = _roles(panel, places, numbers)
    remarks = set(roles.values())
    numbers = [at for at in numbers if at not in remarks]
    texts = [at for at in places if at not in numbers and at not in remarks]
    if options.id_column is not None:
        texts = [named(panel.names, panel.table.file, options.id_column, "id_column")]
        numbers = [at for at in numbers if at not in texts]
    known = [at for at in numbers if normalised(panel.names[at]) in VALUES]
    value = known[0] if len(known) == 1 and options.value_column is None else -1
    values, codes = told_apart(panel, numbers, texts, value, options.value_column, several=several)
    texts = sorted([*texts, *(at for at in codes if not counts_rows(panel, at))])
    added = [
        Column(name, {row: labels.get(row, "") for row in panel.rows}.__getitem__)
        for name, labels in panel.added.items()
    ]
    others = [column for at in (*values, *remarks) for column in _unpacked(panel, at)]
    columns = [column for at in (*texts, *_needed(panel, texts, roles)) for column in _unpacked(panel, at)]
    return Labels([*columns, *added], others, values, value, roles)


def is_numeric(panel: Panel, place: int) -> bool:
    """Whether a column holds numbers, as far as it holds anything."""
    filled = [cell for cell in panel.cells(place) if not is_missing(cell)]
    share = 0.5 if normalised(panel.names[place]) in VALUES else 0.8  # a value may be '<2.5'
    return bool(filled) and sum(map(is_number, filled)) >= share * len(filled)


def _roles(panel: Panel, places: Sequence[int], numbers: Sequence[int]) -> dict[str, int]:
    roles: dict[str, int] = {}
    names = [normalised(name) for name in panel.names]
    left = ("kind", "model", *(("growth_pct", "unit") if panel.across else ()))
    for role, fitting in columns_by_role(names, places, panel.cells, left).items():
        if len(fitting) == 1:
            roles.setdefault(_status(panel, fitting[0]) if role == "status" else role, fitting[0])
    if "status" in roles:
        ranges = range_columns(names, panel.cells(roles["status"]))
        roles |= {role: fitting[0] for role, fitting in ranges.items() if len(fitting) == 1}
    for at in places:
        name = panel.names[at].replace("_", " ")
        bounded = names[at] in VALUES and bool(numbers) and at not in numbers  # the value with its bounds, say
        remark = _NUMBERED.fullmatch(name) or _SOURCES.fullmatch(name) if at in numbers else is_remark(name)
        if at not in roles.values() and (remark or bounded):
            roles[f"remark {at}"] = at
    return roles


def is_remark(name: str) -> bool:
    """Whether a column of texts says something of a value or of the data, by its name."""
    return bool(_REMARKS.search(without_unit(name) or name) or _SOURCES.fullmatch(name))


def _status(panel: Panel, place: int) -> str:
    """The role of a column named status: our words, the flags of an agency, or something else."""
    texts = set(panel.texts(place))
    if all(text.lower() in STATUSES for text in texts):
        return "status"
    return "flag" if all(map(is_flag, texts)) else f"remark {place}"


def _needed(panel: Panel, texts: Sequence[int], roles: Mapping[str, int]) -> list[int]:
    """A column of units, or one named `Attribute`, where no other column distinguishes its rows."""
    places = [at for role, at in roles.items() if role == "unit" or same(panel.names[at], "attribute")]
    if not places or are_unique(panel, texts):
        return []
    return [at for at in places if are_unique(panel, [*texts, at])][:1]


def _unpacked(panel: Panel, place: int) -> Iterable[Column]:
    r"""The columns packed into one: `freq,unit,geo\TIME_PERIOD`."""
    name = single_spaced(panel.names[place]) or f"column {place + 1}"
    head, packed, _ = name.partition("\\")
    keys = [key.strip() for key in head.split(",")] if packed else []
    texts = dict(zip(panel.rows, panel.texts(place), strict=True))
    if len(keys) > 1 and all(keys) and all(text.count(",") == len(keys) - 1 for text in texts.values()):
        parts = {row: [part.strip() for part in text.split(",")] for row, text in texts.items()}
        return [Column(key, {row: part[at] for row, part in parts.items()}.__getitem__) for at, key in enumerate(keys)]
    return [Column(head if len(keys) == 1 else name, texts.__getitem__)]
