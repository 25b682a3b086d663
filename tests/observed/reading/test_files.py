"""Files by name and content, packed or not, and JSON-stat; tests/bad_input has those that are
refused, and odd ones.
"""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from rural_forecast.errors import InputError, UsageError
from rural_forecast.observed.reading import ReadOptions, read, read_in_part, read_one
from rural_forecast.observed.reading.source import decode
from tests.observed.reading.reading import FRANCE, GERMANY, ROWS, one, points, refused

TEXT = "year,value\n2015,1\n2016,2\n"


def test_the_content_gives_the_format(tmp_path: Path) -> None:
    for name, text in {
        "a.csv": TEXT,
        "a.TSV": TEXT.replace(",", "\t"),
        "a.dat": TEXT.replace(",", ";"),
        "a.json": '{"2015": 1, "2016": 2}',
        "a.jsonl": '{"year": 2015, "value": 1}\n{"year": 2016, "value": 2}\n',
    }.items():
        path = tmp_path / name
        path.write_text(text)
        (series,) = read(str(path))
        assert (series.id, series.file, len(series.observations)) == ("a", str(path), 2)


def test_a_missing_file_brings_a_suggestion(tmp_path: Path) -> None:
    (tmp_path / "market.csv").write_text(TEXT)
    with pytest.raises(InputError, match="no file") as caught:
        read(str(tmp_path / "markt.csv"))
    assert "market.csv" in caught.value.hint
    for path in (str(tmp_path / "market.csv" / "inner.csv"), "x" * 5000 + ".csv"):
        with pytest.raises(InputError):
            read(path)


def test_bytes_that_are_no_text_are_named_with_their_line_and_encoding() -> None:
    for data, position, encoding in (
        (
            "年份,数值\n2015,1\n".encode("gb18030"),
            r"a\.csv:1: byte 1 of the file \(0xc4\)",
            "gb18030",
        ),
        (b"year,value\n\nab\xff", r"a\.csv:3: byte 15", "cp1252"),
    ):
        with pytest.raises(InputError, match=position) as caught:
            decode(data, "a.csv")
        assert f"encoding='{encoding}'" in caught.value.hint
        assert decode(data, "a.csv", encoding)
    with pytest.raises(InputError, match="a PDF file"):
        decode(b"%PDF-1.7", "a.csv")
    with pytest.raises(UsageError) as unknown:
        decode(b"x", "a", "gb18003")
    assert "gb18030" in unknown.value.hint
    for odd in ("hex", "rot13", "\0", "idna\0", "no such"):
        with pytest.raises(UsageError):
            decode(b"x", "a", odd)


TEXTS = {
    "gb18030": (
        "指标,2018年,2019年,2020年\n"
        "零售总额(亿元),1,2,3\n"
        "旅游人数,1.5,2,3.5\n"
        "数据来源：国家统计局,,,\n"
    ),
    "cp932": (
        "項目,2018年,2019年,2020年\n"
        "小売業の売上高（億円）,1,2,3\n"
        "観光客数,1.5,2,3.5\n"
        "出典：総務省統計局,,,\n"
    ),
    "cp949": (
        "항목,2018년,2019년,2020년\n"
        "소매 판매액,1,2,3\n"
        "관광객 수,1.5,2,3.5\n"
        "출처: 통계청 국가통계포털,,,\n"
    ),
    "cp1251": (
        "Показатель,2018,2019,2020\n"
        "Оборот розничной торговли,1,2,3\n"
        "Численность туристов,1.5,2,3.5\n"
    ),
    "cp1252": (
        "Libellé,2018,2019,2020\nRevenus des ménages à l’étranger (€),1,2,3\nDépenses,1.5,2,3.5\n"
    ),
    "cp1250": "Wskaźnik,2018,2019,2020\nSprzedaż detaliczna żywności,1,2,3\nŁącznie,1.5,2,3.5\n",
    "utf-16-le": "指标,2018年,2019年,2020年\n零售总额(亿元),1,2,3\n旅游人数,1.5,2,3.5\n",
    "utf-16-be": "Name,2018,2019,2020\nSales,1,2,3\nVisits,1.5,2,3.5\n",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_encodings_are_found_and_named(encoding: str) -> None:
    text = TEXTS[encoding]
    series = one(text.encode(encoding), series_id=text.split("\n")[2].partition(",")[0])
    assert points(series) == GERMANY
    (note,) = (note for note in series.reading_notes if note.code == "encoding")
    assert (f"was read as {encoding}." in note.text, note.warning) == (True, True)


def test_an_encoding_shows_in_letters_far_down_a_file() -> None:
    rows = [f"Land {number},{year},{number}" for number in range(8000) for year in (2020, 2021)]
    last = [f"Côte d'Ivoire,{year},{year - 2010}" for year in range(2012, 2022)]
    text = "\n".join(["country,year,value", *rows, *last])
    series = one(text.encode("cp1252"), series_id="Côte d'Ivoire")
    assert len(points(series)) == len(last)
    (note,) = (note for note in series.reading_notes if note.code == "encoding")
    assert ("was read as cp1252." in note.text, note.warning) == (True, True)


def test_an_encoding_that_the_file_states_is_used() -> None:
    head = "<html><head><meta charset=gb2312></head>"
    page = f"{head}<table><tr><td>指标<td>2018<td>2019<tr><td>人数<td>1<td>2</table></html>"
    series = one(page.encode("gb18030"), series_id="人数")
    assert (points(series), [note for note in series.reading_notes if note.warning]) == (
        {"2018": 1, "2019": 2},
        [],
    )


def archive(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(f"{name}.csv", data)
    return buffer.getvalue()


@pytest.mark.slow
def test_bombs_are_refused() -> None:
    empty = archive(**{f"f{n}": b"" for n in range(1001)})
    for data in (archive(a=bytes(70_000_000)), gzip.compress(bytes(70_000_000), 1), empty):
        assert "unpacks to more than" in refused(data).message


def test_the_file_of_figures_in_an_archive_is_read() -> None:
    figures = b"name,code,2018,2019,2020\nDEland,DE,1.5,2,3.5\nFRland,FR,5,6,7\n"
    notes = b"code,region,note\nDE,Europe,fiscal year 2018\nFR,Europe,\n"
    series = one(archive(meta=notes, figures=figures, more=b"code,name\nDE,Rate\n"), series_id="DE")
    assert points(series) == GERMANY
    assert any(
        note.code == "unpacked" and note.warning and "figures.csv" in str(note)
        for note in series.reading_notes
    )
    assert (
        "several files with a table of years: 'a.csv', 'b.csv'"
        in refused(archive(a=figures, b=figures)).message
    )
    assert "without a table of years" in refused(archive(a=notes, b=notes)).message


def test_the_content_of_a_file_decides_and_not_its_suffix(tmp_path: Path) -> None:
    text = (
        "地区,说明,2019,2020,2021\n"
        "北京,农村网络零售额和电子商务交易额,1,2,3\n"
        "上海,全国居民人均可支配收入,4,5,6\n"
    )
    packed = {"a.zip": archive(data=text.encode()), "a.csv.gz": gzip.compress(text.encode())}
    for name, data in (packed | {"a.xls": text.replace(",", "\t").encode("utf-16")}).items():
        (tmp_path / name).write_bytes(data)
        series = read_one(str(tmp_path / name), ReadOptions(series_id="北京"))
        assert points(series) == {"2019": 1, "2020": 2, "2021": 3}, name
    assert (
        len(read("-", ReadOptions(), BytesIO((Path(__file__).parent / "market.xls").read_bytes())))
        == 1
    )


def test_a_packed_file_gives_its_series_the_name_of_the_file_within(tmp_path: Path) -> None:
    data = b"year,value\n2019,1\n2020,2\n"
    for name, held in (("sales.2021.csv", data), ("sales.2021.csv.GZ", gzip.compress(data))):
        (tmp_path / name).write_bytes(held)
        assert read_one(str(tmp_path / name), ReadOptions()).id == "sales.2021"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "data.ndjson"
    good = [f'{{"id": "a", "year": {year}, "value": 1.5}}' for year in (2019, 2020, 2021)]
    path.write_text("\n".join([good[0], '{"id": "a"', good[1], "[1]", good[2]]))
    return path


def test_every_broken_line_is_a_fault(broken: Path) -> None:
    series, faults = read_in_part(str(broken), refused=True)
    assert [observation.value for observation in series[0].observations] == [1.5] * 3
    assert [(fault.series_id, fault.error.place.line) for fault in faults] == [
        ("data.ndjson", 2),
        ("data.ndjson", 4),
    ]


@pytest.mark.parametrize("refuse", [read, read_in_part])
def test_a_broken_line_refuses_a_reading(broken: Path, refuse: Callable[[str], object]) -> None:
    with pytest.raises(InputError) as refused:
        refuse(str(broken))
    assert refused.value.place.line == 2


def cube(**changes: Any) -> str:
    area = {
        "label": "Area",
        "category": {"index": {"FR": 1, "DE": 0}, "label": {"DE": "Germany", "FR": "France"}},
    }
    time = {"category": {"index": ["2018", "2019", "2020"]}}
    about = {
        "version": "2.0",
        "label": "Rate",
        "id": ["geo", "time"],
        "size": [2, 3],
        "role": {"time": ["time"]},
    }
    data = {"value": [value for *_, value in ROWS], "status": {"2": "p"}}
    return json.dumps(about | {"dimension": {"geo": area, "time": time}} | data | changes)


def test_json_stat_in_its_order_of_categories_dense_and_sparse() -> None:
    sparse = {str(index): value for index, (*_, value) in enumerate(ROWS) if index != 5}
    for text in (cube(), cube(value=sparse)):
        series = one(text, series_id="Germany")
        assert points(series) == GERMANY
        assert [observation.status for observation in series.observations] == [
            "actual",
            "actual",
            "preliminary",
        ]
    assert points(one(cube(value=sparse), series_id="FR")) == {"2018": 5, "2019": 6}
    old = json.loads(cube())
    old["dimension"] |= {"id": old.pop("id"), "size": old.pop("size"), "role": old.pop("role")}
    assert points(one(json.dumps({"rates": old}), series_id="FR")) == FRANCE


def test_json_stat_that_contradicts_itself_is_refused() -> None:
    twice = {"geo": {"category": {"index": {"DE": 1, "FR": 1}}}}
    changes: list[dict[str, Any]] = [
        {"size": [2, 2]},
        {"size": ["2", "3"]},
        {"id": [["geo"], "time"]},
        {"value": "1"},
    ]
    changes += [{"value": [1] * 7}, {"role": {"time": 3}}, {"dimension": {"time": {}}}]
    for change in (*changes, {"dimension": json.loads(cube())["dimension"] | twice}):
        assert "do not fit each other" in refused(cube(**change)).message
