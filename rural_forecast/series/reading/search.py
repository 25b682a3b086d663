"""The search: every table of a file, the one that has the series, and the series with the account of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from rural_forecast.errors import InputError, UsageError
from rural_forecast.errors import option as typed
from rural_forecast.series.observation import Series
from rural_forecast.series.reading.assemble import account_of, assemble
from rural_forecast.series.reading.choose import Choice, choose, value_columns
from rural_forecast.series.reading.find import panels
from rural_forecast.series.reading.grid import listed
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.panel import Panel
from rural_forecast.series.reading.settle import MixedUnitsError, Settled, settle
from rural_forecast.series.reading.table import Table
from rural_forecast.series.reading.tally import of_choice, with_account
from rural_forecast.series.reading.varying import StillVariesError
from rural_forecast.series.source_names import SUFFIXES

if TYPE_CHECKING:
    from rural_forecast.series.reading.pipeline import Input
    from rural_forecast.series.reading.unpack import Packed


class SearchError(Exception):
    """A refusal of what a search found."""

    def __init__(self, refusal: InputError | UsageError, *, special: bool) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal
        self.special = special
        """Whether the table is not plain, or several series are left."""


def searched(name: str, tables: Sequence[Table], options: ReadOptions, *, several: bool) -> tuple[Series, ...]:
    """The series that the options choose in the tables of a file.

    Raises
    ------
    InputError : there is no table of years
    SearchError : several tables or series could be meant, none fits, or what was chosen is refused
    """
    found = [panel for table in tables for panel in panels(table, options.period_column)]
    if not found:
        raise InputError(
            f"{name} holds no table of years",
            "A table has a row of years above figures, or a column of years next to them.",
        )
    try:
        heads = value_columns(found[0], options) if several and len(found) == 1 else []
        made = [
            _chosen(name, found, tables, options._replace(value_column=head), several=several)
            for head in heads or (options.value_column,)
        ]
    except (InputError, UsageError) as error:
        raise SearchError(
            error, special=not _is_plain(found) or isinstance(error, StillVariesError | MixedUnitsError)
        ) from None
    if len(made) == 1:
        return made[0]
    one = all(len(series) == 1 for series in made)
    return tuple(
        replace(each, id=head if one else f"{each.id} / {head}")
        for head, series in zip(heads, made, strict=True)
        for each in series
    )


def _chosen(
    name: str, found: Sequence[Panel], tables: Sequence[Table], options: ReadOptions, *, several: bool
) -> tuple[Series, ...]:
    """The series that the options choose, with the account of their cells."""
    choice = _choice(name, found, options, several=several)
    settled = settle(choice, options)
    series = _assembled(settled, options)
    cells = of_choice(choice, settled, tables)
    return tuple(with_account(one, one.reading_notes, cells) for one in series)


def _is_plain(found: Sequence[Panel]) -> bool:
    """Whether there is one table with its header in the first row, and every row is one of figures."""
    panel = found[0]
    return len(found) == 1 and panel.header == 0 and not panel.skipped


def tables_of(given: Input, options: ReadOptions) -> list[Table]:
    """Everything in a file that may be a table."""
    if given.kind == "excel":
        from rural_forecast.series.reading.excel import excel_tables

        found = excel_tables(given.data, given.name, options.sheet, options.range)
        return [table._replace(said=given.said) for table in found]
    from rural_forecast.series.reading.tables import table_of, text_tables

    if given.kind == "parquet":
        from rural_forecast.series.reading.parquet import read_parquet

        return [table_of(read_parquet(given.data, given.name))]
    from rural_forecast.series.reading.text import text_of

    text, said = text_of(given.data, given.name, options.encoding)
    about = (*given.said, *said)
    if given.kind in ("json", "ndjson") or text.lstrip()[:1] in ("{", "["):
        from rural_forecast.series.reading import json_rows
        from rural_forecast.series.reading.statistics import json_tables

        found = json_tables(text, given.name) if given.kind != "ndjson" else []
        if not found:
            found = [
                table_of(
                    json_rows.read_json(text, given.name)
                    if given.kind != "ndjson"
                    else json_rows.read_ndjson(text, given.name)
                )
            ]
    else:
        from rural_forecast.series.reading.sdmx import without_labels_in_codes

        found = list(map(without_labels_in_codes, text_tables(text, given.name, given.kind)))
    return [table._replace(said=about) for table in found if table.rows]


def file_of_figures(name: str, files: Sequence[Packed], options: ReadOptions) -> Packed:
    """The one file of an archive that holds a table of years.

    Raises
    ------
    InputError : none of them does, or several
    """
    found = list(islice((file for file in files if _holds_figures(file, options)), 2))
    if len(found) == 1:
        return found[0]
    names = listed([file.name for file in found or files])
    what = "several files with a table of years" if found else f"{len(files)} files without a table of years"
    raise InputError(f"{name} is a zip archive of {what}: {names}", "Unpack it, and name the file with the figures.")


def _holds_figures(file: Packed, options: ReadOptions) -> bool:
    from rural_forecast.series.reading.pipeline import Input

    kind = SUFFIXES.get(f".{file.name.lower().rpartition('.')[2]}", "csv")
    try:
        tables = tables_of(Input(file.name, kind, file.data), options)
    except (InputError, UsageError):
        return False
    return any(panels(table, options.period_column) for table in tables)


def _choice(name: str, found: Sequence[Panel], options: ReadOptions, *, several: bool) -> Choice:
    """The choice in the one table that allows it."""
    made: list[Choice] = []
    errors: list[InputError | UsageError] = []
    for panel in found:
        try:
            made.append(choose(panel, options, several=several))
        except (InputError, UsageError) as error:
            errors.append(error)
    yearly = [choice for choice in made if choice.panel.is_yearly]
    if len(yearly) == 1:  # its quarters or months are next to it
        made = yearly
    if len(made) == 1 and (
        len(found) == 1 or _is_chosen(options) or not any(isinstance(e, StillVariesError) for e in errors)
    ):
        return made[0]
    if made or (len(found) > 1 and not _is_chosen(options)):
        where = [choice.panel for choice in made] if len(made) > 1 else list(found)
        raise _ask_which(name, where)
    raise next((error for error in errors if isinstance(error, StillVariesError)), errors[0])


def _is_chosen(options: ReadOptions) -> bool:
    return bool(options.series_id is not None or options.where or options.value_column)


def _ask_which(name: str, found: Sequence[Panel]) -> StillVariesError:
    sheets = list(dict.fromkeys(panel.table.sheet for panel in found))
    if len(sheets) > 1:
        return StillVariesError(
            f"{name} has several sheets: {listed(sheets, 12)}, each with a table of years",
            f"Choose one, such as {typed('sheet', sheets[0])}.",
        )
    titles = [next(iter(panel.added["table"].values())) for panel in found if "table" in panel.added]
    cells = f"Name one by its cells, such as {typed('range', 'A10:H20')}."
    hint = cells if sheets[0] else f"Choose a series by a label ({typed('series_id')})."
    if len(set(titles)) > 1:
        hint = f"Choose one, such as {typed('where', [f'table={titles[0]}'])}."
    places = [panel.where for panel in found]
    return StillVariesError(f"{name} holds several tables, at {listed(places)}", hint)


def _assembled(settled: Settled, options: ReadOptions) -> tuple[Series, ...]:
    notation = settled.notation
    plain = options._replace(
        decimal_comma=notation.decimal_comma, thousands=notation.thousands, series_id=None, where=(), value_column=None
    )
    account = account_of(settled.whole, settled.whole_columns)
    made = assemble(settled.grid, settled.columns, plain, account)
    notes = (*settled.notes, *account.notes())
    return tuple(replace(one, reading_notes=(*notes, *one.reading_notes)) for one in made)
