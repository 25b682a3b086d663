"""JSON Schemas (draft 2020-12) of the machine formats: row sets, the document and the error."""

import json
from pathlib import Path
from typing import Any

NAMES = tuple(
    sorted(
        file.name.removesuffix(".schema.json")
        for file in Path(__file__).parent.glob("*.schema.json")
    )
)
ROW_SETS = tuple(name for name in NAMES if name not in ("document", "error"))


def schema(name: str) -> dict[str, Any]:
    """Load a schema by its name; `document` comes whole, with the row sets it refers to."""
    if name not in NAMES:
        raise ValueError(f"{name!r} is not one of {', '.join(NAMES)}")
    text = Path(__file__).with_name(f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    if name == "document":
        loaded["$defs"] = {row_set: schema(row_set) for row_set in ROW_SETS}
    return loaded
