"""Arguments of the Python API as options of the command line."""

from __future__ import annotations

NAMES = {"file": "from", "levels": "level", "models": "model", "output": "o", "series_id": "series"}
"""Options of another name than the argument."""


def as_option(name: str, value: object = None) -> str:
    """An option as it is typed; a list repeats it.

    >>> as_option("allow_gaps", True), as_option("levels", [90]), as_option("output")
    ('--allow-gaps', '--level 90', '-o')
    """
    name = NAMES.get(name, name.replace("_", "-"))
    typed = f"-{name}" if len(name) == 1 else f"--{name}"
    if value is None or value is True:
        return typed
    values = value if isinstance(value, list) else [value]
    return " ".join(f"{typed} {_quoted(str(item))}" for item in values)


def _quoted(text: str) -> str:
    """A value for the shell; a sign alone is quoted always, for it is easily overlooked."""
    from shlex import quote

    if text == "'":
        return '"\'"'
    return f"'{text}'" if len(text) == 1 and not text.isalnum() else quote(text)
