"""What the columns of a panel are: labels of its series, values, codes, and remarks on values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from rural_forecast.errors import UsageError
from rural_forecast.errors import option as typed
from rural_forecast.series.reading.cells import STATUSES
from rural_forecast.series.reading.column_names import (
    GENERIC_VALUES,
    ID_NAMES,
    OTHER_NAMES,
    normalised,
    without_unit,
)
from rural_forecast.series.reading.columns import fits, range_columns
from rural_forecast.series.reading.flags import is_flag
from rural_forecast.series.reading.grid import identity, is_empty, listed, shown
from rural_forecast.series.reading.number_forms import is_missing, is_number
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.panel import Panel
from rural_forecast.series.reading.parts import with_part
from rural_forecast.series.reading.period_forms import month_of

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
CODES = re.compile(
    r"(?i)(?:^|[\W_])(?:code|kod|id|iso\d?|m49|no|nr|cd|vector|coordinate|dguid|dim_?id|line)(?:$|[\W_])|代码|コード"
)
"""Names of columns of codes."""
_COUNTS_ROWS = frozenset(["id", "no", "no.", "nr", "#", "index", "row", "", "line", "序号"])


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


def same(one: str, other: str) -> bool:
    """Whether two names are the same in any case and with any spaces."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def text_at(panel: Panel, row: int, place: int) -> str:
    """A cell as a label, its spaces single."""
    return " ".join(identity(panel.table.rows[row][place]).split())


def labels_of(panel: Panel, options: ReadOptions, *, several: bool = False) -> Labels:
    """The columns of a panel.

    Parameters
    ----------
    several : whether all columns of values are read, those that never change as well

    Raises
    ------
    UsageError : there is no column that is to tell series apart, or several
    """
    cells = panel.table.rows
    places = [
        place
        for place in range(len(panel.names))
        if place not in (panel.period, panel.part)
        and place not in panel.years
        and any(not is_empty(cells[row][place]) for row in panel.rows)
    ]
    numbers = [] if panel.across else [place for place in places if is_numeric(panel, place)]
    roles = _roles(panel, places, numbers)
    remarks = set(roles.values())
    numbers = [place for place in numbers if place not in remarks]
    texts = [place for place in places if place not in numbers and place not in remarks]
    if options.id_column is not None:
        texts = [_asked(panel, options.id_column)]
        numbers = [place for place in numbers if place not in texts]
    known = [place for place in numbers if normalised(panel.names[place]) in VALUES]
    value = known[0] if len(known) == 1 and options.value_column is None else -1
    values, codes = _told_apart(panel, numbers, texts, value, options.value_column, several=several)
    texts = sorted([*texts, *(place for place in codes if not _counts_rows(panel, place))])
    added = [
        Column(name, {row: labels.get(row, "") for row in panel.rows}.__getitem__)
        for name, labels in panel.added.items()
    ]
    others = [column for place in (*values, *remarks) for column in _unpacked(panel, place)]
    columns = [column for place in (*texts, *_units(panel, texts, roles)) for column in _unpacked(panel, place)]
    return Labels([*columns, *added], others, values, value, roles)


def is_numeric(panel: Panel, place: int) -> bool:
    """Whether a column holds numbers, as far as it holds anything."""
    cells = [panel.table.rows[row][place] for row in panel.rows]
    filled = [cell for cell in cells if not is_empty(cell) and not is_missing(cell)]
    share = 0.5 if normalised(panel.names[place]) in VALUES else 0.8  # a value may be '<2.5'
    return bool(filled) and sum(map(is_number, filled)) >= share * len(filled)


def _roles(panel: Panel, places: Sequence[int], numbers: Sequence[int]) -> dict[str, int]:
    found: dict[str, int] = {}
    names = [normalised(name) for name in panel.names]
    for role, known in OTHER_NAMES.items():
        if role in ("kind", "model") or (role in ("growth_pct", "unit") and panel.across):
            continue
        fitting = [place for place in places if names[place] in known]
        fitting = [place for place in fitting if fits(role, [panel.table.rows[row][place] for row in panel.rows])]
        if len(fitting) == 1:
            found.setdefault(_status(panel, fitting[0]) if role == "status" else role, fitting[0])
    if "status" in found:
        found |= range_columns(names, [panel.table.rows[row][found["status"]] for row in panel.rows])
    for place in places:
        name = panel.names[place].replace("_", " ")
        written = names[place] in VALUES and bool(numbers) and place not in numbers  # the value with its bounds, say
        said = _NUMBERED.fullmatch(name) if place in numbers else _REMARKS.search(without_unit(name) or name)
        if place not in found.values() and (said or _SOURCES.fullmatch(name) or written):
            found[f"remark {place}"] = place
    return found


def _status(panel: Panel, place: int) -> str:
    """The role of a column named status: our words, the flags of an agency, or something else."""
    texts = {text_at(panel, row, place) for row in panel.rows}
    if all(text.lower() in STATUSES for text in texts):
        return "status"
    return "flag" if all(map(is_flag, texts)) else f"remark {place}"


def _asked(panel: Panel, name: str) -> int:
    """The one column of labels that the user named."""
    places = [place for place, known in enumerate(panel.names) if same(known, name)]
    if len(places) != 1:
        many = "several columns" if places else "no column"
        raise UsageError(
            f"{panel.table.file} has {many} {shown(name)} ({typed('id_column')})",
            f"Its columns are {listed([known for known in panel.names if known])}.",
            code="unknown_name",
        )
    return places[0]


def _told_apart(
    panel: Panel, numbers: Sequence[int], texts: Sequence[int], value: int, asked: str | None, *, several: bool
) -> tuple[list[int], list[int]]:
    """Columns of numbers that may be values, and those that are codes, repeat the period or never change."""
    if panel.across:
        return [], []
    if value >= 0:
        rest = [place for place in numbers if place != value]
        further = [
            at for at in rest if panel.names[at] and not CODES.search(panel.names[at]) and not _repeats(panel, at)
        ]
        return further, [place for place in rest if place not in further]
    codes = [
        place
        for place in numbers
        if not (asked is not None and same(asked, panel.names[place]))
        and (_counts_rows(panel, place) or _is_code(panel, place, texts) or _repeats_period(panel, place))
    ]
    left = [place for place in numbers if place not in codes]
    changing = [place for place in left if len({text_at(panel, row, place) for row in panel.rows} - {""}) > 1]
    if changing and (texts or not several) and len(panel.rows) > 2:
        codes += [place for place in left if place not in changing and not same(asked or "", panel.names[place])]
    dummies = [place for place in left if {text_at(panel, row, place) for row in panel.rows} <= {"", "0", "1"}]
    if texts and len(dummies) < len(left):  # whether a country is a member, say
        codes += [place for place in dummies if place not in codes]
    left = [place for place in left if place not in codes]
    if not _are_unique(panel, [*texts, *codes]):  # some of the numbers are labels
        codes += [place for place in left if _repeats(panel, place)]
        left = [place for place in left if place not in codes]
    parts = {place: text for place in numbers if (text := with_part(2000, panel.names[place]))}
    if len({month_of(panel.names[place]) for place in parts} - {None}) == 12:
        left = [place for place in left if parts.get(place) in (None, "2000")]
    return left, codes


def _is_code(panel: Panel, place: int, texts: Sequence[int]) -> bool:
    """Whether numbers are codes: by their name, next to what they mean, or next to a column of their labels."""
    name = " ".join(panel.names[place].replace("_", " ").split()).casefold()
    if any(panel.names[other].casefold().replace("_", " ").startswith(f"{name} ") for other in texts):
        return True
    partners = [*texts, panel.period]
    named = CODES.search(name) is not None
    if texts and _repeats(panel, place) and any(_twins(panel, place, other) for other in texts):
        return True
    return named and (normalised(name) in ID_NAMES or any(_twins(panel, place, other) for other in partners))


def _repeats(panel: Panel, place: int) -> bool:
    """Whether numbers repeat from period to period, as codes do and values do not."""
    texts = {text_at(panel, row, place) for row in panel.rows} - {""}
    if not all(map(str.isalnum, texts)):
        return False
    rows_of = Counter(str(panel.loose(row)) for row in panel.rows)
    return len(texts) <= 1.5 * max(rows_of.values(), default=0)


def _units(panel: Panel, texts: Sequence[int], roles: Mapping[str, int]) -> list[int]:
    """The column of units where it tells rows apart that no other column does."""
    place = roles.get("unit", -1)
    return [place] if place >= 0 and not _are_unique(panel, texts) and _are_unique(panel, [*texts, place]) else []


def _are_unique(panel: Panel, texts: Sequence[int]) -> bool:
    """Whether the labels and the period of each row are those of no other row."""
    periods = ["" if panel.across else str(panel.loose(row)) for row in panel.rows]
    keys = [tuple(text_at(panel, row, place) for place in texts) for row in panel.rows]
    return len(set(zip(periods, keys, strict=True))) == len(keys)


def _counts_rows(panel: Panel, place: int) -> bool:
    """Whether a column does nothing but number the rows, by its name and by its cells."""
    if normalised(panel.names[place]) not in _COUNTS_ROWS:
        return False
    texts = [text_at(panel, row, place) for row in panel.rows]
    numbers = [int(text) for text in texts if text.isdigit() and len(text) < 10]
    first = numbers[0] if numbers else -1
    return first in (0, 1) and numbers == list(range(first, first + len(texts)))


def _repeats_period(panel: Panel, place: int) -> bool:
    """Whether a column holds the year of each row a second time."""
    years = ((row, str(head.period.year) if (head := panel.loose(row)) else "") for row in panel.rows)
    return all(text_at(panel, row, place)[:4] == year for row, year in years)


def _twins(panel: Panel, one: int, other: int) -> bool:
    return one_to_one(*([text_at(panel, row, place) for row in panel.rows] for place in (one, other)))


def one_to_one(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether each label of one column goes with one of the other, and the other way round."""
    pairs = set(zip(one, other, strict=True))
    return len({first for first, _ in pairs}) == len(pairs) == len({second for _, second in pairs})


def _unpacked(panel: Panel, place: int) -> Iterable[Column]:
    r"""The columns packed into one: `freq,unit,geo\TIME_PERIOD`."""
    name = " ".join(panel.names[place].split()) or f"column {place + 1}"
    head, packed, _ = name.partition("\\")
    keys = [key.strip() for key in head.split(",")] if packed else []
    texts = {row: text_at(panel, row, place) for row in panel.rows}
    if len(keys) > 1 and all(keys) and all(text.count(",") == len(keys) - 1 for text in texts.values()):
        parts = {row: [part.strip() for part in text.split(",")] for row, text in texts.items()}
        return [Column(key, {row: part[at] for row, part in parts.items()}.__getitem__) for at, key in enumerate(keys)]
    return [Column(head if len(keys) == 1 else name, texts.__getitem__)]
