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
    source: list[str] | None = opt.SOURCES,
    *,
    ahead: opt.Ahead,
    head: opt.Page,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Write one page for a client: finding, picture, five numbers, basis, published estimates, risks and sources."""
    from rural_forecast.cli import arguments, loading, pages, running
    from rural_forecast.render import formats
    from rural_forecast.views.report import page

    run = running.start(showing, only=FORMATS)
    options = arguments.of_series(head.asked, reading, bands=head.bands)
    markets = [
        pages.market(
            series,
            ahead._asdict(),
            options,
            pooling=head.pooling,
            opinions=False,
            currency=arguments.conversion(head.asked.money, series.unit, options["as_of"]),
        )
        for series in loading.several(source, reading, run, head.asked.window.as_of)
    ]
    made = page(markets, appendix=False, **head.heading._asdict())
    pages.warn(run, markets)
    run.write(formats.render(made, run.format))
