"""Columns of numbers: values, or codes, which go with labels, count the rows, repeat the period or never change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rural_forecast.series.reading.column_names import ID_NAMES, normalised
from rural_forecast.series.reading.grid import identity
from rural_forecast.series.reading.panel import Panel
from rural_forecast.series.reading.parts import with_part
from rural_forecast.series.reading.period_forms import month_of

CODES = re.compile(
    r"(?i)(?:^|[\W_])(?:code|kod|id|iso\d?|m49|no|nr|cd|vector|coordinate|dguid|dim_?id|line)(?:$|[\W_])|代码|コード"
)
"""Names of columns of codes."""
_COUNTS_ROWS = frozenset(["id", "no", "no.", "nr", "#", "index", "row", "", "line", "序号"])


def same(one: str, other: str) -> bool:
    """Whether two names are the same in any case and with any spaces."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def text_at(panel: Panel, row: int, place: int) -> str:
    """A cell as a label, its spaces single."""
    return " ".join(identity(panel.table.rows[row][place]).split())


def told_apart(
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
        and (counts_rows(panel, place) or _is_code(panel, place, texts) or _repeats_period(panel, place))
    ]
    left = [place for place in numbers if place not in codes]
    changing = [place for place in left if len({text_at(panel, row, place) for row in panel.rows} - {""}) > 1]
    if changing and (texts or not several) and len(panel.rows) > 2:
        codes += [place for place in left if place not in changing and not same(asked or "", panel.names[place])]
    dummies = [place for place in left if {text_at(panel, row, place) for row in panel.rows} <= {"", "0", "1"}]
    if texts and len(dummies) < len(left):  # whether a country is a member, say
        codes += [place for place in dummies if place not in codes]
    left = [place for place in left if place not in codes]
    if not are_unique(panel, [*texts, *codes]):  # some of the numbers are labels
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


def are_unique(panel: Panel, texts: Sequence[int]) -> bool:
    """Whether the labels and the period of each row are those of no other row."""
    periods = ["" if panel.across else str(panel.loose(row)) for row in panel.rows]
    keys = [tuple(text_at(panel, row, place) for place in texts) for row in panel.rows]
    return len(set(zip(periods, keys, strict=True))) == len(keys)


def counts_rows(panel: Panel, place: int) -> bool:
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
