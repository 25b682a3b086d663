"""Marks of periods, such as `2017e` and `Budget 2018`: the status of their values."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rural_forecast.observed.observation import Status
from rural_forecast.observed.reading.head import YearMark
from rural_forecast.text.cells import expression

# Separated by bars, as some hold spaces. `be` is the budget estimate of India; the estimates below
# are those of its national accounts, of years that are over.
_MARKS: dict[YearMark, str] = {
    YearMark("forecast"): (
        "e|f|p|est|estimate|estimated|exp|expected|fc|fcst|forecast|forecasted|"
        "proj|projected|projection|outlook|budget|guidance|be|"
        "预测|预计|预期|预估|估计|估算|"
        "prognose|"
        "prévision|prévisions|"
        "previsión|proyección|"
        "previsto|previsione|"
        "prognoza|"
        "estimé|"
        "estimado|"
        "geschätzt|"
        "stima|"
        "прогноз|оценка|"
        "予測|見込み|"
        "예측|전망|추정"
    ),
    YearMark("forecast", target=True): "target|plan|planned|goal|目标|规划|计划",
    YearMark("preliminary"): (
        "pe|prelim|preliminary|provisional|provisional estimate|"
        "初步|快报|"
        "vorläufig|"
        "provisoire|"
        "provisorio|provvisorio|"
        "voorlopig|"
        "предварительные|"
        "速報|"
        "잠정"
    ),
    YearMark("estimate"): (
        "re|ae|1st re|2nd re|3rd re|revised estimate|revised estimates|advance estimate"
    ),
    YearMark("actual"): "a|act|actual|revised|rev|实际",
}
MARKS = {name: mark for mark, names in _MARKS.items() for name in names.split("|")}


def alternatives(names: Iterable[str]) -> str:
    """Join names for an expression, long ones first, as the first that fits is taken."""
    return "|".join(sorted(names, key=len, reverse=True))


_ANY_MARK = alternatives(MARKS)
# A single letter before a year is no mark: `F2017`.
_ANY_WORD = alternatives(name for name in MARKS if len(name) > 1)
BEHIND = expression(
    rf"(?P<rest>.*[\d年])[\s_-]*"
    rf"(?:[\[(（]\s*(?P<bracketed>{_ANY_MARK})\.?\s*[\])）]|(?P<bare>{_ANY_MARK})\.?)",
    re.IGNORECASE,
)
BEFORE = expression(rf"(?P<mark>{_ANY_WORD})\.?[\s:：]*(?P<rest>.*\d.*)", re.IGNORECASE)
# Letters of a footnote, `2021 p)`, `2023/p`: those of agencies, where p is provisional and no
# forecast.
AGENCY: dict[str, Status] = {
    "p": "preliminary",
    "e": "estimate",
    "f": "forecast",
    "r": "actual",
    "s": "estimate",
}


def says_status(texts: Iterable[str]) -> bool:
    """Return true if the labels of a column say which values are actual, and which are not.

    Labels of one or two letters are those of agencies, which say something else.
    """
    marks = [MARKS.get(text.casefold()) if len(text) > 2 else None for text in texts]
    if len(marks) < 2 or not all(marks):
        return False
    return any(mark is not None and mark.status == "actual" for mark in marks)
