"""SDMX, JSON-stat, XML of several publishers, and files whose bytes say otherwise than their names."""

from __future__ import annotations

import gzip
import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from rural_forecast.errors import InputError
from rural_forecast.series.observation import Series
from rural_forecast.series.reading import ReadOptions, read, read_one
from tests.series.reading.reading import check_refusal, points

GERMANY = {"2018": 1.5, "2019": 2, "2020": 3.5}
FRANCE = {"2018": 5, "2019": 6, "2020": 7}
ROWS = [(area, year, value) for area, values in (("DE", GERMANY), ("FR", FRANCE)) for year, value in values.items()]


def one(text: str | bytes, kind: str | None = None, **options: Any) -> Series:
    data = text.encode() if isinstance(text, str) else text
    return read_one("-", ReadOptions(input_format=kind, **options), BytesIO(data))


def refused(text: str | bytes, kind: str | None = None, **options: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        one(text, kind, **options)
    check_refusal(caught.value)
    return caught.value


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
    wide = "Outlook\n\nCountry\tUnits\tScale\t2018\t2019\nDE\tEuros\tBillions\t1\t2\nFR\tEuros\tUnits\t3\t4\n"
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
    assert "does not fit the structure" in refused(json.dumps(message), "json").message


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


def record(area: str, year: str, value: float) -> str:
    cells = (f'<field name="Country">{area}</field>', f'<field name="Year">{year}</field>')
    return f'<record>{"".join(cells)}<field name="Value">{value}</field></record>'


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


def test_a_spreadsheet_of_2003(tmp_path: Path) -> None:
    def cells(*texts: Any) -> str:
        kinds = {float: "Number", int: "Number", str: "String"}
        return "".join(f'<Cell><Data ss:Type="{kinds[type(text)]}">{text}</Data></Cell>' for text in texts)

    space = "urn:schemas-microsoft-com:office:spreadsheet"
    (tmp_path / "rates.xls").write_text(
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        '<Styles><Style ss:ID="p"><NumberFormat ss:Format="0.0%"/></Style></Styles><Worksheet ss:Name="Notes"><Table>'
        f'<Row>{cells("None")}</Row></Table></Worksheet><Worksheet ss:Name="Data"><Table>'
        f"<Row>{cells('Rates, in %')}</Row>"
        f'<Row ss:Index="4"><Cell ss:Index="3"><Data ss:Type="Number">2018</Data></Cell>{cells(2019, "2020")}</Row>'
        f'<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">DE</Data></Cell>{cells(1.5, 2, 3.5)}</Row>'
        f'<Row>{cells("FR", "x", 5, 6)}<Cell><Data ss:Type="Error">#N/A</Data></Cell></Row>'
        f'<Row>{cells("IT", "x", 5)}<Cell ss:Formula="=1"/>{cells(7)}</Row>'
        f'<Row>{cells("ES", "x", 5, 6)}<Cell ss:StyleID="p"><Data ss:Type="Number">0.07</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>"
    )

    def read(label: str) -> Series:
        return read_one(str(tmp_path / "rates.xls"), ReadOptions(series_id=label))

    assert points(read("DE")) == GERMANY
    assert str(read("DE").observations[0].place).endswith("rates.xls!Data!C5")
    assert points(read("FR")) == {"2018": 5, "2019": 6}
    with pytest.raises(InputError, match=r"D7: .*formula whose value was never saved"):
        read("IT")


# Hostile files


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><rows><row><year>2018</year><v>&b;</v></row></rows>', "document type"),
        ("<rows><row><year>2018</year><v>&b;</v></row></rows>", "not valid XML, undefined entity"),
        ("<a>" * 100_000, "nested too deeply"),
        ("<rows><row><year>2018</year>", "not valid XML"),
        ("<table>" + ("<tr>" + "<td colspan=500 rowspan=500>1" * 50) * 50 + "</table>", "too many"),
    ],
)
def test_hostile_markup_is_refused(text: str, says: str) -> None:
    assert says in refused(text).message


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '[{"year":' + "[" * 100_000])
def test_deep_json_is_refused(text: str) -> None:
    refused(text, "json")


def archive(**files: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(f"{name}.csv", data)
    return made.getvalue()


def test_bombs_are_refused() -> None:
    for data in (
        archive(a=bytes(70_000_000)),
        gzip.compress(bytes(70_000_000)),
        archive(**{f"f{n}": b"" for n in range(1001)}),
    ):
        assert "unpacks to more than" in refused(data).message


# Packed files and encodings


def test_the_file_of_figures_in_an_archive_is_read() -> None:
    figures = b"name,code,2018,2019,2020\nDEland,DE,1.5,2,3.5\nFRland,FR,5,6,7\n"
    notes = b"code,region,note\nDE,Europe,fiscal year 2018\nFR,Europe,\n"
    series = one(archive(meta=notes, figures=figures, more=b"code,name\nDE,Rate\n"), series_id="DE")
    assert points(series) == GERMANY
    assert any(note.code == "unpacked" and note.warning and "figures.csv" in str(note) for note in series.reading_notes)
    assert "several files with a table of years: 'a.csv', 'b.csv'" in refused(archive(a=figures, b=figures)).message
    assert "without a table of years" in refused(archive(a=notes, b=notes)).message


TEXTS = {
    "gb18030": "指标,2018年,2019年,2020年\n零售总额(亿元),1,2,3\n旅游人数,1.5,2,3.5\n数据来源：国家统计局,,,\n",
    "cp932": "項目,2018年,2019年,2020年\n小売業の売上高（億円）,1,2,3\n観光客数,1.5,2,3.5\n出典：総務省統計局,,,\n",
    "cp949": "항목,2018년,2019년,2020년\n소매 판매액,1,2,3\n관광객 수,1.5,2,3.5\n출처: 통계청 국가통계포털,,,\n",
    "cp1251": "Показатель,2018,2019,2020\nОборот розничной торговли,1,2,3\nЧисленность туристов,1.5,2,3.5\n",
    "cp1252": "Libellé,2018,2019,2020\nRevenus des ménages à l’étranger (€),1,2,3\nDépenses,1.5,2,3.5\n",
    "cp1250": "Wskaźnik,2018,2019,2020\nSprzedaż detaliczna żywności,1,2,3\nŁącznie,1.5,2,3.5\n",
    "utf-16-le": "指标,2018年,2019年,2020年\n零售总额(亿元),1,2,3\n旅游人数,1.5,2,3.5\n",
    "utf-16-be": "Name,2018,2019,2020\nSales,1,2,3\nVisits,1.5,2,3.5\n",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_encodings_are_found_and_named(encoding: str) -> None:
    text = TEXTS[encoding]
    label = text.split("\n")[2].partition(",")[0]
    series = one(text.encode(encoding), series_id=label)
    assert points(series) == GERMANY
    (note,) = (note for note in series.reading_notes if note.code == "encoding")
    assert (note.fields["encoding"], note.warning) == (encoding, True)


def test_an_encoding_that_the_file_states_is_used() -> None:
    head = "<html><head><meta charset=gb2312></head>"
    page = f"{head}<table><tr><td>指标<td>2018<td>2019<tr><td>人数<td>1<td>2</table></html>"
    assert points(one(page.encode("gb18030"), series_id="人数")) == {"2018": 1, "2019": 2}
    text = (
        f'<?xml version="1.0" encoding="iso-8859-1"?><r>{"".join(record("Köln", *cells[1:]) for cells in ROWS[:3])}</r>'
    )
    series = one(text.encode("latin-1"), where=("Country=Köln",))
    assert points(series) == GERMANY
    assert not any(note.warning for note in series.reading_notes)


def test_labels_of_cells_that_reach_down_hold_for_each_row() -> None:
    page = (
        "<table><tr><th rowspan=2>Area<th rowspan=2>Year<th colspan=2>Sales<tr><th>Tea<th>Milk"
        "<tr><td rowspan=2>DE<td>2018<td>1.5<td>1<tr><td>2019<td>2<td>1<tr><td rowspan=2>FR<td>2018<td>5<td>1"
        "<tr><td>2019<td>6<td>1</table>"
    )
    assert points(one(page, where=("Area=FR",), value_column="Sales Tea")) == {"2018": 5, "2019": 6}


def test_a_table_in_a_cell_of_another_is_a_table_of_its_own() -> None:
    page = "<table><tr><td>Menu<td><table><tr><th>Year<th>A<tr><td>2018<td>1<tr><td>2019<td>2</table></table>"
    assert points(one(page)) == {"2018": 1, "2019": 2}


def test_a_workbook_on_standard_input() -> None:
    assert len(read("-", ReadOptions(), BytesIO((Path(__file__).parent / "market.xls").read_bytes()))) == 1


@pytest.mark.parametrize("kind", [None, "csv", "tsv"])
def test_cells_copied_from_a_spreadsheet(kind: str | None) -> None:
    text = 'Region\t2018\t2019\t2020\n"North\nEast"\t1,234.5\t2,000\t3,100\nSouth\t1\t2\t3\n'
    assert points(one(text, kind, series_id="North East")) == {"2018": 1234.5, "2019": 2000, "2020": 3100}
