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
    asked: opt.Page,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Write one page for a client: finding, picture, five numbers, basis, published estimates, risks and sources."""
    from rural_forecast.cli import arguments, pages, running
    from rural_forecast.render import formats
    from rural_forecast.views.report import page

    run = running.start(showing, only=FORMATS, default="html")
    options = pages.options(asked, reading)
    markets = [
        pages.market(
            series,
            ahead._asdict(),
            options,
            pooling=asked.pooling,
            opinions=False,
            currency=arguments.conversion(asked.money, series.unit, options["as_of"]),
        )
        for series in running.several(source, reading, run, asked.window.as_of)
    ]
    made = page(markets, appendix=False, **asked.heading._asdict())
    pages.warn(run, markets)
    run.write(formats.write_page(made, run.format))
