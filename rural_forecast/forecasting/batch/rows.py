"""The rows of a batch, by column: made without a Python step a row, as frames, or sampled paths.

`assemble` makes the rows of a panel. A text column is `CodedTexts`: codes of each row, and
the texts that these number. Workers send them in this form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rural_forecast.document.table import CodedTexts
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.answers import Answers
from rural_forecast.forecasting.distribution import paths, shared_steps
from rural_forecast.forecasting.panel import Panel, Refusal
from rural_forecast.forecasting.result import first_step, spread_of
from rural_forecast.models.base import Array, Flags, Integers

KINDS = ("forecast", "actual", "published", "refused")
Names = Literal["tidy", "input", "nixtla"]
KEYS = ("series_id", "period")
MOST_VALUES = 50_000_000  # values of sampled paths
# The columns of the contract by name, `CodedTexts` or arrays of equal length; NaN is an empty cell.
Rows = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Some rows by column, before texts and units are known; all arrays have a cell a row."""

    series: Integers  # index of the id
    period: Integers
    kind: Integers  # index in `KINDS`
    model: Integers  # index of the name
    value: Array
    growth: Array
    bounds: Array  # shape (bound, row): all lower ones, then all upper ones

    def ordered(self, order: Integers) -> "Cells":
        """Return the rows in an order."""
        return Cells(
            self.series[order],
            self.period[order],
            self.kind[order],
            self.model[order],
            self.value[order],
            self.growth[order],
            self.bounds[:, order],
        )


def assemble(forecasts: Answers, *, history: bool = False) -> Rows:
    """Make the rows of a panel, series by series.

    Of each series the actual and published rows come first, where they are asked for or `history`
    is true, then those of each forecast.
    """
    panel = forecasts.panel
    request = forecasts.request
    # Behind the models come the authors of other rows: nobody of actual ones, then the publishers.
    models = [*request.slots, ""]
    parts = []
    if history or request.history:
        nobody = len(request.slots)
        bounds = 2 * len(request.levels)
        authors = _authors(panel, len(models))
        parts = [_actual(panel, nobody, bounds), _published(panel, authors, bounds)]
        models += authors
    parts.append(_of_forecasts(forecasts))
    joined = _joined(parts)
    # Stable, so that the rows of one series stay in the order of the parts.
    order = np.argsort(joined.series, kind="stable")
    return _rows(request.levels, joined.ordered(order), panel.ids, models, panel.units)


def refused_rows(refusals: Sequence[Refusal], levels: Sequence[int]) -> Rows:
    """Make a row for each series that is refused, with the reason under `model`."""
    count = len(refusals)
    index = np.arange(count)
    cells = Cells(
        series=index,
        period=np.zeros(count, dtype=np.int64),
        kind=_kind("refused", count),
        model=index,
        value=np.full(count, np.nan),
        growth=np.full(count, np.nan),
        bounds=np.full((2 * len(levels), count), np.nan),
    )
    ids = [refusal.series_id for refusal in refusals]
    reasons = [refusal.reason for refusal in refusals]
    return _rows(levels, cells, ids, reasons, [""] * count)


def _of_forecasts(forecasts: Answers) -> Cells:
    panel = forecasts.panel
    points = forecasts.points
    has_point: Flags = np.isfinite(points)
    series, slot, step = np.nonzero(has_point)
    last = panel.values[panel.offsets[1:] - 1][:, None, None]
    last = np.broadcast_to(last, (*points.shape[:2], 1))
    growth = _growth(np.concatenate([last, points[:, :, :-1]], axis=2), points)
    return Cells(
        series=series,
        period=panel.origins[series] + step + 1,
        kind=_kind("forecast", len(series)),
        model=slot,
        value=points[has_point],
        growth=growth[has_point],
        bounds=np.concatenate([forecasts.lower[:, has_point], forecasts.upper[:, has_point]]),
    )


def _actual(panel: Panel, nobody: int, bounds: int) -> Cells:
    count = len(panel.values)
    before = np.concatenate([[np.nan], panel.values[:-1]])
    before[panel.offsets[:-1]] = np.nan
    return Cells(
        series=np.repeat(np.arange(len(panel.ids)), panel.lengths),
        period=panel.years,
        kind=_kind("actual", count),
        model=np.full(count, nobody),
        value=panel.values,
        growth=_growth(before, panel.values),
        bounds=np.full((bounds, count), np.nan),
    )


def _authors(panel: Panel, first: int) -> dict[str, int]:
    """Number the authors of published forecasts from `first` on, as they first appear."""
    numbers: dict[str, int] = {}
    for name in panel.ids if panel.published else ():
        for figure in panel.published.get(name, ()):
            numbers.setdefault(figure.author, first + len(numbers))
    return numbers


def _published(panel: Panel, authors: Mapping[str, int], bounds: int) -> Cells:
    series: list[int] = []
    years: list[int] = []
    models: list[int] = []
    values: list[float] = []
    for index, name in enumerate(panel.ids if panel.published else ()):
        for figure in panel.published.get(name, ()):
            series.append(index)
            years.append(figure.period.year)
            models.append(authors[figure.author])
            values.append(figure.value)
    count = len(values)
    return Cells(
        series=np.array(series, dtype=np.int64),
        period=np.array(years, dtype=np.int64),
        kind=_kind("published", count),
        model=np.array(models, dtype=np.int64),
        value=np.array(values, dtype=np.float64),
        growth=np.full(count, np.nan),
        bounds=np.full((bounds, count), np.nan),
    )


def _kind(name: str, count: int) -> Integers:
    return np.full(count, KINDS.index(name))


def _joined(parts: Sequence[Cells]) -> Cells:
    if len(parts) == 1:
        return parts[0]
    return Cells(
        np.concatenate([part.series for part in parts]),
        np.concatenate([part.period for part in parts]),
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.model for part in parts]),
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.growth for part in parts]),
        np.concatenate([part.bounds for part in parts], axis=1),
    )


def _rows(
    levels: Sequence[int],
    cells: Cells,
    ids: Sequence[str],
    models: Sequence[str],
    units: Sequence[str],
) -> Rows:
    rows: Rows = {
        "series_id": CodedTexts(cells.series, ids),
        "period": cells.period,
        "kind": CodedTexts(cells.kind, KINDS),
        "model": CodedTexts(cells.model, models),
        "value": cells.value,
    }
    for index, level in enumerate(levels):
        rows[f"lower_{level}"] = cells.bounds[index]
        rows[f"upper_{level}"] = cells.bounds[len(levels) + index]
    # A million series share a few units.
    code_of_unit = {unit: code for code, unit in enumerate(dict.fromkeys(units))}
    codes = np.array([code_of_unit[unit] for unit in units], dtype=np.int64)
    rows["growth_pct"] = cells.growth
    rows["unit"] = CodedTexts(codes[cells.series], [*code_of_unit])
    return rows


def _growth(before: Array, now: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rate = 100 * (now / before - 1)
    return np.where((before > 0) & np.isfinite(rate), rate, np.nan)


def frame_of(data: Mapping[str, Any], library: Any) -> Any:
    """Make a frame of columns, each a list of text or an array.

    Types do not depend on the data, and what is not known is null.
    """
    import narwhals as nw

    kinds = {"i": nw.Int64, "f": nw.Float64}
    types = {
        name: nw.String if isinstance(cells, list) else kinds[cells.dtype.kind]
        for name, cells in data.items()
    }
    numbers = [name for name, kind in types.items() if kind is nw.Float64]
    return (
        nw.from_dict(data, types, backend=library)
        .with_columns(nw.col(*numbers).fill_nan(None))
        .to_native()
    )


def columns(parts: Sequence[Rows]) -> dict[str, Any]:
    """Join the columns of all parts; texts become lists."""
    return {name: _joined_column([rows[name] for rows in parts]) for name in parts[0]}


def _joined_column(cells: Sequence[Any]) -> Any:
    if not isinstance(cells[0], CodedTexts):
        return np.concatenate(cells)
    texts: list[str] = []
    for words in cells:
        # With one text more: an array of none cannot be indexed.
        table = np.array([*words.words, ""], dtype=object)
        texts += table[words.codes].tolist()
    return texts


def sampled(parts: Sequence[Answers], count: int, seed: int) -> dict[str, Any]:
    """Sample paths of every series, which are joint: path 1 of all series is one future.

    One series alone has the paths of `Forecast.paths`. The levels asked for are those of the whole
    distribution.
    """
    alone = sum(len(forecasts.panel.ids) for forecasts in parts) == 1
    cells = count * sum(int(np.isfinite(forecasts.points).sum()) for forecasts in parts)
    if count < 1 or cells > MOST_VALUES:
        size = "none" if count < 1 else f"{cells:,} values"
        raise UsageError(
            f"{count} paths of each series are {size}.",
            f"Ask for 1 or more, and {MOST_VALUES:,} values at most.",
        )
    names: list[str] = []
    periods = [np.empty(0, dtype=np.int64)]
    numbers = [np.empty(0, dtype=np.int64)]
    values = [np.empty(0)]
    for forecasts in parts:
        limits = forecasts.request.limits
        ranked = limits.cumulative or limits.ranged
        for index, name in enumerate(forecasts.panel.ids):
            _, first, history = forecasts.panel.series(index)
            path = forecasts.path(0, index)
            years = first + len(history) + np.arange(len(path.values))
            spread = spread_of(path, history, limits, forecasts.panel.wholes.get(name))
            shared = None if alone else shared_steps(years.tolist(), count, seed)
            step = first_step(path) if name in forecasts.panel.starts else 1.0
            drawn = paths(spread, name, count, seed, ranked=ranked, first=step, shared=shared)
            names += [name] * drawn.size
            periods.append(np.tile(years, count))
            numbers.append(np.repeat(np.arange(1, count + 1), len(years)))
            values.append(drawn.ravel())
    return {
        "series_id": names,
        "period": np.concatenate(periods),
        "path": np.concatenate(numbers),
        "value": np.concatenate(values),
    }


def renamed(frame: Any, names: Names, levels: Sequence[int], of_input: Mapping[str, str]) -> Any:
    """Give a frame of rows other names.

    `of_input` maps our names to those of the frame that was given.
    """
    import narwhals as nw

    if names == "tidy":
        return frame
    rows = nw.from_native(frame, eager_only=True)
    if names == "input":
        # A name of the input may be that of another column of ours, which then stays.
        taken = set(rows.columns) - of_input.keys()
        new_names = {ours: name for ours, name in of_input.items() if name not in taken}
        return rows.rename(new_names).to_native()
    new_names = {"series_id": "unique_id", "period": "ds"}
    if "model" not in rows.columns:
        return rows.rename(new_names).to_native()

    rows = rows.filter(nw.col("kind") == "forecast")
    wide = rows.select(*KEYS).unique(maintain_order=True)
    for model in rows["model"].unique(maintain_order=True).to_list():
        column_names = {
            column: f"{model}{end}"
            for column, end in zip(_columns(levels), ends(levels), strict=True)
        }
        of_model = rows.filter(nw.col("model") == model).select(*KEYS, *column_names)
        wide = wide.join(of_model.rename(column_names), on=list(KEYS), how="left")
    return wide.rename(new_names).to_native()


def ends(levels: Sequence[int]) -> list[str]:
    """Return what the Nixtla tools append to the name of a model for each of its columns.

    The point comes first, then bounds from the lowest up.
    """
    rising = sorted(levels)
    lower = [f"-lo-{level}" for level in reversed(rising)]
    upper = [f"-hi-{level}" for level in rising]
    return ["", *lower, *upper]


def _columns(levels: Sequence[int]) -> list[str]:
    """Return our columns of a model, in the order of `ends`."""
    rising = sorted(levels)
    lower = [f"lower_{level}" for level in reversed(rising)]
    upper = [f"upper_{level}" for level in rising]
    return ["value", *lower, *upper]
