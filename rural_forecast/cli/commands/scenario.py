"""`scenario`: assumptions of a person next to the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rural_forecast.cli import arguments, completers, loading, running
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import value
from rural_forecast.cli.drawing import CHART, Drawing
from rural_forecast.errors import UsageError
from rural_forecast.series.source_names import is_toml

if TYPE_CHECKING:
    from rural_forecast.scenarios.assumptions import Assumed, Scenario

EXAMPLES = (
    'rural-forecast scenario turnover --override 2018=700 --reason "stated plan"',
    "rural-forecast scenario mofcom --growth 2026=4,2027=3 --shock 2028=-10",
    "rural-forecast scenario --from rural_online_retail --format markdown",
)


def scenario(
    source: str | None = opt.SOURCE,
    *,
    ahead: opt.Ahead,
    growth: list[str] | None = value(
        "YEAR=PERCENT,...", "Growth in a year, or an 80 % range A..B; one alone is for every year.", brief=True
    ),
    ceiling: tuple[float, float] | None = opt.CEILING,
    shock: list[str] | None = value(
        "YEAR=PERCENT,...", "Change of the level in a year, or A..B; it stays.", brief=True
    ),
    override: list[str] | None = value("YEAR=VALUE,...", "A value set by hand, or A..B; needs --reason.", brief=True),
    reason: str | None = value("TEXT", "The reason for the assumptions; it is printed with the result.", brief=True),
    name: str | None = value("NAME", "Name of the scenario.", brief=True),
    file: str | None = value(
        "FILE",
        "The scenarios of a TOML file, or of one that ships.",
        "--from",
        complete=completers.scenarios,
        brief=True,
    ),
    history: bool = opt.HISTORY,
    asked: opt.Question,
    chart: bool = CHART,
    picture: Drawing,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Compare your assumptions with the forecast."""
    from rural_forecast.scenarios.file import read_scenarios
    from rural_forecast.scenarios.scenario import scenario as compute
    from rural_forecast.views.scenario import document

    if file is None and source is not None and is_toml(source):
        source, file = None, source
    run = running.start(showing, picture=True)
    stated = _stated(name, growth, ceiling, shock, override, reason)
    scenarios = [stated] if stated else []
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
    run.show(document(result, history=history), picture.of("scenario", result, under=chart))


def _stated(
    name: str | None,
    growth: list[str] | None,
    ceiling: tuple[float, float] | None,
    shock: list[str] | None,
    override: list[str] | None,
    reason: str | None,
) -> Scenario | None:
    """The scenario that the options state, named after what it assumes unless it has a name; None without any."""
    from rural_forecast.scenarios.assumptions import Scenario

    assumed = {"growth": growth, "ceiling": ceiling, "shock": shock, "override": override}
    stated = [option for option, value in assumed.items() if value]
    if not stated:
        if reason is not None or name is not None:
            raise UsageError(
                f"--{'reason' if reason is not None else 'name'} is given, but nothing that the options assume.",
                "Add --growth, --ceiling, --shock or --override.",
            )
        return None
    if override and not (reason or "").strip():
        raise UsageError(f"--override {override[0]} needs a reason.", 'Say why with --reason "..."; it is printed.')
    path = _growth(growth)
    return Scenario(
        name=name if name is not None else " and ".join(stated),
        growth=path,
        ceiling=ceiling,
        shock=_by_year(shock, "--shock"),
        override=_by_year(override, "--override"),
        reason=reason or "",
    )


def _growth(texts: list[str] | None) -> dict[int, Assumed] | Assumed | None:
    if not texts:
        return None
    if len(texts) == 1 and "=" not in texts[0]:
        try:
            return _assumed(texts[0])
        except ValueError:
            raise _unreadable("--growth", texts[0], "5, 3..7, or 2026=4,2027=3..5") from None
    return _by_year(texts, "--growth")


def _assumed(text: str) -> Assumed:
    low, _, high = text.partition("..")
    return (float(low), float(high)) if high else float(low)


def _by_year(texts: list[str] | None, option: str) -> dict[int, Assumed]:
    """Read `2026=4,2027=3..5`; an option may be repeated."""
    values: dict[int, Assumed] = {}
    for item in (part.strip() for text in texts or () for part in text.split(",")):
        year, equals, value = item.partition("=")
        try:
            when, assumed = int(year), _assumed(value)
        except ValueError:
            when = 0
        if not equals or not 1 <= when <= 9999:
            raise _unreadable(option, item, "2026=4,2027=3..5")
        if when in values:
            raise UsageError(f"{option} names {when} twice.", "Keep one of the two.")
        values[when] = assumed
    return dict(sorted(values.items()))


def _unreadable(option: str, item: str, example: str) -> UsageError:
    return UsageError(f"{option} {item} is not a year and a number or a range.", f"Write it as {option} {example}.")
