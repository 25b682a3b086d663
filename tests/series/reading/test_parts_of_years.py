"""Quarters and months: whole years out of them by what the series measures, and the parts of the last year."""

import shlex
from pathlib import Path

import pytest

from rural_forecast.cli.app import as_option
from rural_forecast.errors import InputError, spelling
from rural_forecast.series.history import annual
from rural_forecast.series.observation import Series
from rural_forecast.series.reading import ReadOptions, read, read_one
from tests.inside import Cli, rows
from tests.series.reading.reading import from_text, points

QUARTERS = [(2020, 1, 10), (2020, 2, 11), (2020, 3, 12), (2020, 4, 15), (2021, 1, 20), (2021, 2, 21), (2021, 3, 22)]
QUARTERS += [(2021, 4, 25), (2022, 1, 30)]
LONG = "period,value\n" + "".join(f"{year}Q{number},{value}\n" for year, number, value in QUARTERS)
HEADS = ",".join(f"Q{n} {year}" for year, n, _ in QUARTERS)
WIDE = f"name,{HEADS}\na,{','.join(str(value) for *_, value in QUARTERS)}\n"
DATES = "date,value\n" + "".join(f"{year}-{3 * n - 2:02d}-01,{value}\n" for year, n, value in QUARTERS)
SEARCHED = "Sales by quarter\nin bn\n\n" + LONG


def years(series: Series) -> dict[str, float]:
    return {period: value for period, value in points(series).items() if period.isdigit()}


@pytest.mark.parametrize("text", [LONG, WIDE, DATES, SEARCHED], ids=["long", "wide", "dates", "searched"])
@pytest.mark.parametrize(
    ("measure", "wanted", "how"),
    [("flow", (48, 88), "sum"), ("stock", (15, 25), "last"), ("rate", (12, 22), "mean"), ("price", (12, 22), "mean")],
)
def test_whole_years_by_measure(text: str, measure: str, wanted: tuple[float, float], how: str) -> None:
    (series,) = from_text(text, measure=measure)
    assert years(series) == {"2020": wanted[0], "2021": wanted[1]}
    assert list(annual(series).values) == list(wanted)
    (note,) = [note for note in series.reading_notes if note.code == "whole_years"]
    assert how in str(note)
    assert note.warning


@pytest.mark.parametrize("text", [LONG, WIDE, DATES])
def test_a_measure_that_is_not_known_is_asked_for(text: str) -> None:
    (series,) = from_text(text)
    assert years(series) == {}
    with pytest.raises(InputError, match="no value of a whole year") as caught:
        annual(series)
    assert "measure='flow'" in caught.value.hint


def test_the_file_may_say_what_it_measures() -> None:
    text = LONG.replace("value", "value,measure").replace("\n", ",flow\n").replace("measure,flow", "measure")
    assert years(from_text(text)[0]) == {"2020": 48, "2021": 88}
    (share,) = from_text(LONG.replace("value", "share (%)"))
    assert years(share) == {"2020": 12, "2021": 22}


def test_months_of_several_series_each_for_itself() -> None:
    lines = [
        f"{name},{month}/{year},{value}"
        for name, value in (("a", 1), ("b", 2))
        for year in (2020, 2021)
        for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
        if (name, year, month) != ("b", 2021, "Dec")
    ]
    first, second = from_text("id,month,value\n" + "\n".join(lines) + "\n", measure="flow")
    assert years(first) == {"2020": 12, "2021": 12}
    assert years(second) == {"2020": 24}


def test_a_year_with_a_missing_part_is_no_year() -> None:
    with pytest.raises(InputError, match="2021 is missing"):
        from_text(LONG.replace("2022Q1,30\n", "2022,100\n").replace("2021Q2,21\n", ""), measure="flow")


def test_a_published_year_is_kept_beside_its_parts() -> None:
    assert years(from_text(LONG + "2020,47\n", measure="flow")[0]) == {"2020": 47, "2021": 88}


def test_what_a_part_says_of_itself_holds_for_the_year() -> None:
    text = LONG.replace("value", "value,status").replace("\n", ",\n").replace("status,", "status")
    (series,) = from_text(text.replace("2021Q4,25,", "2021Q4,25,preliminary"), measure="flow")
    assert {str(one.period): one.status for one in series.observations if one.period.is_year} == {
        "2020": "actual",
        "2021": "preliminary",
    }
    forecast = from_text(text.replace("2021Q4,25,", "2021Q4,25,forecast"), measure="flow")[0]
    assert years(forecast) == {"2020": 48}


def test_the_parts_of_the_last_year_come_with_the_command_that_uses_them(tmp_path: Path, cli: Cli) -> None:
    path = tmp_path / "my sales.csv"
    path.write_text("id," + LONG.replace("\n", "\nmy id,", 9).rstrip("my id,"), encoding="utf-8")
    token = spelling.set(as_option)
    series = read_one(str(path), ReadOptions(series_id="my id", measure="flow"))
    spelling.reset(token)
    (note,) = [note for note in series.reading_notes if note.code == "open_year"]
    assert "2022Q1" in note.text
    command = shlex.split(note.advice.removeprefix("See "))
    assert command[:2] == ["rural-forecast", "nowcast"]
    done = cli(*command[1:], "--format", "csv")
    assert (done.code, rows(done.out)[0]["period"]) == (0, "2022")
    assert not [note for one in read(str(path)) for note in one.reading_notes if note.code == "whole_years"]


@pytest.mark.parametrize(
    ("name", "form"),
    [("quarter", "{n}"), ("Quarter", "Q{n}"), ("Period", "Q0{n}"), ("month", "{m}"), ("Period", "M{m:02d}")],
)
def test_a_year_and_its_part_in_two_columns(name: str, form: str) -> None:
    lines = [f"{year},{form.format(n=n, m=3 * n)},{value}" for year, n, value in QUARTERS[:8]]
    (series,) = from_text("\n".join([f"Year,{name},Sales", *lines, ""]), measure="stock")
    assert years(series) == {"2020": 15, "2021": 25}
    assert [note.code for note in series.reading_notes if note.code == "left_out"] == []
    swapped = [",".join((part, year, value)) for year, part, value in (line.split(",") for line in lines)]
    (other,) = from_text("\n".join([f"{name},Year,Sales", *swapped, ""]), measure="stock")
    assert points(other) == points(series)


def test_an_annual_row_beside_months_in_a_column_is_the_year() -> None:
    rows = "".join(f"X,{year},M{month:02d},{month}\n" for year in (2020, 2021) for month in range(1, 13))
    (series,) = from_text(f"Series ID,Year,Period,Value\n{rows}X,2020,M13,6.5\nX,2021,M13,6.6\n")
    assert years(series) == {"2020": 6.5, "2021": 6.6}
