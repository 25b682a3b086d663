"""The columns next to the periods of a table: labels of its series, values, codes, and remarks on
values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import UsageError, option
from rural_forecast.series.reading.amounts import is_flag, is_number
from rural_forecast.series.reading.grid import (
    Indices,
    Labels,
    PeriodTable,
    distinct,
    labelled,
    together,
)
from rural_forecast.series.reading.names import (
    CODES,
    COUNTS_ROWS,
    ID_NAMES,
    NO,
    OTHER_NAMES,
    VALUES,
    YES,
    ends_history,
    is_remark,
    mistyped,
    normalised,
    role_of,
    same,
    single_spaced,
    with_part,
)
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.periods import says_status
from rural_forecast.series.reading.schema import STATUSES, fits
from rural_forecast.series.reading.words import BLANK, NUMBER
from rural_forecast.text.cells import quoted, shown

_GENERAL = ("unit", "scale", "flag", "definition", "measure", "status")
"""Roles of columns in files of others; what else our own columns say is only read in rows of our
own.
"""


class Columns(NamedTuple):
    """The columns of a table by what they are."""

    labels: Sequence[Labels]  # those that may distinguish series
    others: Sequence[Labels]  # columns of numbers and remarks, which only `where` may name
    values: Sequence[int]  # years down: columns of the grid that may hold the values
    value: int  # the column that surely does; -1 where none is known
    roles: Mapping[str, int]
    """columns that say something of a value, by role; `remark N` for those that are not used."""
    places: Mapping[str, int]
    identity: str  # the name of the column of ids, where one distinguishes all series


def columns_of(table: PeriodTable, options: ReadOptions, *, several: bool) -> Columns:
    """The columns of a table."""
    if table.roles is not None:
        labels = [table.label(at) for role, at in table.roles.items() if role == "id"]
        places = {label.name: table.roles["id"] for label in labels}
        value = table.roles["value"]
        return Columns(labels, [], [value], value, table.roles, places, "".join(places))
    names = table.names
    there = [
        at
        for at in range(len(names))
        if at not in (table.period_column, table.part_column)
        and not (table.measures is not None and at in table.value_columns)
        and not (table.across and mistyped(names[at]))
        and not ((table.bits(at) & BLANK) != 0).all()
    ]
    numbers: list[int] = []
    if table.measures is None:
        # A value may be '<2.5'.
        shares = {at: 0.5 if normalised(names[at]) in VALUES else 0.8 for at in there}
        numbers = [at for at in there if table.is_numeric(at, shares[at])]
    roles = _roles(table, there, numbers)
    texts = [at for at in there if at not in numbers and at not in roles.values()]
    numbers = [at for at in numbers if at not in roles.values() and at in table.value_columns]
    if options.id_column is not None:
        texts = [column_named(names, table.grid.file, options.id_column, "id_column")]
        numbers = [at for at in numbers if at not in texts]
    known = [at for at in numbers if normalised(names[at]) in VALUES]
    value = known[0] if len(known) == 1 and options.value_column is None else -1
    codes = _codes(table, numbers, texts, value, options.value_column, several=several)
    values = [at for at in numbers if at != value and at not in codes]
    texts = sorted([*texts, *(at for at in codes if not _counts_rows(table, at))])
    named = [
        (label, at) for at in texts for label in _unpacked(table, _filled_down(table, at, texts))
    ]
    rest = dict.fromkeys([*values, *roles.values()])
    others = [
        label for at in rest if at not in texts for label in _unpacked(table, table.label(at))
    ]
    labels = [*(label for label, _ in named), *table.sections]
    ids = [
        label
        for label in labels
        if options.id_column is not None or normalised(label.name) in ID_NAMES
    ]
    each = distinct(table.period_codes, *(label.codes for label in labels)) if len(ids) == 1 else 0
    alone = options.id_column is not None or (
        each and distinct(table.period_codes, ids[0].codes) == each
    )
    identity = ids[0].name if len(ids) == 1 and alone else ""
    return Columns(
        labels, others, values, value, roles, {label.name: at for label, at in named}, identity
    )


def column_named(names: Sequence[str], file: str, wanted: str, asked: str) -> int:
    """The place of a column the user named: by its exact name, or else in any case."""
    places = [at for at, name in enumerate(names) if name == wanted.strip()]
    places = places or [
        at for at, name in enumerate(names) if normalised(name) == normalised(wanted)
    ]
    if len(places) == 1:
        return places[0]
    if places:
        raise UsageError(
            f"{file} has {len(places)} columns named {shown(wanted)}.",
            "Rename all but one of them.",
        )
    problem = f"{file} has no column {shown(wanted)} ({option(asked)})."
    hint = quoted([*filter(None, names)], 10)
    raise UsageError(problem, f"Its columns are {hint}.", code="unknown_name")


def _roles(table: PeriodTable, places: Sequence[int], numbers: Sequence[int]) -> dict[str, int]:
    """The columns that say something of a value: by their role, or as a remark."""
    roles: dict[str, int] = {}
    for role in _GENERAL:
        fitting = [
            at
            for at in places
            if normalised(table.names[at]) in OTHER_NAMES[role] and fits(role, table, at)
        ]
        if len(fitting) != 1 or (table.across and role == "definition"):
            continue
        texts = table.label(fitting[0]).texts
        if role == "status" and not all(text.lower() in STATUSES for text in texts):
            role = "flag" if all(map(is_flag, texts)) else f"remark {fitting[0]}"
        roles.setdefault(role, fitting[0])
    for at in (at for at in places if at not in roles.values()):
        name = table.names[at]
        numeric = at in numbers
        texts = () if numeric else table.label(at).texts
        bounded = name in VALUES and bool(numbers) and not numeric  # the value with its bounds, say
        ours = role_of(name) in ("source", "author", "note", "published_on") and not numeric
        beside = (
            table.across and not name and at - 1 in table.value_columns and all(map(is_flag, texts))
        )
        if says_status(texts):
            roles.setdefault("projected", at)
        elif bounded or ours or beside or is_remark(name, numbers=numeric) or ends_history(name):
            roles[f"remark {at}"] = at
    return roles


def _codes(
    table: PeriodTable,
    numbers: Sequence[int],
    texts: Sequence[int],
    value: int,
    asked: str | None,
    *,
    several: bool,
) -> list[int]:
    """Columns of numbers that hold no values but codes, or that repeat the period or never change."""
    names = table.names
    count = len(table.rows)
    rest = [at for at in numbers if at != value]
    words = {at: set(table.label(at).texts) - {""} for at in rest}
    coded = {at for at in rest if CODES.search(names[at])}
    # Codes repeat from period to period, and values do not.
    most = np.unique(table.period_codes[table.period_codes >= 0], return_counts=True)[1].max(
        initial=0
    )
    repeat = {
        at for at in rest if all(map(str.isalnum, words[at])) and len(words[at]) <= 1.5 * most
    }
    if value >= 0:
        return [at for at in rest if not names[at] or at in coded | repeat]
    free = [at for at in numbers if asked is None or not same(asked, names[at])]
    codes: list[int] = []
    for at in free:  # by their name, or next to a column of their labels
        label = table.label(at)
        twins = [
            *(texts if at in repeat | coded else ()),
            *([table.period_column] if at in coded else ()),
        ]
        if (
            _counts_rows(table, at)
            or (at in coded and normalised(names[at]) in ID_NAMES)
            or (
                count > 2
                and any(_one_to_one(label.codes, table.label(other).codes) for other in twins)
            )
            or _says_period(table, label, np.arange(count))
        ):
            codes.append(at)
    left = [at for at in numbers if at not in codes]
    constant = [at for at in left if len(words[at]) < 2]
    dummies = [at for at in left if words[at] <= {"0", "1"}]  # whether a country is a member, say
    if len(constant) < len(left) and (texts or not several) and count > 2:
        codes += [at for at in constant if at in free and names[at]]
    if texts and len(dummies) < len(left):
        codes += [at for at in dummies if at in free and at not in codes]
    # Some numbers are labels.
    if distinct(table.period_codes, *(table.label(at).codes for at in (*texts, *codes))) < count:
        codes += [at for at in left if at not in codes and at in repeat]
    return codes


def _counts_rows(table: PeriodTable, column: int) -> bool:
    label = table.label(column)
    count = len(table.rows)
    counts = ([str(number) for number in range(first, first + count)] for first in (0, 1))
    return (
        normalised(table.names[column]) in COUNTS_ROWS
        and len(label.texts) == count
        and label.all_texts in counts
    )


def _says_period(table: PeriodTable, column: Labels, rows: Indices) -> bool:
    """True if a column holds the year of each row a second time, or a part of it."""
    pairs = np.unique(
        np.stack([table.head_of[rows, 0], column.codes[rows].astype(np.int64)]), axis=1
    ).T.tolist()
    for at, code in pairs:
        year = head.period.year if at >= 0 and (head := table.heads[at]) else 1
        text = column.texts[code]
        said = text[:4] == str(year) or (str(year) in text and not is_number(text))
        if not said and not with_part(year, text, column.name):
            return False
    return True


def _one_to_one(first: NDArray[Any], second: NDArray[Any]) -> bool:
    return distinct(first) == distinct(second) == distinct(first, second)


def _filled_down(table: PeriodTable, column: int, texts: Sequence[int]) -> Labels:
    """A column of labels, each on the first row of its block alone; any other as it is."""
    label = table.label(column)
    if "" not in label.texts or not label.texts[label.codes[0]]:
        return label
    count = len(table.rows)
    others = [table.label(at).codes for at in texts if at != column]
    filled = np.where(label.codes == label.texts.index(""), 0, np.arange(count))
    codes = label.codes[np.maximum.accumulate(filled)]
    whole = (
        distinct(table.period_codes, label.codes, *others)
        < count
        == distinct(table.period_codes, codes, *others)
    )
    return label._replace(codes=codes) if whole else label


def _unpacked(table: PeriodTable, label: Labels) -> Iterable[Labels]:
    r"""The columns packed into one: `freq,unit,geo\TIME_PERIOD`."""
    name = single_spaced(label.name) or f"column {table.names.index(label.name) + 1}"
    head, packed, _ = name.partition("\\")
    keys = [key.strip() for key in head.split(",")] if packed else []
    if (
        len(keys) > 1
        and all(keys)
        and all(text.count(",") == len(keys) - 1 for text in label.texts)
    ):
        parts = zip(*(text.split(",") for text in label.all_texts), strict=True)
        return [labelled(key, map(str.strip, part)) for key, part in zip(keys, parts, strict=True)]
    return [label._replace(name=head if len(keys) == 1 else name)]


def holds_numbers(label: Labels) -> bool:
    """True if all texts of a column are numbers."""
    return all(not text or is_number(text) for text in label.texts)


def varying(table: PeriodTable, known: Columns, rows: Indices) -> list[Labels]:
    """The fewest columns whose labels distinguish the series of some rows, in the order of the
    file.
    """
    remarks = set() if table.across else _remarks(table, known.labels)
    differing = [
        label
        for label in known.labels
        if label.name not in remarks and distinct(label.codes[rows]) > 1
    ]
    kept = {
        label.name: label
        for label in differing
        if table.across or not _says_no_more(table, label, known.places.get(label.name, 0), rows)
    }
    # Codes go before their labels, decimals first; then short labels before long ones, and later
    # columns first.
    ranks = dict[str, tuple[bool, bool, int, int]]()
    for at, (name, column) in enumerate(kept.items()):
        on = column.of_rows(rows)
        numeric = holds_numbers(on)
        code = (
            numeric
            or CODES.search(name) is not None
            or normalised(name) in OTHER_NAMES["unit"]
            or all(re.fullmatch(r"[A-Z\d_.:/-]*", text, re.ASCII) for text in on.texts)
        )
        values = holds_numbers(column) and any("." in text for text in column.texts)
        ranks[name] = (not code, not values, sum(map(len, on.all_texts)), -at)
    for name in sorted(kept, key=ranks.__getitem__):
        own = kept.pop(name)
        others = [column.codes[rows] for column in kept.values()]
        if not ranks[name][0] and kept:
            others.append(together(others, len(rows)))  # type: ignore[arg-type]
        if not any(distinct(other, own.codes[rows]) == distinct(other) for other in others):
            kept[name] = own
    return [column for column in known.labels if column.name in kept]


def _says_no_more(table: PeriodTable, column: Labels, at: int, rows: Indices) -> bool:
    """True if a column remarks on few values, or says no more than the periods of its rows do."""
    codes = column.codes[rows]
    dates = table.period_codes[rows]
    blanks = (codes == column.texts.index("")).sum() if "" in column.texts else 0
    if distinct(dates) == len(rows) <= 2 * blanks and at > 1:
        behind = range(at, table.grid.index.shape[1])
        if not any((table.bits(each) & NUMBER).any() for each in behind):  # right of all figures
            return True
    # The code of the period, a part of it, or how long it is.
    if distinct(dates, codes) == distinct(dates):
        lengths = np.array([head.period.length if head else 1 for head in table.heads] + [1])[
            table.head_of[rows, 0]
        ]
        if (distinct(lengths) > 1 and _one_to_one(codes, lengths)) or _says_period(
            table, column, rows
        ):
            return True
    pairs = distinct(table.period_codes, column.codes)
    periods = distinct(table.period_codes)
    # labels of all rows, several a period or yes and no: `latest year`
    return 1 < periods == pairs and (
        pairs < len(table.rows) / 2 or {*map(normalised, column.texts)} <= YES | NO
    )


def _remarks(table: PeriodTable, columns: Sequence[Labels]) -> set[str]:
    """The columns of remarks on single values: without them, the others still give one value a
    series and period.
    """
    count = len(table.rows)
    remarks = set[str]()
    labels = {column.name: column.codes for column in columns}
    if len(labels) < 2 or distinct(table.period_codes, *labels.values()) < count:
        return remarks
    series = distinct(*labels.values())
    while True:
        others = {
            name: [codes for other, codes in labels.items() if other != name] for name in labels
        }
        without = {
            name: rest
            for name, rest in others.items()
            if distinct(table.period_codes, *rest) == count
        }
        free = {name: distinct(*rest) if rest else 1 for name, rest in without.items()}
        name = min(reversed(free), key=free.__getitem__, default="")
        if not name or not 1 < free[name] < series:
            return remarks
        remarks.add(name)
        series = free[name]
        del labels[name]
