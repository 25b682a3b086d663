"""The numbers agree with each other: within a row, along a path, between commands, options, formats and Python."""

from __future__ import annotations

import csv
import io
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rural_forecast as rf
from tests.conformance.asking import Row, differences, long_form, rows, saved
from tests.conformance.digest import OPINIONS
from tests.conformance.histories import HISTORIES, drawn
from tests.inside import typed

BOUNDS = ("lower_95", "lower_80", "value", "upper_80", "upper_95")


def check_path(history: list[float], path: list[Row], growth_from: float) -> None:
    """What section 5 of the design promises of the rows of one model of one series, in the order of years."""
    before = growth_from
    for row in path:
        lowest, lower, value, upper, highest = (row[name] for name in BOUNDS)
        assert np.isfinite([lowest, lower, value, upper, highest]).all()
        assert lowest <= lower <= value <= upper <= highest
        if any(history):
            assert lower < upper
            assert highest - lowest >= upper - lower
        has_growth = before > 0 and np.isfinite(100 * (value / before - 1))
        assert (row["growth_pct"] is not None) == has_growth
        if has_growth:
            assert row["growth_pct"] == pytest.approx(100 * (value / before - 1), rel=1e-9, abs=1e-9)
        before = value
    if path[0]["model"] in OPINIONS:
        return  # a library's own intervals, around the amount and not the growth
    for low, high in (("lower_80", "upper_80"), ("lower_95", "upper_95")):
        if min(history) > 0:
            assert all(row["lower_95"] >= 0 for row in path)
            spread = [row[high] / row[low] if row[low] else np.inf for row in path]
        else:
            spread = [row[high] - row[low] for row in path]
        assert all(later >= now * (1 - 1e-9) for now, later in pairwise(spread))
    if min(history) >= 0:
        assert all(row["lower_95"] >= 0 for row in path)


def paths(found: list[Row]) -> dict[tuple[str, str], list[Row]]:
    """Forecast rows by series and model."""
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in found:
        if row["kind"] == "forecast":
            grouped.setdefault((row["series_id"], row["model"]), []).append(row)
    return grouped


@pytest.mark.slow
@settings(max_examples=6)
@given(st.lists(drawn(), min_size=30, max_size=30))
def test_every_path_of_a_batch_keeps_the_promises(series: list[list[float]]) -> None:
    histories = {f"s{place}": history for place, history in enumerate(series)}
    found = rows("batch", "-", "--horizon", 14, stdin=long_form(histories))
    for (name, _), path in paths(found).items():
        assert len(path) == 14
        check_path(histories[name], path, histories[name][-1])


@pytest.mark.slow
@pytest.mark.parametrize("name", HISTORIES)
def test_every_model_of_a_series_keeps_the_promises(name: str) -> None:
    history = HISTORIES[name]
    found = rows("project", "-", "--year", 1901 + len(history) + 3, "--all-models", stdin=long_form({name: history}))
    for path in paths(found).values():
        check_path(history, path, history[-1])


def single(name: str, *options: object) -> list[Row]:
    return rows("project", "-", *options, stdin=long_form({name: HISTORIES[name]}))


OPTIONS: dict[str, tuple[object, ...]] = {
    "default": (),
    "history": ("--history",),
    "models": ("--model", "theta", "--model", "consensus", "--model", "damped_holt", "--model", "drift"),
    "levels": ("--level", 50, "--level", 99),
    "ceiling": ("--ceiling", "2e6..3e6", "--model", "logistic", "--model", "gompertz", "--model", "bass"),
}


@pytest.mark.slow
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("reach", [2, 12])
def test_a_batch_gives_what_each_series_gets_alone(options: tuple[object, ...], reach: int) -> None:
    names = [name for name in HISTORIES if "--ceiling" not in options or min(HISTORIES[name]) > 0]
    if "--ceiling" in options:
        names = [name for name in names if len(HISTORIES[name]) >= 4]
    panel = long_form({name: HISTORIES[name] for name in names})
    together = rows("batch", "-", "--horizon", reach, *options, stdin=panel)
    for name in names:
        year = 1900 + len(HISTORIES[name]) + reach
        mine = [row for row in together if row["series_id"] == name]
        done = typed(
            "project", "-", "--year", year, *options, "--format", "json", stdin=long_form({name: HISTORIES[name]})
        )
        told = json.loads(done.out)["rows"] if done.code == 0 else []
        assert differences(told, mine, 1e-12) == [], name


def test_years_ahead_are_the_year_they_reach() -> None:
    text = long_form({name: history for name, history in HISTORIES.items() if len(history) == 3}, 2010)
    assert rows("batch", "-", "--horizon", 5, stdin=text) == rows("batch", "-", "--year", 2017, stdin=text)


def rows_of_file(path: Path) -> list[Row]:
    """The rows of an output, whatever its format."""
    output = path.suffix.removeprefix(".")
    if output == "xlsx":
        return list(pd.read_excel(path, sheet_name="Records", engine="calamine").to_dict("records"))
    if output == "parquet":
        return list(pd.read_parquet(path).to_dict("records"))
    if output == "json":
        return list(json.loads(path.read_text())["rows"])
    if output == "ndjson":
        return [json.loads(line) for line in path.read_text().splitlines()]
    return list(csv.DictReader(io.StringIO(path.read_text()), delimiter="," if output == "csv" else "\t"))


@pytest.mark.slow
@pytest.mark.parametrize("command", ["project", "batch", "compare", "backtest", "growth"])
def test_every_machine_format_holds_the_same_rows(command: str, tmp_path: Path) -> None:
    names = ("founding", "rounded") if command in {"batch", "growth"} else ("rounded",)
    source = saved(tmp_path, long_form({name: HISTORIES[name] for name in names}, unit="t"))
    more = ("--history", "--all-models") if command in {"project", "batch"} else ()
    told = rows(command, source, *more)
    for output in ("csv", "tsv", "ndjson", "json", "parquet", "xlsx"):
        path = tmp_path / f"out.{output}"
        assert typed(command, source, *more, "-o", path).code == 0
        found = rows_of_file(path)
        assert [list(row) for row in found] == [list(row) for row in told]
        exact = 1e-14 if output == "xlsx" else 0.0  # a workbook holds sixteen digits
        assert differences(map(plain, told), map(plain, found), exact) == [], output


def plain(row: Row) -> Row:
    """Cells whatever the format: numbers, nothing for what is missing, words as they are."""
    cells: Row = {}
    for name, cell in row.items():
        text = "" if cell is None or cell != cell else str(cell)
        try:
            cells[name] = float(text)
        except ValueError:
            cells[name] = text.lower()
    return cells


@pytest.mark.slow
def test_compare_says_of_the_consensus_and_every_model_what_project_says() -> None:
    for name in ("founding", "negative", "line"):
        text = long_form({name: HISTORIES[name]})
        year = 1900 + len(HISTORIES[name]) + 3
        alone = {row["model"]: row for row in rows("project", "-", "--year", year, "--all-models", stdin=text)}
        for row in rows("compare", "-", "--year", year, stdin=text):
            if row["status"] == "aside":
                assert row["model"] not in alone
                assert row["reason"]
                continue
            mine = alone.pop(row["model"])
            assert [row[column] for column in ("period", *BOUNDS)] == [mine[column] for column in ("period", *BOUNDS)]
        assert alone == {}


@pytest.mark.slow
def test_one_level_is_the_column_of_the_pair() -> None:
    for name in HISTORIES:
        pair = single(name)
        for level in (80, 95):
            alone = single(name, "--level", level)
            assert [{key: row[key] for key in row if key in alone[0]} for row in pair] == alone


def test_levels_nest() -> None:
    for name, history in HISTORIES.items():
        levels = (50, 66, 80, 90, 95, 99)
        for row in single(name, *(part for level in levels for part in ("--level", level))):
            chain = [
                *(row[f"lower_{level}"] for level in reversed(levels)),
                *(row[f"upper_{level}"] for level in levels),
            ]
            assert chain == sorted(chain)
            assert not any(history) or len(set(chain)) == len(chain) or row["lower_99"] == 0


@pytest.mark.slow
def test_until_is_the_data_cut_there() -> None:
    for name in ("founding", "line", "negative", "long"):
        history = HISTORIES[name]
        cut = len(history) - 2
        text = long_form({name: history})
        commands = [("project",), *([("compare",)] if cut < 6 else []), *([("backtest",)] if 1 < cut < 9 else [])]
        for command in commands:
            told = rows(*command, "-", "--until", 1900 + cut, stdin=text)
            assert told == rows(*command, "-", stdin=long_form({name: history[:cut]}))


def test_since_is_the_data_begun_there() -> None:
    history = HISTORIES["long"]
    told = rows("project", "-", "--since", 1951, stdin=long_form({"long": history}))
    assert told == rows("project", "-", stdin=long_form({"long": history[50:]}, 1951))


@pytest.mark.slow
def test_the_scores_of_a_backtest_are_those_of_its_forecasts() -> None:
    text = long_form({"line": HISTORIES["long"][:14]})
    detail = pd.DataFrame(rows("backtest", "-", "--detail", stdin=text))
    detail["horizon"] = detail["period"] - detail["origin"]
    for score in rows("backtest", "-", stdin=text):
        mine = detail[detail["model"] == score["model"]]
        mine = mine if score["horizon"] is None else mine[mine["horizon"] == score["horizon"]]
        assert len(mine) == score["n"]
        smape = (
            200 * (mine["forecast"] - mine["actual"]).abs() / (mine["forecast"].abs() + mine["actual"].abs())
        ).mean()
        assert score["smape"] == pytest.approx(smape, rel=1e-9)
        for level in (80, 95):
            inside = (mine[f"lower_{level}"] <= mine["actual"]) & (mine["actual"] <= mine[f"upper_{level}"])
            assert score[f"coverage_{level}"] == pytest.approx(inside.mean(), rel=1e-12)


@pytest.mark.slow
def test_a_backtest_forecasts_what_project_would_have() -> None:
    text = long_form({"line": HISTORIES["long"][:8]})
    for row in rows("backtest", "-", "--detail", stdin=text):
        told = rows(
            "project", "-", "--until", row["origin"], "--year", row["period"], "--model", row["model"], stdin=text
        )
        mine = [row[column] for column in ("forecast", "lower_80", "upper_80", "lower_95", "upper_95")]
        assert mine == [told[-1][column] for column in ("value", "lower_80", "upper_80", "lower_95", "upper_95")]


def test_a_scenario_that_changes_nothing_is_the_baseline(tmp_path: Path) -> None:
    for name in ("founding", "long"):
        text = long_form({name: HISTORIES[name]})
        first = 1901 + len(HISTORIES[name])
        found = rows("scenario", "-", "--shock", f"{first}=0", "--name", "nothing", stdin=text)
        baseline = single(name)
        assert paths(found)[name, "consensus"] == baseline
        stated = [row | {"kind": "forecast", "model": "consensus"} for row in found if row["kind"] == "scenario"]
        assert differences(stated, baseline, 1e-12) == []


def test_a_year_of_which_all_parts_are_known_is_their_sum() -> None:
    parts = ("--partial", "2017H1=500.5", "--partial", "2017H2=700")
    done = typed("nowcast", "mofcom", "--year", 2017, "--until", 2016, *parts)
    assert done.code == 2
    assert "make up the whole year: 1,200.5" in done.err


def test_a_year_of_which_nearly_all_is_known_is_hardly_more() -> None:
    told = rows("nowcast", "mofcom", "--year", 2017, "--until", 2016, "--partial", "2017M01-M11=1100")
    combined = next(row for row in told if row["model"] == "combined")
    assert 1100 < combined["lower_80"] < combined["value"] < 1100 * 12 / 9


@pytest.mark.slow
def test_python_gives_what_the_command_line_gives(tmp_path: Path) -> None:
    for name in ("founding", "negative", "rounded"):
        source = saved(tmp_path, long_form({name: HISTORIES[name]}))
        year = 1900 + len(HISTORIES[name]) + 3
        series = rf.read(source)
        made = rf.forecast(series, year=year).best
        told = rows("project", source, "--year", year)
        assert [row["value"] for row in told] == made.values.tolist()
        for place, level in enumerate((80, 95)):
            assert [row[f"lower_{level}"] for row in told] == made.lower[place].tolist()
            assert [row[f"upper_{level}"] for row in told] == made.upper[place].tolist()
        compared = {line.given.model: line for line in rf.compare(series, year=year).lines}
        for row in rows("compare", source, "--year", year):
            line = compared[row["model"]]
            assert row["value"] == (float(line.given.values[-1]) if line.given.answers else None)
            assert row["backtest_n"] == (line.score.n if line.score else 0)
        scores = {(score.model, score.horizon): score for score in rf.backtest(series, horizon=1).scores}
        for row in rows("backtest", source, "--horizon", 1):
            score = scores[row["model"], row["horizon"]]
            assert [row["n"], row["smape"]] == [score.n, pytest.approx(score.smape, rel=1e-15)]
        frame = rf.batch(source, horizon=3).forecasts
        assert frame["value"].tolist() == [row["value"] for row in rows("batch", source, "--horizon", 3)]
