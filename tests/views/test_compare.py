"""`compare` as people see it."""

import re
from pathlib import Path

import rural_forecast as rf
from rural_forecast.forecasting.compare import compare
from rural_forecast.series.source import read
from rural_forecast.views.compare import CORPUS, document
from tests.inside import Cli


def test_a_horizon_that_the_corpus_does_not_know_has_no_empty_column() -> None:
    near, far = (document(compare(read("turnover"), year=year, opinions=False)) for year in (2018, 2028))
    for shown, known in ((near, True), (far, False)):
        (table,) = shown.sections
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
    said = (
        f"A simpler method, Linear trend, has been closer so far: off by {linear.smape:.1f} % on average, "
        f"the forecast by {ours.smape:.1f} %, in {ours.n} forecasts up to 5 years ahead."
    )
    page = tmp_path / "a.html"
    for command, more in {
        "project": ("--format", "json"),
        "compare": ("--format", "json"),
        "chart": ("--format", "svg"),
        "exhibit": ("-o", page),
    }.items():
        shown = cli(command, "mofcom", "--year", "2030", *more)
        text = page.read_text() if command == "exhibit" else shown.out
        assert said in " ".join(re.sub(r"</text>|<text[^>]*>|</tspan>|<tspan[^>]*>", " ", text).split()), command
