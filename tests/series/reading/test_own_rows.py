"""The rows this program writes can be read back: the history is data, the forecasts are not."""

import json
from pathlib import Path

import pytest

from rural_forecast.errors import InputError
from rural_forecast.series.reading import read_in_part
from tests.series.reading.reading import from_text, points

HEADER = "series_id,period,kind,model,value,lower_80,upper_80,lower_95,upper_95,growth_pct,unit"
ROWS = (
    "market,2015,actual,,353,,,,,,bn CNY",
    "market,2016,actual,,482,,,,,36.5,bn CNY",
    "market,2017,published,author not named,600,,,,,,bn CNY",
    "market,2017,published,author not named,580,,,,,,bn CNY",
    "market,2017,forecast,consensus,610,550,690,500,800,26.6,bn CNY",
    "market,2018,forecast,consensus,720,600,900,500,990,18,bn CNY",
)


def test_history_is_read_back_and_forecasts_are_left_out_and_said() -> None:
    (series,) = from_text("\n".join((HEADER, *ROWS)))
    assert (series.id, series.unit) == ("market", "bn CNY")
    assert [(str(one.period), one.value, one.status, one.author) for one in series.observations] == [
        ("2015", 353, "actual", ""),
        ("2016", 482, "actual", ""),
        ("2017", 580, "forecast", "author not named"),
        ("2017", 600, "forecast", "author not named"),
    ]
    (note,) = series.reading_notes
    assert "2 rows of kind 'forecast'" in str(note)
    assert (note.code, note.warning) == ("left_out", True)
    assert series.growth == ()


def test_the_json_document_brings_title_and_definition() -> None:
    keys = HEADER.split(",")
    rows = [dict(zip(keys, (cell or None for cell in row.split(",")), strict=True)) for row in ROWS]
    for row in rows:
        row |= {"period": int(str(row["period"])), "value": float(str(row["value"]))}
    document = {
        "schema_version": 1,
        "command": "project",
        "series": [{"id": "market", "title": "A market", "definition": "goods", "unit": "bn CNY"}],
        "rows": rows,
        "notes": [],
        "provenance": {},
    }
    (series,) = from_text(json.dumps(document))
    assert (series.title, series.definition) == ("A market", "goods")
    assert points(series) == {"2015": 353, "2016": 482, "2017": 600}
    (again,) = from_text("\n".join(json.dumps(row) for row in rows))
    assert points(again) == points(series)


def test_forecasts_alone_are_refused() -> None:
    with pytest.raises(InputError, match="forecasts only") as caught:
        from_text("\n".join((HEADER, *ROWS[4:])))
    assert "history=True" in caught.value.hint


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InputError, match="column 'kind': 'guess' is not a kind"):
        from_text("\n".join((HEADER, "market,2015,guess,,1,,,,,,")))


@pytest.mark.parametrize("line", ["x,2016,many", "x,20-16,1"])
def test_of_however_many_faults_none_is_read_as_a_value(line: str, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    rows = (f"{at},2015,1\n{line.replace('x', str(at))}\n{at},2017,3\n" for at in range(1100))
    path.write_text(f"series_id,year,value\n{''.join(rows)}0a,2017,1\n", encoding="utf-8")
    series, faults = read_in_part(str(path))
    assert ([one.id for one in series], len(faults)) == (["0a"], 1100)
