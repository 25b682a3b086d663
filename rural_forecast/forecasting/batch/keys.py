"""Ids and periods of frames: several columns as one id, and periods of the type that a frame has.

Models see an id and a year. A result gives back the columns of the ids and, of a column of
timestamps, timestamps, so that it joins with the frame and with other results.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rural_forecast.errors import InputError
from rural_forecast.text.cells import quoted

JOINED = "series_id"  # the name of an id that is made of several columns
SEPARATOR = " / "  # between the parts of an id, as in panels
FIRST_DAY = (1, 1)  # month and day of periods, where those of a frame differ


def id_name(columns: str | Sequence[str] | None) -> str | None:
    """The column of ids that is read."""
    if columns is None or isinstance(columns, str):
        return columns
    return columns[0] if len(columns) == 1 else JOINED


def with_one_id(
    frame: Any, columns: str | Sequence[str] | None
) -> tuple[Any, Mapping[str, Mapping[str, Any]]]:
    """The frame with one column of ids in place of several, and the cells of each by that id.

    Raises InputError for a column that is not there.
    """
    if columns is None or isinstance(columns, str) or len(columns) == 1:
        return frame, {}
    import narwhals as nw

    rows = nw.from_native(frame, eager_only=True)
    missing = [name for name in columns if name not in rows.columns]
    if missing:
        hint = f"It has {quoted(rows.columns)}."
        raise InputError(f"the frame has no column {quoted(missing)}.", hint, value=missing[0])
    texts = [nw.col(name).cast(nw.String) for name in columns]
    joined = nw.concat_str(texts, separator=SEPARATOR).alias(JOINED)
    others = [name for name in rows.columns if name not in (*columns, JOINED)]
    distinct = rows.select(*columns, joined_id=joined).unique(maintain_order=True)
    ids = distinct["joined_id"].to_list()
    parts = {name: dict(zip(ids, distinct[name].to_list(), strict=True)) for name in columns}
    return rows.select(joined, *others).to_native(), parts


def as_given(
    result: Any,
    form: str,
    frame: Any,
    names: Mapping[str, str],
    periods: Sequence[str],
    parts: Mapping[str, Mapping[str, Any]],
) -> Any:
    """Give the ids and periods of a result as the frame has them, but for the form `tidy`.

    `periods` are its columns of years; `parts` the cells of ids, which `input` alone gives back.
    """
    if form != "tidy":
        result = with_periods_of(frame, names, result, periods)
    if form == "input":
        result = with_parts_of_id(result, names, parts)
    return result


def with_parts_of_id(
    result: Any, names: Mapping[str, str], parts: Mapping[str, Mapping[str, Any]]
) -> Any:
    """The result with the columns that its id is made of, in place of it."""
    if not parts:
        return result
    import narwhals as nw

    rows = nw.from_native(result, eager_only=True)
    name_of_id = names.get("series_id", JOINED)
    ids = rows[name_of_id].to_list()
    columns = [
        nw.new_series(name, [cells[key] for key in ids], backend=rows.implementation)
        for name, cells in parts.items()
    ]
    others = [nw.col(name) for name in rows.columns if name != name_of_id]
    return rows.select(*columns, *others).to_native()


def with_periods_of(
    frame: Any, names: Mapping[str, str], result: Any, columns: Sequence[str]
) -> Any:
    """The result whose years in `columns` are timestamps where the periods of the frame are.

    Month and day are those that all series of the frame share, or else the first of January.
    """
    name = names.get("period")
    if name is None:
        return result
    import narwhals as nw

    given = nw.from_native(frame, eager_only=True)
    if name not in given.columns or given.schema[name] not in (nw.Datetime, nw.Date):
        return result
    kind = given.schema[name]
    periods = given[name].drop_nulls()
    months_and_days = {*zip(periods.dt.month().to_list(), periods.dt.day().to_list(), strict=True)}
    month, day = months_and_days.pop() if len(months_and_days) == 1 else FIRST_DAY
    rows = nw.from_native(result, eager_only=True)
    zone = getattr(kind, "time_zone", None)
    naive = kind if zone is None else nw.Datetime(kind.time_unit)
    dated = []
    for column in columns:
        days = [
            datetime(year, month, min(day, monthrange(year, month)[1]))  # noqa: DTZ001 - of any zone
            for year in rows[column].to_list()
        ]
        stamps = nw.new_series(column, days, nw.Datetime("us"), backend=rows.implementation)
        stamps = stamps.cast(naive)
        dated.append(stamps if zone is None else stamps.dt.replace_time_zone(zone))
    return rows.with_columns(*dated).to_native()
