"""XML that is too much, and XML that nobody gave. `tables.toml` has its forms."""

import subprocess
import sys
from pathlib import Path

import pytest

from rural_forecast.observed.reading.formats import grids, xml_text
from tests.observed.reading.reading import from_text, refused


def test_a_field_that_comes_again_keeps_both_texts() -> None:
    text = "<rows><row><year>2019</year><note>a</note><note>b</note></row></rows>"
    grid = grids(text.encode(), "a.xml")[0]
    assert grid.texts(1) == ["2019", "a; b"]


def test_a_row_with_elements_within_is_still_a_row() -> None:
    row = "<row><year>{}</year><value>{}</value>{}</row>"
    rows = [row.format(2019, 1, "<x><a>1</a><b>2</b></x>"), row.format(2020, 2, "")]
    (series,) = from_text(f"<rows>{''.join(rows)}</rows>")
    assert [one.value for one in series.observations] == [1, 2]


def test_observations_that_a_data_set_deletes_are_left_out_with_the_reason() -> None:
    kept = '<DataSet><Obs TIME_PERIOD="2019" OBS_VALUE="1"/></DataSet>'
    deleted = '<DataSet action="Delete"><Obs TIME_PERIOD="2018"/></DataSet>'
    text = f"<StructureSpecificData>{kept}{deleted}</StructureSpecificData>"
    (grid,) = grids(text.encode(), "a.xml")
    assert grid.left_out == [("1 observation", "a data set that deletes has them")]


def test_elements_that_are_nested_too_deeply_are_refused() -> None:
    opened = "".join("<a>" for _ in range(100_000))
    error = refused(opened + opened.replace("<", "</"))
    assert "nested too deeply" in error.message


def test_more_rows_than_are_read_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rural_forecast.observed.reading.options.MOST_ROWS", 10)
    row = "<row><year>2019</year><value>1</value></row>"
    error = refused(f"<rows>{row * 11}</rows>")
    assert error.code == "too_large"


def test_the_encoding_that_is_declared_does_not_decide() -> None:
    text = (
        "<?xml version='1.0' encoding='iso-8859-1'?><r><x y='2019' é='1'/><x y='2020' é='2'/></r>"
    )
    grid = xml_text.xml_grids(text, "a.xml")[0]
    assert grid.texts(0) == ["y", "é"]


@pytest.mark.slow
def test_a_text_of_columns_loads_no_reader_of_xml(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("year,sales\n2019,1\n2020,2\n2021,3\n")
    code = (
        "import sys; from rural_forecast.cli.app import run; run(['project', 'sales.csv']); "
        "print('loaded', *({'defusedxml', 'xml.sax'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.splitlines()[-1] == "loaded"
