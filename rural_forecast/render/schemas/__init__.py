"""JSON Schemas (draft 2020-12) of what the machine formats hold; one file a row set, the document and the error."""

from __future__ import annotations

from typing import Any

ROW_SETS = (
    "forecast", "compare", "backtest", "backtest-detail", "growth", "precedents", "size", "series-list", "targets",
    "chances", "models-list", "series-show", "series-sources", "series-read", "series-check", "models-show",
)  # fmt: skip
NAMES = (*ROW_SETS, "document", "error")


def schema(name: str) -> dict[str, Any]:
    """A schema by its name; `document` comes whole, with the row sets it refers to.

    Raises
    ------
    ValueError : there is no such schema

    >>> list(schema("error")["properties"])[:4]
    ['code', 'message', 'hint', 'exit_code']
    """
    if name not in NAMES:
        raise ValueError(f"{name!r} is not one of {', '.join(NAMES)}")
    found = _load(name)
    if name == "document":
        found["$defs"] = {row_set: _load(row_set) for row_set in ROW_SETS}
    return found


def _load(name: str) -> dict[str, Any]:
    import json
    from pathlib import Path

    text = Path(__file__).with_name(f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
