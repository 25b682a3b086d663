"""Finds where the history of a series ends, and published figures for later years begin.

A row may be labelled as a projection, a column may name the last actual year, and periods that are
not over cannot be history. Between its first and last year a history has no gaps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from rural_forecast.errors import InputError, option
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Observation
from rural_forecast.observed.period import LAST_YEAR, Period
from rural_forecast.observed.reading.marks import MARKS, says_status
from rural_forecast.observed.reading.names import ends_history
from rural_forecast.observed.reading.options import ReadOptions
from rural_forecast.observed.reading.table import PeriodTable
from rural_forecast.observed.source_names import without_folders
from rural_forecast.text.cells import expression, shown

FIRST = 1000  # a series that begins before this year is a running index
BUDDHIST = range(2443, 2643)  # years of that calendar that a series may begin in: 1900 to 2099
LONE = 3  # years after the last of the others from which a single one is asked about
FAR = 100  # years before the others from which a first one is mistyped, such as 202
_NEAR = 10  # years from one of the others to the next, at most
_MOST_LABELS = 12  # of a column that parts projections from actuals; more are prose or names
_LONGEST_LABEL = 60  # characters of such a label
_LONGEST_TITLE = 300
_MOST_YEARS = 6  # missing years that a refusal names one by one
_PROJECTED = expression(
    r"(?i)\b(?:projections?|projected|forecasts?|forecasted|outlook|baseline|prognosen?|prévisions?|"
    r"previsi[oó]n(?:es)?|previsioni|projeç(?:ão|ões)|proyecci(?:ón|ones)|прогноз\w*)\b|预测|展望|予測|将来推計|전망|추계"
)
_UPDATED = expression(
    r"(?i)\b(?:updated?|as of|published|publication|released?|dated?|edition|vintage|version|"
    r"stand|mise à jour|actualiza\w+)\b|更新|発行|公布"
)
YEAR = r"(?<![\d,])((?:19|20)\d\d)(?![\d,]|\.\d)"
_SPAN = expression(rf"(?i){YEAR}\s*(\(?base\)?)?\s*(?:-|–|—|to|until|through|bis|à|至)\s*{YEAR}")
_OF_PRICES = expression(
    rf"(?i)(?:\b(?:constant|real|chained|base(?: year)?|prices of|since)\s*[:=]?\s*{YEAR}"
    rf"|{YEAR}\s*(?:=|prices|dollars|USD|US\$|EUR|PPP|international))"
)
_ANY_YEAR = expression(YEAR)


def says_projection(text: str) -> bool:
    """True if a label or a title says that values are projections."""
    return len(text) <= _LONGEST_TITLE and _PROJECTED.search(text) is not None


def says_update(text: str) -> bool:
    """True if a text or the name of a column says when values were published."""
    return _UPDATED.search(text) is not None


def last_year_stated(texts: Sequence[str], first: int, last: int, last_over: int) -> int | None:
    """Find the last year of history of projections by what their file says of itself.

    Projections of December 2023 know the years before, as 2023 was not over; those for 2024 to 2050
    have a history to 2023, or to their base. A text that says when the file was updated counts
    first, then the `texts` in order. None where no text names a year of the series that is over.
    """
    ranked = sorted(texts, key=lambda text: not says_update(text))
    for text in ranked:
        candidates = []
        span = _SPAN.search(text)
        if span:
            begin = int(span[1])
            is_base = bool(span[2]) or begin == first
            candidates.append(begin if is_base else begin - 1)
        else:
            dates = _ANY_YEAR.findall(_OF_PRICES.sub("", text))
            candidates += [int(year) - 1 for year in dates]
        over = [year for year in candidates if first <= year < last and year <= last_over]
        if over:
            return max(over)
    return None


def projections(table: PeriodTable, naming: Collection[int]) -> dict[int, int]:
    """Return the last year of history of rows whose later values are projections by their labels.

    It is 0 for rows all of whose values are. `naming` are the columns that ids are made of: a
    series called `Outlook` is no projection of another.
    """
    until: dict[int, int] = {}
    projected: list[int] = []
    for column, name in enumerate(table.names):
        if not name or column == table.period_column or column in naming:
            continue
        if column in table.value_columns:
            continue
        labels = table.label(column)
        if ends_history(name):  # of the IMF: Estimates Start After
            for row, text in zip(table.rows.tolist(), labels.all_texts, strict=True):
                if text.isdecimal() and len(text) == 4:
                    until[row] = int(text)
        if says_status(labels.texts):
            is_projected = [MARKS[text.casefold()].status == "forecast" for text in labels.texts]
        else:
            is_projected = [
                says_projection(text) and len(text) <= _LONGEST_LABEL for text in labels.texts
            ]
        parts_rows = any(is_projected) and not all(is_projected)
        if parts_rows and len(labels.texts) <= _MOST_LABELS:
            projected += table.rows[np.array(is_projected)[labels.codes]].tolist()
    return until | dict.fromkeys(projected, 0)


def without_future(
    series_id: str,
    file: str,
    ordered: Sequence[Observation],
    stated: Collection[int],
    options: ReadOptions,
) -> tuple[list[Observation], Note | None]:
    """Take periods that are not over as published forecasts. Returns a note of it as well.

    `stated` has the identities of observations whose rows state their status, which is kept.
    """
    history = [observed for observed in ordered if observed.status != "forecast"]
    is_over = _rule_of_history(history, options)
    unstated = [observed for observed in history if id(observed) not in stated]
    late = {id(observed) for observed in unstated if not is_over(observed.period)}
    if not late:
        return list(ordered), None
    _require_plausible(series_id, history, late, options)
    name = without_folders(file)
    observations = [
        _as_forecast(observed, name) if id(observed) in late else observed for observed in ordered
    ]
    periods = [observed.period for observed in history if id(observed) in late]
    return observations, _note_on_future(name, periods, options)


def last_year_over(options: ReadOptions) -> int:
    """Give the last year that is over on the day that reading goes by."""
    return LAST_YEAR if options.as_of is None else options.as_of.year - 1


def _rule_of_history(
    history: Sequence[Observation], options: ReadOptions
) -> Callable[[Period], bool]:
    """Return the rule by which a period is over, and may be history."""
    last = options.actuals_until
    day = options.as_of
    begin = history[0].period.year if history else 0
    if last is not None:
        return lambda period: period.year <= last
    if day is None or begin < FIRST:
        return lambda _: True
    # The first half of a year that goes on may be over.
    return lambda period: period.year < day.year or period.end < day


def _require_plausible(
    series_id: str,
    history: Sequence[Observation],
    late: Collection[int],
    options: ReadOptions,
) -> None:
    """Refuse years that are most likely no forecasts: of another calendar, or mistyped."""
    begin = history[0].period.year
    begins_late = [observed for observed in history if id(observed) in late]
    first = begins_late[0]
    years = [observed.period.year for observed in begins_late]
    past = [observed.period.year for observed in history if id(observed) not in late]
    before = max(past, default=begin)
    is_unasked = options.actuals_until is None
    is_lone = min(years) == max(years) > before + LONE
    if is_unasked and begin in BUDDHIST:
        doubt = f"begins in {begin}, which may be of the Buddhist calendar: 2562 is 2019"
        keep = begin
        observed = history[0]
    elif not past:
        last = options.actuals_until
        if last is None and options.as_of is not None:
            last = options.as_of.year - 1
        doubt = f"has no year that is over by {last}: it begins in {begin}"
        keep = begin
        observed = history[0]
    elif is_unasked and is_lone:
        doubt = f"has {years[0]} alone, {years[0] - before} years after {before}"
        keep = before
        observed = first
    else:
        return
    # A hint never names a year that is not over.
    choice = f": {option('actuals_until', keep)}"
    if keep > last_year_over(options):
        choice = f" with {option('actuals_until')}"
    hint = f"Correct the year, or name the last year of history{choice}."
    raise InputError(f"series {shown(series_id)} {doubt}.", hint, place=observed.place)


def _as_forecast(observed: Observation, file: str) -> Observation:
    author = observed.author or observed.source or file
    return replace(observed, status="forecast", author=author)


def _note_on_future(file: str, periods: Sequence[Period], options: ReadOptions) -> Note:
    first = min(periods)
    last = max(periods)
    periods_are = f"{first} to {last} are" if first < last else f"{first} is"
    if options.actuals_until is not None:
        why = f"after {options.actuals_until}"
    elif options.as_of is not None and all(period.is_year for period in periods):
        why = f"not over by {options.as_of.year}"
    else:
        why = f"not over by {options.as_of}"
    sentence = f"In {file}, {periods_are} {why}: read as published forecasts, not as history."
    if options.actuals_until is not None:
        return Note("future_years", sentence)
    sentence += " Years before may hold estimates that are not marked."
    advice = f"Name the last year of history with {option('actuals_until')}."
    return Note("future_years", sentence, warning=True, advice=advice)


def require_near_years(series_id: str, ordered: Sequence[Observation]) -> None:
    """Refuse a first year that is far before the others, which follow each other.

    It lost a digit, as `202` did, and would make the series a running index. In series over
    millennia, such as 1, 1000, 1500, the others are far apart as well.
    """
    history = [observed for observed in ordered if observed.status != "forecast"]
    years = sorted({observed.period.year for observed in history})
    if len(years) < 3 or years[1] - years[0] <= FAR:
        return
    if max(later - earlier for earlier, later in pairwise(years[1:])) <= _NEAR:
        apart = years[1] - years[0]
        problem = f"series {shown(series_id)} has {years[0]} alone, {apart:,} years before the next"
        hint = "Correct the year, or leave the row out."
        raise InputError(f"{problem}, {years[1]}.", hint, place=history[0].place)


def check_gaps(series_id: str, ordered: Sequence[Observation]) -> None:
    """Refuse years that are missing between the first and the last one that is not a forecast."""
    history = (observed for observed in ordered if observed.status != "forecast")
    years = [observed for observed in history if observed.period.length == 12]
    for earlier, later in pairwise(years):
        before = earlier.period.year
        after = later.period.year
        if after > before + 1:
            raise _gap(series_id, before, later)


def _gap(series_id: str, before: int, later: Observation) -> InputError:
    after = later.period.year
    gap = range(before + 1, after)
    names = f"{gap[0]} to {gap[-1]}"
    if len(gap) <= _MOST_YEARS:
        names = ", ".join(map(str, gap))
    are = "is" if len(gap) == 1 else "are"
    problem = (
        f"in series {shown(series_id)} the years jump from {before} to {after}; "
        f"{names} {are} missing."
    )
    hint = (
        f"Add the missing years, or use {option('allow_gaps', True)}: nothing is filled, "
        "only years after the last gap count."
    )
    return InputError(problem, hint, place=later.place, code="gap")
