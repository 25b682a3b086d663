"""Columns of numbers: values, or codes, which go with labels, count the rows, repeat the period or never change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rural_forecast.series.reading.column_names import ID_NAMES, normalised
from rural_forecast.series.reading.panel import Panel, single_spaced
from rural_forecast.series.reading.parts import with_part
from rural_forecast.series.reading.period_forms import month_of

CODES = re.compile(
    r"(?i)(?:^|[\W_])(?:code|kod|id|iso\d?|m49|no|nr|cd|vector|coordinate|dguid|dim_?id|line)(?:$|[\W_])|代码|コード"
)
"""Names of columns of codes."""
_COUNTS_ROWS = frozenset(["id", "no", "no.", "nr", "#", "index", "row", "", "line", "序号"])


def same(first: str, second: str) -> bool:
    """Whether two names are the same in any case and with any spaces."""
    return single_spaced(first).casefold() == single_spaced(second).casefold()


def told_apart(
    panel: Panel, numbers: Sequence[int], texts: Sequence[int], value: int, asked: str | None, *, several: bool
) -> tuple[list[int], list[int]]:
    """Columns of numbers that may be values, and those that are codes, repeat the period or never change."""
    if panel.across:
        return [], []
    if value >= 0:
        rest = [at for at in numbers if at != value]
        further = [
            at for at in rest if panel.names[at] and not CODES.search(panel.names[at]) and not _repeats(panel, at)
        ]
        return further, [at for at in rest if at not in further]
    wanted = {at for at in numbers if asked is not None and same(asked, panel.names[at])}
    codes = [
        at
        for at in numbers
        if at not in wanted and (counts_rows(panel, at) or _is_code(panel, at, texts) or _repeats_period(panel, at))
    ]
    left = [at for at in numbers if at not in codes]
    words = {at: set(panel.texts(at)) for at in left}
    changing = [at for at in left if len(words[at] - {""}) > 1]
    if changing and (texts or not several) and len(panel.rows) > 2:
        codes += [at for at in left if at not in changing and at not in wanted and panel.names[at]]
    dummies = [at for at in left if words[at] <= {"", "0", "1"}]
    if texts and len(dummies) < len(left):  # whether a country is a member, say
        codes += [at for at in dummies if at not in codes]
    left = [at for at in left if at not in codes]
    if not are_unique(panel, [*texts, *codes]):  # some of the numbers are labels
        codes += [at for at in left if _repeats(panel, at)]
        left = [at for at in left if at not in codes]
    parts = {at: text for at in numbers if (text := with_part(2000, panel.names[at]))}
    if len({month_of(panel.names[at]) for at in parts} - {None}) == 12:
        left = [at for at in left if parts.get(at) in (None, "2000")]
    return left, codes


def _is_code(panel: Panel, place: int, texts: Sequence[int]) -> bool:
    """Whether numbers are codes: by their name, next to what they mean, or next to a column of their labels."""
    name = single_spaced(panel.names[place].replace("_", " ")).casefold()
    if any(panel.names[other].casefold().replace("_", " ").startswith(f"{name} ") for other in texts):
        return True

    def has_twin(others: Sequence[int]) -> bool:
        return any(one_to_one(panel.texts(place), panel.texts(other)) for other in others)

    if texts and _repeats(panel, place) and has_twin(texts):
        return True
    return CODES.search(name) is not None and (normalised(name) in ID_NAMES or has_twin([*texts, panel.period]))


def _repeats(panel: Panel, place: int) -> bool:
    """Whether numbers repeat from period to period, as codes do and values do not."""
    texts = set(panel.texts(place)) - {""}
    if not all(map(str.isalnum, texts)):
        return False
    return len(texts) <= 1.5 * max(Counter(panel.dates).values(), default=0)


def are_unique(panel: Panel, columns: Sequence[int]) -> bool:
    """Whether the labels and the period of each row are those of no other row."""
    return len(set(zip(panel.dates, *map(panel.texts, columns), strict=True))) == len(panel.rows)


def counts_rows(panel: Panel, place: int) -> bool:
    """Whether a column does nothing but number the rows, by its name and by its cells."""
    if normalised(panel.names[place]) not in _COUNTS_ROWS:
        return False
    texts = panel.texts(place)
    numbers = [int(text) for text in texts if text.isdigit() and len(text) < 10]
    first = numbers[0] if numbers else -1
    return first in (0, 1) and numbers == list(range(first, first + len(texts)))


def _repeats_period(panel: Panel, place: int) -> bool:
    """Whether a column holds the year of each row a second time."""
    heads = map(panel.loose, panel.rows)
    return all(
        text[:4] == (str(head.period.year) if head else "")
        for text, head in zip(panel.texts(place), heads, strict=True)
    )


def one_to_one(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether each label of one column goes with one of the other, and the other way round."""
    return len(set(first)) == len(set(zip(first, second, strict=True))) == len(set(second))
