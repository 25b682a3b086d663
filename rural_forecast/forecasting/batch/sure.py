"""Rows of a batch whose texts arrays surely understand; any others are read one by one."""

from __future__ import annotations

from typing import Any

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import Problem
from rural_forecast.models.base import Flags
from rural_forecast.series.reading.by_column import table_of
from rural_forecast.series.reading.cells import QUALIFIERS, STATUSES
from rural_forecast.series.reading.column_names import NO
from rural_forecast.series.reading.flags import status_of
from rural_forecast.series.reading.grid import UnusableCell
from rural_forecast.series.reading.heads import read_head
from rural_forecast.series.reading.judge import Stretch
from rural_forecast.series.reading.periods import read_day
from rural_forecast.text.cells import label

_ROLES = ("source", "author", "status", "published_on", "unit", "definition", "growth_pct", "note", "qualifier",
          "flag", "measure", "market_kind", "doubtful", "model", "plan", "scale")  # fmt: skip


def sure_rows(stretch: Stretch, ids: Words) -> Flags:
    """Rows whose texts say nothing but what arrays understand."""
    rows, columns = stretch.rows, stretch.columns
    sure = np.ones(len(rows), dtype=np.bool_)
    for role in _ROLES:
        place = getattr(columns, role)
        if place >= 0:
            words = rows.words(place)
            sure &= table_of(words, (_is_plain(role, word) for word in words.words), True, bool)
    if columns.id >= 0:
        sure &= table_of(ids, map(bool, ids.words), False, bool)
        words = rows.words(columns.id)
        if not {str, int, float}.issuperset(map(type, words.words)):
            sure &= table_of(words, (_is_plain("id", word) for word in words.words), False, bool)
    if columns.kind >= 0:
        words = rows.words(columns.kind)
        sure &= table_of(words, (label(word) == "actual" for word in words.words), False, bool)
    if stretch.faults:
        sure &= ~np.isin(rows.numbers, list(stretch.faults))
    return sure


def _is_plain(role: str, cell: Any) -> bool:
    """Whether a cell of a role says nothing of its value that takes care."""
    if isinstance(cell, UnusableCell | list | dict):
        return False
    text = label(cell)
    if role == "status":
        return STATUSES.get(text.lower()) in ("actual", "preliminary", "estimate")
    if role == "qualifier":
        return text in QUALIFIERS
    if role == "flag":
        return status_of(text) != "forecast"
    if role == "doubtful":
        return text.casefold() in NO
    if role == "published_on":
        return not text or read_day(cell) is not None
    return role not in ("growth_pct", "measure", "market_kind", "plan") or not text


def year_of(cell: Any) -> int:
    """The year in a cell; 0 where it holds another period, a mark, two years, or none."""
    head = read_head(cell)
    if isinstance(head, Problem):
        return 0
    plain = head.period.is_year and head.mark is None and head.kind == "plain"
    return head.period.year if plain else 0
