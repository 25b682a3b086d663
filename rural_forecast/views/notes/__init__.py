"""Notes in words: one text or function a code, in the file of the room that makes the note.

A function takes the fields of the note. A text of `TEXTS` has them in braces, as for `str.format`. After the colon is
one of `FORMS`, or `one|several`: the first is for one item, a count of 1 or True; `#` is the count. What is in square
brackets says what to type, which readers of a page are spared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from inspect import isfunction, signature
from string import Formatter
from typing import Any

from rural_forecast.document.table import Remark
from rural_forecast.notes import Note
from rural_forecast.text.wording import advice, listed, number, shortened, spans

FINDINGS = "findings"
"""The file whose texts are parts of a sentence, as the check shows them."""
ROOMS = (FINDINGS, "series", "reading", "forecasting", "nowcasting", "scenarios")


def _quoted(names: Any, most: int = 8) -> str:
    """Names of a file in quotes; the readers are imported for no other note."""
    from rural_forecast.series.reading.grid import listed

    return listed([names] if isinstance(names, str) else names, most)


FORMS: dict[str, Callable[[Any], str]] = {
    "number": number,
    "unit": lambda unit: f" {unit}" if unit not in ("", "count", "fraction") else "",
    "()": lambda text: f" ({'; '.join([text] if isinstance(text, str) else text)})" if text else "",
    "spans": spans,
    "listed": listed,
    "shortened": shortened,
    "shown": _quoted,
    "quoted": _quoted,
    "quoted 5": lambda names: _quoted(names, 5),
    "quoted 20": lambda names: _quoted(names, 20),
    "by series": lambda years: "; ".join(f"{name} {spans(of_series)}" for name, of_series in years),
}
_ADVICE = re.compile(r"\[(.*?)\]")


class _Texts(Formatter):
    def format_field(self, value: Any, form: str) -> str:
        if "|" in form:
            count = value if isinstance(value, int) else len(value)
            return form.split("|")[count != 1].replace("#", f"{count:,}")
        return FORMS[form](value) if form in FORMS else str(super().format_field(value, form))


@cache
def words(code: str) -> str | Callable[..., str]:
    """The text or function of a code; files are loaded in turn until one has it."""
    return next(of_room(room)[code] for room in ROOMS if code in of_room(room))


@cache
def of_room(room: str) -> dict[str, str | Callable[..., str]]:
    """The texts and functions of one file, by code."""
    module = import_module(f"{__name__}.{room}")
    functions = {name: value for name, value in vars(module).items() if isfunction(value) and not name.startswith("_")}
    own = {name: function for name, function in functions.items() if function.__module__ == module.__name__}
    return getattr(module, "TEXTS", {}) | own


def fields(code: str) -> dict[str, bool]:
    """The fields that the words of a code take, each with whether it can be left out."""
    worded = words(code)
    if isinstance(worded, str):
        return dict.fromkeys([name for _, name, _, _ in Formatter().parse(worded) if name], False)
    taken = signature(worded).parameters.items()
    return {name: parameter.default is not parameter.empty for name, parameter in taken}


def text(note: Note) -> str:
    """The words of a note, without what it is about."""
    worded = words(note.code)
    if isinstance(worded, str):
        return _Texts().vformat(_ADVICE.sub(lambda part: advice(part[1]), worded), (), note.fields)
    return worded(**note.fields)


def sentence(note: Note) -> str:
    """A note as a sentence, led by the name of what it is about."""
    worded = f"{note.subject}: {text(note)}" if note.subject else text(note)
    return f"{worded}." if note.code in of_room(FINDINGS) and not worded.endswith((".", "?")) else worded


def remarks(notes: Iterable[Note]) -> tuple[Remark, ...]:
    """Notes as documents hold them."""
    return tuple(Remark(sentence(note), code=note.code, warning=note.warning) for note in notes)
