"""Batches for Python: a file of many series or a frame of observations to a frame of forecasts.

`cross_validation` forecasts the past of the series of a frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar, Literal, NamedTuple, TypeVar, cast, get_args
from warnings import warn

import numpy as np

from rural_forecast.api import (
    ArgumentError,
    asks,
    checked,
    comparable,
    require_choice,
    warn_of,
)
from rural_forecast.errors import DoubtfulDataWarning, InputError, ModelError, option
from rural_forecast.forecasting.answers import Answers, answers
from rural_forecast.forecasting.batch import keys, remarks, rows
from rural_forecast.forecasting.batch.calibration import Mode, calibration
from rural_forecast.forecasting.batch.inputs import OpenedInput, opened, opened_frame
from rural_forecast.forecasting.batch.rows import Names, frame_of
from rural_forecast.forecasting.batch.run import Chunk, Running
from rural_forecast.forecasting.distribution import SPREAD_LEVELS
from rural_forecast.forecasting.panel import Panel, Refusal, Request, request
from rural_forecast.forecasting.registry import Asked, resolved
from rural_forecast.models.base import Reason
from rural_forecast.notes import Note
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.observed.reading.options import MEASURES
from rural_forecast.observed.reading.options import check as check_options
from rural_forecast.question.batch import BatchQuestion
from rural_forecast.question.question import CUMULATIVE, DEFAULT_LEVELS, Years
from rural_forecast.question.source import require_name
from rural_forecast.system.progress import SOON, progress
from rural_forecast.text.cells import shown

Frame = TypeVar("Frame")
OnRefused = Literal["raise", "drop", "rows"]
# A frame whose columns all have such names gets rows with our names; any other keeps its own. So
# does one with `unique_id`, whose results are to join with those of the Nixtla tools.
RECOGNISED = frozenset(("series_id", "id", "year", "period", "date", "ds", "value", "y"))
FEWEST = 3  # points that a forecast rests on, at least
FIRST_PART = 4  # series of the first part of a cross-validation
QUICK = 0.5  # seconds that a part may take, so that the next one is twice as large


@dataclass(frozen=True, kw_only=True)
class FrameQuestion(BatchQuestion):
    """The question to every series of a frame."""

    measures: ClassVar[tuple[str, ...]] = (*MEASURES, CUMULATIVE)

    allow_gaps: bool = False  # true accepts missing years; nothing is filled
    breaks: Years = ()
    """first years on a new basis, of each series with values on both sides: growth alone crosses
    them.
    """
    id_column: str | Sequence[str] | None = None  # several are one id, joined by " / "
    period_column: str | None = None
    value_column: str | None = None
    refused: OnRefused = "raise"
    """what becomes of a series that cannot be forecast: an error, nothing, or one row of kind
    `refused` with the reason under `model`.
    """
    names: Names | None = None  # of the columns, see `forecast_frame`
    paths: int | None = None  # sampled paths of each series, in place of forecasts
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse options of the reader that are impossible, and what every batch refuses."""
        check_options(self.reading)
        if self.paths is None and self.seed != 1:
            raise ArgumentError("seed is for paths.", "Leave seed out, or add paths=1000.")
        require_choice("refused", self.refused, get_args(OnRefused))
        require_choice("names", self.names, (None, *get_args(Names)))
        BatchQuestion.__post_init__(self)

    @property
    def reading(self) -> ReadOptions:
        """How the frame is read."""
        return ReadOptions(
            id_column=keys.id_name(self.id_column),
            period_column=self.period_column,
            value_column=self.value_column,
            measure=None if self.measure == CUMULATIVE else self.measure,
            allow_gaps=self.allow_gaps,
            breaks=tuple(self.breaks),
        )


@dataclass(frozen=True, kw_only=True)
class FileQuestion(BatchQuestion):
    """The question to every series of a file."""

    options: ReadOptions | None = None  # how the file is read
    calibrate: Mode = "never"
    """fit intervals to the last points of 50 or more series: `never`, `auto` (which only widens) or
    `always`.
    """
    engine: str = "local"  # `local`, `dask`, `dask=URL`, `spark` or `spark=URL`
    workers: int = 1  # processes

    def __post_init__(self) -> None:
        """Refuse a calibration that there is none of, and what every batch refuses."""
        require_choice("calibrate", self.calibrate, get_args(Mode))
        BatchQuestion.__post_init__(self)


@asks(FrameQuestion)
def forecast_frame(frame: Frame, question: FrameQuestion) -> Frame:
    """Forecast every series of a frame.

    A `DoubtfulDataWarning` says which series have values that look wrong.

    Parameters
    ----------
    frame : a DataFrame of pandas or polars or a pyarrow Table: long, a row an observation, whose
        columns are recognised by name (`series_id`, `unique_id` or `id`; `year`, `period`, `date`
        or `ds`; `value` or `y`; `unit`) or given; or wide, with years across or down, also in the
        index of pandas
    refused : what becomes of a series that cannot be forecast: an error, nothing, or one row of
        kind `refused` with the reason under `model`
    names : of the columns: `tidy`; `input` keeps those of the frame for ids, periods and values;
        `nixtla` has a row a series and year, `unique_id`, `ds`, and a column a model and bound,
        such as `consensus-lo-80`. Left out, `tidy` for a frame with names of ours, `input` for any
        other and for one with `unique_id`. But for `tidy`, timestamps stay timestamps
    id_column, period_column, value_column : names of columns that are not recognised; a list of ids
        is one id, its parts joined by " / "
    paths, seed : how many sampled paths of each series are given in place of forecasts; the same
        seed gives the same. Paths of one number are one future of all series, so that they add up
        to totals: two series correlate as two parts of one whole do in `panel`
    year, horizon, levels, models, ceiling, floor, kind : of every series, as in `forecast`
    measure : `cumulative` as in `forecast`, or `flow`, `stock`, `rate` or `price`
    all_models : true adds the rows of all our kernels
    history : true adds actual rows
    allow_gaps, breaks : missing years are accepted; first years on a new basis

    Returns
    -------
    A frame of the same library with the columns `series_id, period, kind, model, value, lower_80,
    upper_80, lower_95, upper_95, growth_pct, unit`, series in order of first appearance. With
    `paths` the columns `series_id, period, path, value`.

    Raises
    ------
    InputError : the columns are not there, or growth is; or, with `refused="raise"`, a series
        cannot be forecast
    UsageError : an unknown model or level
    TypeError : it is no such frame, or a lazy one

    >>> import pandas as pd
    >>> years = [2014, 2015, 2016]
    >>> frame = pd.DataFrame({"id": ["a"] * 3, "year": years, "value": [180.0, 353.0, 482.0]})
    >>> forecast_frame(frame, horizon=1)[["series_id", "period", "kind", "model"]].values.tolist()
    [['a', 2017, 'forecast', 'consensus']]
    """
    stated = CUMULATIVE if question.measure == CUMULATIVE else None
    asked = request(question.of(BatchQuestion, measure=stated))
    options = question.reading
    names = question.names
    paths = question.paths
    if paths is not None:
        asked = asked._replace(levels=SPREAD_LEVELS, history=False, all_models=False)
        if len(asked.main) > 1:
            raise ArgumentError("Paths are those of one model, and several are named.", "Name one.")
    given, parts_of_id = keys.with_one_id(frame, question.id_column)
    source = opened_frame(given, options)
    running = Running(source, asked, rows.assemble if paths is None else _as_they_are)
    chunks = _worked_on(running)
    payloads = [chunk.payload for chunk in chunks]
    refusals = [refusal for chunk in chunks for refusal in chunk.refusals]
    _warn(source, running)
    if refusals and question.refused == "raise":
        raise _refused(refusals)
    if paths is not None:
        data = rows.sampled(payloads, paths, question.seed)
    else:
        if question.refused == "rows":
            payloads.append(rows.refused_rows(refusals, asked.levels))
        data = rows.columns(payloads)
    names = names or _names_for(source)
    result = rows.renamed(frame_of(data, source.library), names, asked.levels, source.names)
    periods = _period_names(source, names)[:1]
    result = keys.as_given(result, names, given, source.names, periods, parts_of_id)
    return cast("Frame", result)


def _worked_on(running: Running, engine: str = "local", workers: int = 1) -> list[Chunk]:
    """Carry out a batch, and show its progress where it takes long."""
    chunks = list[Chunk]()
    with progress(after=SOON) as work:
        if source_rows := running.source.rows:
            work.expect(source_rows)
        for chunk in running.parts(engine, workers):
            chunks.append(chunk)
            work.advance(chunk.values)
    return chunks


def _as_they_are(forecasts: Answers) -> Answers:
    return forecasts


def _names_for(source: OpenedInput) -> Names:
    """The names of the result for a frame where none are asked for."""
    has_ours = all(name.lower() in RECOGNISED for name in source.names.values())
    return "tidy" if has_ours else "input"


def _period_names(source: OpenedInput, names: Names) -> tuple[str, str]:
    """The columns of periods and ids in a result."""
    if names == "tidy":
        return "period", "series_id"
    if names == "nixtla":
        return "ds", "unique_id"
    return source.names.get("period", "period"), source.names.get("series_id", "series_id")


def _warn(source: OpenedInput, running: Running) -> None:
    """Warn of rows that were left out, of grave remarks, and of doubtful values."""
    series = running.series + running.refused
    doubts = remarks.findings(running.remarks, series, "")[:1]
    grave = [note for note in remarks.notes_on(running.remarks) if note.warning]
    for note in (*source.noted.notes(), *grave, *doubts):
        category = DoubtfulDataWarning if note.warning else UserWarning
        # The line that called `forecast_frame`: behind this function, it, and its wrapper.
        warn(str(note), category, stacklevel=5)


def _refused(refusals: Sequence[Refusal]) -> InputError:
    first = refusals[0]
    others = f" ({len(refusals) - 1:,} more are refused)" if len(refusals) > 1 else ""
    return InputError(
        f"series {shown(first.series_id)}: {first.reason.rstrip('.')}{others}.",
        'Give refused="drop" to leave such series out, or refused="rows" to get a row that says '
        "why.",
    )


@comparable
class Batch(NamedTuple):
    """Forecasts of many series."""

    forecasts: Any  # a pandas DataFrame of the columns of the contract
    refused: Any
    """a pandas DataFrame with `series_id`, `line` (of the file, 0 where none is to blame) and
    `reason`.
    """
    notes: tuple[Note, ...] = ()  # things left out of the file


@asks(FileQuestion)
def batch(source: str | Path, question: FileQuestion) -> Batch:
    """Forecast every series of a file in long form; series that are refused do not stop the rest.

    A `DoubtfulDataWarning` says what was left out, and which values look wrong.

    Parameters
    ----------
    source : CSV, TSV, NDJSON or Parquet file, or a folder of Parquet files; for a frame see
        `forecast_frame`
    calibrate : fit intervals to the last points of 50 or more series: `never`, `auto` (which only
        widens) or `always`
    engine : what carries it out, `local`, `dask`, `dask=URL`, `spark` or `spark=URL`; without a URL
        on this machine
    workers : processes; more than one needs a script that can be imported
        (`if __name__ == "__main__"`)
    options : how the file is read, `ReadOptions`
    year, horizon, levels, models, ceiling, floor, measure, kind : of every series, as in `forecast`
    all_models : true adds the rows of all our kernels
    history : true adds actual rows

    Returns
    -------
    `forecasts` and `refused`, frames of pandas, and `notes`

    Raises
    ------
    InputError : the file as a whole is refused
    UsageError : an unknown model, level or engine, or a missing extra
    TypeError : it is neither text nor a path

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "sales.csv"
    ...     _ = file.write_text("id,year,value\\na,2014,180\\na,2015,353\\na,2016,482\\n")
    ...     result = batch(file, horizon=1)
    >>> result.forecasts[["series_id", "period", "model"]].values.tolist(), len(result.refused)
    ([['a', 2017, 'consensus']], 0)
    """
    require_name(source)
    options = question.options or ReadOptions()
    asked = request(question)
    measured = calibration(str(source), options, asked, question.calibrate)
    asked = asked._replace(factors=measured.factors, shift=measured.shift)
    running = Running(opened(str(source), options), asked, rows.assemble)
    chunks = _worked_on(running, question.engine, question.workers)
    refusals = [refusal for chunk in chunks for refusal in chunk.refusals]
    refused: dict[str, Any] = {
        "series_id": [refusal.series_id for refusal in refusals],
        "line": np.array([refusal.line for refusal in refusals], np.int64),
        "reason": [refusal.reason for refusal in refusals],
        "code": [refusal.error.code for refusal in refusals],
    }
    notes = (*measured.report, *running.notes(), *measured.warnings)
    warn_of(notes)
    return Batch(
        forecasts=frame_of(rows.columns([chunk.payload for chunk in chunks]), "pandas"),
        refused=frame_of(refused, "pandas"),
        notes=notes,
    )


@checked
def cross_validation(
    df: Frame,
    h: int = 2,
    windows: int = 3,
    models: Sequence[Asked] = (),
    *,
    step: int = 1,
    levels: Sequence[int] = DEFAULT_LEVELS,
    id_column: str | Sequence[str] | None = None,
    period_column: str | None = None,
    value_column: str | None = None,
    names: Names | None = None,
) -> Frame:
    """Forecast from the last origins of every series of a frame.

    A row a series, origin and year, with a column a model and bound, as the Nixtla tools have it.

    Parameters
    ----------
    df : a frame as `forecast_frame` takes it
    h : years ahead of each origin
    windows : origins of each series, the last one `h` years before its end; a window that leaves
        fewer than three points has no rows
    models : names, or models of your own; the consensus if left out
    step : years from one origin to the next
    levels : interval levels in whole percents, 30 to 99
    id_column, period_column, value_column : names of columns that are not recognised; a list of ids
        is one id, its parts joined by " / "
    names : of ids and periods, as in `forecast_frame`, so that the results join: `tidy`, `input` or
        `nixtla`; left out, those of `forecast_frame`

    Returns
    -------
    A frame of the same library with ids, periods, `cutoff` and `y`, and a column a model and bound,
    such as `consensus`, `consensus-lo-80`. The learned models were trained on data from after the
    origins.

    Raises
    ------
    InputError : the columns are not there, a series is refused, or none is long enough
    ModelError : a model has no forecast in any window; one that has none in some is warned of
    UsageError : an unknown model or level

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"id": "a", "year": range(2010, 2020), "value": range(1, 11)})
    >>> rows = cross_validation(frame, h=1, windows=2, models=["naive"], levels=[80])
    >>> rows.round(1).values.tolist()[0][:5]
    ['a', 2018, 2017, 9.0, 8.0]
    """
    for name, value in {"h": h, "windows": windows, "step": step}.items():
        if value < 1:
            raise ArgumentError(f"{name} is {value}.", "Give 1 or more.")
    asked = request(BatchQuestion(horizon=h, levels=levels, models=resolved(models)))
    require_choice("names", names, (None, *get_args(Names)))
    options = ReadOptions(
        id_column=keys.id_name(id_column), period_column=period_column, value_column=value_column
    )
    given, parts_of_id = keys.with_one_id(df, id_column)
    source = opened_frame(given, options)
    built = next(source.parts)
    if built.refusals:
        raise built.refusals[0].error
    panel = built.panel
    years_before_the_last = np.arange((windows - 1) * step, -1, -step)
    fits = panel.lengths[:, None] - h - years_before_the_last >= FEWEST
    series, window = np.nonzero(fits)
    if not len(series):
        hint = f"Use a shorter {option('h')}, or longer series."
        raise InputError(f"No series has {FEWEST + h} points.", hint)

    # From here on a series of the panel is one window of a series of the frame.
    whole = panel.select(series)
    held = h + years_before_the_last[window]
    # Totals are left out: they are known up to today.
    past = replace(whole.before(held), within={})
    forecasts = _in_parts(past, asked)
    _require_answers(forecasts)
    cutoffs = np.repeat(past.origins, h)
    actual = whole.values[(whole.offsets[1:] - held)[:, None] + np.arange(h)]
    names = names or _names_for(source)
    period, name_of_id = _period_names(source, names)
    data = {
        name_of_id: [name for name in whole.ids for _ in range(h)],
        period: cutoffs + np.tile(np.arange(1, h + 1), len(series)),
        "cutoff": cutoffs,
        "y": actual.ravel(),
    }
    for slot, name in enumerate(asked.slots):
        bounds = zip(*(part.bounds for part in forecasts), strict=True)
        points, lower, upper = (np.concatenate(side, -3)[..., slot, :] for side in bounds)
        columns = (points, *lower[::-1], *upper)
        for end, cells in zip(rows.ends(asked.levels), columns, strict=True):
            data[f"{name}{end}"] = cells.ravel()
    result = frame_of(data, source.library)
    periods = (period, "cutoff")
    result = keys.as_given(result, names, given, source.names, periods, parts_of_id)
    return cast("Frame", result)


def _in_parts(panel: Panel, asked: Request) -> list[Answers]:
    """Forecast a panel part by part, so that a bar can show how far it is.

    Results do not depend on the parts. A fit may take a second or a thousandth of one: parts grow
    as long as they are quick.
    """
    parts = list[Answers]()
    count = len(panel.ids)
    size = FIRST_PART
    done = 0
    with progress(after=SOON) as work:
        work.expect(count)
        while done < count:
            began = monotonic()
            part = panel.select(np.arange(done, min(done + size, count)))
            parts.append(answers(part, asked))
            done += len(part.ids)
            work.advance(len(part.ids))
            if monotonic() - began < QUICK:
                size *= 2
    return parts


def _require_answers(forecasts: Sequence[Answers]) -> None:
    """Warn of models that have no forecast in some windows; refuse one that has none in any.

    Raises ModelError.
    """
    asked = forecasts[0].request
    points = np.concatenate([part.points for part in forecasts])
    every_reason = np.concatenate([part.reasons for part in forecasts])
    for slot, name in enumerate(asked.slots):
        silent = np.isnan(points[:, slot, 0])
        if not silent.any():
            continue
        codes = dict.fromkeys(every_reason[silent, slot].tolist())
        model = asked.model(name)
        reasons = [] if model is None else [Reason(code).of(model) for code in codes]
        message = next(filter(None, (part.messages[slot] for part in forecasts)), "")
        because = "; ".join(filter(None, (*reasons, message))) or "it gives no finite number"
        count = f"{int(silent.sum()):,} of {len(silent):,} windows"
        if silent.all():
            raise ModelError(f"{name} has no forecast in any window: {because}.")
        text = f"{name} has no forecast in {count}: {because}."
        warn(text, DoubtfulDataWarning, stacklevel=4)
