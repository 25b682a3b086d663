"""Files as publishers give them: lines above, several labels, odd periods, marks and flags."""

import gzip
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from rural_forecast.errors import RuralForecastError
from rural_forecast.series.reading import ReadOptions, read_one
from tests.series.reading.reading import one, points

WIDE = (
    '"Source","Office",\n\n"Updated","2024-10-16",\n\n'
    '"Name","Code","Topic","2019","2020","2021","2022",\n'
    '"Northland","NOR","Rents (% of GDP)","","1.5","1.75","",\n'
    '"Southland","SOU","Rents (% of GDP)","..","2.5","..","3",\n'
)
LONG = (
    "area,area_code,item,year,unit,value,flag\n"
    "Kenia,1,Milk,2020,t,5,\nKenia,1,Milk,2021,t,6,E\nKenia,1,Maize,2020,t,7,\nKenia,1,Maize,2021,t,8,\n"
    "Mali,2,Milk,2020,t,9,\nMali,2,Milk,2021,t,10,\n"
)


def refusal(text: str, **options: object) -> RuralForecastError:
    with pytest.raises(RuralForecastError) as caught:
        one(text, **options)
    return caught.value


def test_lines_above_and_empty_cells_at_the_ends() -> None:
    for text in ("Northland", "northland", "NOR"):
        series = one(WIDE, series_id=text)
        assert (points(series), series.unit) == ({"2020": 1.5, "2021": 1.75}, "% of GDP"), text
    assert points(one(WIDE, where=("Code=NOR",))) == {"2020": 1.5, "2021": 1.75}
    error = refusal(WIDE, series_id="Southland")
    assert "2021 is missing" in error.message
    assert "series_id='Northland'" in refusal(WIDE).hint


def test_what_still_varies_is_named_with_the_option() -> None:
    error = refusal(LONG)
    assert "'area' ('Kenia', 'Mali')" in error.message
    assert "'item' ('Milk', 'Maize')" in error.message
    error = refusal(LONG, series_id="Kenia")
    assert "'area'" not in error.message
    assert "where=['item=Milk']" in error.hint
    series = one(LONG, where=("area=Kenia", "item=Milk"))
    assert [seen.status for seen in series.observations] == ["actual", "estimate"]
    assert (points(series), series.unit) == ({"2020": 5, "2021": 6}, "t")
    assert "no column of labels 'x'" in refusal(LONG, where=("x=1",)).message
    assert "no 'Tea' in column 'item'" in refusal(LONG, where=("item=Tea",)).message


def test_a_label_in_two_columns_is_asked_about() -> None:
    text = "to,from,year,people\nA,B,2020,1\nA,B,2021,2\nB,A,2020,3\nB,A,2021,4\n"
    error = refusal(text, series_id="A")
    assert "is in several columns" in error.message
    assert "where=['to=A']" in error.hint
    assert points(one(text, where=("to=A",))) == {"2020": 1, "2021": 2}


def test_a_file_without_a_header_and_with_a_title() -> None:
    series = one("Sales in billion dollars\n2019,5\n2020,6\n2021*,7\n")
    assert [seen.status for seen in series.observations] == ["actual", "actual", "forecast"]


def test_a_mistyped_year_is_not_dropped() -> None:
    for row in ("2O21,8", "20211,8", "2021.5,8"):
        refusal(f"Sales\nYear,Sales\n2019,5\n2020,6\n{row}\n")
        refusal(f"Sales\nYear,Sales\n{row}\n2019,5\n2020,6\n")


def test_two_header_rows_units_and_rows_that_sum_years() -> None:
    text = (
        "A summary\nYear;Total;;Part;\n;In;Out;In;Out\n1789-1849;1160;1090;1160;1090\n"
        "2019;5;6;1;2\n2020;7;8;3;4\n2021 estimate;9;9;9;9\n* A note.;;;;\n"
    )
    series = one(text, series_id="Total In")
    assert points(series) == {"2019": 5, "2020": 7, "2021": 9}
    assert series.observations[-1].status == "forecast"
    assert any("1789-1849" in str(note) for note in series.reading_notes)
    text = "Prices\n,Oil,Gas\n,($/bbl),($/mt)\n2019,5,6\n2020,7,8\n"
    assert (one(text, series_id="Oil").unit, one(text, series_id="Gas").unit) == ("$/bbl", "$/mt")


def test_measures_beside_each_other_and_repeated_years() -> None:
    text = ",Lines,,Per head,\n,2019,2020,2019,2020\nNorth,1,2,3,4\nSouth,5,6,7,8\n"
    assert points(one(text, series_id="South", value_column="Per head")) == {"2019": 7, "2020": 8}
    assert "value_column='Lines'" in refusal(text, series_id="South").hint
    assert "is in the header a second time" in refusal("T\na,2019,2020,2019,2020\nx,1,2,3,4\n").message


def test_years_after_today_are_no_history() -> None:
    table = "".join(["name", *(f",{year}" for year in range(2020, 2100))]) + "\nx" + ",1" * 80 + "\n"
    for text in (table, f"A table as published\n\n{table}"):
        assert one(text).observations[-1].status == "actual", "without a date, every year may be history"
        series = one(text, as_of=date(2024, 7, 1))
        history = [seen.period.year for seen in series.observations if seen.status != "forecast"]
        assert (history[0], history[-1]) == (2020, 2023)
        assert any(note.code == "future_years" for note in series.reading_notes)


def test_estimates_after_a_year_are_published_figures() -> None:
    text = "Country,Subject,2019,2020,2021,Estimates Start After\nA,x,1,2,3,2020\nB,x,4,5,6,2019\n"
    assert [seen.status for seen in one(text, series_id="A").observations] == ["actual", "actual", "forecast"]
    assert [seen.status for seen in one(text, series_id="B").observations] == ["actual", "forecast", "forecast"]


def test_packed_files_and_a_text_with_the_suffix_of_a_workbook(tmp_path: Path) -> None:
    text = "地区,说明,2019,2020,2021\n北京,农村网络零售额和电子商务交易额,1,2,3\n上海,全国居民人均可支配收入,4,5,6\n"
    wanted = {"2019": 1, "2020": 2, "2021": 3}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("data.csv", text)
    (tmp_path / "a.zip").write_bytes(archive.getvalue())
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "a.xls").write_text(text.replace(",", "\t"), encoding="utf-16")
    for name in ("a.zip", "a.csv.gz", "a.xls"):
        assert points(read_one(str(tmp_path / name), ReadOptions(series_id="北京"))) == wanted, name


def test_a_point_that_may_be_either_sign_is_asked_about() -> None:
    text = "Region;2019;2020;2021\nNord;1.234;2.345;3.456\n"
    assert "may be the decimal mark or part the thousands" in refusal(text).message
    assert points(one(text, decimal=",")) == {"2019": 1234, "2020": 2345, "2021": 3456}
    assert points(one(text, decimal=".")) == {"2019": 1.234, "2020": 2.345, "2021": 3.456}


def test_lines_about_the_columns_and_parts_beside_years() -> None:
    text = "Title,Sales index\nUnit,%\nNotes,\n2019,5\n2020,6\n2021,7\n2019 Q1,1\n2019 JAN,2\n"
    series = one(text)
    assert (series.id, series.unit, points(series)) == ("Sales index", "%", {"2019": 5, "2020": 6, "2021": 7})


def test_columns_apart_by_spaces_under_a_comment() -> None:
    text = "# means\n# year mean unc\n2019 1.5 0.1\n2020 1.6 0.1\n2021 1.7 0.1\n"
    assert points(one(text, series_id="mean")) == {"2019": 1.5, "2020": 1.6, "2021": 1.7}
