"""`size`: a market from its drivers, by Monte Carlo."""

from __future__ import annotations

from rural_forecast.cli import arguments, loading, running, streams
from rural_forecast.cli import conditions as only
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import argument, flag, value
from rural_forecast.cli.drawing import Drawing
from rural_forecast.errors import UsageError
from rural_forecast.render import formats
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import without_controls

EXAMPLES = (
    "rural-forecast size rural_online_retail",
    "rural-forecast size rural_online_retail --year 2026 --currency USD -f csv",
    "rural-forecast size rural_retailer --print-model > market.toml",
)


def size(
    model: str | None = argument(
        "MODEL",
        "A TOML file, - for standard input, or a model that ships, such as volume_price.",
        complete=opt.named("sizing.model", "examples"),
    ),
    *,
    year: int | None = opt.year("the last one of the model"),
    level: list[int] | None = opt.LEVEL,
    draws: int = value("COUNT", "Monte Carlo draws, 1000 to 1000000.", default=100_000),
    seed: int = value("NUMBER", "Seed of the random numbers; the same seed gives the same result.", default=1),
    print_model: bool = flag(
        "--print-model", "Print the model file, to start your own from it.", needs=only.ALONE, section="Output"
    ),
    money: opt.Money,
    prices: opt.Prices,
    picture: Drawing,
    showing: opt.Showing,
    keeping: opt.Keeping,
) -> None:
    """Size a market from its drivers, by Monte Carlo."""
    from rural_forecast.forecasting.question import DEFAULT_LEVELS
    from rural_forecast.sizing.model import examples, load
    from rural_forecast.sizing.size import size as size_up
    from rural_forecast.views.size import document

    if model is None:
        raise UsageError("size needs a model.", f"Name a TOML file, or one that ships: {', '.join(examples())}.")
    model = loading.path_of(model)
    if print_model:
        if showing.output and (form := formats.from_suffix(showing.output)):
            raise UsageError(
                f"--print-model prints TOML, and {showing.output} is named as {form}.", "Write -o model.toml."
            )
        streams.write(without_controls(load(model).file.text), showing.output)
        return
    run = running.start(showing, keeping, picture=True)
    result = size_up(
        model,
        year=year,
        levels=level or DEFAULT_LEVELS,
        draws=draws,
        seed=seed,
        real=prices.real,
        inflation=arguments.inflation(prices),
    )
    result = arguments.converted(result, arguments.conversion(money, result.main.unit, at=prices.real))
    loading.after_reading([driver.series for driver in result.model.series], run)
    if run.verbose:
        run.say(f"read {result.model.file.name}: {len(result.model.drivers)} drivers, {len(result.stages)} stages")
    run.keep(lambda: document(result), without_folders(result.model.file.name).partition(".")[0], None)
    run.show(document(result), picture.of("size", result))
