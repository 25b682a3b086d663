"""The effect of a subject, which is the same through every door."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.forecasting import subjects
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.observed.observation import MARKET_KINDS
from tests.inside import Cli
from tests.observed.build import market

VALUES = [100.0, 104.0, 107.0, 109.5, 113.0]
YEARS = ["2019", "2020", "2021", "2022", "2023"]
LEVELS = (30, 50, 80, 95, 99)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(name: str, title: str, values: list[float] = VALUES) -> str:
    rows = "".join(f"{year},{value}\n" for year, value in zip(YEARS, values, strict=True))
    Path(name).write_text(f"year,{title}\n{rows}", encoding="utf-8")
    return name


@pytest.mark.parametrize("subject", MARKET_KINDS)
def test_intervals_of_a_subject_hold_their_point_and_never_shrink(subject: str) -> None:
    far = rf.forecast(market("x", VALUES), horizon=30, kind=subject, levels=LEVELS).best
    assert (far.lower < far.values).all()
    assert (far.values < far.upper).all()
    assert (np.diff(np.log(far.upper / far.lower), axis=1) > -1e-12).all()
    assert (np.diff(far.upper, axis=0) > 0).all()


@pytest.mark.parametrize("subject", MARKET_KINDS)
def test_rows_of_a_subject_do_not_depend_on_the_target(subject: str) -> None:
    near, far = (rf.forecast(market("x", VALUES), horizon=h, kind=subject).best for h in (3, 30))
    np.testing.assert_allclose(near.upper, far.upper[:, :3], rtol=1e-12)


@pytest.mark.parametrize("subject", subjects.SHIPPED)
def test_a_subject_scales_with_the_data(subject: str) -> None:
    values = np.array([VALUES, [3 * value for value in VALUES]])
    joint = consensus(values, 6, (80,), None, (subject, subject))
    np.testing.assert_allclose(3 * joint.upper[0], joint.upper[1], rtol=1e-12)


@pytest.mark.parametrize("subject", subjects.SHIPPED)
def test_growth_beyond_that_of_its_domains_fades_a_subject_out(subject: str) -> None:
    fast = np.array([[1.0, 4.0, 17.0, 70.0, 290.0]])
    plain = consensus(fast, 6, (80,))
    of_subject = consensus(fast, 6, (80,), None, (subject,))
    np.testing.assert_array_equal(of_subject.point, plain.point)
    np.testing.assert_array_equal(of_subject.upper, plain.upper)


def test_a_series_without_a_subject_is_as_it_was_beside_one_that_has_one() -> None:
    values = np.array([VALUES, VALUES])
    joint = consensus(values, 3, (80,), None, (None, "population"))
    np.testing.assert_array_equal(joint.point[0], consensus(values[:1], 3, (80,)).point[0])
    assert joint.upper[1, 0, 2] < joint.upper[0, 0, 2]


def test_a_title_is_stated_or_left_out_by_kind() -> None:
    series = rf.read(written("a.csv", "population"))
    named, stated, none = (rf.forecast(series, kind=kind) for kind in (None, "population", "none"))
    assert named.subject.is_read
    assert not stated.subject.is_read
    assert none.subject is None
    np.testing.assert_array_equal(named.best.upper, stated.best.upper)
    assert named.best.upper[0, -1] < none.best.upper[0, -1]
    np.testing.assert_array_equal(named.subject.without.last, none.best.last)


def test_every_door_reads_the_same_subject(cli: Cli) -> None:
    file = written("a.csv", "Resident population")
    alone = rf.forecast(rf.read(file)).best.values
    of_frame = rf.forecast_frame(pd.read_csv(file)).iloc[:, 4]
    np.testing.assert_allclose(of_frame, alone, rtol=1e-12)
    for command in ("project", "batch"):
        rows = cli(command, file, "--format", "csv").out.splitlines()[1:]
        values = [float(row.split(",")[4]) for row in rows]
        np.testing.assert_allclose(values, alone, rtol=1e-12)


def test_a_batch_reads_each_of_its_series(cli: Cli) -> None:
    rows = []
    for name in ("Retail sales", "Population", "North"):
        rows += [f"{name},{year},{value}" for year, value in zip(YEARS, VALUES, strict=True)]
    Path("many.csv").write_text("\n".join(["series_id,year,value", *rows]), encoding="utf-8")
    rows = cli("batch", "many.csv", "--format", "csv").out.splitlines()[1:]
    by_name = {}
    for row in rows:
        name, year, *_ = row.split(",")
        if year == "2025":
            by_name[name] = float(row.split(",")[4])
    for name, value in by_name.items():
        kind = {"Retail sales": "retail", "Population": "population", "North": "none"}[name]
        expected = rf.forecast(market("x", VALUES), horizon=2, kind=kind).best.last
        assert value == pytest.approx(expected, rel=1e-12)
    assert len(set(by_name.values())) == 3


def test_a_record_keeps_the_subject_that_was_read(cli: Cli) -> None:
    file = written("a.csv", "Resident population")
    for options, kind in (((), "population"), (("--kind", "none"), "none")):
        kept = json.loads(cli("project", file, *options, "--format", "json").out)
        assert kept["provenance"]["options"]["kind"] == kind


def test_the_second_line_says_the_subject_and_the_answer_without_it(cli: Cli) -> None:
    page = cli("project", written("a.csv", "Population"), "--format", "table").out.splitlines()
    assert page[2].startswith("As population and labour, judged by its title; --kind none: ")


def test_a_large_change_is_a_note(cli: Cli) -> None:
    fast = written("b.csv", "Electric cars", [67.0, 69.0, 206.0, 393.0, 984.0])
    notes = json.loads(cli("project", fast, "--format", "json").out)["notes"]
    assert "subject_read" in [note["code"] for note in notes]


def test_a_title_without_two_positive_values_changes_nothing() -> None:
    series = rf.read(written("a.csv", "Population", [0.0, 1.0, 2.0, 3.0, 4.0]))
    assert rf.forecast(series).subject is None


@pytest.mark.parametrize("subject", MARKET_KINDS)
def test_every_subject_has_named_precedents(cli: Cli, subject: str) -> None:
    page = cli(
        "project", written("a.csv", "y"), "--kind", subject, "--explain", "--format", "table"
    ).out
    assert "Real histories most like this one" in page
