"""SDMX, JSON-stat, and XML of several publishers."""

import json
from typing import Any

import pytest

from tests.series.reading.reading import FRANCE, GERMANY, ROWS, one, points, record, refused

# SDMX-ML


def generic(version: str, dimension: str, key: str) -> str:
    series = ""
    for area in ("DE", "FR"):
        observed = "".join(
            f'<g:Obs>{dimension.format(year)}<g:ObsValue value="{value}"/>'
            f'<g:Attributes><g:Value {key}="OBS_STATUS" value="A"/></g:Attributes></g:Obs>'
            for where, year, value in ROWS
            if where == area
        )
        series += (
            f'<g:Series><g:SeriesKey><g:Value {key}="FREQ" value="A"/><g:Value {key}="REF_AREA" value="{area}"/>'
            f'</g:SeriesKey><g:Attributes><g:Value {key}="UNIT_MEASURE" value="EUR"/></g:Attributes>'
            f"{observed}</g:Series>"
        )
    space = f"http://www.sdmx.org/resources/sdmxml/schemas/{version}/"
    return (
        f'<?xml version="1.0"?><m:GenericData xmlns:m="{space}message" xmlns:g="{space}data/generic"><m:Header><m:ID>X'
        f'</m:ID><m:Sender id="ECB"/></m:Header><m:DataSet structureRef="S">{series}</m:DataSet></m:GenericData>'
    )


def structure_specific(*, flat: bool) -> str:
    body = ""
    for area in ("DE", "FR"):
        key = f'FREQ="A" REF_AREA="{area}" UNIT_MEASURE="EUR"'
        observed = "".join(
            f'<Obs {key if flat else ""} TIME_PERIOD="{year}" OBS_VALUE="{value}" OBS_STATUS="A"/>'
            for where, year, value in ROWS
            if where == area
        )
        body += observed if flat else f"<Series {key}>{observed}</Series>"
    return (
        '<mes:StructureSpecificData xmlns:mes="http://www.sdmx.org/resources/sdmxml/schemas/v3_0/message" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><mes:Header><mes:ID>X</mes:ID></mes:Header>'
        f'<mes:DataSet action="Replace" xsi:type="ns1:DataSetType">{body}</mes:DataSet></mes:StructureSpecificData>'
    )


@pytest.mark.parametrize(
    "text",
    [
        generic("v2_1", '<g:ObsDimension value="{}"/>', "id"),
        generic("v2_0", "<g:Time>{}</g:Time>", "concept"),
        structure_specific(flat=False),
        structure_specific(flat=True),
    ],
    ids=["generic 2.1", "generic 2.0", "structure-specific", "structure-specific, flat"],
)
def test_sdmx_ml(text: str) -> None:
    series = one(text, series_id="DE")
    assert (points(series), series.unit) == (GERMANY, "EUR")
    assert points(one(text, where=("REF_AREA=FR",))) == FRANCE
    assert "'REF_AREA' ('DE', 'FR')" in refused(text).message


def test_a_missing_value_of_sdmx_ml_is_missing() -> None:
    text = structure_specific(flat=False)
    assert points(one(text.replace('OBS_VALUE="3.5"', 'OBS_VALUE="NaN"'), series_id="DE")) == {"2018": 1.5, "2019": 2}
    assert points(one(text.replace('OBS_VALUE="3.5"', ""), series_id="DE")) == {"2018": 1.5, "2019": 2}


def test_the_power_of_ten_is_part_of_the_unit() -> None:
    text = structure_specific(flat=True).replace('UNIT_MEASURE="EUR"', 'UNIT_MEASURE="EUR" UNIT_MULT="6"')
    assert one(text, series_id="DE").unit == "millions of EUR"
    assert one(text.replace('UNIT_MULT="6"', 'UNIT_MULT="0"'), series_id="DE").unit == "EUR"
    wide = "Accounts\n\nCountry\tUnits\tScale\t2018\t2019\nDE\tEuros\tBillions\t1\t2\nFR\tEuros\tUnits\t3\t4\n"
    assert [one(wide, series_id=area).unit for area in ("DE", "FR")] == ["billions of Euros", "Euros"]


# SDMX-JSON, JSON-stat and SDMX-CSV


def values(*codes: str) -> list[dict[str, str]]:
    names = {"A": "Annual", "DE": "Germany", "FR": "France"}
    return [{"id": code, "name": names.get(code, code)} for code in codes]


SERIES = [
    {"id": "FREQ", "name": "Frequency", "values": values("A")},
    {"id": "REF_AREA", "name": "Area", "values": values("DE", "FR")},
]
TIME = [{"id": "TIME_PERIOD", "name": "Time", "values": values("2018", "2019", "2020")}]
STATUS = [{"id": "OBS_STATUS", "name": "Status", "values": [{"id": "P", "name": "Provisional"}]}]
BY_SERIES = {
    "series": {
        f"0:{place}": {"observations": {str(at): [value, None] for at, value in enumerate(numbers.values())}}
        for place, numbers in enumerate((GERMANY, FRANCE))
    }
}
BY_SERIES["series"]["0:0"]["observations"]["2"][1] = 0
STRUCTURE = {
    "name": "Rate",
    "dimensions": {"series": SERIES, "observation": TIME},
    "attributes": {"observation": STATUS},
}
FLAT = {
    "observations": {
        f"{key}:{place}": cells
        for key, entry in BY_SERIES["series"].items()
        for place, cells in entry["observations"].items()
    }
}


@pytest.mark.parametrize(
    "message",
    [
        {"header": {}, "dataSets": [BY_SERIES], "structure": STRUCTURE},
        {"meta": {}, "data": {"dataSets": [{"structure": 0, **BY_SERIES}], "structures": [STRUCTURE]}},
        {
            "dataSets": [FLAT],
            "structure": STRUCTURE | {"dimensions": {"observation": SERIES + TIME}},
        },
    ],
    ids=["1", "2", "flat"],
)
def test_sdmx_json(message: dict[str, Any]) -> None:
    text = json.dumps(message)
    for label in ("DE", "Germany"):
        series = one(text, "json", series_id=label)
        assert points(series) == GERMANY
        assert [seen.status for seen in series.observations] == ["actual", "actual", "preliminary"]
    assert points(one(text, series_id="FR")) == FRANCE


def test_attributes_of_a_data_set_and_of_a_group_of_keys() -> None:
    unit = {"id": "UNIT_MULT", "values": [{"id": "6", "name": "Millions"}]}
    euro = {"id": "UNIT_MEASURE", "values": [{"id": "EUR", "name": "Euro"}, {"id": "USD", "name": "US dollar"}]}
    attributes = STRUCTURE["attributes"] | {"dataSet": [unit], "dimensionGroup": [euro]}
    dataset = BY_SERIES | {"attributes": [0], "dimensionGroupAttributes": {":0:": [0], ":1:": [1]}}
    text = json.dumps({"dataSets": [dataset], "structure": STRUCTURE | {"attributes": attributes}})
    assert one(text, "json", series_id="DE").unit == "millions of EUR"
    assert one(text, "json", series_id="FR").unit == "millions of USD"


@pytest.mark.parametrize("key", ["0:7", "0", "0:0:0", "0:-1", "a:0"])
def test_sdmx_json_that_does_not_fit_its_structure_is_refused(key: str) -> None:
    message = {"dataSets": [{"series": {key: {"observations": {"0": [1]}}}}], "structure": STRUCTURE}
    assert "do not fit each other" in refused(json.dumps(message), "json").message


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
        series = one(text, "json", series_id="Germany")
        assert points(series) == GERMANY
        assert [seen.status for seen in series.observations] == ["actual", "actual", "preliminary"]
    assert points(one(cube(value=sparse), "json", series_id="FR")) == {"2018": 5, "2019": 6}
    old = json.loads(cube())
    old["dimension"] |= {"id": old.pop("id"), "size": old.pop("size"), "role": old.pop("role")}
    assert points(one(json.dumps({"rates": old}), "json", series_id="FR")) == FRANCE


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
    assert "do not fit each other" in refused(cube(**changes), "json").message


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


# Other XML


def entry(area: str, year: str, value: float) -> str:
    fields = f'<d:Area>{area}</d:Area><d:Period>{year}JJ00</d:Period><d:Value m:type="Edm.Double">{value}</d:Value>'
    content = f'<content type="application/xml"><m:properties>{fields}</m:properties></content>'
    return f"<entry><id>x</id><title/>{content}</entry>"


def bank(area: str, year: str, value: float) -> str:
    return (
        f'<wb:data><wb:indicator id="I">Rate</wb:indicator><wb:country id="{area}">{area}land</wb:country>'
        f"<wb:date>{year}</wb:date><wb:value>{value}</wb:value><wb:unit/><wb:decimal>0</wb:decimal></wb:data>"
    )


@pytest.mark.parametrize(
    ("around", "row"),
    [
        ("<ROOT><data>{}</data><footnotes/></ROOT>", record),
        ('<feed xmlns="a" xmlns:d="d" xmlns:m="m"><id>2024</id>{}</feed>', entry),
        ('<wb:data xmlns:wb="w" page="1" total="6">{}</wb:data>', bank),
        (
            "<all units='lin' count='6'>{}</all>",
            lambda *cells: '<seen area="{}" date="{}-01-01" value="{}"/>'.format(*cells),
        ),
    ],
    ids=["UNdata", "OData", "World Bank", "attributes"],
)
def test_rows_as_elements(around: str, row: Any) -> None:
    text = '<?xml version="1.0" encoding="utf-8"?>\n' + around.format("".join(row(*cells) for cells in ROWS))
    assert points(one(text, series_id="DE")) == GERMANY
    assert points(one(text, series_id="FR")) == FRANCE


def test_a_workbook_as_xml_is_refused() -> None:
    text = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
    assert ".xlsx" in refused(text).hint
