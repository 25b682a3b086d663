"""The words of errors about series: their years and sources, and the rows of a catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from rural_forecast.errors import option
from rural_forecast.text.wording import shortened, spans

TEXTS = {
    # Periods
    "no_such_period": "'{text}' is not a period; write 2016, FY2017, 2017H1, 2017Q1, 2017M08 or 2017M01-M08",
    "no_such_year": "'{text}' has the year {year}; years go from {first} to {last}",
    "no_such_months": "'{text}' has no such months; months go from M01 to M12, the first before the last",
    # Folders of a catalogue
    "no_catalogue_folder": ("{variable} names {name}, which is no folder.", "It needs {files:joined} in a folder."),
    "no_catalogue_file": ("The catalogue folder {folder} has no {file}.", "A catalogue needs {files:joined}."),
    "not_utf8": ("{name} is not UTF-8 (byte {byte}).", "Save it as UTF-8."),
    "catalogue_unreadable": ("{file} cannot be read: {why}.", "Check the folder."),
    "column_twice": ("{file} line 1 names column {column} twice.", "Rename or remove one of them."),
    "cell_never_closes": (
        "{file} line {line} has a cell of more than 131,072 characters, or one that never closes.",
        'Quote the whole cell, and write a quote within it twice ("").',
    ),
    "quote_never_closes": (
        "{file} line {line} has a quote out of place, or one that never closes.",
        'Quote the whole cell, and write a quote within it twice ("").',
    ),
    "cells_missing": (
        "{file} line {line} has {count:# cell|# cells}, and the header {columns}.",
        "Put text that holds a comma between double quotes.",
    ),
    # Cells of a catalogue
    "not_in_file": ("'{cell}' is not in {file}.", "Add a row for it to {file}."),
    "not_in_series_file": ("'{cell}' is not in {file}.", "Add a row for it to {file} of that folder."),
    "empty_key": ("'{cell}' is empty.", "Every row needs one."),
    "id_twice": ("'{cell}' is there twice.", "Keep one of the two rows, or give it another id."),
    "id_in_use": ("'{cell}' exists already in the catalogue.", "Give it another id."),
    "alias_in_use": ("'{cell}' exists already in the catalogue.", "Give it another alias, or none."),
    "unknown_relation": ("'{cell}' names '{name}', which is no series.", "Write ids of series."),
    "other_unit": ("'{cell}' is not the unit of the series, '{unit}'.", "One series has one unit."),
    "period_twice": ("'{cell}' is there twice with source '{source}'.", "Keep one of the two rows."),
    "unreadable_period": ("{cause}.", "Write one of these, or a year of four digits."),
    "not_among": ("'{cell}' is not one of {allowed:joined}.", "Write one of these."),
    "not_a_plain_number": (
        "'{cell}' is not a number.",
        "Write it in the digits 0 to 9, with a decimal point and without thousands separators.",
    ),
    "not_an_iso_date": ("'{cell}' is not a date.", "Write it as 2017-07-20."),
    "not_years": ("'{cell}' is not a list of years.", "Write years with a space between them."),
    # Years of a series
    "since_after_until": (
        "The first year, {since}, is after the last one, {until}.",
        "Swap {option since} and {option until}.",
    ),
    "unknown_way_to_reconcile": ("'{reconcile}' is no way to reconcile sources.", "Use {ways:listed}."),
    "until_before_first": (
        "{until} is before the first year of {series}, {first}.",
        "Use {option until=first} or later.",
    ),
    "since_after_last": (
        "{since} is after the last year of {series} that can be used, {last}.",
        "Use {option since=last} or earlier.",
    ),
    "no_growth_to_chain": (
        "No growth of {series} is published up to {last}, so its levels cannot be chained.",
        "Use {option basis='levels'}.",
    ),
    "zero_in_chain": ("{series} is 0 in {year}, where its levels cannot be chained.", "Use {option basis='levels'}."),
    # Growth of several series
    "no_series_given": ("No series is given.", "Name one or more."),
    "series_given_twice": ("{series} is given twice.", "Name each series once."),
    "series_not_converted": ("{series}: {cause}", "{cause.hint}"),
    "parts_of_years_alone": ("{series} has no value of a whole year.", "It holds parts of years only."),
    "no_value_of_source": (
        "No value of {series} is from '{source}'.",
        "Its sources: {sources:?{sources:joined}|none are named}.",
    ),
    "growth_to_forecast": (
        "{series} is {owner:?growth of {owner}|a growth series}: evidence, not something to forecast.",
        "Forecast {owner:?the level instead: rural-forecast project {owner}|a level instead}.",
    ),
    "unpublished": (
        "No yearly value of {series} had surely been published by {day}.",
        "{first:?The first dated yearly value is of {first}.|None of its yearly values is dated.}",
    ),
    "no_year_left": (
        "No year to show is left; the series have {years:spans}{common: in common|}.",
        "Choose other years with {option since} and {option until}.",
    ),
    "no_base_year": (
        "{base} is no base year: {missing:listed} {missing:has|have} no level then.",
        "{possible:?Every series has one for {possible:spans}.|Leave {option base} out.}",
    ),
}


def columns_missing(file: str, missing: Sequence[str], needed: Sequence[str]) -> tuple[str, str]:
    """`needed`: the columns that the header must have."""
    hint = f"Its header needs {', '.join(needed)}, with commas between them."
    return f"{file} line 1 has no column {' and no column '.join(missing)}.", hint


def unknown_series(name: str, known: Sequence[str], file: str = "") -> tuple[str, str]:
    """`known`: aliases and ids; `file`: one that is likely meant."""
    lower = name.strip().lower()
    close = get_close_matches(lower, known, n=3, cutoff=0.6) or [each for each in known if lower and lower in each][:3]
    hint = "'rural-forecast series list' shows all."
    if close:
        hint = f"Did you mean {' or '.join(close)}? {hint}"
    return f"There is no series '{name}'.", f"Did you mean the file {file}?" if file else hint


def gap_in_series(file: str, series: str, years: Sequence[int]) -> tuple[str, str]:
    """`years`: those without a value."""
    problem = f"{file}: no value for {spans(years)} in series {series or 'without a name'}."
    use = f"use {option('allow_gaps', True)} to use the years from {years[-1] + 1} on"
    return problem, f"Add the missing years, or {use}; nothing is filled."


def no_yearly_value(series: str, periods: Sequence[str], flow: bool, makes_years: bool) -> tuple[str, str]:
    """`periods`: those with a value; `makes_years`: whether they would give years, were its measure stated."""
    parts = f"it has {shortened(periods)}" if periods else "it has no value that is not a forecast"
    hint = "Forecasts need one year or more."
    if periods and flow:
        hint += " 'rural-forecast nowcast' sums parts to years and estimates the year under way."
    if makes_years:
        hint += f" Or say what a year is: {option('measure', 'flow')}, a sum; stock, the last; rate, a mean."
    return f"{series} has no value of a whole year; {parts}.", hint


def no_year_in_common(years: Mapping[str, Sequence[int]]) -> tuple[str, str]:
    """`years`: by series."""
    have = "; ".join(f"{name} has {spans(of_series)}" for name, of_series in years.items())
    hint = f"Definitions are never joined to make one; {option('all_years', True)} shows them side by side."
    return f"No year is common to the series: {have}.", hint
