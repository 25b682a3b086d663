"""Pictures and pages: `chart` and `exhibit`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rural_forecast.cli import conditions as only
from rural_forecast.cli import loading
from rural_forecast.cli.command import command
from rural_forecast.cli.options import Options
from rural_forecast.cli.running import Run
from rural_forecast.errors import UsageError
from rural_forecast.notes import Note
from rural_forecast.render import formats

if TYPE_CHECKING:
    from rural_forecast.document.page import Sheet
    from rural_forecast.series.money import Exchange
    from rural_forecast.series.observation import Series
    from rural_forecast.views.exhibit import ExhibitedMarket


@command(
    "sources columns ahead target question money markets drawing pooling reading showing",
    formats=("table", *formats.PICTURES),
)
def chart(ask: Options) -> None:
    """Draw history, forecast, ranges and published figures.

    $ rural-forecast chart turnover --year 2018
    $ rural-forecast chart turnover mofcom --year 2027 --log
    $ rural-forecast chart turnover --year 2018 --columns
    $ rural-forecast chart mofcom --year 2030 --title 农村网络零售额 -o market.svg
    """
    from rural_forecast.forecasting.backtest import with_record
    from rural_forecast.forecasting.forecast import forecast
    from rural_forecast.views import chart as view
    from rural_forecast.views.about import remarks

    run = Run(ask)
    markets = loading.markets(ask.sources, run)
    of_one = {"--columns": ask.columns, "--pool": ask.pool, "--target": ask.target}
    for option in (name for name, given in of_one.items() if given and len(markets) > 1):
        raise UsageError(
            f"{option} is for one series, and there are {len(markets)}.",
            "Name one, or leave it out.",
        )
    shown = []
    for market in markets:
        result = with_record(forecast(market.series, **market.asked))
        shown.append(market.shown(loading.pooled(result, ask)))
    names = [result.history.series.label if len(shown) > 1 else "" for result in shown]
    notes = [
        note
        for name, result in zip(names, shown, strict=True)
        for note in _of_one(name, remarks(result.notes))
    ]
    run.warn(notes, shown=False)
    picture = (
        view.columns(shown[0]) if ask.columns else view.several(shown, targets=ask.target or ())
    )
    run.draw(picture)


@command(
    "sources appendix triangulate ahead target author question exchange markets drivers pooling drawing reading "
    "showing date",
    formats=("html", "pdf", "png", "pptx"),
    title={"needs": ()},
    date={"needs": ()},
    drivers={"needs": only.TRIANGULATED},
)
def exhibit(ask: Options) -> None:
    """Write one page for a client; with an appendix, all that is behind it.

    $ rural-forecast exhibit turnover --year 2018 -o turnover.pdf
    $ rural-forecast exhibit mofcom --ceiling 4000..5000 -o mofcom.html
    $ rural-forecast exhibit mofcom --year 2028 --triangulate -o mofcom.pptx
    $ rural-forecast exhibit turnover mofcom --year 2027 --appendix -o both.html
    """
    from rural_forecast.record.triangulate import triangulate as combine
    from rural_forecast.views.about import remarks
    from rural_forecast.views.exhibit import of_arguments, page

    run = Run(ask)
    markets = loading.markets(ask.sources, run)
    heading = {"title": ask.title, "author": ask.author, "date": ask.date}
    first = markets[0]
    alone = len(markets) == 1
    warned = list[Note]()
    if ask.triangulate:
        if not alone:
            raise UsageError(
                f"--triangulate is for one series, and there are {len(markets)}.", "Name one."
            )
        with run.spinner("Asking every argument"):
            answer = combine(
                first.series, drivers=ask.drivers, weights=ask.weight or {}, **first.asked
            )
        made = of_arguments(answer, appendix=ask.appendix, **heading)
        warned += remarks(answer.notes)
    else:
        with run.spinner("Asking every model at every origin", when=ask.appendix):
            shared: dict[str, Any] = {"ask": ask, "opinions": ask.appendix}
            pages = [
                market(one.series, currency=one.conversion, **shared, **one.asked)
                for one in markets
            ]
        made = page(pages, appendix=ask.appendix, **heading)
        for one in pages:
            tested = one.comparison.tested if ask.appendix else None
            notes = [*remarks(one.forecast.notes), *(remarks(tested.notes) if tested else ())]
            warned += _of_one("" if alone else one.name, notes)
    sheets = tuple(_dressed(sheet, run, alone=alone) for sheet in made.sheets)
    run.warn(warned)
    run.write(formats.render(made._replace(sheets=sheets, look=run.look), run.format))


def market(
    series: Series,
    *,
    ask: Options | None = None,
    opinions: bool = True,
    targets: Sequence[float] = (),
    currency: Exchange | None = None,
    **asked: Any,
) -> ExhibitedMarket:
    """Compute all that a page says of a series. `opinions`: ask ARIMA and ETS too, which takes
    time.
    """
    from rural_forecast.forecasting.backtest import compare
    from rural_forecast.forecasting.forecast import forecast
    from rural_forecast.views.exhibit import ExhibitedMarket

    of_all = {name: value for name, value in asked.items() if name != "models"}
    compared = compare(series, opinions=opinions, **of_all)
    found = forecast(series, kernels=True, **asked) if "models" in asked else compared.forecast
    if ask is not None:
        found = loading.pooled(found, ask)
        targets = ask.target or ()
    return ExhibitedMarket(found, compared, tuple(targets), currency)


def _of_one(name: str, notes: Iterable[Note]) -> list[Note]:
    """The notes of one of several series, by its name: findings name the series, notes on the file
    do not.
    """
    from rural_forecast.series.findings import OF_VALUES

    return [
        note.about(name) if name and note.code in (*OF_VALUES, "growth") else note for note in notes
    ]


def _dressed(sheet: Sheet, run: Run, *, alone: bool) -> Sheet:
    """A sheet with the texts that a person gives, in its picture and around it; a title names the
    series of one.
    """
    if sheet.picture is None:
        return sheet
    name = run.ask.title if alone and not run.ask.headline else None
    picture = run.dressed(sheet.picture, name=name)
    sources = (run.ask.credit,) if run.ask.credit else sheet.sources
    return sheet._replace(
        picture=picture, heading=picture.title, range=picture.subtitle, sources=sources
    )
