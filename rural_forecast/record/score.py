"""Score kept forecasts against what came: match each series with its outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rural_forecast.errors import InputError, UsageError, of_file, option
from rural_forecast.forecasting.past_record import ENOUGH
from rural_forecast.notes import Note
from rural_forecast.observed.catalogue import load
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.reading import ReadOptions, read_in_part
from rural_forecast.observed.reading.asking import choice_needed
from rural_forecast.observed.yearly import observed_years
from rural_forecast.question.question import DEFAULT_LEVELS
from rural_forecast.question.source import Source
from rural_forecast.record.kept import KeptSeries, Record
from rural_forecast.record.last_value import with_last_value
from rural_forecast.record.outcomes import with_outcomes
from rural_forecast.record.reading import files_in, read_record
from rural_forecast.record.same_market import require_same
from rural_forecast.record.scored import Scored, Scores, outcomes_of
from rural_forecast.record.summaries import summarised
from rural_forecast.text.cells import quoted
from rural_forecast.text.wording import counted


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
    observed_in: dict[str, dict[int, Observation]] = {}  # by series, and by year
    to_come = 0
    for record, forecasts, actual in _matched(kept, came, notes):
        require_same(forecasts.series, actual, record.file)
        observed = {row.period.year: row for row in observed_years(actual)}
        observed_in[actual.id] = observed
        rows_of_one, later = with_outcomes(forecasts, actual, observed, notes)
        scored += rows_of_one
        to_come += later
    if not scored:
        raise InputError(
            "Nothing that was forecast has come yet.", "Score it when there are newer data."
        )
    levels = tuple(sorted({level for row in scored for level in row.bounds})) or DEFAULT_LEVELS
    levels_of_last = [level for level in levels if 30 <= level <= 99] or DEFAULT_LEVELS
    rows = with_last_value(scored, observed_in, levels_of_last)
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
    summaries = tuple(summarised(rows, levels))
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
        if len(names) == 1:
            problem = f"{problem.rstrip('.')}, and the data have {series_names}."
            raise choice_needed(problem, option("series_id", came[0].id))
        hint = f"The data have {series_names}: name them as the forecasts are named."
        raise InputError(problem, hint, code="choice_needed")
    if missing:
        notes.append(
            Note("unmatched", f"No data, and so not scored: {quoted(list(missing))}.", warning=True)
        )
