"""The one function that every engine calls: a frame of observations in, a frame of forecasts out.

It is pure: no files, no state, no workers; the rows of a series must all be in the frame, and what a series gets does
not depend on the others. So a table may be cut in any way that keeps series whole, on one machine or on a thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, TypeVar

import numpy as np

from rural_forecast.api.arguments import checked
from rural_forecast.document.table import Words
from rural_forecast.errors import DoubtfulDataWarning, InputError
from rural_forecast.forecasting.batch.doubts import FINDINGS, MOST, Doubts, doubts
from rural_forecast.forecasting.batch.frame_columns import cells, frame_of, opened
from rural_forecast.forecasting.batch.kernel import forecast_panel
from rural_forecast.forecasting.batch.layout import layout, sample_grid, understood
from rural_forecast.forecasting.batch.panel import CareNeededError, Refusal, build
from rural_forecast.forecasting.batch.passing import notes as notes_on_passing
from rural_forecast.forecasting.batch.passing import passing
from rural_forecast.forecasting.batch.request import Request, request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.forecasting.batch.totals import Totals
from rural_forecast.forecasting.forecast import DEFAULT_LEVELS
from rural_forecast.models.base import Array, Ceiling
from rural_forecast.notes import Note
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.grid import label, shown
from rural_forecast.series.reading.options import check as check_options

Frame = TypeVar("Frame")
OnRefused = Literal["raise", "drop", "rows"]
REFUSED = "refused"
DOUBTFUL = "doubtful"
"""The kind of a row that says, to an engine, which series needs a look: the finding is under `model`."""
"""The kind of a row that says why a series has no forecast: the reason stands under `model`."""
_SAMPLE = 50


@checked
def forecast_frame(
    frame: Frame,
    *,
    horizon: int | None = None,
    year: int | None = None,
    levels: Sequence[int] = DEFAULT_LEVELS,
    models: Sequence[str] = (),
    all_models: bool = False,
    history: bool = False,
    ceiling: Ceiling | None = None,
    floor: float | None = None,
    cumulative: bool = False,
    allow_gaps: bool = False,
    id_column: str | None = None,
    period_column: str | None = None,
    value_column: str | None = None,
    measure: str | None = None,
    refused: OnRefused = "raise",
) -> Frame:
    """Forecast every series of a frame; a `DoubtfulDataWarning` says which have values that look wrong.

    Parameters
    ----------
    frame : a DataFrame of pandas or polars or a pyarrow Table, in long form, a row an observation; columns are
        recognised by name (`series_id`, `unique_id` or `id`; `year`, `period`, `date` or `ds`; `value` or `y`; `unit`)
        or given
    horizon, year : years ahead of the last one of each series (2 where left out), or the last year to forecast
    models : names of models that answer in place of the consensus
    ceiling, floor, cumulative : limits of every series, as in `forecast`; one that contradicts them is refused
    measure : what the values are, `flow`, `stock`, `rate` or `price`, whatever their names look like
    refused : what becomes of a series that cannot be forecast: an error, nothing, or one row of kind `refused` with
        the reason under `model` and no value

    Returns
    -------
    A frame of the same library with the columns `series_id, period, kind, model, value, lower_80, upper_80, lower_95,
    upper_95, growth_pct, unit`, series in order of first appearance; types do not depend on the data.

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
    asked = request(
        horizon=horizon,
        year=year,
        levels=levels,
        models=models,
        all_models=all_models,
        history=history,
        ceiling=ceiling,
        floor=floor,
        cumulative=cumulative,
        allow_gaps=allow_gaps,
    )
    options = ReadOptions(id_column=id_column, period_column=period_column, value_column=value_column, measure=measure)
    check_options(options)
    return answered(frame, asked, options, refused, _warn)


def _warn(note: Note) -> None:
    """A Python warning: a frame has no place for notes."""
    from warnings import warn

    warn(str(note), DoubtfulDataWarning if note.code == FINDINGS else UserWarning, stacklevel=5)


def answered(
    frame: Frame,
    asked: Request,
    options: ReadOptions,
    refused: OnRefused,
    warn: Callable[[Note], None] = lambda _: None,
    *,
    doubtful: bool = False,
) -> Frame:
    """As `forecast_frame`, for a question that is checked already.

    Parameters
    ----------
    warn : told what is left out, and which series need a look
    doubtful : whether each series that needs a look gets a row of kind `doubtful`, for an engine
    """
    table = opened(frame)
    header = [str(name) for name in table.columns]
    sample = [list(row) for row in table.head(_SAMPLE).rows()]
    try:
        found = layout(sample_grid("the frame", header, sample, "row"), options, whole=len(table) <= _SAMPLE)
        raw = understood(cells(table, found), found)
        panel, refusals = build(raw, allow_gaps=asked.allow_gaps)
    except CareNeededError as care:
        raise InputError(f"A frame with {care} cannot be read.", "Write it to a file, which batch reads.") from None
    totals = Totals()
    totals.add(panel)
    for name in totals.found():
        found.account.total(name)
    for name in panel.shares:
        found.account.share(name, panel.wholes[name])
    for note in found.account.notes():
        warn(note)
    parts, more = forecast_panel(panel, asked)
    for note in notes_on_passing(passing(panel, parts, asked)):
        warn(note)
    refusals += more
    if refusals and refused == "raise":
        first = refusals[0]
        others = f" ({len(refusals) - 1:,} more are refused)" if len(refusals) > 1 else ""
        raise InputError(
            f"series {shown(first.series_id)}: {first.reason.rstrip('.')}{others}.",
            'Give refused="drop" to leave such series out, or refused="rows" to get a row that says why.',
        )
    if refusals and refused == "rows":
        parts.append(_rows_of(REFUSED, [(one.series_id, one.reason) for one in refusals], asked))
    found_wrong = doubts(panel, len(panel.ids) if doubtful else MOST)
    for note in found_wrong.notes(len(panel.ids), "")[:1]:
        warn(note)
    if doubtful and found_wrong.series:
        parts.append(_rows_of(DOUBTFUL, [(name, str(what)) for name, what in found_wrong.first], asked))
    pandas = table.implementation.is_pandas()
    made: Frame = pandas_frame(parts, asked) if pandas else frame_of(parts, asked, table)
    return made


def _rows_of(kind: str, told: Sequence[tuple[str, str]], asked: Request) -> Rows:
    """Rows that say something of a series, by id and text, under `model`."""
    count = len(told)
    codes = np.arange(count)
    zeros = np.zeros(count, dtype=np.int64)
    blank = np.full(count, np.nan)
    blanks = np.full((len(asked.levels), count), np.nan)
    return Rows(
        Words(codes, [series_id for series_id, _ in told]),
        zeros,
        Words(zeros, [kind]),
        Words(codes, [text for _, text in told]),
        blank,
        blanks,
        blanks,
        blank,
        Words(zeros, [""]),
    )


def pandas_frame(parts: Sequence[Rows], asked: Request) -> Any:
    """Rows as a DataFrame whose types do not depend on the data."""
    import pandas as pd

    def column(pieces: list[Any]) -> Any:
        if not isinstance(pieces[0], Words):
            return np.concatenate(pieces)
        texts = [np.array([*piece.words, ""], dtype=object)[piece.codes] for piece in pieces]
        return pd.array(np.concatenate(texts), dtype="str")  # in one chunk, which is what Spark takes

    columns = zip(*(rows.columns(asked.levels) for rows in parts), strict=True)
    return pd.DataFrame({pieces[0][0]: column([data for _, data in pieces]) for pieces in columns})


def _words(column: Any) -> Words:
    import pandas as pd

    codes, words = pd.factorize(column)
    return Words(np.asarray(codes, dtype=np.int64), words.tolist())


class Split(NamedTuple):
    """What an engine gave back for a part of its series."""

    rows: Rows
    refusals: list[Refusal]
    doubts: Doubts


def split(frame: Any, asked: Request) -> Split:
    """A pandas frame of forecasts, made by `answered` for an engine, as rows, refusals and doubts."""

    def told(kind: str) -> list[tuple[str, str]]:
        rows = frame.loc[frame["kind"] == kind, ["series_id", "model"]].itertuples(index=False)
        return [(label(series), label(text)) for series, text in rows]

    refusals = [Refusal(series, -1, reason) for series, reason in told(REFUSED)]
    doubtful = told(DOUBTFUL)
    kept = frame.loc[~frame["kind"].isin([REFUSED, DOUBTFUL]).to_numpy(dtype=bool)]

    def floats(columns: list[str]) -> Array:
        return np.stack([kept[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in columns])

    words = {name: _words(kept[name].fillna("")) for name in ("series_id", "kind", "model", "unit")}
    single = floats(["value", "growth_pct"])
    rows = Rows(
        words["series_id"],
        kept["period"].to_numpy(dtype=np.int64),
        words["kind"],
        words["model"],
        single[0],
        floats([f"lower_{level}" for level in asked.levels]),
        floats([f"upper_{level}" for level in asked.levels]),
        single[1],
        words["unit"],
    )
    return Split(rows, refusals, Doubts(len(doubtful), tuple(doubtful[:MOST])))
