"""The numbers agree: within a row, along a path, between commands, options, formats, environments,
and with pages.
"""

import csv
import html
import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rural_forecast.text.numbers import range_amounts
from rural_forecast.views.about import short_name
from tests.conformance.asking import Row, differences, long_form, rows, same_number, saved
from tests.conformance.digest import OPINIONS, digest, moved, reference, text
from tests.conformance.histories import HISTORIES, drawn
from tests.inside import typed

BOUNDS = ("lower_95", "lower_80", "value", "upper_80", "upper_95")


def check_path(history: list[float], path: list[Row], growth_from: float) -> None:
    """Check the promises on the rows of one model of one series, in the order of years."""
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
            assert same_number(row["growth_pct"], 100 * (value / before - 1), 1e-9, 1.0)
        before = value
    if path[0]["model"] in OPINIONS:
        return  # a library's own intervals, around the amount and not the growth
    for low, high in (("lower_80", "upper_80"), ("lower_95", "upper_95")):
        if min(history) > 0:
            spread = [row[high] / row[low] if row[low] else np.inf for row in path]
        else:
            spread = [row[high] - row[low] for row in path]
        assert all(later >= now * (1 - 1e-9) for now, later in pairwise(spread))
    if min(history) >= 0:
        assert all(row["lower_95"] >= 0 for row in path)


def paths(found: list[Row]) -> dict[tuple[str, str], list[Row]]:
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
    found = rows(
        "project",
        "-",
        "--year",
        1901 + len(history) + 3,
        "--all-models",
        stdin=long_form({name: history}),
    )
    for path in paths(found).values():
        check_path(history, path, history[-1])


OPTIONS: dict[str, tuple[object, ...]] = {
    "default": (),
    "models": (
        "--model",
        "theta",
        "--model",
        "consensus",
        "--model",
        "drift",
        "--history",
        "--level",
        "50,99",
    ),
    "ceiling": (
        "--ceiling",
        "2e6..3e6",
        "--model",
        "logistic",
        "--model",
        "gompertz",
        "--model",
        "bass",
    ),
    "floor": ("--floor", "-1e7", "--model", "consensus", "--model", "linear"),
}


@pytest.mark.slow
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_a_batch_gives_what_each_series_gets_alone(options: tuple[object, ...]) -> None:
    curves = "--ceiling" in options
    reach = 12
    panel = {
        name: some
        for name, some in HISTORIES.items()
        if not curves or (min(some) > 0 and len(some) >= 4)
    }
    together = rows("batch", "-", "--horizon", reach, *options, stdin=long_form(panel))
    for name, history in panel.items():
        alone = long_form({name: history})
        done = typed("project", "-", "--horizon", reach, *options, "--format", "json", stdin=alone)
        told = json.loads(done.out)["rows"] if done.code == 0 else []
        assert (
            differences(told, [row for row in together if row["series_id"] == name], 1e-12) == []
        ), name


READ: dict[str, Callable[[Path], Any]] = {
    "xlsx": lambda path: pd.read_excel(path, sheet_name="Rows", engine="calamine").to_dict(
        "records"
    ),
    "parquet": lambda path: pd.read_parquet(path).to_dict("records"),
    "json": lambda path: json.loads(path.read_text())["rows"],
    "ndjson": lambda path: map(json.loads, path.read_text().splitlines()),
    "csv": lambda path: csv.DictReader(path.read_text().splitlines()),
    "tsv": lambda path: csv.DictReader(path.read_text().splitlines(), delimiter="\t"),
}


@pytest.mark.slow
@pytest.mark.parametrize("command", ["project", "batch", "compare", "backtest", "growth"])
def test_every_machine_format_holds_the_same_rows(command: str, tmp_path: Path) -> None:
    names = ("founding", "rounded") if command in {"batch", "growth"} else ("rounded",)
    source = saved(tmp_path, long_form({name: HISTORIES[name] for name in names}, unit="t"))
    more = ("--history", "--all-models") if command in {"project", "batch"} else ()
    told = rows(command, source, *more)
    for output, read in READ.items():
        path = tmp_path / f"out.{output}"
        assert typed(command, source, *more, "-o", path).code == 0
        found = list(read(path))
        assert [list(row) for row in found] == [list(row) for row in told]
        exact = 1e-14 if output == "xlsx" else 0.0  # a workbook holds sixteen digits
        assert differences(map(plain, told), map(plain, found), exact) == [], output


def plain(row: Row) -> Row:
    """Cells whatever the format: numbers, nothing for what is missing, words as they are."""
    cells: Row = {}
    for name, cell in row.items():
        said = "" if cell is None or cell != cell else str(cell)
        try:
            cells[name] = float(said)
        except ValueError:
            cells[name] = said.lower()
    return cells


@pytest.mark.slow
def test_compare_says_of_the_consensus_and_every_model_what_project_says() -> None:
    for name in ("founding", "negative", "line"):
        asked = ("-", "--year", 1900 + len(HISTORIES[name]) + 3)
        source = long_form({name: HISTORIES[name]})
        alone = {row["model"]: row for row in rows("project", *asked, "--all-models", stdin=source)}
        for row in rows("compare", *asked, stdin=source):
            if row["status"] == "aside":
                assert row["model"] not in alone
                assert row["reason"]
                continue
            mine = alone.pop(row["model"])
            assert [row[column] for column in ("period", *BOUNDS)] == [
                mine[column] for column in ("period", *BOUNDS)
            ]
        assert alone == {}


@pytest.mark.slow
def test_a_level_is_the_same_beside_any_other_and_levels_nest() -> None:
    levels = (50, 66, 80, 90, 95, 99)
    panel = long_form(HISTORIES)
    asked = ((), ("--level", 80), ("--level", ",".join(map(str, levels))))
    for both, one, row in zip(
        *(rows("batch", "-", *options, stdin=panel) for options in asked), strict=True
    ):
        assert one.items() <= both.items()
        assert {key: both[key] for key in BOUNDS} == {key: row[key] for key in BOUNDS}
        chain = [row[f"lower_{level}"] for level in reversed(levels)] + [
            row[f"upper_{level}"] for level in levels
        ]
        assert chain == sorted(chain)
        assert (
            not any(HISTORIES[row["series_id"]])
            or len(set(chain)) == len(chain)
            or row["lower_99"] == 0
        )


@pytest.mark.slow
def test_until_is_the_data_cut_there_and_since_the_data_begun_there() -> None:
    for name in ("founding", "line", "negative", "long"):
        history = HISTORIES[name]
        cut = len(history) - 2
        for command in (
            "project",
            *(["compare"] if cut < 6 else []),
            *(["backtest"] if 1 < cut < 9 else []),
        ):
            told = rows(command, "-", "--until", 1900 + cut, stdin=long_form({name: history}))
            assert told == rows(command, "-", stdin=long_form({name: history[:cut]}))
    long = HISTORIES["long"]
    told = rows("project", "-", "--since", 1951, stdin=long_form({"long": long}))
    assert told == rows("project", "-", stdin=long_form({"long": long[50:]}, 1951))


@pytest.mark.slow
def test_the_scores_of_a_backtest_are_those_of_its_forecasts() -> None:
    source = long_form({"line": HISTORIES["long"][:14]})
    detail = pd.DataFrame(rows("backtest", "-", "--detail", stdin=source))
    detail["horizon"] = detail["period"] - detail["origin"]
    for score in rows("backtest", "-", stdin=source):
        mine = detail[detail["model"] == score["model"]]
        mine = mine if score["horizon"] is None else mine[mine["horizon"] == score["horizon"]]
        assert len(mine) == score["n"]
        errors = (mine["forecast"] - mine["actual"]).abs() / (
            mine["forecast"].abs() + mine["actual"].abs()
        )
        assert score["smape"] == pytest.approx(200 * errors.mean(), rel=1e-9)
        for level in (80, 95):
            inside = (mine[f"lower_{level}"] <= mine["actual"]) & (
                mine["actual"] <= mine[f"upper_{level}"]
            )
            assert score[f"coverage_{level}"] == pytest.approx(inside.mean(), rel=1e-12)


@pytest.mark.slow
def test_a_backtest_forecasts_what_project_would_have() -> None:
    source = long_form({"line": HISTORIES["long"][:8]})
    by_date: dict[tuple[int, int], dict[str, Row]] = {}
    for row in rows("backtest", "-", "--detail", stdin=source):
        by_date.setdefault((row["origin"], row["period"]), {})[row["model"]] = row
    for (origin, year), tested in by_date.items():
        models = [part for model in tested for part in ("--model", model)]
        found = rows("project", "-", "--until", origin, "--year", year, *models, stdin=source)
        told = {row["model"]: row for row in found if row["period"] == year}
        assert told.keys() == tested.keys()
        for model, row in tested.items():
            mine = [row["forecast" if name == "value" else name] for name in BOUNDS]
            assert mine == [told[model][name] for name in BOUNDS]


@pytest.mark.slow
def test_a_scenario_that_changes_nothing_is_the_baseline(tmp_path: Path) -> None:
    for name in ("founding", "long"):
        first = 1901 + len(HISTORIES[name])
        source = long_form({name: HISTORIES[name]})
        found = rows("scenario", "-", "--shock", f"{first}=0", "--name", "nothing", stdin=source)
        baseline = rows("project", "-", stdin=source)
        assert paths(found)[name, "consensus"] == baseline
        stated = [
            row | {"kind": "forecast", "model": "consensus"}
            for row in found
            if row["kind"] == "scenario"
        ]
        assert differences(stated, baseline, 1e-12) == []


@pytest.mark.slow
def test_this_environment_gives_the_numbers_of_every_other_one() -> None:
    assert moved(reference(), json.loads(text(digest()))) == [], (
        "A number that moved for a measured reason is written by `uv run poe regenerate`."
    )
    other = reference()
    row = next(row for row in next(iter(other.values()))["rows"] if row[-2])
    row[-2] *= 1 + 3e-9
    assert len(moved(reference(), other)) == 1, "the tenth digit is compared"


@pytest.mark.slow
def test_people_are_shown_the_numbers_of_the_rows_and_a_page_those_of_every_command() -> None:
    row = rows("project", "turnover", "--year", 2018, "--history")[-1]
    write = range_amounts("bn CNY", row["value"], row["lower_80"], row["upper_80"])
    expected = [
        write(row["value"]),
        *write.bounds(row["lower_80"], row["upper_80"]),
        *write.bounds(row["lower_95"], row["upper_95"]),
    ]
    for line in ("project -f table", "project -f markdown", "chart -f table", "chart -f svg"):
        shown = typed(*line.split(), "turnover", "--year", 2018).out
        assert all(number in shown for number in expected[:3]), line
    page = typed("exhibit", "turnover", "--appendix", "--year", 2018, "--format", "html").out
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    for row in rows("compare", "turnover", "--year", 2018):
        expected.append(short_name(row["model"]))
        expected += [] if row["value"] is None else [f"{round(row['value'], -1):,.0f}"]
    expected += [f"{row['smape']:,.1f}" for row in rows("backtest", "turnover")]
    assert [one for one in expected if one not in shown] == []
