"""Files as bytes: hostile ones, packed ones, their encodings, and what is not text."""

import gzip
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from rural_forecast.series.reading import ReadOptions, read
from tests.series.reading.reading import GERMANY, one, points, refused

# Hostile files


def archive(**files: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(f"{name}.csv", data)
    return made.getvalue()


@pytest.mark.slow
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
    assert (f"was read as {encoding}." in note.text, note.warning) == (True, True)


def test_an_encoding_that_the_file_states_is_used() -> None:
    head = "<html><head><meta charset=gb2312></head>"
    page = f"{head}<table><tr><td>指标<td>2018<td>2019<tr><td>人数<td>1<td>2</table></html>"
    assert points(one(page.encode("gb18030"), series_id="人数")) == {"2018": 1, "2019": 2}
    assert not any(note.warning for note in one(page.encode("gb18030"), series_id="人数").reading_notes)


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


def test_cells_copied_from_a_spreadsheet() -> None:
    text = 'Region\t2018\t2019\t2020\n"North\nEast"\t1,234.5\t2,000\t3,100\nSouth\t1\t2\t3\n'
    assert points(one(text, series_id="North East")) == {"2018": 1234.5, "2019": 2000, "2020": 3100}
