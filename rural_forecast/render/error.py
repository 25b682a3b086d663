"""How an error is told: to people in two short lines, to programs as one JSON object on one line."""

from __future__ import annotations

from rural_forecast.render.plain_text import one_line

_RED, _CYAN, _OFF = "\x1b[1;31m", "\x1b[36m", "\x1b[0m"


def plain(message: str, hint: str = "", *, color: bool = False) -> str:
    """Lines `error: ...` and, where there is a hint, `hint: ...`; no line feed at the end.

    >>> plain("No series 'rurl'.", "Did you mean 'rural'?")
    "error: No series 'rurl'.\\nhint: Did you mean 'rural'?"
    """
    lines = [("error:", _RED, message), ("hint:", _CYAN, hint)]
    return "\n".join(
        f"{ink}{label}{_OFF} {one_line(text)}" if color else f"{label} {one_line(text)}"
        for label, ink, text in lines
        if text
    )


def as_json(code: str, message: str, hint: str, exit_code: int) -> str:
    """One JSON object, no line feed at the end; see the schema `error`."""
    from rural_forecast.render.json_text import encode, encoder

    return encode(encoder(), {"code": code, "message": message, "hint": hint, "exit_code": exit_code})
