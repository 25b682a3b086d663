"""Layouts that publishers use, in small: each gives the series that its options choose, with its unit."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from rural_forecast.errors import UsageError
from tests.series.reading.reading import from_text, one, points, refused


class Layout(NamedTuple):
    """A file, what chooses a series of it, and that series."""

    text: str
    points: dict[str, float]
    options: Mapping[str, Any] = MappingProxyType({})
    unit: str | None = None


PX_WEB = {
    "columns": [{"code": "R", "text": "region"}, {"code": "Tid", "text": "year"}, {"code": "N", "text": "People"}],
    "data": [
        {"key": [code, year], "values": [f"{first}{year[-1]}"]}
        for code, first in (("00", 5), ("01", 7))
        for year in ("2020", "2021")
    ],
}
BLS = {"Results": {"series": [{"seriesID": "C", "data": [
    {"year": "2021", "period": "M13", "value": "7.5", "footnotes": [{}]},
    {"year": "2020", "period": "M13", "value": "6.5", "footnotes": [{}]},
]}]}}  # fmt: skip

LAYOUTS = {
    "PX-Web": Layout(json.dumps(PX_WEB), {"2020": 50, "2021": 51}, {"where": ("region=00",)}),
    "keys within keys": Layout(
        json.dumps({"values": {"GDP": {"CHN": {"2020": 2.2, "2021": 8.4}, "IND": {"2020": 1, "2021": 2}}}, "api": {}}),
        {"2020": 2.2, "2021": 8.4},
        {"series_id": "CHN"},
    ),
    "rows within lists": Layout(json.dumps(BLS), {"2020": 6.5, "2021": 7.5}),
    "lists as rows": Layout('[["cell_value","time"],["1.5","2020"],["2.5","2021"]]', {"2020": 1.5, "2021": 2.5}),
    "attributes above": Layout(
        "H1 GROSS PRODUCT,,\nTitle,Real,Nominal\nUnits,$ million,$ million\nType,Original,Original\n"
        "Series ID,GR,GN\n30-Jun-2020,19,18\n30-Jun-2021,20,21\n",
        {"2020": 18, "2021": 21},
        {"series_id": "GN"},
        "$ million",
    ),
    "whole years and quarters": Layout(
        "Year,Quarter,GDP\n2019,,10\n2020,,11\n2020,Q1,3\n2020,Q2,2\n", {"2019": 10, "2020": 11}, {"series_id": "GDP"}
    ),
    "halves in a row of their own": Layout(
        "Table 1\n\n,2020,2020,2021,2021\nLine,H1,H2,H1,H2\nGDP,1,2,3,4\nGoods,5,6,7,8\n",
        {"2020": 3, "2021": 7},
        {"series_id": "GDP", "measure": "flow"},
    ),
    "years within heads": Layout(
        "Region,Sales 2020,Sales 2021,Costs 2020,Costs 2021\nNorth,10,11,5,6\nSouth,20,21,15,16\n",
        {"2020": 5, "2021": 6},
        {"series_id": "North", "value_column": "Costs"},
    ),
    "numbers of columns": Layout(
        "Year,Product,Income\n(1),(2),(3)\n2018-19,18.5,-2\n2019-20,20.5,-1\n",
        {"2018": 18.5, "2019": 20.5},
        {"series_id": "Product"},
    ),
    "revised and provisional estimates": Layout(
        "Item,2019-20 (3rd RE),2020-21 (2nd RE),2021-22 (PE)\nGVA,183,181,216\nTaxes,18,18,20\n",
        {"2019": 183, "2020": 181, "2021": 216},
        {"series_id": "GVA"},
    ),
    "bare years of the Republic of China": Layout(
        "年度,銷售額\n99,4\n100,5\n101,6\n", {"2010": 4, "2011": 5, "2012": 6}
    ),
    "years in Chinese digits": Layout("年份,产量\n二〇一九年,5\n二零二〇年,6\n", {"2019": 5, "2020": 6}),
    "a unit with commas above the years": Layout(
        "Output\nUnits: Chained (2017) dollars x 1,000,000\n\nSector,2019,2020\nFarms,1,2\n",
        {"2019": 1, "2020": 2},
        unit="Chained (2017) dollars x 1,000,000",
    ),
    "names over two rows above a row of units": Layout(
        ",Tourism by years,,,,\n,,Total,,,Citizens\n,Yıllar,Visitors,Income,,Income\n,,,,Transfers,\n,,,($),($),($)\n"
        ",2022,5,50,4,1\n,2023,6,60,5,2\n,2024 (Ocak-Eylül),3,30,2,1\n",
        {"2022": 50, "2023": 60},
        {"series_id": "Total Income"},
        "$",
    ),
    "repeated heads below distinct ones": Layout(
        "House prices,,,,\n,All,,New,\nYear,Index,Price,Index,Price\n2020,100,5,100,7\n2021,101,6,102,8\n",
        {"2020": 7, "2021": 8},
        {"series_id": "New / Price"},
    ),
    "years of two within heads, and a head of one year": Layout(
        "Zone,Area (1.6 m) - 2011,Load (in Million) - 2009-10,Load (in Million) - 2010-11\nEast,9,5,6\nWest,8,7,8\n",
        {"2009": 7, "2010": 8},
        {"series_id": "West"},
    ),
    "a factor in another language above the years": Layout(
        "Млн. рублей\n\nПоказатель,2019,2020\nВВП,5,6\n", {"2019": 5, "2020": 6}, unit="Млн. рублей"
    ),
    "a unit behind a comma": Layout(
        "År;Omsättning, tkr\n2019;1 200\n2020;1 300\n", {"2019": 1200, "2020": 1300}, unit="tkr"
    ),
    "a unit for each column in one line": Layout(
        "Units: m of water; count\n\nYear,Balance,Number\n2019,5.5,6\n2020,7.5,8\n",
        {"2019": 6, "2020": 8},
        {"series_id": "Number"},
        "",
    ),
    "initials behind a label": Layout("Town,2019,2020\nBujari (AC),5,6\n", {"2019": 5, "2020": 6}, unit=""),
    "flags right of each year": Layout(
        "geo,2019,,2020,,2021,\nDE,5,,6,p,7,e\nFR,8,,9,,10,b\n",
        {"2019": 8, "2020": 9, "2021": 10},
        {"series_id": "FR"},
    ),
    "columns about each value": Layout(
        "Year,Economy,Economy Label,GDP,GDP Missing value,GDP per head,GDP per head Missing value\n"
        "2019,1,North,5.5,,7.5,\n2020,1,North,6.5,,8.5,\n2019,2,South,,None yet,,None yet\n2020,2,South,3.5,,4.5,\n",
        {"2019": 5.5, "2020": 6.5},
        {"series_id": "North", "value_column": "GDP"},
    ),
    "a part of the last year in our own names": Layout(
        "Year,Sales\n2022,9\n2023,10\nYTD 2024,3\n", {"2022": 9, "2023": 10}
    ),
    "a share of one year right of figures of several": Layout(
        "Region,Sales 2019,Sales 2020,Share 2020\nN,5,6,0.3\nS,7,8,0.7\n", {"2019": 7, "2020": 8}, {"series_id": "S"}
    ),
    "quarters of the last year": Layout("Year,Sales\n2022,5\n2023,6\n2024 Q1-Q3,4\n", {"2022": 5, "2023": 6}),
    "a second figure in each row": Layout(
        "refYear,flow,fobvalue,primaryValue\n"
        + "".join(f"{y},{f},{y}.5,{y}\n" for f in "XM" for y in (2019, 2020, 2021)),
        {"2019": 2019, "2020": 2020, "2021": 2021},
        {"series_id": "X"},
    ),
    "a remark on the last value": Layout(
        ";BBNZ1;BBNZ1_FLAGS\nEinheit;EUR;\nDimension;Milliarden;\nStand vom;25.02.2025;\n2019;3,5;\n"
        "2020;4,5;\n2021;5,5;neu\n",
        {"2019": 3.5, "2020": 4.5, "2021": 5.5},
        unit="EUR Milliarden",
    ),
    "an annual report": Layout(
        "<html><table><tr><td></td><td colspan=2>2021</td><td></td><td colspan=2>2020</td><td></td></tr><tr>"
        "<td>Sales</td><td>$</td><td>96.5</td><td></td><td>$</td><td>81.5</td><td></td></tr><tr><td>Loss</td><td></td><td>(17.5</td>"
        "<td>)</td><td></td><td>(4.5</td><td>)</td></tr></table></html>",
        {"2020": -4.5, "2021": -17.5},
        {"series_id": "Loss"},
    ),
    "footnotes in brackets": Layout(
        "Sales,2019,2020,2021\nNorth,512 (3),530,544 (1)\nSouth,1,2,3\n",
        {"2019": 512, "2020": 530, "2021": 544},
        {"series_id": "North"},
    ),
    "years over merged cells, a blank row below": Layout(
        "Energy,,,,\n,2021,,2022,\nExajoules,Oil,Gas,Oil,Gas\n,,,,\nNorth,1,2,4,5\nSouth,2,3,5,6\n",
        {"2021": 1, "2022": 4},
        {"series_id": "North / Oil"},
    ),
    "growth and share right of the amounts": Layout(
        ",,,,Growth,,Share\nExajoules,2020,2021,2022,2022,2012-22,2022\n,,,,,,\nA,13,12,14,0.2,0.1,0.9\nB,2,3,4,0.3,0.2,0.1\n",
        {"2020": 2, "2021": 3, "2022": 4},
        {"series_id": "B"},
    ),
    "tables below each other": Layout(
        "Sales\nyear,N,S\n2020,1,2\n2021,3,4\n\nCosts\nyear,N,S\n2020,5,6\n2021,7,8\n",
        {"2020": 6, "2021": 8},
        {"where": ("table=Costs",), "series_id": "S"},
    ),
    "tables side by side with the same heads": Layout(
        "Germany,,,France,\nYear,Sales,,Year,Sales\n2020,5,,2021,9\n2021,6,,2020,8\n2022,7,,2022,7\n",
        {"2020": 8, "2021": 9, "2022": 7},
        {"series_id": "France"},
    ),
    "a year with several units": Layout(
        'Region\n\n"Unidade da Federação",2020,2021\nAcre,5,6\nAmapá,7,8\n',
        {"2020": 5, "2021": 6},
        {"series_id": "Acre"},
        "",
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_read(name: str) -> None:
    layout = LAYOUTS[name]
    series = one(layout.text, **layout.options)
    whole = {str(seen.period): seen.value for seen in series.observations if seen.period.is_year}
    assert whole == layout.points
    assert layout.unit is None or series.unit == layout.unit


def test_a_sign_before_a_value_is_its_qualifier() -> None:
    series = one("Trend\n\nYear,Share\n2019,<1\n2020,2\n2021,~3\n")
    assert [(seen.value, seen.qualifier) for seen in series.observations] == [(1, "<"), (2, "="), (3, "~")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Sales,2019,2020,2021\nNorth,512,(3),544\n", "'(3)' is not a number"),
        ("年份,值\n105,5\n106,6\n107,7\n", "may be of another calendar"),
        ("年度,売上\n30,5\n31,6\n", "may be of another calendar"),
        ("年度,产量\n105,5\n106,6\n200,7\n", "may be of another calendar"),
        ('Year,Profit\n2019,"(1,250)"\n2020,300\n2021,"1,400"\n', "has signs that may part the thousands"),
        ("FY,Revenue\n2562 BE,5\n2563 BE,6\n", "is a year of another calendar"),
        ("Year,Quarter,Sales\n2020,Q1,1\n,Q2,2\n,Q3,3\n,Q4,4\n2021,Q1,5\n", "what varies: 'Quarter'"),
        ("to,from,year,people\nA,B,2020,1\nA,B,2021,2\nA,C,2022,3\n", "what varies: 'from'"),
    ],
)
def test_what_may_mean_several_things_is_refused(text: str, says: str) -> None:
    assert says in refused(text).message


def test_a_column_with_a_note_in_its_name_is_no_remark() -> None:
    text = "Table 1\n\nTime period,All retail,Food [note 1],Bank notes\n2019,100,50,7\n2020,101,51,8\n2021,103,53,9\n"
    assert [series.id for series in from_text(text)] == ["All retail", "Food [note 1]", "Bank notes"]


@pytest.mark.parametrize(("part", "label"), [("47", "47 Retail"), ("首尔", "首尔特别市"), ("whole", "46 Wholesale")])
def test_a_part_of_a_label_finds_the_series_and_the_label_names_it(part: str, label: str) -> None:
    text = "Trade,2020,2021\n47 Retail,1,2\n46 Wholesale,3,4\n首尔特别市,5,6\n"
    assert one(text, series_id=part).id == label
    with pytest.raises(UsageError):  # two letters are a word, not a part of one
        one(text, series_id="le")


def test_the_own_name_of_a_series_finds_it() -> None:
    text = "sex,age,date,people\n" + "".join(
        f"{sex},{age},{year},{year + len(sex + age)}\n"
        for sex in ("all", "men")
        for age in ("all", "0-4")
        for year in (2020, 2021)
    )
    for series in from_text(text):
        assert points(one(text, series_id=series.id)) == points(series)


@pytest.mark.parametrize("mark", ["prévision", "geschätzt", "прогноз", "전망"])
def test_a_mark_of_another_language_is_a_forecast(mark: str) -> None:
    series = one(f"Ventes,2019,2020,2021 ({mark})\nNord,5,6,7\n")
    assert [seen.status for seen in series.observations] == ["actual", "actual", "forecast"]


def test_a_column_of_actual_and_estimated_values_ends_the_history() -> None:
    series = one("year,basis,amount\n2016,Actual,5\n2017,Revised,6\n2018,Estimated,7\n")
    assert [seen.status for seen in series.observations] == ["actual", "actual", "forecast"]


def test_values_with_decimals_name_no_series() -> None:
    assert [series.id for series in from_text("Region,2019,2020,CAGR\nN,5,6,0.3\nS,7,8,0.7\n")] == ["N", "S"]


def test_all_measures_of_years_across_are_read() -> None:
    text = "State,2020,,2021,\n,Income,Error,Income,Error\nOhio,5,1,6,2\nUtah,7,3,8,4\n"
    assert {series.id: points(series)["2021"] for series in from_text(text)} == {
        "Income / Ohio": 6, "Error / Ohio": 2, "Income / Utah": 8, "Error / Utah": 4,
    }  # fmt: skip


def test_a_rate_beside_the_years_is_no_part_of_a_title() -> None:
    text = "Region,Segment,2019,2020,2021,CAGR 19-21\nNorth,Phones,5,6,7,9.0%\nSouth,Phones,8,9,10,4.3%\n"
    assert one(text, series_id="North").title == "North / Phones"


def test_the_column_of_an_id_is_not_left_out() -> None:
    text = "Plants\n\nNo.,2019,2020,2021\n101,5.5,6.5,7.5\n102,1.5,2.5,3.5\n"
    series = one(text, series_id="102")
    assert points(series) == {"2019": 1.5, "2020": 2.5, "2021": 3.5}
    assert not any("No." in str(note) for note in series.reading_notes if note.warning)


def test_a_year_over_several_columns_is_of_each() -> None:
    text = "Region,2020,,2021,\n,Sales,Staff,Sales,Staff\nA,1,2,3,4\nB,5,6,7,8\n"
    assert points(one(text, series_id="B", value_column="Staff")) == {"2020": 6, "2021": 8}
