"""`report`: the exhibit of a market with an appendix, as one self-contained page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rural_forecast.cli import completers
from rural_forecast.cli import conditions as only
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import flag, value
from rural_forecast.render import formats
from rural_forecast.series.source_names import is_toml
from rural_forecast.text.wording import for_readers, listed

if TYPE_CHECKING:
    from rural_forecast.views.report import Sizing

EXAMPLES = (
    "rural-forecast report turnover --year 2018 -o turnover.html",
    "rural-forecast report turnover mofcom --year 2027 -o definitions.html",
    "rural-forecast report mofcom --size rural_online_retail -o sized.html",
)
FORMATS = ("html",)


def report(
    source: list[str] | None = opt.SOURCES,
    *,
    ahead: opt.Ahead,
    size: str | None = value("MODEL", "Add a sizing, as 'size' takes it.", complete=completers.sizing_models),
    panel: str | None = value("FILE", "Add a file of parts that add up, as 'panel' forecasts it."),
    parents: str | None = value("FILE", "Table of the tree, with columns child and parent.", needs=only.PANEL),
    scenarios: str | None = value(
        "FILE",
        "Add the scenarios of a TOML file, or of one that ships.",
        needs=only.SERIES,
        complete=completers.scenarios,
    ),
    partial: list[str] | None = value("PERIOD=VALUE[:GROWTH]", "Add a nowcast, as 'nowcast' does.", needs=only.SERIES),
    same_definition: bool = flag(
        "--same-definition", "Use a part even if its definition may differ.", needs=only.PARTS
    ),
    head: opt.Page,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Write one self-contained HTML page: the exhibit, and an appendix with models, evidence, values and method."""
    from rural_forecast.cli import arguments, loading, pages, running
    from rural_forecast.forecasting.question import DEFAULT_LEVELS
    from rural_forecast.views.report import page

    run = running.start(showing, only=FORMATS)
    sized = [name for name in source or () if is_toml(name)]
    names = [name for name in source or () if name not in sized]
    sized += [size] if size else []
    options = arguments.of_series(head.asked, reading, bands=head.bands)
    chosen = loading.several(names, reading, run, head.asked.window.as_of) if names or not (sized or panel) else ()
    conversions = [arguments.conversion(head.asked.money, series.unit, options["as_of"]) for series in chosen]
    stated = {"model": head.asked.model, **head.asked.limits._asdict(), **head.asked.window._asdict()}
    usual = {**opt.Limits()._asdict(), **opt.Window()._asdict()}
    if (sized or panel) and (
        bound := [name for name, value in stated.items() if value not in (None, [], usual.get(name))]
    ):
        names_of = listed(f"--{name.replace('_', '-')}" for name in bound)
        run.say(f"note: for the series alone: {names_of}; a sizing keeps to its drivers, a panel to its file")
    if sized and head.asked.money.currency:
        run.say("note: a sizing stays in the unit of its model; --currency is for the series")
    known = {"partial": partial, "same_definition": same_definition} if partial else None
    with run.spinner("Asking every model at every origin", when=True):
        markets = [
            pages.market(series, ahead._asdict(), options, known, scenarios, pooling=head.pooling, currency=conversion)
            for series, conversion in zip(chosen, conversions, strict=True)
        ]
        levels = options.get("levels", DEFAULT_LEVELS)
        sizings = [_sizing(name, ahead.year, levels) for name in sized]
        sizings += [_panel(panel, parents, ahead, levels, head.asked.money)] if panel else []
    made = page(markets, sizings, appendix=True, attachments=tuple(pages.data(markets)), **head.heading._asdict())
    pages.warn(run, markets, sizings)
    run.write(formats.render(made, run.format))


def _sizing(model: str, year: int | None, levels: Any) -> Sizing:
    from rural_forecast.sizing.size import size
    from rural_forecast.views.pictures import size as picture
    from rural_forecast.views.size import document

    with for_readers():
        result = size(model, year=year, levels=levels)
        return document(result), picture.picture(result)


def _panel(file: str, parents: str | None, ahead: opt.Ahead, levels: Any, money: opt.Money) -> Sizing:
    from rural_forecast.cli import arguments
    from rural_forecast.forecasting.in_currency import in_currency
    from rural_forecast.panels.panel import panel
    from rural_forecast.panels.tree import read_parents
    from rural_forecast.views.panel import document
    from rural_forecast.views.pictures import panel as picture

    with for_readers():
        tree = read_parents(parents) if parents else None
        result = panel(file, year=ahead.year, horizon=ahead.horizon, levels=levels, parents=tree)
        if conversion := arguments.conversion(money, result.unit):
            result = in_currency(result, conversion)
        return document(result), picture.picture(result)
