"""`exhibit`: one page for a client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from rural_forecast.cli.exhibited import exhibited_market, of_one_series
from rural_forecast.cli.groups import (
    Drawing,
    Fetching,
    Markets,
    Money,
    Reading,
    Showing,
    running_total,
)
from rural_forecast.cli.loading import Loader
from rural_forecast.cli.options import (
    arguments,
    asking,
    choosing,
    drawing,
    evidence,
    money,
    reading,
    writing,
)
from rural_forecast.cli.running import Run
from rural_forecast.errors import UsageError
from rural_forecast.notes import Note
from rural_forecast.question.question import DEFAULT_LEVELS, Question
from rural_forecast.question.triangulate import TriangulationQuestion
from rural_forecast.render import formats

if TYPE_CHECKING:
    from rural_forecast.document.page import Sheet
    from rural_forecast.views.exhibit import ExhibitedMarket


def exhibit(
    ctx: typer.Context,
    sources: arguments.Sources = None,
    appendix: drawing.Appendix = False,
    triangulate: evidence.Triangulate = False,
    year: asking.Year = None,
    horizon: asking.Horizon = None,
    target: asking.Target = None,
    author: drawing.Author = None,
    model: asking.Model = None,
    level: asking.Level = None,
    ceiling: evidence.Ceiling = None,
    floor: evidence.Floor = None,
    kind: evidence.Kind = None,
    since: asking.Since = None,
    until: asking.Until = None,
    prefer: choosing.Prefer = None,
    as_of: asking.AsOf = None,
    basis: asking.Basis = "comparable",
    breaks: asking.Breaks = None,
    currency: money.Currency = None,
    rate: money.Rate = None,
    like: evidence.Like = None,
    within: evidence.Within = None,
    drivers: evidence.DriversOfPage = None,
    definition: evidence.DefinitionOfPage = None,
    pool: evidence.Pool = False,
    weight: evidence.Weight = None,
    log: drawing.Log = False,
    headline: drawing.Headline = None,
    subtitle: drawing.Subtitle = None,
    credit: drawing.Credit = None,
    note: drawing.Note = None,
    ratio: drawing.Ratio = None,
    pixels: drawing.Pixels = None,
    title: drawing.TitleOfPage = None,
    theme: drawing.Theme = "light",
    template: drawing.Template = None,
    series: choosing.Series = None,
    encoding: reading.Encoding = None,
    period_column: reading.PeriodColumn = None,
    value_column: choosing.ValueColumn = None,
    id_column: reading.IdColumn = None,
    where: choosing.Where = None,
    sheet: choosing.Sheet = None,
    decimal: reading.Decimal = None,
    measure: reading.Measure = None,
    actuals_until: choosing.ActualsUntil = None,
    allow_gaps: reading.AllowGaps = False,
    refresh: reading.Refresh = False,
    offline: reading.Offline = False,
    format_name: drawing.FormatOfPage = None,
    output: writing.Output = None,
    color: writing.Color = "auto",
    quiet: writing.Quiet = False,
    verbose: writing.Verbose = False,
    date: writing.DateOfPage = None,
) -> None:
    """Write one page for a client; with an appendix, all that is behind it.

    $ rural-forecast exhibit turnover --year 2018 -o turnover.pdf
    $ rural-forecast exhibit mofcom --ceiling 4000..5000 -o mofcom.html
    $ rural-forecast exhibit mofcom --year 2028 --triangulate -o mofcom.pptx
    $ rural-forecast exhibit turnover mofcom --year 2027 --appendix -o both.html
    """
    from rural_forecast.record.triangulate import triangulate as combine
    from rural_forecast.views.about import remarks
    from rural_forecast.views.exhibit import of_arguments, page

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
        drawing=Drawing(
            log=log,
            headline=headline,
            subtitle=subtitle,
            credit=credit,
            note=note,
            ratio=ratio,
            pixels=pixels,
            title=title,
            theme=theme,
            template=template,
        ),
    )
    question = Question(
        year=year,
        horizon=horizon,
        models=model or (),
        levels=level or DEFAULT_LEVELS,
        ceiling=ceiling,
        floor=floor,
        kind=kind,
        since=since,
        until=until,
        prefer=prefer,
        as_of=as_of,
        basis=basis,
        breaks=breaks or (),
        measure=running_total(measure),
        allow_gaps=allow_gaps,
    )
    load = Loader(
        run,
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
            actuals_until=actuals_until,
            allow_gaps=allow_gaps,
        ),
        question=question,
        money=Money(
            currency=currency,
            rate=rate,
        ),
        markets=Markets(
            like=like,
            within=within,
        ),
    )
    markets = load.several_markets(sources)
    main = sources[0] if sources else None
    heading = {"title": title, "author": author, "date": date}
    if triangulate:
        if len(markets) > 1:
            raise UsageError(
                f"--triangulate is for one series, and there are {len(markets)}.", "Name one."
            )
        with run.spinner("Asking every argument"):
            other = load.one_other("definition", definition, main) if definition else None
            of_arguments_alone = markets[0].question.of(
                TriangulationQuestion, drivers=drivers, weights=weight or {}, definition=other
            )
            answer = combine(markets[0].series, of_arguments_alone)
        written = of_arguments(answer, appendix=appendix, targets=target or (), **heading)
        notes = [*remarks(answer.notes)]
    else:
        with run.spinner("Asking every model at every origin", when=appendix):
            pages = []
            for one in markets:
                shown = exhibited_market(
                    one.series,
                    one.question,
                    opinions=appendix,
                    targets=target or (),
                    currency=one.conversion,
                    pool=pool,
                    weights=weight,
                )
                pages.append(shown)
        written = page(pages, appendix=appendix, **heading)
        notes = _warnings(pages, appendix=appendix)
    alone = len(markets) == 1
    sheets = tuple(_dressed(sheet, run, alone=alone) for sheet in written.sheets)
    run.warn(notes)
    run.write(formats.render(written._replace(sheets=sheets, look=run.look), run.format))


def _warnings(markets: Sequence[ExhibitedMarket], *, appendix: bool) -> list[Note]:
    """The remarks on each market of a page; those of the backtest where an appendix shows it."""
    from rural_forecast.views.about import remarks

    notes: list[Note] = []
    for shown in markets:
        own_notes = [*remarks(shown.forecast.notes)]
        tested = shown.comparison.tested if appendix else None
        if tested:
            own_notes += remarks(tested.notes)
        notes += of_one_series(shown.name if len(markets) > 1 else "", own_notes)
    return notes


def _dressed(sheet: Sheet, run: Run, *, alone: bool) -> Sheet:
    """A sheet with the texts that a person gives, in its picture and around it.

    A title names the series where there is one alone; that of several names the page.
    """
    if sheet.picture is None:
        return sheet
    drawing = run.drawing
    name = drawing.title if alone and not drawing.headline else None
    picture = run.dressed(sheet.picture, name=name)
    sources = (drawing.credit,) if drawing.credit else sheet.sources
    return sheet._replace(
        picture=picture, heading=picture.title, range=picture.lead, sources=sources
    )
