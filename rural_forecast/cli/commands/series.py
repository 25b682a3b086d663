"""`series`: what the catalogue and the user's files hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from rural_forecast.cli import arguments, loading, running
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import argument, without
from rural_forecast.series.source_names import split
from rural_forecast.text.cells import one_line

HELP = "List and show series, or read or check a file."

LIST_EXAMPLES = (
    "rural-forecast series list",
    "rural-forecast series list online --format csv",
    "rural-forecast series list --format json",
)
SHOW_EXAMPLES = (
    "rural-forecast series show turnover",
    "rural-forecast series show rural_online_retail_mofcom --format csv",
    "rural-forecast series show centres --format markdown",
    "rural-forecast series show mofcom --currency usd",
)
READ_EXAMPLES = (
    "rural-forecast series read turnover",
    "printf 'Sales\\n\\nArea,2022,2023\\nN,12,15\\n' | rural-forecast series read -",
    "printf 'year,value\\n2022,12\\n' | rural-forecast series read - -f json",
)
CHECK_EXAMPLES = (
    "rural-forecast series check income_percap_national",
    "rural-forecast series check turnover --format json",
    "printf 'year,value\\n2022,12\\n2023,15\\n' | rural-forecast series check -",
)

MOST_NAMED = 20
"""Cells that are refused, as `series read` names them."""

Words = list[str] | None


def list(  # noqa: A001 - the command's name
    word: Words = argument("WORD", "Only series whose id or text holds every word."), *, showing: opt.Showing
) -> None:
    """List the series of the catalogue."""
    from rural_forecast.series.catalogue import load
    from rural_forecast.views.series import courses, listing, matching

    run = running.start(showing)
    catalogue = load()
    chosen = matching(catalogue.summaries(), word or ())
    known = courses([catalogue.get(each.series_id) for each in chosen]) if run.for_people else None
    run.show(listing(chosen, known))


def show(
    source: str | None = opt.SOURCE,
    *,
    money: opt.Money,
    prices: opt.Prices,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Show one series: every value with its source, and its dated targets."""
    from rural_forecast.forecasting.targets import targets as judged
    from rural_forecast.views.series import everything, target_notes

    run = running.start(showing)
    terms = arguments.terms(money, prices, loading.series(source, reading, run))
    series, notes = terms.series, []
    if how := terms.conversion:
        notes.append(how.note(seen.period.year for seen in series.observations))
        series = how.series(series)
    run.show(everything(series, (*notes, *target_notes(series, judged(series)))))


def read(
    source: str | None = opt.SOURCE, *, reading: Annotated[opt.Reading, without("allow_gaps")], showing: opt.Showing
) -> None:
    """Read a file as it was downloaded into tidy rows; standard error has the account.

    The rows are read again by every command. Missing years are left to those commands. A series with a cell that cannot
    be read is left out and named on standard error (exit code 5).
    """
    from rural_forecast.views.tidy import document

    run = running.start(showing)
    read, faults = loading.every(source, replace(reading, allow_gaps=True), run, refused=False)
    run.show(document(read))
    if faults:
        from rural_forecast.forecasting.batch.panel import refusal_of
        from rural_forecast.series.reading.source import name_of

        file = name_of(split(source or "")[0])
        refused = len({fault.series_id for fault in faults})
        raise run.partial(
            f"{len(read):,} series read, {refused:,} refused",
            [refusal_of(fault.series_id, fault.error) for fault in faults[:MOST_NAMED]],
            file,
            "'rural-forecast series check' lists every cell that is refused.",
        )


def check(source: str | None = opt.SOURCE, *, reading: opt.Reading, showing: opt.Showing) -> None:
    """List all faults of a file or of a series; exit code 3 with findings."""
    from rural_forecast.series.check import check as examine
    from rural_forecast.views.check import Checked, document, lines, unreadable

    run = running.start(showing)
    reading_gaps = replace(reading, allow_gaps=True)  # gaps are findings here
    read, faults = loading.every(source, reading_gaps, run, refused=True)
    broken = {fault.series_id for fault in faults}
    checked = [
        Checked(
            series,
            [
                finding
                for finding in examine(series, allow_gaps=reading.allow_gaps)
                if finding.code != "gap" or series.id not in broken  # its year may be in a row that is refused
            ],
        )
        for series in read
    ]
    result = document(checked, unreadable(faults), source or "")
    if run.format == "table" and (faults or any(series.file for series in read)):
        run.warn(result.notes)
        run.write("".join(f"{one_line(line)}\n" for line in lines(result, source or "")))
    else:
        run.show(result)
    if faults or any(finding.severity != "note" for part in checked for finding in part.findings):
        raise typer.Exit(3)
