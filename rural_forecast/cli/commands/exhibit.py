"""`exhibit`: one page for a client."""

from __future__ import annotations

from rural_forecast.cli import options as opt

EXAMPLES = (
    "rural-forecast exhibit turnover --year 2018 -o turnover.pdf",
    "rural-forecast exhibit mofcom --ceiling 4000..5000 -o mofcom.html",
    "rural-forecast exhibit mofcom --author 'A. Analyst' -o mofcom.pptx",
)
FORMATS = ("html", "pdf", "png", "pptx")


def exhibit(
    source: opt.Sources = None,
    *,
    ahead: opt.Ahead,
    model: opt.Models = None,
    level: opt.Levels = None,
    bands: opt.Bands = False,
    heading: opt.Heading,
    interrupt: opt.Interrupt = None,
    limits: opt.Limits,
    window: opt.Window,
    money: opt.Money,
    pooling: opt.Pooling,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Write one page for a client: finding, picture, five numbers, basis, published estimates, risks and sources."""
    from rural_forecast.cli import arguments, pages, running
    from rural_forecast.render import formats
    from rural_forecast.views.report import page

    run = running.start(showing, only=FORMATS, default="html")
    options = arguments.of_series(
        window, reading, level=level, bands=bands, model=model, interrupt=interrupt, limits=limits
    )
    markets = [
        pages.market(
            series,
            ahead._asdict(),
            options,
            pooling=pooling,
            opinions=False,
            currency=arguments.conversion(money, series.unit, options["as_of"]),
        )
        for series in running.several(source, reading, run, window.as_of)
    ]
    made = page(markets, appendix=False, title=heading.title, author=heading.author, date=heading.date)
    pages.warn(run, markets)
    run.write(formats.write_page(made, run.format))
