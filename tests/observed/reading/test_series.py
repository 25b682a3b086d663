"""Contents of a series: sources, statuses, forecasts of others, rows of our own, and every number
as it was.
"""

import csv
import json
from datetime import date
from io import StringIO
from itertools import compress, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.errors import InputError
from rural_forecast.observed.preference import published_forecasts
from rural_forecast.observed.reading import ReadOptions, read_in_part, read_one
from tests.inside import Cli
from tests.observed.reading.reading import from_text, one, points, refused


def test_one_period_may_have_several_sources() -> None:
    (series,) = from_text("year,value,source\n2016,482,a\n2016,894.5,b\n")
    assert [observation.value for observation in series.observations] == [482, 894.5]


def test_one_source_may_forecast_a_period_and_report_it() -> None:
    (series,) = from_text("year,value,source,status\n2017,600,a,forecast\n2017,610,a,actual\n")
    assert [observation.status for observation in series.observations] == ["actual", "forecast"]


def test_several_series_where_one_is_wanted() -> None:
    text = "id,year,value\n" + "".join(f"s{i},2015,1\n" for i in range(20))
    error = refused(text)
    assert "holds 20 series; what varies: 'id' ('s0', 's1', 's2' and 17 more)" in error.message
    assert "series_id='s0'" in error.hint
    assert one(text, series_id="s7").id == "s7"


def test_the_own_name_of_a_series_finds_it() -> None:
    rows = product(("all", "men"), ("all", "0-4"), (2020, 2021))
    text = "sex,age,date,people\n" + "".join(
        f"{sex},{age},{year},{year + len(sex + age)}\n" for sex, age, year in rows
    )
    for series in from_text(text):
        assert points(one(text, series_id=series.id)) == points(series)


def test_optional_columns(tmp_path: Path) -> None:
    path = tmp_path / "market.csv"
    path.write_text(
        "year,value,source,status,published_on,unit,definition,growth_pct,note,qualifier\n"
        "2016,482,iResearch,Preliminary,2017-02,bn CNY,goods,36.6,first release,~\n"
        "2016,894.5,Ministry,actual,2017-01-20,bn CNY,goods,,,=\n"
        "2017,600,iResearch,forecast,2017,bn CNY,,,,>\n"
    )
    series = read_one(str(path), ReadOptions())
    first, second, third = series.observations
    assert (series.id, series.unit, series.definition, series.file) == (
        "market",
        "bn CNY",
        "goods",
        str(path),
    )
    assert (first.source, second.source, third.author) == ("Ministry", "iResearch", "iResearch")
    assert (second.status, second.note, second.place) == (
        "preliminary",
        "first release",
        f"{path}:2",
    )
    assert (second.published_earliest, second.published_latest) == (
        date(2017, 2, 1),
        date(2017, 2, 28),
    )
    assert [(observation.status, observation.qualifier) for observation in (second, third)] == [
        ("preliminary", "~"),
        ("forecast", ">"),
    ]
    assert [
        (str(observation.period), observation.value, observation.source)
        for observation in series.growth
    ] == [("2016", 36.6, "iResearch")]
    assert series.sources["Ministry"].publisher == "Ministry"


def test_growth_without_a_level_is_kept() -> None:
    (series,) = from_text("year,value,growth_pct\n2015,,8.5\n2016,10,9\n")
    assert (points(series), [observation.value for observation in series.growth]) == (
        {"2016": 10},
        [8.5, 9.0],
    )


def test_signs_before_values_are_kept() -> None:
    (series,) = from_text("Trend\n\nYear,Share\n2019,<1\n2020,2\n2021,~3\n")
    assert [(observation.value, observation.qualifier) for observation in series.observations] == [
        (1, "<"),
        (2, "="),
        (3, "~"),
    ]


def test_years_after_today_are_no_history() -> None:
    table = (
        "".join(["name", *(f",{year}" for year in range(2020, 2100))]) + "\nx" + ",1" * 80 + "\n"
    )
    for text in (table, f"A table as published\n\n{table}"):
        assert one(text).observations[-1].status == "actual", (
            "without a date, every year may be history"
        )
        series = one(text, as_of=date(2024, 7, 1))
        is_history = [one.status != "forecast" for one in series.observations]
        history = [one.period.year for one in compress(series.observations, is_history)]
        assert (history[0], history[-1]) == (2020, 2023)
        assert "future_years" in {note.code for note in series.reading_notes}


ROWS = (
    "2021,60,{actual},\n"
    "2022,75,,\n"
    "2023,90,{forecast},Acme Research\n"
    "2030,150,{target},the Ministry\n"
)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("year,value,status,source", ("actual", "forecast", "target")),
        ("year,value,Status,source", ("Actual", "Published", "Target")),
        ("year,value,kind,source", ("actual", "published", "target")),
        ("年份,数值,状态,来源", ("实际", "预测", "目标")),
    ],
)
def test_a_status_or_a_kind_marks_forecasts_and_targets(
    header: str, words: tuple[str, ...]
) -> None:
    rows = ROWS.format(**dict(zip(("actual", "forecast", "target"), words, strict=True)))
    (series,) = from_text(f"{header}\n{rows}")
    assert [observation.status for observation in series.observations] == [
        "actual",
        "actual",
        "forecast",
        "forecast",
    ]
    forecasts = [
        (forecast.period.year, forecast.value, forecast.author, forecast.target)
        for forecast in published_forecasts(series)
    ]
    assert forecasts == [(2023, 90, "Acme Research", False), (2030, 150, "the Ministry", True)]


def test_forecasts_keep_the_exactness_of_their_date() -> None:
    (series,) = from_text(
        "year,value,status,source,published_on\n2016,1,,,\n2017,2,forecast,a,2016-11\n2018,3,forecast,a,2016\n"
        "2019,4,forecast,a,2016-11-05\n2020,5,forecast,a,\n"
    )
    assert [forecast.dated for forecast in published_forecasts(series)] == [
        "2016-11",
        "2016",
        "2016-11-05",
        "",
    ]


def test_a_kind_beside_a_status_marks_a_target() -> None:
    (series,) = from_text(
        "year,value,status,kind,source\n2021,60,actual,,\n2025,90,forecast,target,Acme\n"
    )
    assert [observation.target for observation in series.observations] == [False, True]


def test_a_slip_in_a_column_of_statuses_is_refused(cli: Cli, tmp_path: Path) -> None:
    """A search would leave the column out, and take the plan of 2023 as history."""
    file = tmp_path / "slip.csv"
    lines = (
        f"{name},{year},{year - 2000},{word if year == 2023 else 'actual'}"
        for (name, word), year in product((("a", "forecst"), ("b", "actual")), range(2020, 2024))
    )
    file.write_text("\n".join(("id,year,value,status", *lines)))
    with pytest.raises(InputError, match="column 'status': 'forecst' is not a status"):
        rf.read(file, rf.ReadOptions(series_id="a"))
    run = cli("batch", file, "--horizon", "1", "-q")
    assert (run.code, [row.split(",")[0] for row in run.out.splitlines()[1:]]) == (5, ["b"])


HEADER = "series_id,period,kind,model,value,lower_80,upper_80,lower_95,upper_95,growth_pct,unit"
OURS = (
    "market,2015,actual,,353,,,,,,bn CNY",
    "market,2016,actual,,482,,,,,36.5,bn CNY",
    "market,2017,published,author not named,600,,,,,,bn CNY",
    "market,2017,published,author not named,580,,,,,,bn CNY",
    "market,2017,forecast,consensus,610,550,690,500,800,26.6,bn CNY",
    "market,2018,forecast,consensus,720,600,900,500,990,18,bn CNY",
)


def test_of_our_own_rows_forecasts_are_left_out() -> None:
    (series,) = from_text("\n".join((HEADER, *OURS)))
    assert (series.id, series.unit, series.growth) == ("market", "bn CNY", ())
    assert [
        (str(observation.period), observation.value, observation.status, observation.author)
        for observation in series.observations
    ] == [
        ("2015", 353, "actual", ""),
        ("2016", 482, "actual", ""),
        ("2017", 580, "forecast", "author not named"),
        ("2017", 600, "forecast", "author not named"),
    ]
    (note,) = series.reading_notes
    assert "2 rows of kind 'forecast'" in str(note)
    assert (note.code, note.warning) == ("left_out", True)


def test_our_json_document_brings_title_and_definition() -> None:
    rows = [
        dict(zip(HEADER.split(","), (cell or None for cell in row.split(",")), strict=True))
        for row in OURS
    ]
    rows = [
        row | {"period": int(str(row["period"])), "value": float(str(row["value"]))} for row in rows
    ]
    about = {"id": "market", "title": "A market", "definition": "goods", "unit": "bn CNY"}
    whole = {
        "schema_version": 1,
        "command": "project",
        "series": [about],
        "rows": rows,
        "notes": [],
        "provenance": {},
    }
    (series,) = from_text(json.dumps(whole))
    assert (series.title, series.definition) == ("A market", "goods")
    (again,) = from_text("\n".join(json.dumps(row) for row in rows))
    assert points(series) == points(again) == {"2015": 353, "2016": 482, "2017": 600}


@pytest.mark.parametrize("line", ["x,2016,many", "x,20-16,1"])
def test_of_however_many_faults_none_is_read_as_a_value(line: str, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    rows = (
        f"{number},2015,1\n{line.replace('x', str(number))}\n{number},2017,3\n"
        for number in range(1100)
    )
    path.write_text(f"series_id,year,value\n{''.join(rows)}0a,2017,1\n")
    series, faults = read_in_part(str(path))
    assert ([only.id for only in series], len(faults)) == (["0a"], 1100)


HISTORIES = st.builds(
    lambda first, values: {first + step: value for step, value in enumerate(values)},
    st.integers(1600, 2160),
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=30),
)


def separated(rows: list[list[object]], delimiter: str = ",") -> str:
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@given(HISTORIES)
def test_every_form_gives_the_numbers_back(history: dict[int, float]) -> None:
    long: list[list[object]] = [
        ["year", "value"],
        *([year, value] for year, value in history.items()),
    ]
    wide: list[list[object]] = [["name", *history], ["market", *history.values()]]
    objects = [{"year": year, "value": value} for year, value in history.items()]
    texts = [
        separated(long),
        separated(long, ";"),
        separated(long, "\t"),
        json.dumps(objects, indent=1),
    ]
    if len(history) > 1:  # a header has two years or more
        texts += [separated(wide), json.dumps(history), json.dumps({"market": history})]
    for text in (*texts, "\n".join(map(json.dumps, objects))):
        (series,) = from_text(text)
        assert points(series) == {str(year): value for year, value in history.items()}, text


STATED = """series_id,year,value,within,market_kind
total,2018,10,,
total,2019,11,,
total,2020,12,,
part,2018,2,total,adoption
part,2019,4,total,adoption
part,2020,8,total,adoption
"""


def _with_column(name: str, label: str) -> str:
    head, *lines = STATED.splitlines()
    return "\n".join([f"{head},{name}", *(f"{line},{label}" for line in lines)])


@pytest.mark.parametrize("column", ["region", "Sub region", "comment"])
def test_totals_and_kinds_count_beside_columns_of_others(column: str) -> None:
    alone = one(STATED, series_id="part")
    beside = one(_with_column(column, "north"), series_id="part")
    assert (beside.within, beside.market_kind) == (alone.within, alone.market_kind)
    assert (alone.within, alone.market_kind) == ("total", "adoption")


@pytest.mark.parametrize("command", ["project", "batch"])
def test_a_part_stays_below_its_total_beside_columns_of_others(
    command: str, cli: Cli, tmp_path: Path
) -> None:
    outputs = []
    for text in (STATED, _with_column("region", "north")):
        file = tmp_path / "market.csv"
        file.write_text(text)
        names = ["--series", "part"] if command == "project" else []
        done = cli(command, file, *names, "--year", "2025", "--format", "csv")
        outputs.append(done.out)
    assert outputs[0] == outputs[1]


def test_rows_that_disagree_on_a_kind_are_refused_beside_columns_of_others() -> None:
    text = _with_column("region", "north").replace("8,total,adoption", "8,total,")
    assert one(text, series_id="part").market_kind == "adoption"
    text = _with_column("region", "north").replace("8,total,adoption", "8,other,adoption")
    assert "differs from 'total'" in refused(text, series_id="part").message


def test_kinds_of_markets_that_are_not_ours_are_labels() -> None:
    text = _with_column("region", "north").replace("adoption", "fashion").replace(",\n", ",whole\n")
    assert one(text, series_id="part").market_kind == ""
