"""Batches for Python: a file of many series, or a frame of observations, to a frame of forecasts, also of the past.

`forecast_frame` is pure: no files, no state, no workers, and what a series gets does not depend on the others. So a
table may be cut in any way that keeps series whole, on one machine or on a thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar, Unpack, get_args
from warnings import warn

import numpy as np

from rural_forecast.api import ArgumentError, checked, comparable
from rural_forecast.document.table import Words
from rural_forecast.errors import DoubtfulDataWarning, InputError, option
from rural_forecast.forecasting.answers import answered, answers
from rural_forecast.forecasting.batch.calibration import Mode, calibration
from rural_forecast.forecasting.batch.inputs import opened, opened_frame
from rural_forecast.forecasting.batch.remarks import findings, found_in, notes_on
from rural_forecast.forecasting.batch.rows import Names, assemble, columns, ends, frame_of, renamed, rows_of, sampled
from rural_forecast.forecasting.batch.run import Running
from rural_forecast.forecasting.distribution import SPREAD_LEVELS
from rural_forecast.forecasting.limits import CUMULATIVE
from rural_forecast.forecasting.panel import Panel, Refusal, Request, request
from rural_forecast.forecasting.question import DEFAULT_LEVELS, BatchQuestion
from rural_forecast.forecasting.registry import Asked, resolved
from rural_forecast.models.base import Integers
from rural_forecast.notes import Note
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.options import check as check_options
from rural_forecast.series.source import require_name
from rural_forecast.text.cells import shown

Frame = TypeVar("Frame")
OnRefused = Literal["raise", "drop", "rows"]
# Names of columns that a frame has of ours; it gets rows with our names.
RECOGNISED = frozenset(("series_id", "unique_id", "id", "year", "period", "date", "ds", "value", "y"))
FEWEST_POINTS = 3  # points that a forecast rests on, at least


@checked
def forecast_frame(
    frame: Frame,
    *,
    allow_gaps: bool = False,
    id_column: str | None = None,
    period_column: str | None = None,
    value_column: str | None = None,
    refused: OnRefused = "raise",
    names: Names | None = None,
    paths: int | None = None,
    seed: int = 1,
    **question: Unpack[BatchQuestion],
) -> Frame:
    """Forecast every series of a frame; a `DoubtfulDataWarning` says which have values that look wrong.

    Parameters
    ----------
    frame : a DataFrame of pandas or polars or a pyarrow Table: long, a row an observation, whose columns are
        recognised by name (`series_id`, `unique_id` or `id`; `year`, `period`, `date` or `ds`; `value` or `y`; `unit`)
        or given; or wide, with years across or down, also in the index of pandas
    refused : what becomes of a series that cannot be forecast: an error, nothing, or one row of kind `refused` with
        the reason under `model`
    names : of the columns: `tidy`; `input` keeps those of the frame for ids, periods and values; `nixtla` has a row a
        series and year, `unique_id`, `ds`, and a column a model and bound, such as `consensus-lo-80`. Left out, `input`
        for a frame that has other names than those that are recognised
    paths : how many sampled paths of each series, those of `Forecast.paths`, are given in place of forecasts
    question : what is asked of every series, see `BatchQuestion`; `measure` may also be `flow`, `stock`, `rate` or
        `price`

    Returns
    -------
    A frame of the same library with the columns `series_id, period, kind, model, value, lower_80, upper_80, lower_95,
    upper_95, growth_pct, unit`, series in order of first appearance. With `paths` the columns `series_id, period, path,
    value`.

    Raises
    ------
    InputError : the columns are not there, or growth is; or, with `refused="raise"`, a series cannot be forecast
    UsageError : an unknown model or level
    TypeError : it is no such frame, or a lazy one

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"id": ["a"] * 3, "year": [2014, 2015, 2016], "value": [180.0, 353.0, 482.0]})
    >>> forecast_frame(frame, horizon=1)[["series_id", "period", "kind", "model"]].values.tolist()
    [['a', 2017, 'forecast', 'consensus']]
    """
    measure = question.get("measure")
    if measure != CUMULATIVE:
        question["measure"] = None
    asked = request(**question)
    named: Any = {"id_column": id_column, "period_column": period_column, "value_column": value_column}
    options = ReadOptions(**named, measure=None if measure == CUMULATIVE else measure, allow_gaps=allow_gaps)
    check_options(options)
    if names not in (None, *get_args(Names)):
        raise ArgumentError(f"names is {names!r}.", f"Use one of {', '.join(get_args(Names))}.")
    if paths is not None:
        asked = asked._replace(levels=SPREAD_LEVELS, history=False, all_models=False)
        if len(asked.main) > 1:
            raise ArgumentError("Paths are those of one model, and several are named.", "Name one.")
    source = opened_frame(frame, options)
    built = next(source.parts)
    parts, more = answered(built.panel, asked)
    found = found_in(built.panel, parts)
    doubts = findings(found, len(built.panel.ids), "")[:1]
    for note in (*source.noted.notes(), *(note for note in notes_on(found) if note.warning), *doubts):
        warn(str(note), DoubtfulDataWarning if note.code == "findings" else UserWarning, stacklevel=3)
    refusals = [*built.refusals, *more]
    if refusals and refused == "raise":
        others = f" ({len(refusals) - 1:,} more are refused)" if len(refusals) > 1 else ""
        problem = f"series {shown(refusals[0].series_id)}: {refusals[0].reason.rstrip('.')}{others}."
        hint = 'Give refused="drop" to leave such series out, or refused="rows" to get a row that says why.'
        raise InputError(problem, hint)
    if paths is not None:
        data = sampled(parts, paths, seed)
    else:
        rows = [*map(assemble, parts)]
        if refusals and refused == "rows":  # one each, with the reason under `model`
            codes, zeros = np.arange(len(refusals)), np.zeros(len(refusals), dtype=np.int64)
            ids, reasons = ([getattr(one, name) for one in refusals] for name in ("series_id", "reason"))
            blank, kind = np.full(len(codes), np.nan), Words(zeros, ["refused"])
            first = Words(codes, ids), zeros, kind, Words(codes, reasons), blank
            rows.append(rows_of(asked.levels, first, blank, Words(zeros, [""])))
        data = columns(rows)
    if names is None:
        names = "tidy" if RECOGNISED.issuperset(name.lower() for name in source.names.values()) else "input"
    result: Frame = renamed(frame_of(data, source.library), names, asked.levels, source.names)
    return result


@comparable
class Batch(NamedTuple):
    """Forecasts of many series."""

    forecasts: Any
    """A pandas DataFrame of the columns of the contract."""
    refused: Any
    """A pandas DataFrame with `series_id`, `line` (of the file, 0 where none is to blame) and `reason`."""
    notes: tuple[Note, ...] = ()
    """Things left out of the file."""


@checked
def batch(
    source: str | Path,
    *,
    options: ReadOptions | None = None,
    calibrate: Mode = "never",
    engine: str = "local",
    workers: int = 1,
    **question: Unpack[BatchQuestion],
) -> Batch:
    """Forecast every series of a file in long form; series that are refused do not stop the rest.

    Parameters
    ----------
    source : CSV, TSV, NDJSON or Parquet file, or a folder of Parquet files; for a frame see `forecast_frame`
    calibrate : fit intervals to the last points of 50 or more series: `never`, `auto` (which only widens) or `always`
    engine : what carries it out, `local`, `dask`, `dask=URL`, `spark` or `spark=URL`; without a URL on this machine
    workers : processes; more than one needs a script that can be imported (`if __name__ == "__main__"`)
    question : what is asked of every series, see `BatchQuestion`

    Raises
    ------
    InputError : the file as a whole is refused
    UsageError : an unknown model, level or engine, or a missing extra
    TypeError : it is neither text nor a path
    """
    require_name(source)
    options = options or ReadOptions()
    asked = request(**question)
    measured = calibration(str(source), options, asked, calibrate)
    asked = asked._replace(factors=measured.factors, shift=measured.shift)
    running = Running(opened(str(source), options), asked, assemble)
    rows, refusals = list[Any](), list[Refusal]()
    for part in running.parts(engine, workers):
        rows += part.payloads
        refusals += part.refusals
    texts = {name: [getattr(refusal, name) for refusal in refusals] for name in ("series_id", "line", "reason")}
    lines, codes = np.array(texts["line"], dtype=np.int64), [refusal.error.code for refusal in refusals]
    refused = texts | {"line": lines, "code": codes}
    notes = (*measured.report, *running.notes(), *measured.warnings)
    return Batch(frame_of(columns(rows), "pandas"), frame_of(refused, "pandas"), notes)


@checked
def cross_validation(
    df: Frame,
    h: int = 2,
    windows: int = 3,
    models: Sequence[Asked] = (),
    *,
    step: int = 1,
    levels: Sequence[int] = DEFAULT_LEVELS,
    id_column: str | None = None,
    period_column: str | None = None,
    value_column: str | None = None,
) -> Frame:
    """Forecast from the last origins of every series of a frame, with the columns of the Nixtla tools.

    Parameters
    ----------
    df : a frame as `forecast_frame` takes it
    h : years ahead of each origin
    windows : origins of each series, the last one `h` years before its end; a window that leaves fewer than three
        points has no rows
    models : names, or models of your own; the consensus if left out
    step : years from one origin to the next
    levels : interval levels in whole percents, 30 to 99

    Returns
    -------
    A frame of the same library with `unique_id, ds, cutoff, y`, and a column a model and bound, such as `consensus`,
    `consensus-lo-80`. The learned models were trained on data from after the origins.

    Raises
    ------
    InputError : the columns are not there, a series is refused, or none is long enough
    UsageError : an unknown model or level

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"id": "a", "year": range(2010, 2020), "value": range(1, 11)})
    >>> cross_validation(frame, h=1, windows=2, models=["naive"], levels=[80]).round(1).values.tolist()[0][:5]
    ['a', 2018, 2017, 9.0, 8.0]
    """
    for name, value in {"h": h, "windows": windows, "step": step}.items():
        if value < 1:
            raise ArgumentError(f"{name} is {value}.", "Give 1 or more.")
    asked = request(horizon=h, levels=levels, models=resolved(models))
    options = ReadOptions(id_column=id_column, period_column=period_column, value_column=value_column)
    source = opened_frame(df, options)
    built = next(source.parts)
    if built.refusals:
        raise built.refusals[0].error
    panel = built.panel
    reach = ((back, panel.lengths - h - back >= FEWEST_POINTS) for back in range((windows - 1) * step, -1, -step))
    made = [_window(panel, np.flatnonzero(long), back, asked) for back, long in reach if long.any()]
    if not made:
        hint = f"Use a shorter {option('h')}, or longer series."
        raise InputError(f"No series has {FEWEST_POINTS + h} points.", hint)
    data = {name: np.concatenate([window[name] for window in made]) for name in made[0]}
    order = np.lexsort((data["ds"], data["cutoff"], data["unique_id"]))
    data = {name: cells[order] for name, cells in data.items()}
    ids = [panel.ids[place] for place in data["unique_id"].tolist()]
    result: Frame = frame_of({**data, "unique_id": ids}, source.library)
    return result


def _window(panel: Panel, chosen: Integers, back: int, asked: Request) -> dict[str, Any]:
    h, some = asked.horizon or 0, panel.select(chosen)
    past = some.before(h + back)._replace(within={})  # a total is known up to today
    actual = some.values[some.offsets[1:, None] - h - back + np.arange(h)]
    series, ahead = np.repeat(np.arange(len(chosen)), h), np.tile(np.arange(h), len(chosen))
    cutoffs = past.origins[series]
    data = {"unique_id": chosen[series], "ds": cutoffs + ahead + 1, "cutoff": cutoffs, "y": actual.ravel()}
    made = answers(past, asked)
    for slot, name in enumerate(asked.slots):
        points, lower, upper = (side[..., slot, :] for side in made.bounds)
        cells = (points, *lower[::-1], *upper)
        data |= {f"{name}{end}": cell.ravel() for end, cell in zip(ends(asked.levels), cells, strict=True)}
    return data
