"""Errors: two short lines for people, one JSON object for programs."""

import re

from rural_forecast.errors import RuralForecastError
from rural_forecast.render.formats.json import encode
from rural_forecast.text.cells import one_line

LONGEST_WORD = 300
LONGEST = 1_500  # longer ones come from hostile or broken input
_RED = "\x1b[1;31m"
_CYAN = "\x1b[36m"
_OFF = "\x1b[0m"
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


def plain(message: str, hint: str = "", *, color: bool = False) -> str:
    """Lines `error: ...` and, where there is a hint, `hint: ...`; no line feed at the end."""
    lines = [("error:", _RED, message), ("hint:", _CYAN, hint)]
    inked = [
        (f"{ink}{label}{_OFF}" if color else label, text) for label, ink, text in lines if text
    ]
    return "\n".join(f"{label} {_cut(one_line(text, names=True))}" for label, text in inked)


def as_json(error: RuralForecastError) -> str:
    """One JSON object, no line feed at the end; see the schema `error`."""
    place = {key: getattr(error.place, key) or None for key in ("path", "line", "column")}
    value = None if error.value is None else _cut(str(error.value))
    said = {"code": error.code, "message": _cut(error.message), "hint": _cut(error.hint)}
    return encode({**said, "exit_code": error.exit_code, **place, "value": value})


def _cut(text: str) -> str:
    """Keep the ends of long words, and end somewhere."""
    text = _LONG_WORD.sub(lambda word: f"{word[0][:60]}…{word[0][-20:]}", text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
