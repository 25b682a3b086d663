"""Heads and period cells with a mark: published forecasts, actual values, and what is no year at all."""

import pytest

from rural_forecast.errors import InputError, Problem
from rural_forecast.series.preference import published_forecasts
from rural_forecast.series.reading.names import mistyped
from rural_forecast.series.reading.periods import read_head
from tests.series.reading.reading import from_text

FORECASTS = (
    *("2024E", "2024F", "2024P", "2024e", "2024年E", "2024 est.", "2024 forecast", "2024(E)", "2024 (F)", "FY2024E"),
    *("2024-E", "2024_F", "2024 proj.", "2024 budget", "est. 2024", "forecast 2024", "2024预测", "2024年（预测）"),
    *("预计2024年", "2024年预期", "２０２４Ｅ", " 2024E ", "FY24E"),
)


@pytest.mark.parametrize("head", FORECASTS)
def test_a_marked_year_is_a_published_forecast_never_history(head: str) -> None:
    (wide,) = from_text(f'Region,2021,2022,2023,"{head}"\nNorth,12,13,15,30\n')
    (long,) = from_text(f'year,value\n2021,12\n2022,13\n2023,15\n"{head}",30\n')
    (keyed,) = from_text(f'{{"2021": 12, "2022": 13, "2023": 15, "{head}": 30}}')
    for series in (wide, long, keyed):
        assert [seen.status for seen in series.observations] == ["actual", "actual", "actual", "forecast"]
        (said,) = published_forecasts(series)
        assert (said.period.year, said.value, said.author) == (2024, 30, "standard input")
        (note,) = series.reading_notes
        assert repr(head.strip()) in str(note)
        assert (note.code, note.warning) == ("published_forecast", True)


OTHERS = {"2023A": "actual", "2023年实际": "actual", "2023 preliminary": "preliminary", "2023年初步": "preliminary"}
OTHERS |= {"2024 target": "forecast", "2024年目标": "forecast"}


@pytest.mark.parametrize(("head", "status"), OTHERS.items())
def test_other_marks(head: str, status: str) -> None:
    (series,) = from_text(f"Region,2021,2022,{head}\nNorth,12,13,15\n")
    last = series.observations[-1]
    assert (last.status, last.target) == (status, status == "forecast")
    assert bool(series.reading_notes) == (status == "forecast")


def test_marked_years_are_found_out_of_order() -> None:
    (series,) = from_text("Region,2022,2024E,2023\nNorth,13,30,15\n")
    assert [(seen.value, seen.status) for seen in series.observations] == [
        (13, "actual"), (15, "actual"), (30, "forecast")
    ]  # fmt: skip


@pytest.mark.parametrize("head", ["12E", "E2024", "2024 growth", "CAGR 2021-2024E", "value", "2024E (bn)", "1E5", ""])
def test_what_is_no_marked_year(head: str) -> None:
    assert isinstance(read_head(head), Problem)


def test_a_mark_of_a_part_of_a_year() -> None:
    head = read_head("2024Q1E")
    assert (str(head.period), head.mark and head.mark.status) == ("2024Q1", "forecast")


@pytest.mark.parametrize("status", ["preliminary", "estimate", "forecast"])
def test_a_status_column_keeps_its_meaning_beside_a_mark(status: str) -> None:
    (series,) = from_text(f"year,value,status\n2023,15,actual\n2024E,30,{status}\n")
    assert series.observations[-1].status == status
    (plain,) = from_text(f"year,value,status\n2023,15,actual\n2024,30,{status}\n")
    assert plain.observations[-1].status == status
    assert plain.reading_notes == ()


def test_a_mark_that_contradicts_the_status_of_its_row_is_refused() -> None:
    with pytest.raises(InputError, match="'2024E' contradicts the status 'actual'"):
        from_text("year,value,status\n2023,15,actual\n2024E,30,actual\n")
    with pytest.raises(InputError, match="'2024A' contradicts the status 'forecast'"):
        from_text("year,value,status\n2023,15,actual\n2024A,30,forecast\n")


def test_the_mark_of_a_column_wins_over_the_status_of_a_row() -> None:
    (series,) = from_text("Region,status,2022A,2023,2024E\nNorth,preliminary,13,15,30\n")
    assert [seen.status for seen in series.observations] == ["actual", "preliminary", "forecast"]


@pytest.mark.parametrize("flag", ["e", "p", "E", "P", "bp", "r", "b", "", "d e"])
def test_the_flags_of_an_agency_are_history(flag: str) -> None:
    status = {"e": "estimate", "p": "preliminary", "bp": "preliminary", "d e": "estimate"}.get(flag.lower(), "actual")
    (column,) = from_text(f"year,value,flag\n2022,13,\n2023,15,{flag}\n2024,16,p\n")
    assert [seen.status for seen in column.observations] == ["actual", status, "preliminary"]
    unused = set(flag) - set("epEPr ")
    codes = ["flagged_breaks" if "b" in unused else "left_out"] * bool(unused)
    assert [note.code for note in column.reading_notes] == codes
    if not unused:
        for behind in (f"15{flag.replace(' ', '')}", f"15 {flag}"):
            (after,) = from_text(f"year,value\n2022,13\n2023,{behind}\n")
            assert (after.observations[-1].value, after.observations[-1].status) == (15, status)


def test_a_flag_of_a_forecast_is_a_published_forecast() -> None:
    (column,) = from_text("year,value,obs_status\n2023,15,A\n2024,30,F\n")
    (after,) = from_text("year,value\n2023,15\n2024,30 f\n")
    for series in (column, after):
        assert [seen.status for seen in series.observations] == ["actual", "forecast"]
    assert "'2024 with the flag f'" in str(after.reading_notes[0])


def test_a_status_wins_over_a_flag_and_a_column_of_other_texts_is_no_flag() -> None:
    (series,) = from_text("year,value,status,flag\n2022,13,actual,e\n2023,15,,p\n")
    assert [seen.status for seen in series.observations] == ["actual", "preliminary"]
    (other,) = from_text("year,value,flag\n2022,13,see below\n2023,15,\n")
    assert "column 'flag'" in str(other.reading_notes[0])


@pytest.mark.parametrize(
    ("head", "year"), [("2O24", 2024), ("20l4", 2014), ("2024#", 2024), ("FY2O24", 2024), ("20244", 0), ("0", 0)]
)
def test_a_mistyped_year_is_left_out_with_the_likely_year(head: str, year: int) -> None:
    likely = f"not a year; {year}" if year else "a year outside 1 to 9999"
    assert mistyped(head).startswith(likely)
    (series,) = from_text(f"Region,2021,2022,2023,{head}\nNorth,12,13,15,30\n")
    assert len(series.observations) == 3
    (note,) = series.reading_notes
    assert f"column '{head}' ({likely}" in str(note)
    assert (note.code, note.warning) == ("mistyped_year", True)


def test_a_mistyped_year_is_never_taken_for_the_name_of_the_series() -> None:
    (series,) = from_text("2O21,2022,2023\n12,13,15\n")
    assert series.id == "series"
    assert "'2O21'" in str(series.reading_notes[0])


@pytest.mark.parametrize(("head", "says"), [("2O22", "2022 with a letter"), ("2022E", "'2022E'")])
def test_a_gap_names_the_head_that_may_be_its_reason(head: str, says: str) -> None:
    with pytest.raises(InputError, match="2022 is missing") as caught:
        from_text(f"Region,2021,{head},2023\nNorth,12,13,15\n")
    assert says in caught.value.hint
