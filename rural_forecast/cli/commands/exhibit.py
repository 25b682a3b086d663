"""`exhibit`: one page for a client, and with an appendix all that is behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from rural_forecast.cli import arguments, loading, running
from rural_forecast.cli import conditions as only
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import flag, without
from rural_forecast.cli.drawing import Drawing
from rural_forecast.errors import UsageError
from rural_forecast.render import formats
from rural_forecast.text.wording import listed

if TYPE_CHECKING:
    from rural_forecast.document.page import Attachment, Sheet
    from rural_forecast.series.money.conversion import Exchange
    from rural_forecast.series.observation import Series
    from rural_forecast.views.exhibit import Market

EXAMPLES = (
    "rural-forecast exhibit turnover --year 2018 -o turnover.pdf",
    "rural-forecast exhibit mofcom --ceiling 4000..5000 -o mofcom.html",
    "rural-forecast exhibit mofcom --year 2028 --triangulate -o mofcom.pptx",
    "rural-forecast exhibit turnover mofcom --year 2027 --appendix -o both.html",
)
FORMATS = ("html", "pdf", "png", "pptx")


def exhibit(
    source: list[str] | None = opt.SOURCES,
    *,
    ahead: opt.Ahead,
    appendix: bool = flag(
        "--appendix",
        "Add the models, the evidence, every value and the method.",
        needs=only.WITH_APPENDIX,
        brief=True,
        section="Output",
    ),
    triangulate: bool = flag(
        "--triangulate",
        "Set all arguments for one number side by side, as 'triangulate' does.",
        needs=only.ONE_ANSWER,
        brief=True,
        section="Evidence",
    ),
    drivers: str | None = opt.drivers(only.TRIANGULATED),
    target: list[float] | None = opt.TARGET,
    heading: opt.Heading,
    asked: Annotated[opt.Question, without("prices")],
    markets: opt.Markets,
    pooling: opt.Pooling,
    drawing: Annotated[Drawing, without("title")],
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Write one page for a client; with an appendix, all that is behind it."""
    from rural_forecast.document.table import Remark
    from rural_forecast.record.triangulate import triangulate as combine
    from rural_forecast.views.about import remarks
    from rural_forecast.views.exhibit import of_arguments, page

    look = drawing.look()
    run = running.start(showing, only=FORMATS)
    options = arguments.of_series(asked, reading)
    options |= loading.others(markets, source[0] if source else None, reading, run, asked.window.as_of)
    chosen = loading.several(source, reading, run, asked.window.as_of)
    alone, warned = len(chosen) == 1, list[Remark]()
    if triangulate:
        if not alone:
            raise UsageError(f"--triangulate is for one series, and there are {len(chosen)}.", "Name one.")
        with run.spinner("Asking every argument", when=True):
            answer = combine(chosen[0], **vars(ahead), drivers=drivers, weights=pooling.weight or {}, **options)
        made = of_arguments(answer, appendix=appendix, **vars(heading))
        warned += remarks(answer.notes)
    else:
        conversions = [arguments.conversion(asked.money, series.unit, options["as_of"]) for series in chosen]
        more: dict[str, Any] = {"pooling": pooling, "opinions": appendix, "targets": target or ()}
        with run.spinner("Asking every model at every origin", when=appendix):
            pages = [
                market(series, vars(ahead), options, currency=conversion, **more)
                for series, conversion in zip(chosen, conversions, strict=True)
            ]
        attached = tuple(_data(pages)) if appendix and run.format == "html" else ()
        made = page(pages, appendix=appendix, attachments=attached, **vars(heading))
        for one in pages:
            tested = one.comparison.tested if appendix else None
            notes = [*remarks(one.forecast.notes), *(remarks(tested.notes) if tested else ())]
            warned += notes if alone else loading.of_one(one.name, notes)
    sheets = tuple(_dressed(one, drawing, heading.title if alone else None) for one in made.sheets)
    run.warn(warned)
    if asked_for := _unnamed(chosen, drawing, heading):
        run.say(f"hint: readers miss {listed(asked_for)}")
    run.write(formats.render(replace(made, sheets=sheets, look=look), run.format))


def _unnamed(chosen: Sequence[Series], drawing: Drawing, heading: opt.Heading) -> list[str]:
    """List what a page of files lacks, with the option that adds it."""
    files = [series for series in chosen if series.file]
    missing = (
        ("a name (--title)", heading.title is None and len(chosen) == 1 and not all(one.title for one in files)),
        ("a unit (a column 'unit')", not all(one.unit for one in files)),
        ("a source (--credit)", drawing.credit is None and not all(one.publisher for one in files)),
        ("an author (--author)", heading.author is None),
        ("a date (--date)", heading.date is None),
    )
    return [words for words, is_missing in missing if is_missing] if files else []


def _dressed(sheet: Sheet, drawing: Drawing, name: str | None) -> Sheet:
    """A sheet with the texts that a person gives, in its picture and around it."""
    if sheet.picture is None:
        return sheet
    picture = drawing.dressed(sheet.picture).dressed(name=None if drawing.headline else name)
    sources = (drawing.credit,) if drawing.credit else sheet.sources
    return replace(sheet, picture=picture, heading=picture.title, range=picture.subtitle, sources=sources)


def market(
    series: Series,
    ahead: Mapping[str, Any],
    options: Mapping[str, Any],
    *,
    pooling: opt.Pooling | None = None,
    opinions: bool = True,
    targets: Sequence[float] = (),
    currency: Exchange | None = None,
) -> Market:
    """Compute all that a page says of a series. `opinions`: ask ARIMA and ETS too, which takes time."""
    from rural_forecast.forecasting.compare import compare
    from rural_forecast.forecasting.forecast import forecast
    from rural_forecast.views.exhibit import Market

    others = {name: value for name, value in options.items() if name != "models"}
    compared = compare(series, opinions=opinions, **ahead, **others)
    asked = forecast(series, kernels=True, **ahead, **options) if "models" in options else compared.forecast
    if pooling is not None:
        asked = arguments.pooled(asked, pooling)
    return Market(asked, compared, tuple(targets), currency)


def _data(markets: Sequence[Market]) -> Iterator[Attachment]:
    """The rows and the workbook of each market."""
    from rural_forecast.document.page import Attachment
    from rural_forecast.views.project import document

    for one in markets:
        shown = document(one.forecast, history=True)
        name = " ".join(re.sub(r"[^\w().,-]", " ", one.name).split())
        yield Attachment(f"{name}.csv", "text/csv", str(formats.render(shown, "csv")).encode())
        workbook = formats.render(shown, "xlsx")
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        yield Attachment(f"{name}.xlsx", kind, workbook if isinstance(workbook, bytes) else workbook.encode())
