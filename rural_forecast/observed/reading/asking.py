"""Asks for a choice: refusals that name what there is to choose, with options to type.

Each hint is an example that makes the choice, so that it repairs the refusal at the next attempt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from rural_forecast.errors import InputError, UsageError, command, option
from rural_forecast.observed.reading.labels import Indices, Labels, distinct, ids_of, ranked
from rural_forecast.observed.reading.measures import Measure, unique_names
from rural_forecast.observed.reading.names import single_spaced
from rural_forecast.observed.reading.source import unnamed
from rural_forecast.observed.reading.table import PeriodTable
from rural_forecast.observed.reading.words import NUMBER
from rural_forecast.text.cells import quoted, shown

MOST_NAMED = 10  # of what can be chosen, in a refusal
_MOST_LABELS = 3  # of a column there, where `series read` lists them all
_MOST_COMPARED = 20_000  # names among which one like a mistyped one is looked for, which is slow


class ChoiceNeededError(InputError):
    """A refusal whose hint has options that make the choice."""

    options: Sequence[str] = ()


@dataclass(frozen=True)
class Remaining:
    """The rows and measures of a table that the conditions leave."""

    table: PeriodTable
    rows: Indices  # of data, counted within the table
    measures: Sequence[Measure]
    measure: Measure | None  # the one that is settled on

    @property
    def file(self) -> str:
        """The name of the file, as messages write it."""
        return self.table.grid.file


def ask_for_table(
    tables: Sequence[PeriodTable], example: PeriodTable, more: Sequence[str]
) -> ChoiceNeededError:
    """Ask for one of several tables: by its sheet, its title, or both.

    The hint has the options `more` that the `example` among them asks for besides.
    """
    file = tables[0].grid.file
    sheets = list(dict.fromkeys(table.grid.sheet for table in tables))
    if len(sheets) > 1:
        sheet = example.grid.sheet
        inside = [table for table in tables if table.grid.sheet == sheet]
        if len(inside) > 1:
            more = ask_for_table(inside, example, more).options
        problem = (
            f"{file} has several sheets: {quoted(sheets, MOST_NAMED)}, each with a table of years."
        )
        return choice_needed(problem, option("sheet", sheet), *more)
    titles = [*map(_title_of, tables)]
    typed = option("where", [f"table={_title_of(example)}"])
    several = f"tables: {quoted(titles, MOST_NAMED)}"
    return choice_needed(f"{file} has several {several}.", typed, *more)


def _title_of(table: PeriodTable) -> str:
    """Return the label that distinguishes a table of its grid; empty for one alone."""
    return next((label.texts[0] for label in table.sections if label.name == "table"), "")


def ask_for_measure(remaining: Remaining, asked: str) -> ChoiceNeededError:
    """Ask for one of the columns that a name is a part of."""
    names = unique_names(remaining.measures)
    problem = f"{remaining.table.where}: {shown(asked)} is in several columns: "
    return choice_needed(f"{problem}{quoted(names, MOST_NAMED)}.", option("value_column", names[0]))


def ask_for_series(
    remaining: Remaining, id_labels: Sequence[Labels], count: int, typed_id: str | None
) -> ChoiceNeededError:
    """Name what varies, most labels first, and options that choose one of `count` series.

    `typed_id` is the part of an id that was typed already.
    """
    labels = {
        label.name: list(dict.fromkeys(ids_of([label], remaining.rows))) for label in id_labels
    }
    ordered = sorted(id_labels, key=lambda label: -len(labels[label.name]))
    example = _example_of(remaining, ordered)
    chosen = {label.name: label.texts[label.codes[example]] for label in ordered}
    varying_names = [*chosen]
    # An empty label is typed only where the others leave several series.
    chosen = _without_empty(remaining.rows, ordered, chosen)
    varies = ""
    typed: list[str] = []
    if chosen:
        listed = (f"{shown(name)} ({quoted(labels[name], _MOST_LABELS)})" for name in varying_names)
        varies = f"; what varies: {'; '.join(listed)}"
        typed = [option("where", [f"{name}={text}" for name, text in chosen.items()])]
    if remaining.measure is None:
        names = unique_names(remaining.measures)
        several = f"several columns could hold the value: {quoted(names, MOST_NAMED)}"
        value_column = option("value_column", names[0])
        return choice_needed(f"{remaining.table.where}: {several}{varies}.", value_column, *typed)
    # The label of the one column that varies is shorter to type.
    if len(varying_names) == 1:
        parts = filter(None, (typed_id, *chosen.values()))
        typed = [option("series_id", " / ".join(parts))]
    file = remaining.file
    problem = f"{file} holds {count:,} series{varies}."
    batch = "" if unnamed(file) else command("batch", file)
    return choice_needed(problem, *typed, all_of_them=batch)


def choice_needed(problem: str, *options: str, all_of_them: str = "") -> ChoiceNeededError:
    """Ask for a choice, by an example of options that make it, or by the command for all."""
    hint = f"Choose one with {' '.join(options)}, "
    hint += f"or all: {all_of_them}" if all_of_them else "say."
    error = ChoiceNeededError(problem, hint, code="choice_needed")
    error.options = options
    return error


def _without_empty(
    rows: Indices, labels: Sequence[Labels], chosen: dict[str, str]
) -> dict[str, str]:
    """Leave empty labels out of a choice that is one of a single series without them."""
    filled = {name: text for name, text in chosen.items() if text}
    for label in labels:
        if label.name in filled:
            is_chosen = np.array([text == filled[label.name] for text in label.texts])
            rows = rows[is_chosen[label.codes[rows]]]
    count = distinct(*(label.codes[rows] for label in labels)) if labels else 0
    return filled if filled and count == 1 else chosen


def _example_of(remaining: Remaining, labels: Sequence[Labels]) -> int:
    """Find a row of the first long series with a label in each column, else the first row.

    A series is long with as many rows of figures as any other, so that it is worth a try. One
    with two values of a period is none.
    """
    rows = remaining.rows
    if not labels:
        return int(rows[0])
    table = remaining.table
    measure = remaining.measure or remaining.measures[0]
    kinds = table.grid.bits[np.ix_(table.rows[rows], measure.columns)]
    figures = ((kinds & NUMBER) != 0).sum(axis=1)
    is_labelled = np.ones(len(rows), dtype=np.bool_)
    for label in labels:
        is_filled = np.array([bool(text) for text in label.texts])
        is_labelled &= is_filled[label.codes[rows]]
    _, id_of = ranked([label.codes[rows] for label in labels], len(rows))
    figures_of = np.bincount(id_of, weights=figures * is_labelled)
    periods = table.period_codes[rows]
    first, _ = ranked((id_of, periods), len(id_of))
    has_each_once = np.bincount(id_of[first]) == np.bincount(id_of)
    if has_each_once.any():
        figures_of[~has_each_once] = -1
    return int(rows[np.argmax(figures_of[id_of])])


def unknown(file: str, what: str, wanted: str, names: Iterable[str]) -> UsageError:
    """Refuse a name that a file does not have, by those like it, or else the first ones."""
    offered = list(dict.fromkeys(filter(None, names)))
    folded = single_spaced(wanted).casefold()
    close = [name for name in offered if folded in name.casefold()][:3]
    close = close or get_close_matches(wanted, offered[:_MOST_COMPARED], 1)
    hint = f"It has {quoted(offered, MOST_NAMED)}."
    if close:
        hint = f"Did you mean {quoted(close)}?"
    return UsageError(f"{file} has no {what}.", hint, code="unknown_name")
