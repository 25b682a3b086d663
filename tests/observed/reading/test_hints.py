"""Hints of refusals name choices that lead to one series in one step, and to no figure."""

import json
from pathlib import Path

import pytest
import xlsxwriter

from rural_forecast.errors import InputError
from rural_forecast.observed.reading import ReadOptions, read_one
from tests.observed.reading.reading import one, refused


def test_figures_beside_years_are_no_labels_to_choose_by() -> None:
    error = refused(
        "Region,2018,2019,2020,Share 2020\nNorth,1,2,3,0.024841\nSouth,2,3,4,0.013481\n"
        "Other,3,4,5,0.165933\nOther,4,5,6,-0.20425\n"
    )
    assert "North" in error.hint
    assert "0.02" not in error.hint + error.message


def test_a_year_of_an_era_is_no_value_to_choose() -> None:
    text = "西暦（年）,和暦（年）,都道府県,人口,世帯\n"
    for city in ("東京", "大阪"):
        for year in range(2000, 2004):
            text += f"{year},{year - 1988},{city},{5 * year},{3 * year}\n"
    error = refused(text)
    assert "人口" in error.hint
    assert "和暦" not in error.hint + error.message


def test_columns_of_one_name_are_chosen_by_their_numbers() -> None:
    text = "year,sold,sold,Rest\n2018,100,10,1\n2019,110,12,2\n2020,120,14,3\n"
    for options in ({}, {"value_column": "sold"}, {"series_id": "sold"}):
        error = refused(text, **options)
        assert "sold (column 2)" in error.hint
        assert "Rename" not in error.hint
    assert one(text, value_column="sold (column 3)").observations[0].value == 10


def test_an_example_is_a_series_that_has_each_year_once() -> None:
    error = refused("Fuel,2018,2019,2020\nCoal,1,2,3\nOil,1,2,3\nCoal,4,5,6\nGas,2,3,4\n")
    assert "Oil" in error.hint


def test_a_hint_leaves_out_empty_labels_where_the_others_name_one_series() -> None:
    error = refused(
        "Country,Region,Year,Value\nPortugal,,2018,1\nPortugal,,2019,2\nSpain,,2018,3\nSpain,,2019,4\n"
        ",North,2018,1\n,North,2019,2\n,South,2018,5\n,South,2019,6\n"
    )
    assert "Region=" not in error.hint
    assert "Country=Portugal" in error.hint


def test_data_sets_of_one_document_are_chosen_by_title() -> None:
    sets = {}
    for name, title in (("jobs", "People at work"), ("pay", "Wages")):
        sets[name] = {
            "label": title,
            "dimension": {
                "id": ["time"],
                "size": [3],
                "time": {"category": {"index": {"2018": 0, "2019": 1, "2020": 2}}},
            },
            "value": [1, 2, 3] if name == "jobs" else [7, 8, 9],
        }
    text = json.dumps(sets)
    assert "table=People at work" in refused(text).hint
    assert one(text, where=("table=Wages",)).observations[0].value == 7


def test_a_hint_has_the_sheet_and_the_choice_in_it(tmp_path: Path) -> None:
    path = str(tmp_path / "market.xlsx")
    with xlsxwriter.Workbook(path) as book:
        for name in ("Sales", "Staff"):
            sheet = book.add_worksheet(name)
            rows = [["Region", 2018, 2019, 2020], ["North", 1, 2, 3], ["South", 4, 5, 6]]
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    with pytest.raises(InputError) as caught:
        read_one(path)
    assert "sheet='Sales'" in caught.value.hint
    assert "series_id='North'" in caught.value.hint
    chosen = read_one(path, ReadOptions(sheet="Sales", series_id="North"))
    assert [point.value for point in chosen.observations] == [1, 2, 3]


def test_a_second_value_of_a_year_hints_at_no_column_of_figures() -> None:
    error = refused(
        "Year,Price,Sales\n2018,1.5,10\n2019,1.7,12\n2018,1.9,11\n2019,2.1,13\n",
        value_column="Sales",
    )
    assert "id_column" not in error.hint


def test_tables_of_one_title_are_chosen_by_their_numbers() -> None:
    rows = "Region,{0},{1},{2}\nNorth,1,2,3\nSouth,4,5,6\n"
    text = "Sales\n" + rows.format(2010, 2011, 2012) + "\nSales\n" + rows.format(2016, 2017, 2018)
    error = refused(text)
    assert "table=Sales 1" in error.hint
    series = one(text, where=("table=Sales 2", "Region=South"))
    assert [point.period.year for point in series.observations] == [2016, 2017, 2018]


def test_figures_tell_series_apart_where_nothing_else_does() -> None:
    series = one("Latitude,2018,2019,2020\n51.50735,1,2,3\n48.85661,4,5,6\n", series_id="48.85661")
    assert series.observations[0].value == 4
