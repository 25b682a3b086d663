"""JSON-stat and SDMX-CSV, and what offices offer besides."""

import json
from typing import Any

import pytest

from tests.series.reading.reading import FRANCE, GERMANY, ROWS, one, points, refused


def test_the_power_of_ten_is_part_of_the_unit() -> None:
    long = "REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT\n" + "".join(
        f"{area},{year},{value},EUR,6\n" for area, year, value in ROWS
    )
    assert one(long, series_id="DE").unit == "millions of EUR"
    assert one(long.replace(",6\n", ",0\n"), series_id="DE").unit == "EUR"
    wide = "Accounts\n\nCountry\tUnits\tScale\t2018\t2019\nDE\tEuros\tBillions\t1\t2\nFR\tEuros\tUnits\t3\t4\n"
    assert [one(wide, series_id=area).unit for area in ("DE", "FR")] == ["billions of Euros", "Euros"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<m:GenericData xmlns:m='x'><m:DataSet/></m:GenericData>", "is XML"),
        ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "is XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><rows><row><year>2018</year><v>&b;</v></row></rows>', "is XML"),
        ('{"data": {"dataSets": [], "structures": []}}', "is SDMX-JSON"),
        ('CHARSET="ANSI";\nAXIS-VERSION="2013";\nVALUES("year")="2020","2021";\nDATA=\n10 20;\n', "is a PC-Axis file"),
    ],
)
def test_other_formats_of_offices_are_refused_with_one_that_is_read(text: str, says: str) -> None:
    error = refused(text)
    assert f"{says}, which is not read" in error.message
    assert "CSV" in error.hint


def cube(**changes: Any) -> str:
    area = {"label": "Area", "category": {"index": {"FR": 1, "DE": 0}, "label": {"DE": "Germany", "FR": "France"}}}
    made = {
        "version": "2.0",
        "label": "Rate",
        "id": ["geo", "time"],
        "size": [2, 3],
        "role": {"time": ["time"]},
        "dimension": {"geo": area, "time": {"category": {"index": ["2018", "2019", "2020"]}}},
        "value": [value for *_, value in ROWS],
        "status": {"2": "p"},
    }
    return json.dumps(made | changes)


def test_json_stat_in_its_order_of_categories_dense_and_sparse() -> None:
    sparse = {str(place): value for place, (*_, value) in enumerate(ROWS) if place != 5}
    for text in (cube(), cube(value=sparse)):
        series = one(text, series_id="Germany")
        assert points(series) == GERMANY
        assert [seen.status for seen in series.observations] == ["actual", "actual", "preliminary"]
    assert points(one(cube(value=sparse), series_id="FR")) == {"2018": 5, "2019": 6}
    old = json.loads(cube())
    old["dimension"] |= {"id": old.pop("id"), "size": old.pop("size"), "role": old.pop("role")}
    assert points(one(json.dumps({"rates": old}), series_id="FR")) == FRANCE


@pytest.mark.parametrize(
    "changes",
    [
        {"size": [2, 2]},
        {"size": ["2", "3"]},
        {"id": [["geo"], "time"]},
        {"value": "1"},
        {"value": [1] * 7},
        {"role": {"time": 3}},
        {"dimension": {"time": {}}},
        {"dimension": json.loads(cube())["dimension"] | {"geo": {"category": {"index": {"DE": 1, "FR": 1}}}}},
    ],
)
def test_json_stat_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    assert "do not fit each other" in refused(cube(**changes)).message


def test_sdmx_csv() -> None:
    rows = [f"{area},A,{year},{value}" for area, year, value in ROWS]
    old = "\n".join(["DATAFLOW,REF_AREA,FREQ,TIME_PERIOD,OBS_VALUE", *(f"O:D(1.0),{row}" for row in rows)])
    new = "\n".join(
        ["STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,FREQ,TIME_PERIOD,OBS_VALUE"]
        + [f"DATAFLOW,O:D(1.0),I,{row}" for row in rows]
    )
    for text in (old, new, new.replace(",", ";")):
        assert points(one(text, series_id="DE")) == GERMANY
    labels = {"DE": "Germany", "FR": "France"}
    both = "\n".join(
        ["STRUCTURE,REF_AREA: Area,FREQ: Frequency,TIME_PERIOD: Time,OBS_VALUE: Value"]
        + [f"DATAFLOW,{area}: {labels[area]},A: Annual,{year},{value}" for area, year, value in ROWS]
    )
    for options in (
        {"series_id": "Germany"},
        {"series_id": "DE"},
        {"where": ("REF_AREA=DE",)},
        {"where": ("Area=Germany",)},
    ):
        assert points(one(both, **options)) == GERMANY
