"""`series`: list, show, read or check series of the catalogue and of files."""

from __future__ import annotations

import typer

from rural_forecast.cli.groups import Fetching, Money, Reading, Showing
from rural_forecast.cli.loading import Loader
from rural_forecast.cli.options import arguments, asking, choosing, money, reading, writing
from rural_forecast.cli.running import Run
from rural_forecast.notes import Note
from rural_forecast.observed.source_names import PUBLISHERS
from rural_forecast.question.question import Window
from rural_forecast.text.cells import one_line

MOST_NAMED = 20  # refused series that are named on standard error
HAS_FINDINGS = 3  # exit code


def series_list(
    ctx: typer.Context,
    words: arguments.Words = None,
    refresh: reading.Refresh = False,
    offline: reading.Offline = False,
    format_name: writing.Format = None,
    output: writing.Output = None,
    color: writing.Color = "auto",
    quiet: writing.Quiet = False,
    verbose: writing.Verbose = False,
) -> None:
    """List the series of the catalogue, or those of a publisher: wb:rural, eurostat:trade.

    $ rural-forecast series list
    $ rural-forecast series list online --format csv
    $ rural-forecast series list --format json
    """
    from rural_forecast.observed.catalogue import load
    from rural_forecast.views.lookup import listing, search_results

    run = Run(
        ctx,
        Showing(
            format=format_name,
            output=output,
            color=color,
            quiet=quiet,
            verbose=verbose,
        ),
        fetching=Fetching(
            refresh=refresh,
            offline=offline,
        ),
    )
    prefix, sign, first = words[0].partition(":") if words else ("", "", "")
    if words and sign and prefix.lower() in PUBLISHERS:
        from rural_forecast.observed.publishers import BY_PREFIX, search

        wanted = [word for word in (first, *words[1:]) if word]
        publisher = BY_PREFIX[prefix.lower()]
        run.write_document(search_results(publisher, search(prefix, wanted), wanted))
        return
    run.write_document(listing(load().every(), words or ()))


def series_show(
    ctx: typer.Context,
    source: arguments.Source = None,
    currency: money.Currency = None,
    rate: money.Rate = None,
    real: money.Real = None,
    inflation: money.Inflation = None,
    series: choosing.Series = None,
    encoding: reading.Encoding = None,
    period_column: reading.PeriodColumn = None,
    value_column: choosing.ValueColumn = None,
    id_column: reading.IdColumn = None,
    where: choosing.Where = None,
    sheet: choosing.Sheet = None,
    decimal: reading.Decimal = None,
    measure: reading.Measure = None,
    breaks: asking.Breaks = None,
    actuals_until: choosing.ActualsUntil = None,
    allow_gaps: reading.AllowGaps = False,
    refresh: reading.Refresh = False,
    offline: reading.Offline = False,
    format_name: writing.Format = None,
    output: writing.Output = None,
    color: writing.Color = "auto",
    quiet: writing.Quiet = False,
    verbose: writing.Verbose = False,
) -> None:
    """Show one series: every value with its source, and its dated targets.

    $ rural-forecast series show turnover
    $ rural-forecast series show rural_online_retail_mofcom --format csv
    $ rural-forecast series show centres --format markdown
    $ rural-forecast series show mofcom --currency usd
    """
    from rural_forecast.forecasting.targets import targets
    from rural_forecast.observed.stated_breaks import with_breaks
    from rural_forecast.views.lookup import everything, target_sentence

    run = Run(
        ctx,
        Showing(
            format=format_name,
            output=output,
            color=color,
            quiet=quiet,
            verbose=verbose,
        ),
        fetching=Fetching(
            refresh=refresh,
            offline=offline,
        ),
    )
    load = Loader(
        run,
        question=Window(),
        reading=Reading(
            series=series,
            encoding=encoding,
            period_column=period_column,
            value_column=value_column,
            id_column=id_column,
            where=where,
            sheet=sheet,
            decimal=decimal,
            measure=measure,
            breaks=breaks,
            actuals_until=actuals_until,
            allow_gaps=allow_gaps,
        ),
        money=Money(
            currency=currency,
            rate=rate,
            real=real,
            inflation=inflation,
        ),
    )
    market = load.market(source)
    shown = with_breaks(market.series, breaks or ())
    notes = []
    if market.conversion:
        years = [observed.period.year for observed in shown.observations]
        notes.append(market.conversion.note(years))
        shown = market.conversion.series(shown)
    notes += [Note("target", target_sentence(target, shown.unit)) for target in targets(shown)]
    run.write_document(everything(shown, notes))


def series_read(
    ctx: typer.Context,
    source: arguments.Source = None,
    series: choosing.Series = None,
    encoding: reading.Encoding = None,
    period_column: reading.PeriodColumn = None,
    value_column: choosing.ValueColumn = None,
    id_column: reading.IdColumn = None,
    where: choosing.Where = None,
    sheet: choosing.Sheet = None,
    decimal: reading.Decimal = None,
    measure: reading.Measure = None,
    breaks: asking.Breaks = None,
    actuals_until: choosing.ActualsUntil = None,
    refresh: reading.Refresh = False,
    offline: reading.Offline = False,
    format_name: writing.Format = None,
    output: writing.Output = None,
    color: writing.Color = "auto",
    quiet: writing.Quiet = False,
    verbose: writing.Verbose = False,
) -> None:
    r"""Read a file as it was downloaded into tidy rows; standard error has the account.

    The rows are read again by every command. Missing years are left to those commands. A series
    with a cell that cannot be read is left out and named on standard error (exit code 5).

    $ rural-forecast series read turnover
    $ printf 'Sales\n\nArea,2022,2023\nN,12,15\n' | rural-forecast series read -
    $ printf 'year,value\n2022,12\n' | rural-forecast series read - -f json
    """
    from rural_forecast.forecasting.panel import refusal_of
    from rural_forecast.observed.reading.source import name_of
    from rural_forecast.observed.stated_breaks import broken_at
    from rural_forecast.views import lookup

    run = Run(
        ctx,
        Showing(
            format=format_name,
            output=output,
            color=color,
            quiet=quiet,
            verbose=verbose,
        ),
        fetching=Fetching(
            refresh=refresh,
            offline=offline,
        ),
    )
    load = Loader(
        run,
        question=Window(),
        reading=Reading(
            series=series,
            encoding=encoding,
            period_column=period_column,
            value_column=value_column,
            id_column=id_column,
            where=where,
            sheet=sheet,
            decimal=decimal,
            measure=measure,
            breaks=breaks,
            actuals_until=actuals_until,
        ),
    )
    read, faults = load.every(source, refused=False)
    read = broken_at(read, breaks or ())
    run.write_document(lookup.read(read))
    if faults:
        refused = len({fault.series_id for fault in faults})
        raise run.partial(
            f"{len(read):,} series read, {refused:,} refused",
            [refusal_of(fault.series_id, fault.error) for fault in faults[:MOST_NAMED]],
            name_of(source.path if source else ""),
            "'rural-forecast series check' lists every cell that is refused.",
        )


def series_check(
    ctx: typer.Context,
    source: arguments.Source = None,
    series: choosing.Series = None,
    encoding: reading.Encoding = None,
    period_column: reading.PeriodColumn = None,
    value_column: choosing.ValueColumn = None,
    id_column: reading.IdColumn = None,
    where: choosing.Where = None,
    sheet: choosing.Sheet = None,
    decimal: reading.Decimal = None,
    measure: reading.Measure = None,
    breaks: asking.Breaks = None,
    actuals_until: choosing.ActualsUntil = None,
    allow_gaps: reading.AllowGaps = False,
    refresh: reading.Refresh = False,
    offline: reading.Offline = False,
    format_name: writing.Format = None,
    output: writing.Output = None,
    color: writing.Color = "auto",
    quiet: writing.Quiet = False,
    verbose: writing.Verbose = False,
) -> int:
    r"""List all faults of a file or of a series; exit code 3 with findings.

    $ rural-forecast series check income_percap_national
    $ rural-forecast series check turnover --format json
    $ printf 'year,value\n2022,12\n2023,15\n' | rural-forecast series check -
    """
    from rural_forecast.observed.findings import check as examine
    from rural_forecast.observed.stated_breaks import broken_at
    from rural_forecast.views import findings as view

    run = Run(
        ctx,
        Showing(
            format=format_name,
            output=output,
            color=color,
            quiet=quiet,
            verbose=verbose,
        ),
        fetching=Fetching(
            refresh=refresh,
            offline=offline,
        ),
    )
    load = Loader(
        run,
        question=Window(),
        reading=Reading(
            series=series,
            encoding=encoding,
            period_column=period_column,
            value_column=value_column,
            id_column=id_column,
            where=where,
            sheet=sheet,
            decimal=decimal,
            measure=measure,
            breaks=breaks,
            actuals_until=actuals_until,
            allow_gaps=allow_gaps,
        ),
    )
    read, faults = load.every(source, refused=True)
    read = broken_at(read, breaks or ())
    broken = {fault.series_id for fault in faults}
    checked = []
    for one in read:
        findings = [*examine(one, allow_gaps=allow_gaps)]
        if one.id in broken:  # its missing year may be in a row that is refused
            findings = [finding for finding in findings if finding.code != "gap"]
        checked.append((one, findings))
    name = source.name if source else ""
    result = view.check(checked, faults, name)
    if run.format == "table" and (faults or any(one.file for one in read)):
        run.warn(result.notes)
        run.write("".join(f"{one_line(line)}\n" for line in view.lines(result, name)))
    else:
        run.write_document(result)
    severities = {finding.severity for _, findings in checked for finding in findings}
    return HAS_FINDINGS if faults or severities - {"note"} else 0
