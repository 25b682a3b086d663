"""`compare` as people see it."""

from dataclasses import replace

import pytest

import rural_forecast as rf
from rural_forecast.cli.commands.pages import market
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.backtest import with_record
from rural_forecast.views import chart, compare, project
from rural_forecast.views.backtest import held
from rural_forecast.views.exhibit import page
from tests.inside import Cli


def test_a_simpler_method_that_has_been_closer_is_in_every_view_with_the_numbers_of_the_backtest() -> None:
    series = rf.read("mofcom")
    scores = {score.model: score for score in rf.backtest(series, horizon=5, models=["linear"]).scores[::-1]}
    linear, ours = scores["linear"], scores["consensus"]
    said = f"Linear trend has been closer so far: mean error {linear.smape:.1f} %, ours {ours.smape:.1f} %."
    found = market(series, year=2030, opinions=False)
    assert found.comparison.tested is not None
    for document in (project.document(with_record(found.forecast)), compare.document(found.comparison)):
        assert said in map(str, document.notes)
    short = "A simpler method has been closer so far."  # for readers who need no numbers of it
    (sheet,) = page([found], appendix=False).sheets
    assert short in sheet.risks
    assert short in chart.picture(with_record(found.forecast)).notes


@pytest.mark.parametrize(
    ("outside", "years", "verdict"), [(0, 10, "few"), (0, 20, "wide"), (8, 20, "narrow"), (4, 20, "")]
)
def test_a_coverage_is_judged_by_distinct_years(outside: int, years: int, verdict: str) -> None:
    result = rf.backtest(rf.read("mofcom"), horizon=1, models=["naive"])
    (trial, *_) = (trial for trial in result.trials if trial.model == "consensus")
    ends = {"lower": (0.0,) * 7, "upper": (9e9,) * 7}
    trials = [
        trial._replace(origin=year, **(ends if year >= outside else {"lower": (9e9,) * 7})) for year in range(years)
    ]
    twice = replace(result, trials=(*trials, *trials))
    said = held(twice)
    assert f"in {years} years" in said
    assert f"{2 * (years - outside)} " in said
    assert said.endswith({"few": ", too few to say more", "": "years"}.get(verdict, f", so it was too {verdict}"))


NAMES = {"consensus", *registry.names()}


def test_a_screen_shows_the_models_that_matter_or_all_of_them(cli: Cli) -> None:
    def shown(*more: str) -> list[str]:
        lines = cli("compare", "turnover", "--year", "2018", "--format", "table", *more).out.splitlines()
        start = next(place for place, line in enumerate(lines) if line.startswith("Model "))
        return [line.split()[0] for line in lines[start + 1 :] if line.partition(" ")[0] in NAMES]

    few, every = shown(), shown("--all-models")
    assert len(few) < len(every)
    assert set(few) < set(every)
    assert "theta" in every
