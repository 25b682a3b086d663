"""`compare` as people see it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.compare import compare
from rural_forecast.series.source import read
from rural_forecast.views.backtest import held
from rural_forecast.views.compare import CORPUS, document
from tests.inside import Cli


def test_a_horizon_that_the_corpus_does_not_know_has_no_empty_column() -> None:
    near, far = (document(compare(read("turnover"), year=year, opinions=False)) for year in (2018, 2028))
    for shown, known in ((near, True), (far, False)):
        _, table = shown.sections
        assert any(column.key == "corpus_smape" for column in table.columns) is known
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert (CORPUS in shown.notes) is known


def test_a_simpler_method_that_has_been_closer_is_in_every_view_with_the_numbers_of_the_backtest(
    cli: Cli, tmp_path: Path
) -> None:
    scores = rf.backtest(rf.read("mofcom"), horizon=5, models=["linear"]).scores
    linear, ours = (
        next(score for score in scores if score.model == model and not score.horizon)
        for model in ("linear", "consensus")
    )
    said = f"Linear trend has been closer so far: mean error {linear.smape:.1f} %, ours {ours.smape:.1f} %."
    page = tmp_path / "a.html"
    for command, more in {
        "project": ("--format", "json"),
        "compare": ("--format", "json"),
        "chart": ("--format", "svg"),
        "exhibit": ("-o", page),
    }.items():
        shown = cli(command, "mofcom", "--year", "2030", *more)
        text = page.read_text() if command == "exhibit" else shown.out
        short = command in ("chart", "exhibit")  # for readers who need no numbers of it
        assert ("A simpler method has been closer so far" if short else said) in " ".join(
            re.sub(r"<[^>]*>", " ", text).split()
        ), command


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
