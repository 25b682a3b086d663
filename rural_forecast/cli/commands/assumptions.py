"""Assumptions of a person: `scenario`, and `size`, a market from its drivers."""

from __future__ import annotations

from rural_forecast.cli import loading, streams
from rural_forecast.cli.command import command
from rural_forecast.cli.options import Options
from rural_forecast.cli.running import Run
from rural_forecast.errors import UsageError
from rural_forecast.question.source import Source
from rural_forecast.render import formats
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import without_controls


@command(
    "source assumed ahead rows question money explained drawing reading showing keeping",
    without="all_models explain",
)
def scenario(ask: Options) -> None:
    """Compare your assumptions with the forecast.

    $ rural-forecast scenario turnover --override 2018=700 --reason "stated plan"
    $ rural-forecast scenario mofcom --growth 2026=4,2027=3 --shock 2028=-10
    $ rural-forecast scenario --from rural_online_retail --format markdown
    """
    from rural_forecast.scenarios.scenario import Scenario, read_scenarios
    from rural_forecast.scenarios.scenario import scenario as compute

    if ask.scenarios is None and ask.source is not None and Source.parse(ask.source).is_toml:
        ask.source, ask.scenarios = None, ask.source
    run = Run(ask)
    file = None if ask.scenarios is None else read_scenarios(ask.scenarios)
    stated = [*file.scenarios] if file else []
    assumed = {each: getattr(ask, each) for each in ("growth", "ceiling", "shock", "override")}
    assumed = {each: value for each, value in assumed.items() if value is not None}
    if assumed:
        name = " and ".join(assumed) if ask.name is None else ask.name
        stated.append(Scenario(name=name, reason=ask.reason or "", **assumed))
    elif not stated or ask.reason is not None or ask.name is not None:
        raise UsageError(
            "Nothing is assumed.",
            "State a scenario, such as --growth 5, or read some with --from FILE.",
        )
    ask.ceiling = None
    if file and ask.year is ask.horizon is None:
        ask.year = file.year
    if file and file.series and ask.source is None:
        loading.after_reading([file.series], run)
        market = loading.in_terms(file.series, run)
    else:
        market = loading.market(ask.source, run)
    result = market.shown(compute(market.series, *stated, **market.asked))
    run.show(
        "scenario", result, kept=(market.series.label, result.baseline.origin), history=ask.history
    )


@command(
    "sizing draws seed print_model ahead models money drawing showing keeping",
    without="horizon model",
    year={"left_out": "the last one of the model"},
)
def size(ask: Options) -> None:
    """Size a market from its drivers, by Monte Carlo.

    $ rural-forecast size rural_online_retail
    $ rural-forecast size rural_online_retail --year 2026 --currency USD -f csv
    $ rural-forecast size rural_retailer --print-model > market.toml
    """
    from rural_forecast.sizing.model import load
    from rural_forecast.sizing.size import size as size_up

    ask.sizing = loading.path_of(ask.sizing)
    if ask.print_model:
        if ask.output and (form := formats.from_suffix(ask.output)):
            raise UsageError(
                f"--print-model prints TOML, and {ask.output} is named as {form}.",
                "Write -o model.toml.",
            )
        streams.write(without_controls(load(ask.sizing).file.text), ask.output)
        return
    run = Run(ask)
    asked = ask.stated("ahead level real")
    result = size_up(
        ask.sizing, draws=ask.draws, seed=ask.seed, inflation=loading.inflation(ask), **asked
    )
    result = loading.in_currency(result, loading.conversion(ask, result.main.unit))
    loading.after_reading(result.model.series, run)
    name = result.model.file.name
    if ask.verbose:
        run.say(f"read {name}: {len(result.model.drivers)} drivers, {len(result.stages)} stages")
    run.show("size", result, kept=(without_folders(name).partition(".")[0], None))
