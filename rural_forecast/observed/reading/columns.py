"""The columns next to the periods of a table: labels, values, codes, and remarks on values.

`columns_of` sorts them by what they are. Numbers may be values, codes (`Area code`) or remarks
(`Decimals`); texts may be labels or remarks. The name of a column decides where it is clear, and
otherwise its content: codes repeat from period to period, and remarks are on few values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import UsageError, option
from rural_forecast.observed.observation import MARKET_KINDS, NO_KIND
from rural_forecast.observed.reading.amounts import is_flag
from rural_forecast.observed.reading.codes import code_columns, counts_rows, numbers_rows
from rural_forecast.observed.reading.growth_beside import growth_columns
from rural_forecast.observed.reading.labels import Labels, distinct, labelled
from rural_forecast.observed.reading.marks import says_status
from rural_forecast.observed.reading.names import (
    ID_NAMES,
    OTHER_NAMES,
    VALUES,
    ends_history,
    is_remark,
    mistyped,
    names_source,
    normalised,
    role_of,
    single_spaced,
)
from rural_forecast.observed.reading.options import ReadOptions
from rural_forecast.observed.reading.schema import OF_MARKETS, STATUSES, fits
from rural_forecast.observed.reading.table import PeriodTable
from rural_forecast.observed.reading.words import BLANK
from rural_forecast.text.cells import expression, quoted, shown

# Roles of columns in files of others; the other ones are only read in rows of our own.
_GENERAL = ("unit", "scale", "flag", "definition", "measure", "status", "new_basis", *OF_MARKETS)
_OF_ROWS = ("definition", "new_basis")  # those that a row with many years does not have
_FIGURE = expression(r"[-−–]\s*\d*[.,]\d+|\d*[.,]\d{4,}|[-−–]?\d(?:\.\d+)?[eE]-\d+")
_KINDS = frozenset([*MARKET_KINDS, NO_KIND])


class Columns(NamedTuple):
    """The columns of a table by what they are."""

    labels: Sequence[Labels]  # those that may distinguish series
    others: Sequence[Labels]  # columns of numbers and remarks, which only `where` may name
    values: Sequence[int]  # years down: columns of the grid that may hold the values
    growths: Sequence[int]  # those whose numbers are the growth of such values
    value: int  # the column that surely does; -1 where none is known
    roles: Mapping[str, int]
    """columns that say something of a value, by role; `remark N` for those that are not used."""
    places: Mapping[str, int]  # the columns of the grid, by the name of their labels
    identity: str  # the name of the column of ids, where one distinguishes all series


def columns_of(table: PeriodTable, options: ReadOptions) -> Columns:
    """Sort the columns of a table by what they are."""
    if table.roles is not None:
        return _own_columns(table, table.roles)
    names = table.names
    candidates = [column for column in range(len(names)) if _may_be_used(table, column)]
    numbers: list[int] = []
    if table.measures is None:
        numbers = [column for column in candidates if _is_numeric(table, column)]
    roles = _roles(table, candidates, numbers)
    source = _source_that_distinguishes(table, candidates, numbers, roles)
    roles = {role: column for role, column in roles.items() if column != source}
    others = [column for column in candidates if column not in roles.values()]
    figures = [column for column in others if table.across and _holds_figures(table, column)]
    texts = [column for column in others if column not in (*numbers, *figures)]
    if table.across and not texts and not table.sections:  # nothing else tells series apart
        texts = figures
    numbers = [column for column in others if column in numbers and column in table.value_columns]
    if options.id_column is not None:
        texts = [column_named(names, table.grid.file, options.id_column, "id_column")]
        numbers = [column for column in numbers if column not in texts]

    by_name = [column for column in numbers if normalised(names[column]) in VALUES]
    value = by_name[0] if len(by_name) == 1 and options.value_column is None else -1
    codes = code_columns(table, numbers, texts, value, options.value_column)
    values = [column for column in numbers if column != value and column not in codes]
    growths: Sequence[int] = ()
    if value < 0 and options.value_column is None:
        growths = growth_columns(table, values, options.decimal)
        values = [column for column in values if column not in growths]
    texts = sorted([*texts, *(column for column in codes if not counts_rows(table, column))])

    labels: list[Labels] = []
    column_of: dict[str, int] = {}
    for column in texts:
        for label in _unpacked(table, _filled_down(table, column, texts)):
            labels.append(label)
            column_of[label.name] = column
    labels += table.sections
    beside = [*values, *figures, *roles.values()]
    unread = dict.fromkeys(column for column in beside if column not in texts)
    return Columns(
        labels=labels,
        others=[label for column in unread for label in _unpacked(table, table.label(column))],
        values=values,
        growths=growths,
        value=value,
        roles=roles,
        places=column_of,
        identity=_identity(table, labels, options),
    )


def _own_columns(table: PeriodTable, roles: Mapping[str, int]) -> Columns:
    labels: list[Labels] = []
    column_of: dict[str, int] = {}
    identity = ""
    if "id" in roles:
        labels = [table.label(roles["id"])]
        identity = labels[0].name
        column_of[identity] = roles["id"]
    value = roles["value"]
    return Columns(labels, [], [value], (), value, roles, column_of, identity)


def _may_be_used(table: PeriodTable, column: int) -> bool:
    """Return true if a column holds something, and neither periods nor their values."""
    if column in (table.period_column, table.part_column):
        return False
    if table.measures is not None and column in table.value_columns:
        return False
    if table.across and mistyped(table.names[column]):
        return False
    return not ((table.bits(column) & BLANK) != 0).all()


def _is_numeric(table: PeriodTable, column: int) -> bool:
    # A column that is surely one of values may have many cells such as '<2.5'.
    share = 0.5 if normalised(table.names[column]) in VALUES else 0.8
    return table.is_numeric(column, share)


def _holds_figures(table: PeriodTable, column: int) -> bool:
    """Return true if a column beside periods holds figures, such as growth or a share.

    Codes are whole numbers, or have two digits behind a point, as numbers of sections do. They are
    never between the periods.
    """
    if not _is_numeric(table, column):
        return False
    if table.value_columns.min() < column < table.value_columns.max():
        return True
    texts = filter(None, table.label(column).texts)
    return any(_FIGURE.fullmatch(text) for text in texts)


def _identity(table: PeriodTable, labels: Sequence[Labels], options: ReadOptions) -> str:
    """Name the column of ids that distinguishes all series alone, or is asked for."""
    if options.id_column is not None:
        return labels[0].name if len(labels) == 1 else ""
    ids = [label for label in labels if normalised(label.name) in ID_NAMES]
    if len(ids) != 1:
        return ""
    periods = table.period_codes
    by_all = distinct(periods, *(label.codes for label in labels))
    by_id = distinct(periods, ids[0].codes)
    is_of_series = not numbers_rows(table, ids[0], labels)
    return ids[0].name if by_all and by_id == by_all and is_of_series else ""


def numbered(name: str, column: int) -> str:
    """Tell a column from others of its name by its number."""
    return f"{name} (column {column + 1})"


def column_named(names: Sequence[str], file: str, wanted: str, asked: str) -> int:
    """Find the column the user named: by its exact name, or else in any case.

    Columns of one name are told apart by their numbers.
    """
    columns = [column for column, name in enumerate(names) if numbered(name, column) == wanted]
    columns = columns or [column for column, name in enumerate(names) if name == wanted.strip()]
    if not columns:
        key = normalised(wanted)
        columns = [column for column, name in enumerate(names) if normalised(name) == key]
    if len(columns) == 1:
        return columns[0]
    if columns:
        first = option(asked, numbered(names[columns[0]], columns[0]))
        raise UsageError(
            f"{file} has {len(columns)} columns named {shown(wanted)}.",
            f"Choose one by its number: {first}, say.",
        )
    problem = f"{file} has no column {shown(wanted)} ({option(asked)})."
    hint = quoted([*filter(None, names)], 10)
    raise UsageError(problem, f"Its columns are {hint}.", code="unknown_name")


def _roles(table: PeriodTable, candidates: Sequence[int], numbers: Sequence[int]) -> dict[str, int]:
    """Find the columns that say something of a value: by their role, or as a remark."""
    roles: dict[str, int] = {}
    for role in _GENERAL:
        names = OTHER_NAMES[role]
        named = [column for column in candidates if normalised(table.names[column]) in names]
        fitting = [column for column in named if fits(role, table, column)]
        if len(fitting) != 1 or (table.across and role in _OF_ROWS):
            continue
        column = fitting[0]
        texts = table.label(column).texts
        # Others sort markets by kinds of their own, which are labels.
        if role == "market_kind" and _KINDS.isdisjoint(map(str.casefold, texts)):
            continue
        if role == "status" and not all(text.lower() in STATUSES for text in texts):
            role = "flag" if all(map(is_flag, texts)) else f"remark {column}"
        roles.setdefault(role, column)

    for column in candidates:
        if column in roles.values():
            continue
        texts = () if column in numbers else table.label(column).texts
        if says_status(texts):
            roles.setdefault("projected", column)
        elif _is_remark(table, column, texts, numbers):
            roles[f"remark {column}"] = column
    return roles


def _source_that_distinguishes(
    table: PeriodTable,
    candidates: Sequence[int],
    numbers: Sequence[int],
    roles: Mapping[str, int],
) -> int:
    """Find the column of sources without which a series has two values of one period; -1 for none.

    Sources of energy or of emissions are labels; those of figures are remarks.
    """
    sources = [column for column in roles.values() if names_source(table.names[column])]
    texts = [column for column in candidates if column not in (*numbers, *roles.values())]
    labels = [table.label(column).codes for column in texts]
    labels += [section.codes for section in table.sections]
    count = len(table.rows)
    if len(sources) != 1 or distinct(table.period_codes, *labels) == count:
        return -1
    with_source = distinct(table.period_codes, *labels, table.label(sources[0]).codes)
    return sources[0] if with_source == count else -1


def _is_remark(
    table: PeriodTable, column: int, texts: Sequence[str], numbers: Sequence[int]
) -> bool:
    """Return true if a column remarks on values, by its name or its place. `texts`: no numbers."""
    name = table.names[column]
    if is_remark(name, numbers=column in numbers) or ends_history(name):
        return True
    is_right_of_value = table.across and not name and column - 1 in table.value_columns
    if is_right_of_value and all(map(is_flag, texts)):
        return True
    if column in numbers:
        return False
    # The value as a text with its bounds, next to the number: `12.5 [11.0-14.1]`.
    if normalised(name) in VALUES and numbers:
        return True
    return role_of(name) in ("source", "author", "note", "published_on")


def _filled_down(table: PeriodTable, column: int, texts: Sequence[int]) -> Labels:
    """Fill a column of labels down, if each is on the first row of its block alone."""
    label = table.label(column)
    if "" not in label.texts or not label.texts[label.codes[0]]:
        return label
    count = len(table.rows)
    last_filled = np.maximum.accumulate(
        np.where(label.codes == label.texts.index(""), 0, np.arange(count))
    )
    codes = label.codes[last_filled]
    others = [table.label(other).codes for other in texts if other != column]
    before = distinct(table.period_codes, label.codes, *others)
    after = distinct(table.period_codes, codes, *others)
    # A period that is mistyped is there twice in its block, which is refused.
    is_once = after == count or (after == count - 1 and before < after)
    return label._replace(codes=codes) if before < count and is_once else label


def _unpacked(table: PeriodTable, label: Labels) -> Iterable[Labels]:
    r"""Unpack the columns that are packed into one: `freq,unit,geo\TIME_PERIOD`."""
    name = single_spaced(label.name) or f"column {table.names.index(label.name) + 1}"
    head, packed, _ = name.partition("\\")
    keys = [key.strip() for key in head.split(",")] if packed else []
    is_packed = len(keys) > 1 and all(keys)
    if is_packed and all(text.count(",") == len(keys) - 1 for text in label.texts):
        parts = zip(*(text.split(",") for text in label.all_texts), strict=True)
        return [labelled(key, map(str.strip, part)) for key, part in zip(keys, parts, strict=True)]
    return [label._replace(name=head if len(keys) == 1 else name)]
