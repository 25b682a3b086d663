"""Score kept forecasts: match each series with what came, refuse another market, and compare with
the last value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite, sqrt
from pathlib import Path
from textwrap import shorten
from typing import NamedTuple

import numpy as np

from rural_forecast.api import Comparable
from rural_forecast.errors import InputError, Place, UsageError, of_file, option
from rural_forecast.forecasting import accuracy, registry
from rural_forecast.forecasting.intervals import forecast_block
from rural_forecast.forecasting.past_record import ENOUGH
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.observed.catalogue import load
from rural_forecast.observed.findings import doubts
from rural_forecast.observed.history import annual
from rural_forecast.observed.observation import Series
from rural_forecast.observed.reading import ReadOptions, read_in_part
from rural_forecast.observed.yearly import observed_years, values_by_year
from rural_forecast.question.question import DEFAULT_LEVELS
from rural_forecast.question.source import Source
from rural_forecast.record.kept import Bounds, KeptSeries, Record
from rural_forecast.record.reading import files_in, read_record
from rural_forecast.text.cells import quoted
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import counted, listed, runs, spans

# Relative change of the value at the origin from which a forecast is scored on both histories.
RESTATED = 0.005
# Ends the author of a forecast that is moved to the restated value at its origin.
REBASED = "rebased"
LONGEST = 90
MOST_YEARS = 6


class Scored(NamedTuple):
    """One forecast and what came."""

    series: Series
    author: str
    origin: int | None
    period: int
    forecast: float
    actual: float
    bounds: Bounds
    naive: tuple[float, Bounds] | None = None
    """the last value with its ranges, where the history is there."""

    @property
    def horizon(self) -> int | None:
        """Years from the last one known."""
        return None if self.origin is None else self.period - self.origin

    @property
    def error_pct(self) -> float | None:
        """Forecast over actual, in percent; None for an actual that is not positive."""
        return 100 * (self.forecast / self.actual - 1) if self.actual > 0 else None

    def held(self, level: int) -> bool | None:
        """True if the range holds what came; None without a range of this level."""
        if level not in self.bounds:
            return None
        lower, upper = self.bounds[level]
        return lower <= self.actual <= upper


class Coverage(NamedTuple):
    """The share of ranges of one level that held, and the distinct years of distinct series that it
    rests on.
    """

    level: int
    n: int
    outcomes: int  # forecasts of one outcome are no further evidence
    held: float

    @property
    def standard_error(self) -> float:
        """Of the share, if the range held as often as it promises and outcomes were independent."""
        promised = self.level / 100
        return sqrt(promised * (1 - promised) / self.outcomes)


class Summary(NamedTuple):
    """The scores of one author at one horizon; those of ranges are 1 for the last value, and less
    is better.
    """

    author: str
    horizon: int | None  # None for all
    n: int
    outcomes: int
    mean_error_pct: float | None
    coverage: tuple[Coverage, ...]
    interval_score: Mapping[int, float]
    crps: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Scores(Comparable):
    """Kept forecasts, scored."""

    records: tuple[str, ...]
    rows: tuple[Scored, ...]
    levels: tuple[int, ...]
    summaries: tuple[Summary, ...]  # by author and horizon, all horizons first
    to_come: int  # forecasts of years that are not known yet
    notes: tuple[Note, ...]

    def __repr__(self) -> str:
        forecasts = counted(len(self.rows), "forecast")
        return f"<Scores of {forecasts} from {counted(len(self.records), 'record')}>"

    @property
    def series(self) -> tuple[Series, ...]:
        """The observed series, each once."""
        return tuple({row.series.id: row.series for row in self.rows}.values())


def score(
    *records: str | Path | Record,
    actuals: str | Path | Series | Sequence[Series] | None = None,
    options: ReadOptions | None = None,
) -> Scores:
    """Score kept forecasts against what came.

    Parameters
    ----------
    records : files that `--keep` or `--format json` wrote, the folder of `--keep`, or rows of
        forecasts, ours or of others; or records that were read
    actuals : what came: a file, an id of the catalogue, or series that were read; left out, the
        catalogue. Series are matched by their ids; one of each is matched whatever the names
    options : how a file of actuals is read, `ReadOptions`

    Raises
    ------
    InputError : a file is no record, another definition or unit is meant, or nothing has come yet
    UsageError : there is no record, or no such series in the catalogue

    >>> import rural_forecast as rf
    >>> data = {2014: 180, 2015: 353, 2016: 482}
    >>> kept = rf.forecast(rf.series(data, id="sales"), year=2018)
    >>> result = rf.score(kept, actuals=rf.series(data | {2017: 600}, id="sales"))
    >>> [(row.period, row.actual) for row in result.rows]
    [(2017, 600.0)]
    """
    if not records:
        raise UsageError("score needs a record.", "Name files of kept forecasts, or their folder.")
    kept = [record for record in records if isinstance(record, Record)]
    files: dict[str, None] = {}
    for named in records:
        if not isinstance(named, Record):
            files.update(dict.fromkeys(files_in(str(named))))
    kept += map(read_record, files)
    came = _came(actuals, options or ReadOptions())
    notes: list[Note] = []
    scored: list[Scored] = []
    to_come = 0
    for record, forecasts, actual in _matched(kept, came, notes):
        require_same(forecasts.series, actual, record.file)
        rows_of_one, later = _scored(forecasts, actual, notes)
        scored += rows_of_one
        to_come += later
    if not scored:
        raise InputError(
            "Nothing that was forecast has come yet.", "Score it when there are newer data."
        )
    levels = tuple(sorted({level for row in scored for level in row.bounds})) or DEFAULT_LEVELS
    rows = _with_last_value(
        scored, [level for level in levels if 30 <= level <= 99] or DEFAULT_LEVELS
    )
    if to_come:
        notes.append(
            Note("to_come", f"{counted(to_come, 'forecast')} of later years cannot be scored yet.")
        )
    if (outcomes := outcomes_of(rows)) < ENOUGH:
        notes.append(
            Note(
                "few_outcomes",
                f"{counted(outcomes, 'outcome')}: an example, not evidence.",
                warning=True,
            )
        )
    if any(record.options.get("until") or record.options.get("as_of") for record in kept):
        notes.append(
            Note(
                "learned_later",
                "The models were trained on data from after the origin.",
                warning=True,
            )
        )
    summaries = tuple(_summaries(rows, levels))
    return Scores(
        tuple(record.file for record in kept),
        rows,
        levels,
        summaries,
        to_come,
        tuple(dict.fromkeys(notes)),
    )


def _came(
    actuals: str | Path | Series | Sequence[Series] | None, options: ReadOptions
) -> Sequence[Series] | None:
    """Read the series that came; None for those of the catalogue."""
    if isinstance(actuals, Series):
        return (actuals,)
    if not isinstance(actuals, str | Path):
        return actuals
    source = Source.parse(actuals)
    if not source.is_file:
        return (source.read(),)
    with of_file(source.name):
        return read_in_part(source.local or source.name, options.dated())[0]


def _matched(
    records: Sequence[Record], came: Sequence[Series] | None, notes: list[Note]
) -> Iterator[tuple[Record, KeptSeries, Series]]:
    """Each series that was forecast with the one that came, by name, or as they are one each."""
    pairs = [(record, kept) for record in records for kept in record.series]
    names = dict.fromkeys(kept.series.id for _, kept in pairs)
    one = came[0] if came is not None and len(names) == len(came) == 1 else None
    by_name = dict[str, Series]()
    for series in came or ():
        if series.alias:
            by_name[series.alias] = series
        by_name[series.id] = series
    catalogue = load() if came is None else None
    missing = dict[str, str]()
    for record, kept in pairs:
        name = kept.series.id
        actual = one or by_name.get(name)
        if catalogue and name in catalogue.names():
            actual = catalogue.get(name)
        if actual is None:
            missing[name] = record.file
        else:
            yield record, kept, actual
    if len(missing) == len(names):
        problem = f"{next(iter(missing.values()))}: there are no data of {quoted(list(missing))}."
        if came is None:
            raise InputError(problem, f"Name what came: {option('actuals', 'FILE')}.")
        series_names = quoted([series.id for series in came])
        hint = f"The data have {series_names}: choose by {option('series_id', 'NAME')}."
        raise InputError(problem, hint, code="choice_needed")
    if missing:
        notes.append(
            Note("unmatched", f"No data, and so not scored: {quoted(list(missing))}.", warning=True)
        )


def require_same(kept: Series, actual: Series, file: str) -> None:
    """Refuse data of another unit or definition. Raises InputError."""
    whole_file = Place(file, file)
    if kept.unit and actual.unit and _plain(kept.unit) != _plain(actual.unit):
        problem = f"the forecast is in {kept.unit}, the data are in {actual.unit}."
        raise InputError(problem, "Name data in the same unit.", place=whole_file)
    same = kept.id == actual.id and not actual.file  # the catalogue may reword a definition
    if (
        kept.definition
        and actual.definition
        and not same
        and _plain(kept.definition) != _plain(actual.definition)
    ):
        ours, theirs = (shorten(of.definition, LONGEST, placeholder=" …") for of in (kept, actual))
        hint = f"The forecast is of {kept.id}: {ours}. The data are of {actual.id}: {theirs}."
        raise InputError(
            "the data are on another definition than the forecast.", hint, place=whole_file
        )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def _scored(kept: KeptSeries, actual: Series, notes: list[Note]) -> tuple[list[Scored], int]:
    """The forecasts of a series whose years have come, and how many others there are."""
    observed = {row.period.year: row for row in observed_years(actual)}
    if observed.keys() & {forecast.period for forecast in kept.forecasts}:
        notes += doubts(actual, observed, actual.observations)
    came = {year: row.value for year, row in observed.items()}
    restated = _restated(kept.series, came)

    scored: list[Scored] = []
    broken: set[int] = set()
    moved: dict[tuple[int, int], float] = {}
    due = [forecast for forecast in kept.forecasts if forecast.period in came]
    for forecast in due:
        start = forecast.period if forecast.origin is None else forecast.origin
        ratio, crossed = _ratio_of_bases(actual, start, forecast.period)
        if ratio is None:
            broken.update(crossed)
            continue
        if crossed:
            moved[forecast.period, start] = came[forecast.period] * ratio
        row = Scored(
            actual,
            forecast.author,
            forecast.origin,
            forecast.period,
            forecast.value,
            came[forecast.period] * ratio,
            forecast.bounds,
        )
        scored.append(row)
        before, now = restated.get(forecast.origin or 0, (0.0, 0.0))
        if min(before, now) > 0 and abs(now / before - 1) >= RESTATED:
            scored.append(_rebased(row, now / before))

    if moved:
        notes.append(_on_basis(actual, came, moved))
    if broken:
        text = (
            f"The basis of {actual.id} changes in {spans(broken)}: "
            "forecasts across it are not scored."
        )
        notes.append(Note("later_basis", text, warning=True))
    if restated:
        changes = listed(
            f"{year} from {number(old)} to {number(new)}" for year, (old, new) in restated.items()
        )
        years = changes if len(restated) <= MOST_YEARS else spans(restated)
        text = f"History of {actual.id} was restated: {years}."
        if any(row.author.endswith(REBASED) for row in scored):
            text += (
                " Forecasts are scored as they were, "
                f"and moved to the new value at their origin ('{REBASED}')."
            )
        notes.append(Note("restated", text, warning=True))
    return scored, len(kept.forecasts) - len(due)


def _ratio_of_bases(actual: Series, origin: int, year: int) -> tuple[float | None, list[int]]:
    """Give the factor that puts a value on the basis of an earlier year, and the breaks between.

    None where growth across one of them is not published.
    """
    if origin >= year:
        return 1.0, []
    if not actual.breaks and not actual.growth:
        return 1.0, []  # what says that a basis changes
    with suppress(UsageError, InputError):
        history = annual(actual, until=year, allow_gaps=True)
        crossed = [first for first in history.first_years if origin < first <= year]
        if not crossed:
            return 1.0, []
        if history.origin == year and history.comparable.first <= origin:
            return history.scale_of(origin), crossed
    crossed = [first for first in actual.breaks if origin < first <= year]
    return (None, crossed) if crossed else (1.0, [])


def _on_basis(
    actual: Series, came: Mapping[int, float], moved: Mapping[tuple[int, int], float]
) -> Note:
    """Say which values that came are compared on the basis of the forecast."""
    (year, origin), value = max(moved.items())
    years = spans(sorted({period for period, _ in moved}))
    text = (
        f"{years} of {actual.id} came on a new basis, and count on that of the forecast by "
        f"published growth: {year} is {number(float(f'{value:.4g}'))} on that of {origin}, "
        f"not {number(came[year])}."
    )
    return Note("basis_of_forecast", text)


def _restated(kept: Series, came: Mapping[int, float]) -> dict[int, tuple[float, float]]:
    """The value that was used and the newer one, of the years in which they differ."""
    used: dict[int, list[float]] = {}  # a nowcast has the values of several sources
    for row in kept.observations:
        if row.status != "forecast" and row.period.is_year:
            used.setdefault(row.period.year, []).append(row.value)
    restated = {}
    for year, values in used.items():
        if year in came and came[year] not in values:
            restated[year] = (values[0], came[year])
    return restated


def _rebased(row: Scored, ratio: float) -> Scored:
    """The forecast moved in proportion to the value at its origin."""
    bounds = {level: (lower * ratio, upper * ratio) for level, (lower, upper) in row.bounds.items()}
    author = f"{row.author}, {REBASED}"
    return row._replace(author=author, forecast=row.forecast * ratio, bounds=bounds)


def _with_last_value(rows: Sequence[Scored], levels: Sequence[int]) -> tuple[Scored, ...]:
    """Give each row the forecast of the last value, made at its origin, where there is one."""
    horizon = max((row.horizon or 0 for row in rows), default=0)
    if horizon <= 0:
        return tuple(rows)

    # A block holds histories of one length.
    blocks: dict[int, dict[tuple[str, int], Array]] = {}
    # The rows of all years and authors from one origin share a history.
    by_origin = {(row.series.id, row.origin): row.series for row in rows if row.origin is not None}
    for (name, origin), series in by_origin.items():
        with suppress(UsageError, InputError):
            values = _values_until(series, origin)
            if values is not None:
                block = blocks.setdefault(len(values), {})
                block[name, origin] = values

    naive: dict[tuple[str, int, int], tuple[float, Bounds]] = {}
    for block in blocks.values():
        answers = forecast_block(
            registry.get("naive"), np.array([*block.values()]), horizon, tuple(levels), None
        )
        for rank, (name, origin) in enumerate(block):
            for step in range(horizon):
                lower = answers.lower[rank, :, step].tolist()
                upper = answers.upper[rank, :, step].tolist()
                bounds = dict(zip(levels, zip(lower, upper, strict=True), strict=True))
                point = float(answers.points[rank, step])
                naive[name, origin, origin + step + 1] = (point, bounds)
    return tuple(
        row._replace(naive=naive.get((row.series.id, row.origin or 0, row.period))) for row in rows
    )


def _values_until(series: Series, origin: int) -> Array | None:
    """The values that models see in a year; None if the series has none of that year."""
    changes_basis = series.breaks or series.growth or series.passed_whole is not None
    if changes_basis or series.measure == "growth":
        history = annual(series, until=origin, allow_gaps=True)
        return history.values if history.origin == origin else None
    # On one basis these are the values after the last gap: a history has notes besides, which
    # take most of the time of a record of many series.
    by_year = values_by_year(series)
    together = runs(year for year in by_year if year <= origin)
    if not together or together[-1][-1] != origin:
        return None
    return np.array([by_year[year] for year in together[-1]], dtype=np.float64)


def _summaries(rows: Sequence[Scored], levels: Sequence[int]) -> Iterator[Summary]:
    for author in dict.fromkeys(row.author for row in rows):
        theirs = [row for row in rows if row.author == author]
        for horizon in (None, *sorted({row.horizon for row in theirs if row.horizon is not None})):
            those = [row for row in theirs if horizon in (None, row.horizon)]
            errors = [abs(row.error_pct) for row in those if row.error_pct is not None]
            coverage = []
            scores = {}
            for level in levels:
                if ranged := [row for row in those if level in row.bounds]:
                    held = sum(bool(row.held(level)) for row in ranged) / len(ranged)
                    coverage.append(Coverage(level, len(ranged), outcomes_of(ranged), held))
                if (score := _relative(those, [level], _interval_score)) is not None:
                    scores[level] = score
            error = float(np.mean(errors)) if errors else None
            crps = _relative(those, levels, accuracy.crps)
            yield Summary(
                author,
                horizon,
                len(those),
                outcomes_of(those),
                error,
                tuple(coverage),
                scores,
                crps,
            )


def outcomes_of(rows: Sequence[Scored]) -> int:
    """Distinct years of distinct series."""
    return len({(row.series.id, row.period) for row in rows})


def _relative(
    rows: Sequence[Scored], levels: Sequence[int], score: Callable[..., Array]
) -> float | None:
    """Sum of a score over that of the last value, in units of the actual, at the levels of both;
    None without one.
    """
    # Rows of the same levels are scored together.
    by_levels: dict[tuple[int, ...], list[int]] = {}
    for index, row in enumerate(rows):
        _, ranges = row.naive or (0.0, {})
        if both := tuple(level for level in levels if level in row.bounds and level in ranges):
            by_levels.setdefault(both, []).append(index)
    losses = np.zeros((2, len(rows)))
    for both, indices in by_levels.items():
        chosen = [rows[index] for index in indices]
        actual = [row.actual for row in chosen]
        naive = [row.naive or (0.0, {}) for row in chosen]
        ours = [(row.forecast, row.bounds) for row in chosen]
        losses[0, indices] = _losses(score, actual, ours, both)
        losses[1, indices] = _losses(score, actual, naive, both)
    # Summed in the order of the rows, whatever their levels are.
    ours_total, theirs_total = (sum(of_all.tolist()) for of_all in losses)
    if not (isfinite(ours_total) and isfinite(theirs_total) and theirs_total > 0):
        return None
    return float(ours_total / theirs_total)


def _losses(
    score: Callable[..., Array],
    actual: Sequence[float],
    forecasts: Sequence[tuple[float, Bounds]],
    levels: Sequence[int],
) -> Array:
    """The score of each forecast, in units of its actual."""
    came = np.array(actual)[:, None]
    point = np.array([point for point, _ in forecasts])[:, None]
    ranges = np.array([[bounds[level] for level in levels] for _, bounds in forecasts])
    lower, upper = np.moveaxis(ranges, 2, 0)[..., None]
    scores = score(came, point, np.ascontiguousarray(lower), np.ascontiguousarray(upper), levels)
    size = np.abs(came[:, 0])
    return np.asarray(scores[:, 0] / np.where(size > 0, size, 1.0))


def _interval_score(
    actual: Array, _: Array, lower: Array, upper: Array, levels: Sequence[int]
) -> Array:
    return accuracy.msis(actual, lower[:, 0], upper[:, 0], np.ones(1), levels[0])
