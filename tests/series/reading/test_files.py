"""Files by name and content; tests/bad_input has those that are refused, and odd ones that are read."""

from pathlib import Path

import pytest

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.reading import read
from rural_forecast.series.reading.source import decode
from tests.series.reading.reading import from_text, points

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
        path.write_text(text, encoding="utf-8")
        (series,) = read(str(path))
        assert (series.id, series.file, len(series.observations)) == ("a", str(path), 2)


def test_a_missing_file_brings_a_suggestion(tmp_path: Path) -> None:
    (tmp_path / "market.csv").write_text(TEXT, encoding="utf-8")
    with pytest.raises(InputError, match="no file") as caught:
        read(str(tmp_path / "markt.csv"))
    assert "market.csv" in caught.value.hint
    for path in (str(tmp_path / "market.csv" / "inner.csv"), "x" * 5000 + ".csv"):
        with pytest.raises(InputError):
            read(path)


def test_bytes_that_are_no_text_are_named_with_their_line_and_encoding() -> None:
    for data, place, encoding in (
        ("年份,数值\n2015,1\n".encode("gb18030"), r"a\.csv:1: byte 1 of the file \(0xc4\)", "gb18030"),
        (b"year,value\n\nab\xff", r"a\.csv:3: byte 15", "cp1252"),
    ):
        with pytest.raises(InputError, match=place) as caught:
            decode(data, "a.csv")
        assert f"encoding='{encoding}'" in caught.value.hint
        assert decode(data, "a.csv", encoding)
    with pytest.raises(InputError, match="a PDF file"):
        decode(b"%PDF-1.7", "a.csv")


def test_unknown_encodings_are_usage_errors() -> None:
    with pytest.raises(UsageError) as caught:
        decode(b"x", "a", "gb18003")
    assert "gb18030" in caught.value.hint
    for odd in ("hex", "rot13", "\0", "idna\0", "no such"):
        with pytest.raises(UsageError):
            decode(b"x", "a", odd)


def test_lines_are_counted_through_quoted_line_breaks_and_blank_lines() -> None:
    (series,) = from_text('year,value,note\n2014,180,"two\nlines, ""quoted"""\n\n2015,353,\n')
    assert [one.place for one in series.observations] == ["standard input:2", "standard input:5"]


@pytest.mark.parametrize(
    "text",
    [
        "year,value\n2019,1,234\n2020,1,400\n",
        "FY,Revenue\nFY2019/20,€ 1.234,5\nFY2020/21,€ 1.334,5\n",
        "Region,2019,2020\nEurope,1,234,1,300\n",
        "Market size\nyear,value\n2019,1,234\n2020,1,400\n",
        "year,value,\n2019,1,234.5,\n2020,1,400.5,\n",
    ],
    ids=["long", "decimals", "wide", "titled", "with a comma at each end"],
)
def test_a_comma_within_a_number_never_splits_it(text: str) -> None:
    with pytest.raises(InputError, match="cells, and the header has"):
        from_text(text)


def test_a_note_next_to_a_number_may_have_no_head() -> None:
    (series,) = from_text("Source, ACME\nyear,value\n2019,120,e\n2020,140,\n")
    assert points(series) == {"2019": 120, "2020": 140}
