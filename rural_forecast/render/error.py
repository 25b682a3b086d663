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
    """Write `error: ...` and, where there is a hint, `hint: ...`; no line feed at the end."""
    lines = []
    for label, ink, text in (("error:", _RED, message), ("hint:", _CYAN, hint)):
        if text:
            head = f"{ink}{label}{_OFF}" if color else label
            lines.append(f"{head} {_cut(one_line(text, names=True))}")
    return "\n".join(lines)


def as_json(error: RuralForecastError) -> str:
    """Write one JSON object, no line feed at the end; see the schema `error`."""
    return encode(
        {
            "code": error.code,
            "message": _cut(error.message),
            "hint": _cut(error.hint),
            "exit_code": error.exit_code,
            "path": error.place.path or None,
            "line": error.place.line or None,
            "column": error.place.column or None,
            "value": None if error.value is None else _cut(str(error.value)),
        }
    )


def _cut(text: str) -> str:
    """Keep the ends of long words, and end somewhere."""
    text = _LONG_WORD.sub(lambda word: f"{word[0][:60]}…{word[0][-20:]}", text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
