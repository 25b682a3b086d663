"""`batch` as users type it: formats, refused series, killed runs, workers, engines."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rural_forecast.document.table import Block, Column, Document, Table, Words
from rural_forecast.render.formats import BY_NAME, render, separated
from rural_forecast.render.records import cells, text
from tests.forecasting.batch.panels import frame, written
from tests.inside import Cli
from tests.programs import HEADER, ended, run, shell, terminal

GOOD = "series_id,year,value,unit\nA,2019,10,bn\nA,2020,12,bn\nA,2021,15,bn\n=B,2020,7,bn\n=B,2021,8,bn\n"
BAD = GOOD + "C,2019,1,bn\nC,2021,2,bn\n"


@pytest.fixture
def good(tmp_path: Path) -> str:
    (tmp_path / "good.csv").write_text(GOOD)
    return str(tmp_path / "good.csv")


@pytest.fixture
def bad(tmp_path: Path) -> str:
    (tmp_path / "bad.csv").write_text(BAD)
    return str(tmp_path / "bad.csv")


def test_rows_follow_the_contract_and_cells_are_harmless(cli: Cli, good: str) -> None:
    done = cli("batch", good, "--horizon", "1")
    assert (done.code, done.err) == (0, "2 series forecast\n")
    rows = list(csv.DictReader(done.out.splitlines()))
    assert [row["series_id"] for row in rows] == ["A", "'=B"]
    assert list(rows[0]) == [
        "series_id", "period", "kind", "model", "value", "lower_80", "upper_80", "lower_95", "upper_95", "growth_pct",
        "unit",
    ]  # fmt: skip
    assert {row["unit"] for row in rows} == {"bn"}
    assert cli("batch", "-", "--horizon", "1", "-q", stdin=GOOD).out == done.out


def test_the_account_of_a_batch_names_the_unit_of_all_series(cli: Cli, good: str, tmp_path: Path) -> None:
    assert "good.csv:1, unit bn\n" in cli("batch", good, "-v").err
    (tmp_path / "two.csv").write_text(GOOD.replace("7,bn", "7,m").replace("8,bn", "8,m"))
    assert "two.csv:1\n" in cli("batch", str(tmp_path / "two.csv"), "-v").err


def test_a_row_is_that_of_project(cli: Cli, good: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("".join(GOOD.splitlines(keepends=True)[:4]))
    alone = cli("project", str(tmp_path / "a.csv"), "--year", "2023", "--history", "--format", "csv").out.splitlines()
    together = cli("batch", good, "--history").out.splitlines()
    assert [line.partition(",")[2] for line in together[1:6]] == [line.partition(",")[2] for line in alone[1:]]


def test_every_format_holds_the_same(cli: Cli, good: str, tmp_path: Path) -> None:
    lines = cli("batch", good, "--format", "ndjson").out.splitlines()
    rows = [json.loads(line) for line in lines]
    whole = json.loads(cli("batch", good, "--format", "json").out)
    assert whole["rows"] == rows
    assert whole["provenance"]["data_digest"].startswith("sha256:")
    out = tmp_path / "out.parquet"
    assert cli("batch", good, "-o", str(out)).code == 0
    assert pd.read_parquet(out).to_dict("records") == rows
    assert cli("batch", good, "--format", "tsv").out.count("\t") == 10 * 5
    assert "| =B" in cli("batch", good, "--format", "markdown").out.replace("\\", "")


def test_refused_series_are_listed_beside_the_output(cli: Cli, bad: str, tmp_path: Path) -> None:
    out, listed = tmp_path / "out.csv", tmp_path / "out.refused.csv"
    done = cli("batch", bad, "-o", str(out))
    assert done.code == 5
    assert "2 series forecast, 1 refused" in done.err
    assert out.read_text().count("\n") == 5
    (row,) = csv.DictReader(listed.read_text().splitlines())
    assert (row["series_id"], row["line"]) == ("C", "8")
    assert "jump from 2019 to 2021" in row["reason"]
    assert row["code"] == "gap"
    assert cli("batch", bad, "-o", str(out), "--allow-gaps").code == 0
    assert listed.read_text() == "series_id,line,reason,code\n"


def test_outputs_of_two_formats_have_lists_of_their_own(cli: Cli, bad: str, tmp_path: Path) -> None:
    for name in ("out.csv", "out.json", "out.ndjson"):
        assert cli("batch", bad, "-o", str(tmp_path / name)).code == 5
    lists = {path.name for path in tmp_path.glob("*.refused.csv")}
    assert lists == {"out.refused.csv", "out.json.refused.csv", "out.ndjson.refused.csv"}


def test_strict_refuses_all(cli: Cli, bad: str, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    done = cli("batch", bad, "-o", str(out), "--strict")
    assert done.code == 3
    assert "line 8, series 'C'" in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv"]


def test_what_cannot_be_is_told_in_one_line(cli: Cli, good: str, tmp_path: Path) -> None:
    for arguments, code, words in (
        (("nowhere.csv",), 3, "nowhere.csv"),
        ((good, "--year", "2030", "--horizon", "3"), 2, "contradict"),
        ((good, "--model", "tetha"), 2, "Did you mean theta?"),
        ((good, "-o", good), 2, "is an input"),
        ((good, "-o", str(tmp_path)), 2, "suffix"),
        ((good, "--calibrate", "always"), 3, "50 or more series"),
        (("-", "--engine", "dask"), 2, "standard input"),
    ):
        done = cli("batch", *arguments)
        assert (done.code, done.out) == (code, ""), done
        assert words in done.err
        assert "Traceback" not in done.err
    done = cli("batch", good, "--year", "2021")
    assert done.code == 5
    assert "not after it" in done.err


@pytest.mark.slow
def test_progress_is_for_terminals_alone(tmp_path: Path) -> None:
    source = written(frame(300), tmp_path / "panel.csv")
    shown, code = ended(terminal(f"batch {source} -o {tmp_path}/out.csv"))
    assert code == 0
    assert "━" in shown
    *notes, last = run("batch", source, "-o", tmp_path / "out.csv").err.splitlines()
    assert any(note.startswith("warning: 3 of 300 series need a look, first r33, 5 2012: 35.3291") for note in notes)
    assert last == "300 series forecast"


def test_calibration_is_reported_and_widens_what_is_too_narrow(cli: Cli, tmp_path: Path) -> None:
    noise = np.random.default_rng(1)
    years = np.arange(2004, 2024)
    wild = pd.concat(
        pd.DataFrame({"id": f"s{i}", "year": years, "value": 100 * np.exp(noise.standard_t(2, 20) * 0.6)})
        for i in range(80)
    )
    source = written(wild, tmp_path / "wild.csv")
    before, after = cli("batch", source), cli("batch", source, "--calibrate", "always")
    assert "calibration on the last 6 points of 80 series:" in after.err
    assert "95 % intervals held" in after.err
    widths = []
    for done in (before, after):
        rows = pd.read_csv(io.StringIO(done.out))
        assert (rows["lower_95"] <= rows["lower_80"]).all()
        assert ((rows["lower_80"] <= rows["value"]) & (rows["value"] <= rows["upper_80"])).all()
        widths.append(np.log(rows["upper_95"] / rows["lower_95"]).mean())
    factor = float(after.err.partition("95 % intervals")[2].partition("times ")[2].partition(")")[0])
    assert np.isclose(widths[1] / widths[0], factor, atol=0.06)


def test_coverage_of_a_sample_and_a_common_surprise_are_said_at_the_end(cli: Cli, tmp_path: Path) -> None:
    noise = np.random.default_rng(2)

    def panel(last: float) -> Path:
        steps = np.cumsum(noise.normal(0.03, 0.03, (60, 12)), axis=1)
        steps[:, -1] += np.log(last)
        years = np.arange(2009, 2021)
        rows = (pd.DataFrame({"id": f"s{i}", "year": years, "value": 100 * np.exp(row)}) for i, row in enumerate(steps))
        return written(pd.concat(rows), tmp_path / f"{last}.csv")

    calm, shocked = panel(1.0), panel(0.7)
    never = cli("batch", calm)
    assert "note: On the last 6 points of a sample of 60 series, 80 % intervals held" in never.err
    assert "surprised" not in never.err
    auto = cli("batch", calm, "--calibrate", "auto")
    assert "reads the whole input" in auto.err
    assert auto.out == never.out  # enough was inside, and auto never narrows
    shock = cli("batch", shocked)
    warning = "warning: In 2020 most series were surprised together: 100 % of a sample of 60"
    assert warning in shock.err
    assert "--calibrate auto widens" in shock.err
    assert "no calibration is needed" not in shock.err
    for mode in ("auto", "always"):
        wider = cli("batch", shocked, "--calibrate", mode)
        assert wider.err.index("80 % intervals held") < wider.err.index(warning)  # at the end
        assert "The intervals are wider for it." in wider.err
        before, after = (pd.read_csv(io.StringIO(done.out)) for done in (shock, wider))
        assert (after["upper_80"] / after["lower_80"] > before["upper_80"] / before["lower_80"]).all()


def test_auto_leaves_too_few_series_as_they_are(cli: Cli, good: str) -> None:
    done = cli("batch", good, "--calibrate", "auto")
    assert "Intervals are not calibrated: that needs 50 series" in done.err
    assert done.out == cli("batch", good).out


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = st.one_of(st.floats(allow_nan=True, allow_infinity=False), st.integers(-(10**17), 10**17).map(float))


@pytest.mark.slow
@example([("", 1, 10_000_000_000.5, None), ("", 1, 0.000015, None), ("", 1, 99999999999.25, None)])
@given(st.lists(st.tuples(words, st.integers(1, 9999), numbers, st.one_of(st.none(), words)), max_size=8))
def test_blocks_give_the_bytes_of_documents(rows: list[tuple[str, int, float, str | None]]) -> None:
    columns = (Column("id"), Column("year", kind="year"), Column("value", kind="number"), Column("unit"))
    texts = [[row[place] for row in rows] for place in (0, 3)]
    coded = [Words(np.array([[*dict.fromkeys(filter(_there, column))].index(cell) if _there(cell) else -1
                             for cell in column], dtype=np.int64), [*dict.fromkeys(filter(_there, column))])
             for column in texts]  # fmt: skip
    data = (coded[0], np.array([row[1] for row in rows], dtype=np.int64), np.array([row[2] for row in rows]), coded[1])
    block = Block(columns, data)
    table = tuple((row[0], row[1], None if row[2] != row[2] else row[2], row[3]) for row in rows)
    document = Document("batch", Table(columns, table))
    for name in ("csv", "tsv", "ndjson"):
        encode, head = BY_NAME[name].encode, render(replace(document, records=Table(columns, ())), name)
        assert encode is not None
        assert str(head) + encode(block).decode() == render(document, name)
    assert list(zip(*map(cells, data), strict=True)) == list(table)
    writer = separated._writer(",")
    assert text(block, writer.layout(columns)).encode() == writer.encode(block)


def _there(cell: str | None) -> bool:
    return cell is not None


def test_with_json_standard_error_holds_one_object(cli: Cli, bad: str) -> None:
    done = cli("batch", bad, "--horizon", "1", "--format", "ndjson", "-q")
    assert done.code == 5
    error = json.loads(done.err)
    assert error["exit_code"] == 5
    assert "series 'C'" in error["message"]


@pytest.mark.slow
def test_a_pipe_named_as_output_gets_the_rows(bad: str) -> None:
    done = shell(f"rf batch {bad} --horizon 1 -q --format csv -o /dev/stdout | cat")
    assert done.out.decode().startswith(HEADER)


def test_a_workbook_tells_how_it_was_made_and_has_no_empty_sheet(cli: Cli, good: str, tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    out = tmp_path / "out.xlsx"
    assert cli("batch", good, "-o", str(out)).code == 0
    book = CalamineWorkbook.from_path(out)
    assert book.sheet_names == ["Details", "Records"]
    assert any("data_digest: sha256:" in str(row[0]) for row in book.get_sheet_by_name("Details").to_python())


@pytest.mark.parametrize("suffix", [".csv", ".ndjson", ".parquet"])
def test_history_brings_what_others_forecast_as_in_project(cli: Cli, tmp_path: Path, suffix: str) -> None:
    rows = {
        "series_id": ["a", "a", "b", "a", "a", "b"],
        "year": [2020, 2021, 2021, 2022, 2023, 2022],
        "value": [10.0, 12.0, 5.0, 15.0, 18.5, 6.0],
        "status": ["actual", "actual", "actual", "actual", "forecast", "target"],
        "source": ["", "", "", "", "Acme", "the Ministry"],
    }
    frame = pd.DataFrame(rows)
    file = tmp_path / f"own{suffix}"
    if suffix == ".csv":
        frame.to_csv(file, index=False)
    elif suffix == ".ndjson":
        frame.to_json(file, orient="records", lines=True)
    else:
        frame.to_parquet(file, index=False)
    many = cli("batch", str(file), "--history").out.splitlines()
    one = [
        line
        for name in "ab"
        for line in cli("project", str(file), "--series", name, "--history", "--format", "csv").out.splitlines()[1:]
    ]
    assert many[1:] == one
    assert [line.split(",")[3] for line in many if ",published," in line] == ["Acme", "the Ministry"]
    assert "published" not in cli("batch", str(file)).out
