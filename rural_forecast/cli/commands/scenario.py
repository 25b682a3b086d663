"""`scenario`: assumptions of a person next to the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from rural_forecast.cli import arguments, loading, parsing, running
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import group, value, without
from rural_forecast.cli.drawing import CHART, Charted, Drawing
from rural_forecast.cli.parsing import Assumed
from rural_forecast.errors import UsageError
from rural_forecast.series.source_names import is_toml

if TYPE_CHECKING:
    from rural_forecast.scenarios.assumptions import Scenario

EXAMPLES = (
    'rural-forecast scenario turnover --override 2018=700 --reason "stated plan"',
    "rural-forecast scenario mofcom --growth 2026=4,2027=3 --shock 2028=-10",
    "rural-forecast scenario --from rural_online_retail --format markdown",
)


@group("Question")
class Assumptions:
    """Options of the assumptions of a scenario, and their reason."""

    growth: dict[int, Assumed] | Assumed | None = value(
        "YEAR=PERCENT,...",
        "Growth in a year, or an 80 % range A..B; one alone is for every year.",
        parse=parsing.growth,
        several=True,
        brief=True,
    )
    ceiling: tuple[float, float] | None = opt.CEILING
    shock: dict[int, Assumed] | None = value(
        "YEAR=PERCENT,...",
        "Change of the level in a year, or A..B; it stays.",
        parse=parsing.by_year,
        several=True,
        brief=True,
    )
    override: dict[int, Assumed] | None = value(
        "YEAR=VALUE,...",
        "A value set by hand, or A..B; needs --reason.",
        parse=parsing.by_year,
        several=True,
        brief=True,
    )
    reason: str | None = value("TEXT", "The reason for the assumptions; it is printed with the result.", brief=True)
    name: str | None = value("NAME", "Name of the scenario.", brief=True)

    def scenario(self) -> Scenario | None:
        """The scenario that is stated, named after what it assumes unless it has a name; None without any."""
        from rural_forecast.scenarios.assumptions import Scenario

        assumed = [name for name in ("growth", "ceiling", "shock", "override") if getattr(self, name)]
        if self.override and not (self.reason or "").strip():
            raise UsageError("--override needs a reason.", 'Say why with --reason "..."; it is printed.')
        if assumed:
            return Scenario(
                name=self.name if self.name is not None else " and ".join(assumed),
                growth=self.growth,
                ceiling=self.ceiling,
                shock=self.shock or {},
                override=self.override or {},
                reason=self.reason or "",
            )
        if self.reason is not None or self.name is not None:
            raise UsageError(
                f"--{'reason' if self.reason is not None else 'name'} is given, but nothing that the options assume.",
                "Add --growth, --ceiling, --shock or --override.",
            )
        return None


def scenario(
    source: str | None = opt.SOURCE,
    *,
    ahead: opt.Ahead,
    stated: Assumptions,
    file: str | None = value(
        "FILE",
        "The scenarios of a TOML file, or of one that ships.",
        "--from",
        complete=opt.named("scenarios.assumptions", "examples"),
        brief=True,
    ),
    history: bool = opt.HISTORY,
    asked: Annotated[opt.Question, without("ceiling")],
    chart: Charted = CHART,
    picture: Drawing,
    reading: opt.Reading,
    showing: opt.Showing,
    keeping: opt.Keeping,
) -> None:
    """Compare your assumptions with the forecast."""
    from rural_forecast.scenarios.assumptions import read_scenarios
    from rural_forecast.scenarios.scenario import scenario as compute
    from rural_forecast.views.scenario import document

    if file is None and source is not None and is_toml(source):
        source, file = None, source
    run = running.start(showing, keeping, picture=True)
    scenario_stated = stated.scenario()
    scenarios = [scenario_stated] if scenario_stated else []
    series = None
    if file is not None:
        scenario_file = read_scenarios(file)
        scenarios = [*scenario_file.scenarios, *scenarios]
        series = scenario_file.series if source is None else None
        if ahead.year is ahead.horizon is None:
            ahead = opt.Ahead(scenario_file.year)
    elif not scenarios:
        raise UsageError(
            "No scenario is given.", "State one, such as --growth 5 or --shock 2027=-10, or read some with --from FILE."
        )
    if series is not None:
        loading.after_reading([series], run)
    else:
        series = loading.series(source, reading, run, asked.window.as_of)
    options = arguments.of_series(asked, reading)
    terms = arguments.terms(asked.money, asked.prices, series, options)
    result = compute(terms.series, *scenarios, **vars(ahead), **options)
    result = terms.shown(result)
    run.keep(lambda: document(result), series.label, result.baseline.origin)
    run.show(document(result, history=history), picture.of("scenario", result, under=chart))
