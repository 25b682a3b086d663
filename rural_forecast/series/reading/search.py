"""The search: every table of a file, the one that has the series, and the series with the account of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.observation import Series
from rural_forecast.series.reading.account import account_of
from rural_forecast.series.reading.assemble import assemble
from rural_forecast.series.reading.choose import Choice, choose, value_columns
from rural_forecast.series.reading.faults import RAISING, Fault, Faults
from rural_forecast.series.reading.find import joined, panels
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.panel import Panel
from rural_forecast.series.reading.settle import MixedUnitsError, settle
from rural_forecast.series.reading.table import Table
from rural_forecast.series.reading.tally import Part, of_choices, with_account
from rural_forecast.series.reading.varying import StillVariesError
from rural_forecast.series.reading.whole_rows import whole_of


class SearchError(Exception):
    """A refusal of what a search found."""

    def __init__(self, refusal: InputError | UsageError, *, special: bool) -> None:
        super().__init__()
        self.refusal = refusal
        self.special = special
        """Whether the table is not plain, or several series are left."""


def searched(
    name: str,
    tables: Sequence[Table],
    options: ReadOptions,
    *,
    several: bool,
    ids: Sequence[str] = (),
    faults: Faults | None = None,
) -> tuple[Series, ...]:
    """The series that the options choose in the tables of a file, all with the account of the whole file.

    `ids`: the series that are chosen; those that the file does not have are left out if it has another. `faults`: keeps
    what is refused of single series, in place of an error for the first. Raises InputError if there is no table of
    years. Raises SearchError where several tables or series could be meant, none fits, or what was chosen is refused.
    """
    candidates = [panel for table in tables for panel in panels(table, options.period_column)]
    if not candidates and (by_year := joined(tables)):
        return searched(name, by_year, options, several=several, ids=ids, faults=faults)
    if not candidates:
        raise InputError.of("no_table_of_years", file=name)
    read: list[Part] = []
    for wanted in ids or (options.series_id,):
        try:
            read += _parts(
                name, candidates, options._replace(series_id=wanted), faults, several=several and wanted is None
            )
        except (InputError, UsageError) as error:
            if ids and isinstance(error, UsageError) and (read or wanted != ids[-1]):
                continue  # another file may have it
            plain = len(candidates) == 1 and candidates[0].header == 0 and not candidates[0].skipped
            special = not plain or isinstance(error, StillVariesError | MixedUnitsError)
            raise SearchError(error, special=special) from None
    return with_account([each for part in read for each in part.series], of_choices(read, tables))


def _parts(
    name: str, candidates: Sequence[Panel], options: ReadOptions, faults: Faults | None, *, several: bool
) -> list[Part]:
    """The series that the options choose, those of each column of values apart."""
    heads = value_columns(candidates[0], options) if several and len(candidates) == 1 else {}
    made: list[Part] = []
    whole = _choice(name, candidates, options._replace(value_column=(*heads, options.value_column)[0]), several=several)
    left = account_of(*whole_of(whole, heads))
    alone = len(set(whole.ids.values())) == 1
    for head in heads or (options.value_column,):
        choice = whole._replace(value=heads[head]) if head in heads else whole
        settled = settle(choice, options, heads)
        named = (lambda own, head=head: head if alone else f"{own} / {head}") if heads else str
        own = RAISING if faults is None else Faults()
        account = deepcopy(left)
        plain = options._replace(**settled.notation._asdict(), series_id=None, where=(), value_column=None)
        series = assemble(settled.grid, settled.columns, plain, account, faults=own)
        notes = (*settled.notes, *account.notes())
        refused = frozenset(fault.series_id for fault in own)
        if faults is not None:
            faults += [Fault(named(fault.series_id), fault.error) for fault in own]
        sound = [
            replace(each, id=named(each.id), reading_notes=(*notes, *each.reading_notes))
            for each in series
            if each.id not in refused
        ]
        made.append(Part(choice, settled.used, sound, refused))
    return made


def _choice(name: str, candidates: Sequence[Panel], options: ReadOptions, *, several: bool) -> Choice:
    """The choice in the one table that allows it."""
    made: list[Choice] = []
    errors: list[InputError | UsageError] = []
    for panel in candidates:
        try:
            made.append(choose(panel, options, several=several))
        except (InputError, UsageError) as error:
            errors.append(error)
    yearly = [choice for choice in made if choice.panel.is_yearly]
    if len(yearly) == 1:  # its quarters or months are next to it
        made = yearly
    if len(made) == 1 and (
        len(candidates) == 1 or _is_chosen(options) or not any(isinstance(e, StillVariesError) for e in errors)
    ):
        return made[0]
    if made or (len(candidates) > 1 and not _is_chosen(options)):
        where = [choice.panel for choice in made] if len(made) > 1 else list(candidates)
        raise _ask_which(name, where)
    raise next((error for error in errors if isinstance(error, StillVariesError)), errors[0])


def _is_chosen(options: ReadOptions) -> bool:
    return bool(options.series_id is not None or options.where or options.value_column)


def _ask_which(name: str, candidates: Sequence[Panel]) -> StillVariesError:
    sheets = list(dict.fromkeys(panel.table.sheet for panel in candidates))
    if len(sheets) > 1:
        return StillVariesError.of("several_sheets_of_years", file=name, sheets=sheets, sheet=sheets[0])
    titles = [next(iter(panel.added["table"].values())) for panel in candidates if "table" in panel.added]
    title = titles[0] if len(set(titles)) > 1 else None
    places = [panel.where for panel in candidates]
    return StillVariesError.of("several_tables", file=name, places=places, title=title, sheet=sheets[0])
