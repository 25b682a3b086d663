"""Every record gives its own numbers again, whatever option or column made them."""

import json
from dataclasses import fields
from math import isclose
from pathlib import Path

import pytest

from rural_forecast.errors import InputError, UsageError
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.observed.reading.names import OTHER_NAMES
from rural_forecast.question.question import Question
from rural_forecast.record import rerun
from rural_forecast.record.kept_state import of_record
from rural_forecast.record.reading import read_record, record_of
from rural_forecast.record.rerun import leading_author, run
from rural_forecast.record.revise import revise
from rural_forecast.record.state import LEVEL
from tests.inside import typed

pytestmark = pytest.mark.usefixtures("here")

LAST = 2024
SHARES = (45, 62, 75, 88)


def _yearly(values: tuple[float, ...], first: int = 2021) -> str:
    return "".join(f"{first + step},{value}\n" for step, value in enumerate(values))


COLUMNS = {
    "breaks": ("2021", "2021", ""),
    "definition": ("all shops", "all shops", "all shops"),
    "doubtful": ("", "yes", ""),
    "flag": ("", "b", ""),
    "growth_pct": ("", "12", ""),
    "kind": ("actual", "actual", "actual"),
    "market_kind": ("adoption", "adoption", ""),
    "measure": ("stock", "stock", "flow"),
    "new_basis": ("", "yes", ""),
    "note": ("", "new basis", ""),
    "published_on": ("2025-03-01", "2022-02-01", "2025-03-01"),
    "qualifier": ("", "~", ""),
    "scale": ("thousand", "thousand", "thousand"),
    "source": ("agency", "ministry", "agency"),
    "status": ("actual", "preliminary", "actual"),
    "unit": ("bn EUR", "bn EUR", "bn EUR"),
    "within": ("b", "b", ""),
}
"""The cells of each column: for series `a`, for 2021 of `a`, and for series `b`."""
OF_FORECASTS = {"author", "high", "level", "low", "model", "used"}


def _with_column(name: str) -> str:
    """Write a file of two series with one column more."""
    of_a, of_year, of_b = COLUMNS[name]
    rows = [f"series_id,year,value,{name}"]
    for step, (a, b) in enumerate(
        zip((10, 11, 14, 19, 22, 29, 34), (91, 95, 94, 99, 101, 97, 104), strict=True)
    ):
        year = 2018 + step
        rows.append(f"a,{year},{a},{of_year if year == 2021 else of_a}")
        rows.append(f"b,{year},{b},{of_b}")
    return "\n".join(rows) + "\n"


FILES = {
    **{f"{name}.column.csv": _with_column(name) for name in COLUMNS},
    "sales.csv": "year,value\n" + _yearly((40, 52, 49, 61, 80, 74, 90), 2018),
    "falling.csv": "year,value\n" + _yearly((40, 36, 33, 29, 26, 24, 21), 2018),
    "rising.csv": "year,value\n" + _yearly((40, 48, 55, 61, 80, 86, 90), 2018),
    "share.csv": "year,share in %\n" + _yearly(SHARES),
    "kind.csv": "year,value,market_kind\n"
    + "".join(f"{2021 + step},{value},adoption\n" for step, value in enumerate((5, 9, 20, 41))),
    "parts.csv": "series_id,year,value,within\n"
    + "".join(
        f"a,{2021 + step},{value},b\nb,{2021 + step},{100 + 2 * step},\n"
        for step, value in enumerate(SHARES)
    ),
    "kinds.csv": "series_id,year,value,market_kind\n"
    + "".join(
        f"a,{2021 + step},{value},adoption\nc,{2021 + step},{value},\n"
        for step, value in enumerate((5, 9, 20, 41))
    ),
    "shares.csv": "series_id,year,share in %\n"
    + "".join(
        f"a,{2021 + step},{value}\nb,{2021 + step},40\n" for step, value in enumerate(SHARES)
    ),
    "two.csv": "series_id,year,value\n"
    + "".join(
        f"a,{2016 + step},{10 + step * step}\nb,{2016 + step},{90 + step}\n" for step in range(9)
    ),
    "ahead.csv": "year,value\n" + _yearly((30, 40, 55, 70, 90, 120, 150, 170, 200), 2012),
    "rates.csv": "year,rate,unit\n"
    + "".join(f"{year},{7 + (year - 2015) / 10},CNY per EUR\n" for year in range(2015, 2031)),
    "wide.csv": "year,出\u3000生 數\n" + _yearly((40, 52, 49, 61, 80), 2018),
    "odd_part.csv": "year,value\n" + _yearly((40, 52, 49, 61), 2018) + "2022H1,95\n",
    "shop.csv": "year,value\n" + _yearly((40, 52, 49, 61), 2018) + "2022H1,33\n",
}
PROJECTS = {
    "nothing": "project sales.csv",
    "year": "project sales.csv --year 2029",
    "horizon": "project sales.csv --horizon 4",
    "levels": "project sales.csv --level 60,80",
    "models": "project sales.csv --model drift --model theta",
    "models and kind of the file": "project kind.csv --model drift",
    "kernels": "project sales.csv --all-models",
    "opinions": "project sales.csv --all-models",
    "since": "project sales.csv --since 2020",
    "until": "project sales.csv --until 2022",
    "prefer": "project mofcom --prefer median",
    "as_of": "project mofcom --as-of 2021-06-30",
    "basis": "project mofcom --basis chained",
    "breaks": "project sales.csv --break 2022",
    "breaks of the catalogue": "project rural_population --year 2030",
    "allow_gaps": "project sales.csv --allow-gaps",
    "ceiling": "project sales.csv --ceiling 120..150",
    "floor": "project falling.csv --year 2030 --floor 20",
    "floor at zero": "project falling.csv --year 2040 --floor 0",
    "measure": "project rising.csv --measure cumulative",
    "measure of the file": "project share.csv --measure flow",
    "measure that is recognised": "project share.csv",
    "kind": "project kind.csv",
    "within": "project parts.csv --series a",
    "within that is named": "project share.csv --measure flow --within parts.csv::b",
    "like": "project sales.csv --like ahead.csv",
    "pool": "project turnover --year 2018 --pool",
    "money": "project mofcom --until 2024 --currency EUR --rate rates.csv --real 2020",
}
OTHERS = {
    "scenario": "scenario sales.csv --growth 5 --floor 20",
    "scenario within": "scenario share.csv --measure flow --growth 5 --within parts.csv::b",
    "scenario of a kind": "scenario kind.csv --growth 2026=5",
    "nowcast": "nowcast shop.csv",
    "nowcast since": "nowcast shop.csv --since 2020",
    "nowcast of one source": "nowcast mofcom --year 2017 --until 2016 --prefer median",
    "nowcast of a year that follows a gap": "nowcast mofcom --year 2019 --until 2016",
    "panel": "panel two.csv",
    "panel breaks": "panel two.csv --break 2021",
    "panel of a kind": "panel two.csv --kind retail",
    "panel bottom-up": "panel two.csv --method bottom-up --model drift",
    "panel that follows": "panel two.csv --like ahead.csv",
    "size": "size rural_retailer --draws 1000 --seed 3",
    "size breaks": "size rural_online_retail --draws 1000 --break 2015",
}
BATCHES = {
    **{f"batch by column {name}": (f"{name}.column.csv", "") for name in COLUMNS},
    "batch": ("two.csv", ""),
    "batch breaks": ("two.csv", "--break 2021"),
    "batch floor": ("two.csv", "--floor 5"),
    "batch floor at zero": ("two.csv", "--floor 0"),
    "batch ceiling": ("two.csv", "--ceiling 200..300"),
    "batch models": ("two.csv", "--model drift"),
    "batch year": ("two.csv", "--year 2030"),
    "batch kinds": ("kinds.csv", ""),
    "batch kind": ("kinds.csv", "--kind adoption"),
    "batch kinds and models": ("kinds.csv", "--model drift"),
    "batch totals": ("parts.csv", ""),
    "batch shares": ("shares.csv", ""),
    "batch shares as amounts": ("shares.csv", "--measure flow"),
    "batch running totals": ("two.csv", "--measure cumulative"),
}


@pytest.fixture(autouse=True)
def _files(here: Path) -> None:
    for name, text in FILES.items():
        (here / name).write_text(text)


def kept_series(line: str) -> Path:
    """The record that a command keeps."""
    done = typed(*line.split(), "--keep", "kept", "-q", "-f", "csv")
    assert done.code == 0, done.err
    (path,) = Path("kept").iterdir()
    return path


def _require_same(path: Path) -> None:
    """Run each record again, series by series, and compare its last value and range."""
    record = read_record(str(path))
    assert record.series
    for kept in record.series:
        name = kept.series.id
        _, state = of_record(record, name)
        leading = leading_author(record)
        said = [each for each in kept.forecasts if each.author == leading][-1]
        answer = run(state, name, said.period)
        given = [answer.value]
        expected = [said.value]
        if LEVEL in said.bounds and answer.lower is not None and answer.upper is not None:
            given += [answer.lower, answer.upper]
            expected += said.bounds[LEVEL]
        assert all(map(isclose, given, expected)), (name, given, expected)


def test_every_field_of_the_question_is_tried() -> None:
    assert {each.name for each in fields(Question)} <= PROJECTS.keys()


def test_every_column_that_a_series_may_have_is_tried() -> None:
    assert OTHER_NAMES.keys() - OF_FORECASTS == COLUMNS.keys()


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("series", ["a", "b"])
def test_a_series_is_forecast_alike_alone_and_among_others(column: str, series: str) -> None:
    file = f"{column}.column.csv"
    alone = typed("project", file, "--series", series, "--horizon", "2", "-f", "csv")
    all_rows = typed("batch", file, "--horizon", "2", "-f", "csv")
    assert alone.out.splitlines()[1:] == [
        row for row in all_rows.out.splitlines() if row.startswith(f"{series},")
    ]


@pytest.mark.parametrize("case", [*PROJECTS, *OTHERS])
@pytest.mark.slow
def test_a_record_gives_its_own_numbers_again(case: str) -> None:
    _require_same(kept_series({**PROJECTS, **OTHERS}[case]))


@pytest.mark.parametrize("case", BATCHES)
@pytest.mark.slow
def test_a_record_of_a_batch_gives_its_own_numbers_again(case: str) -> None:
    file, options = BATCHES[case]
    _require_same(kept_series(f"batch {file} {options}"))


@pytest.mark.slow
def test_a_calibrated_batch_gives_its_own_numbers_again(here: Path) -> None:
    rows = [
        f"s{series},{2010 + step},{(series + 5) * 1.1**step * (1 + (series * step) % 7 / 9)}\n"
        for series in range(60)
        for step in range(12)
    ]
    (here / "many.csv").write_text("series_id,year,value\n" + "".join(rows))
    path = kept_series("batch many.csv --calibrate always")
    record = json.loads(path.read_text())
    assert record["provenance"]["options"]["factors"]
    _require_same(path)


REVISED = {
    "measure": ("project share.csv --measure flow", "share.csv"),
    "kind": ("project kind.csv", "kind.csv"),
    "floor": ("project falling.csv --year 2030 --floor 20", "falling.csv"),
    "spaces of another width": ("project wide.csv", "wide.csv"),
}


@pytest.mark.parametrize("case", REVISED)
def test_a_record_revised_with_its_own_input_does_not_move(case: str) -> None:
    line, source = REVISED[case]
    assert [step.name for step in revise(kept_series(line), source).steps] == ["kept"]


def test_a_part_of_a_year_that_is_not_used_is_no_step_but_a_note() -> None:
    result = revise(kept_series("project odd_part.csv"), "odd_part.csv")
    assert [step.name for step in result.steps] == ["kept"]
    assert [note.code for note in result.notes] == ["parts_not_used"]
    assert "2022H1 does not move the answer" in str(result.notes[0])


def test_a_series_of_a_record_is_chosen_by_a_part_of_its_name() -> None:
    path = kept_series("batch two.csv --year 2026")
    own = ReadOptions(where=("series_id=a",))
    assert revise(path, "two.csv", series="A", options=own).series.id == "a"
    with pytest.raises(UsageError, match="has 'a', 'b'"):
        revise(path, "two.csv", series="c", options=own)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_record_of_one_series_revised_with_its_own_column_does_not_move(column: str) -> None:
    file = f"{column}.column.csv"
    path = kept_series(f"project {file} --series a")
    own = ReadOptions(where=("series_id=a",))
    assert [step.name for step in revise(path, file, options=own).steps] == ["kept"]


@pytest.mark.parametrize("case", BATCHES)
@pytest.mark.slow
def test_a_record_of_a_batch_revised_with_its_own_input_does_not_move(case: str) -> None:
    file, options = BATCHES[case]
    path = kept_series(f"batch {file} {options}")
    for kept in read_record(str(path)).series:
        name = kept.series.id
        own = ReadOptions(where=(f"series_id={name}",))
        steps = revise(path, file, series=name, options=own).steps
        assert [step.name for step in steps] == ["kept"], name


def test_a_record_of_a_panel_with_breaks_revised_with_its_own_input_does_not_move() -> None:
    path = kept_series("panel two.csv --break 2021")
    assert [step.name for step in revise(path, "two.csv", series="a").steps] == ["kept"]


def test_a_break_that_newer_data_have_is_a_change_of_the_history(here: Path) -> None:
    path = kept_series("project sales.csv")
    rows = (here / "sales.csv").read_text().replace("\n", ",2021\n")
    (here / "newer.csv").write_text(rows.replace("value,2021", "value,breaks"))
    step = revise(path, "newer.csv").steps[1]
    assert (step.name, step.detail) == ("history", "a new basis from 2021")


def test_an_unknown_option_of_a_record_is_named() -> None:
    record = json.loads(kept_series("project sales.csv").read_text())
    record["provenance"]["options"]["sinse"] = 2014
    with pytest.raises(InputError, match="'sinse'"):
        of_record(record_of(json.dumps(record)), None)


@pytest.mark.parametrize(
    ("name", "value"), [("floor", "low"), ("levels", 80), ("ceiling", [1]), ("models", {"a": 1})]
)
def test_an_option_of_another_kind_in_a_record_is_named(name: str, value: object) -> None:
    record = json.loads(kept_series("project sales.csv").read_text())
    record["provenance"]["options"][name] = value
    with pytest.raises(InputError, match=name):
        of_record(record_of(json.dumps(record)), None)


def test_a_defect_of_ours_is_not_blamed_on_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    record = read_record(str(kept_series("project sales.csv")))
    kept, state = of_record(record, None)

    def broken(*_: object) -> None:
        raise TypeError("a defect")

    monkeypatch.setattr(rerun, "forecast", broken)
    with pytest.raises(TypeError, match="a defect"):
        run(state, kept.series.id, LAST + 1)
