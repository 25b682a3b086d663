"""The names of the columns of frames: ours, the caller's, or those of the Nixtla tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rural_forecast.series.reading.choose import Choice

Names = Literal["tidy", "input", "nixtla"]
KEYS = ("series_id", "period")


def names_in(choice: Choice) -> dict[str, str]:
    """Our names of ids, periods and values, with those of the columns that they were read from."""
    table = choice.table
    roles = table.roles or {}
    ids = [table.names[roles["id"]]] if "id" in roles else list(choice.by)
    found = {"series_id": ids[0]} if len(ids) == 1 else {}
    if table.period >= 0:
        found["period"] = table.names[table.period]
    if not table.across and len(choice.columns) == 1:
        found["value"] = table.names[int(choice.columns[0])]
    return found


def renamed(frame: Any, names: Names, levels: Sequence[int], of_input: Mapping[str, str]) -> Any:
    """Rows with other names: of the frame that was given, or of the Nixtla tools.

    `frame`: of any library, with our names; `of_input`: our names with those of the input.
    """
    import narwhals as nw

    rows = nw.from_native(frame, eager_only=True)
    if names == "input":
        taken = set(rows.columns) - of_input.keys()
        return rows.rename({ours: name for ours, name in of_input.items() if name not in taken}).to_native()
    return in_nixtla(rows, levels).to_native() if names == "nixtla" else frame


def in_nixtla(rows: Any, levels: Sequence[int]) -> Any:
    """Forecasts with a row a series and year: columns `unique_id`, `ds`, and each model with its bounds."""
    import narwhals as nw

    theirs = {"series_id": "unique_id", "period": "ds"}
    if "model" not in rows.columns:
        return rows.rename(theirs)
    rows = rows.filter(nw.col("kind") == "forecast")
    made = rows.select(*KEYS).unique(maintain_order=True)
    for model in rows["model"].unique(maintain_order=True).to_list():
        bounds = {f"{side}_{level}": f"{model}-{sign}-{level}" for level, side, sign in _sides(levels)}
        own = rows.filter(nw.col("model") == model).select(*KEYS, "value", *bounds).rename({"value": model, **bounds})
        made = made.join(own, on=list(KEYS), how="left")
    return made.rename(theirs)


def _sides(levels: Sequence[int]) -> list[tuple[int, str, str]]:
    """Level, our side and theirs, from the lowest bound to the highest."""
    low = [(level, "lower", "lo") for level in sorted(levels, reverse=True)]
    return [*low, *((level, "upper", "hi") for level in sorted(levels))]
