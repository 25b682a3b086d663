"""`report`: one self-contained page that can be forwarded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from rural_forecast.cli import completers
from rural_forecast.cli.options import Horizon, Levels, Limits, Models, Money, Reading, Showing, Sources, Window, Year
from rural_forecast.render import formats

if TYPE_CHECKING:
    from rural_forecast.document.page import Chapter
    from rural_forecast.document.remark import Remark
    from rural_forecast.series.observation import Series
    from rural_forecast.views.report import Market

EXAMPLES = (
    "rural-forecast report turnover --year 2018 -o turnover.html",
    "rural-forecast report turnover mofcom --year 2027 -o definitions.html",
    "rural-forecast report mofcom --size rural_online_retail -o sized.html",
)
FORMATS = formats.PAGES

Size = Annotated[
    str | None,
    typer.Option(
        "--size",
        metavar="MODEL",
        help="Add a sizing: a TOML file, or a model that ships.",
        autocompletion=completers.sizing_models,
    ),
]
Scenarios = Annotated[
    str | None,
    typer.Option(
        "--scenarios",
        metavar="FILE",
        help="Add the scenarios of a TOML file, or of one that ships.",
        autocompletion=completers.scenarios,
    ),
]
Partial = Annotated[
    list[str] | None,
    typer.Option(
        "--partial",
        metavar="PERIOD=VALUE[:GROWTH]",
        help="Add a nowcast from a known part, such as 2017H1=537.62, as 'nowcast' takes it; repeatable.",
    ),
]
SameDefinition = Annotated[
    bool, typer.Option("--same-definition", help="Use a part that is refused as one on another definition.")
]
Title = Annotated[str | None, typer.Option(metavar="TEXT", help="Title of the page.")]


def report(
    context: typer.Context,
    source: Sources = None,
    year: Year = None,
    horizon: Horizon = None,
    *,
    size: Size = None,
    scenarios: Scenarios = None,
    partial: Partial = None,
    same_definition: SameDefinition = False,
    model: Models = None,
    level: Levels = None,
    title: Title = None,
    limits: Limits,
    window: Window,
    money: Money,
    reading: Reading,
    showing: Showing,
) -> None:
    """Write one self-contained HTML page: the answer, pictures, tables, evidence, sources and method."""
    from rural_forecast.cli import arguments, running
    from rural_forecast.forecasting.forecast import DEFAULT_LEVELS
    from rural_forecast.views.report import page

    run = running.start(showing, only=FORMATS, default="html")
    sized = [name for name in source or () if name.lower().endswith(".toml")]
    names = [name for name in source or () if name not in sized]
    sized += [size] if size else []
    options = arguments.of_series(window, reading, level=level, model=model, limits=limits)
    found = running.several(names, reading, run, window.as_of) if names or not sized else ()
    conversions = [arguments.conversion(money, series.unit, options["as_of"]) for series in found]
    if sized and arguments.bounds(limits):
        run.say("note: limits bind the series; a sizing keeps to the ranges of its drivers")
    if sized and money.currency:
        run.say("note: a sizing stays in the unit of its model; --currency is for the series")
    known = {"partial": partial, "same_definition": same_definition} if partial else None
    until = {"year": year, "horizon": horizon}
    with run.spinner("Asking every model at every origin", when=True):
        markets = [
            _market(series, until, options, known, scenarios)._replace(currency=conversion)
            for series, conversion in zip(found, conversions, strict=True)
        ]
        sizings = [_sizing(name, year, level or DEFAULT_LEVELS) for name in sized]
    made = page(markets, sizings, typed=running.typed(context.obj or ()), title=title or "")
    remarks: list[Remark] = []
    for chapter in made.chapters:
        notes = [note for section in chapter.sections for note in section.notes]
        remarks += running.of_one(chapter.heading, notes) if len(markets) + len(sizings) > 1 else notes
    run.warn(remarks)
    run.write(formats.render(made, run.format))


def _market(
    series: Series,
    until: dict[str, Any],
    options: dict[str, Any],
    known: dict[str, Any] | None,
    scenarios: str | None,
) -> Market:
    from rural_forecast.forecasting.backtest import backtest
    from rural_forecast.forecasting.compare import compare
    from rural_forecast.forecasting.forecast import forecast
    from rural_forecast.nowcasting.nowcast import nowcast
    from rural_forecast.scenarios.scenario import scenario
    from rural_forecast.scenarios.scenario_file import read_scenarios
    from rural_forecast.views.report import Market

    estimated = nowcast(series, **known, **_without(options, "models")) if known else None
    asked = forecast(series, **until, **options)
    compared = compare(series, **until, **_without(options, "models"))
    several = len(asked.history.years) > 1
    tested = backtest(series, **_without(options, "models", "levels")) if several else None
    stated = None
    if scenarios:
        given = read_scenarios(scenarios).scenarios
        stated = scenario(series, *given, year=asked.target, **options)
    return Market(asked, compared, tested, estimated, stated)


def _without(options: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in names}


def _sizing(model: str, year: int | None, levels: Any) -> Chapter:
    from rural_forecast.sizing.size import size
    from rural_forecast.views.pictures import size as picture
    from rural_forecast.views.report import of_document
    from rural_forecast.views.size import document

    result = size(model, year=year, levels=levels)
    return of_document(document(result), picture.picture(result))
