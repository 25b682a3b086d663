"""Assumptions of a person: `scenario`, and `size`, a market from its drivers."""

from __future__ import annotations

from typing import Any

from rural_forecast.cli import loading, streams
from rural_forecast.cli import options as opt
from rural_forecast.cli.command import command
from rural_forecast.cli.declare import Assumed
from rural_forecast.cli.running import Run
from rural_forecast.errors import UsageError
from rural_forecast.render import formats
from rural_forecast.series.source_names import is_toml, without_folders
from rural_forecast.text.cells import without_controls


@command(
    opt.AHEAD, opt.ROWS, opt.QUESTION, opt.MONEY, opt.EXPLAINED, opt.DRAWING, opt.READING, opt.SHOWING, opt.KEEPING,
    without="all_models explain",
    examples=(
        'rural-forecast scenario turnover --override 2018=700 --reason "stated plan"',
        "rural-forecast scenario mofcom --growth 2026=4,2027=3 --shock 2028=-10",
        "rural-forecast scenario --from rural_online_retail --format markdown",
    ),
)  # fmt: skip
def scenario(
    source: str | None = opt.SOURCE,
    *,
    growth: dict[int, Assumed] | Assumed | None = opt.GROWTH,
    shock: dict[int, Assumed] | None = opt.SHOCK,
    override: dict[int, Assumed] | None = opt.OVERRIDE,
    reason: str | None = opt.REASON,
    name: str | None = opt.SCENARIO_NAME,
    scenarios: str | None = opt.FROM,
    ask: opt.Options,
) -> None:
    """Compare your assumptions with the forecast."""
    from rural_forecast.scenarios.scenario import Scenario, read_scenarios
    from rural_forecast.scenarios.scenario import scenario as compute

    if scenarios is None and source is not None and is_toml(source):
        source, scenarios = None, source
    run = Run(ask)
    file = None if scenarios is None else read_scenarios(scenarios)
    stated = [*file.scenarios] if file else []
    given: dict[str, Any] = {"growth": growth, "ceiling": ask.ceiling, "shock": shock, "override": override}
    assumed = {name: value for name, value in given.items() if value is not None}
    if assumed:
        stated.append(Scenario(name=" and ".join(assumed) if name is None else name, reason=reason or "", **assumed))
    elif not stated or reason is not None or name is not None:
        raise UsageError("Nothing is assumed.", "State a scenario, such as --growth 5, or read some with --from FILE.")
    ask.ceiling = None
    if file and ask.year is ask.horizon is None:
        ask.year = file.year
    if file and file.series and source is None:
        loading.after_reading([file.series], run)
        market = loading.in_terms(file.series, run)
    else:
        market = loading.market(source, run)
    result = market.shown(compute(market.series, *stated, **market.asked))
    run.show("scenario", result, kept=(market.series.label, result.baseline.origin), history=ask.history)


@command(
    opt.AHEAD, opt.MODELS, opt.MONEY, opt.DRAWING, opt.SHOWING, opt.KEEPING,
    without="horizon model",
    year={"left_out": "the last one of the model"},
    examples=(
        "rural-forecast size rural_online_retail",
        "rural-forecast size rural_online_retail --year 2026 --currency USD -f csv",
        "rural-forecast size rural_retailer --print-model > market.toml",
    ),
)  # fmt: skip
def size(
    model: str = opt.SIZE_MODEL,
    *,
    draws: int = opt.DRAWS,
    seed: int = opt.SEED,
    print_model: bool = opt.PRINT_MODEL,
    ask: opt.Options,
) -> None:
    """Size a market from its drivers, by Monte Carlo."""
    from rural_forecast.sizing.model import load
    from rural_forecast.sizing.size import size as size_up

    model = loading.path_of(model)
    if print_model:
        if ask.output and (form := formats.from_suffix(ask.output)):
            raise UsageError(f"--print-model prints TOML, and {ask.output} is named as {form}.", "Write -o model.toml.")
        streams.write(without_controls(load(model).file.text), ask.output)
        return
    run = Run(ask)
    asked = ask.stated(f"{opt.AHEAD} level real")
    result = size_up(model, draws=draws, seed=seed, inflation=loading.inflation(ask), **asked)
    result = loading.in_currency(result, loading.conversion(ask, result.main.unit))
    loading.after_reading(result.model.series, run)
    name = result.model.file.name
    if ask.verbose:
        run.say(f"read {name}: {len(result.model.drivers)} drivers, {len(result.stages)} stages")
    run.show("size", result, kept=(without_folders(name).partition(".")[0], None))
