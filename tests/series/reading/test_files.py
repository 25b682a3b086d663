from __future__ import annotations

import io
import os
import stat
from pathlib import Path
from threading import Thread

import pytest

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.reading import ReadOptions, read, source
from rural_forecast.series.reading.decode import decode

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
    assert str(tmp_path / "market.csv") in caught.value.hint
    with pytest.raises(InputError) as caught:
        read(str(tmp_path / "zzz.csv"))
    assert "market.csv" in caught.value.hint
    with pytest.raises(InputError):
        read(str(tmp_path / "market.csv" / "inner.csv"))
    with pytest.raises(InputError):
        read("nul\0.csv")
    with pytest.raises(InputError):
        read("x" * 5000 + ".csv")


def test_folders_and_devices_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data.csv"
    folder.mkdir()
    (folder / "inner.csv").write_text(TEXT, encoding="utf-8")
    with pytest.raises(InputError, match="is a folder") as caught:
        read(str(folder))
    assert "inner.csv" in caught.value.hint
    with pytest.raises(InputError, match="is a folder"):
        read(str(tmp_path))
    with pytest.raises(InputError, match="is a device"):
        read(os.devnull, ReadOptions())


def test_a_named_pipe_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    writer = Thread(target=pipe.write_text, args=(TEXT,))
    writer.start()
    assert len(read(str(pipe))[0].observations) == 2
    writer.join()


def test_an_oversized_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MOST_BYTES", 10)
    with pytest.raises(InputError, match="more than 64 MB"):
        read("-", ReadOptions(), io.BytesIO(TEXT.encode()))


def test_utf8_with_and_without_byte_order_mark() -> None:
    assert decode(b"\xef\xbb\xbf\xe5\xb9\xb4", "a") == decode(b"\xe5\xb9\xb4", "a") == "年"


def test_another_encoding_only_when_asked() -> None:
    data = "年份,数值\n2015,1\n".encode("gb18030")
    with pytest.raises(InputError, match=r"a\.csv:1: byte 1 of the file \(0xc4\) is not UTF-8") as caught:
        decode(data, "a.csv")
    assert "encoding='gb18030'" in caught.value.hint
    assert decode(data, "a.csv", "gb18030").startswith("年份")
    with pytest.raises(InputError, match=r"a\.csv:3: byte 15"):
        decode(b"year,value\n\nab\xff", "a.csv")


def test_utf16_is_told_by_its_mark_and_read_when_asked() -> None:
    data = TEXT.encode("utf-16")
    with pytest.raises(InputError) as caught:
        decode(data, "a.csv")
    assert "encoding='utf-16'" in caught.value.hint
    assert decode(data, "a.csv", "utf-16") == TEXT


def test_unknown_encodings_are_usage_errors() -> None:
    with pytest.raises(UsageError) as caught:
        decode(b"x", "a", "gb18003")
    assert "gb18030" in caught.value.hint
    for odd in ("hex", "rot13", "\0", "idna\0", "no such"):
        with pytest.raises(UsageError):
            decode(b"x", "a", odd)


def test_nul_and_other_kinds_of_file_are_refused() -> None:
    with pytest.raises(InputError, match="a:2: holds a NUL"):
        decode(b"year,value\n20\x0015,1\n", "a")
    with pytest.raises(InputError, match="a PDF file"):
        decode(b"%PDF-1.7", "a.csv")
