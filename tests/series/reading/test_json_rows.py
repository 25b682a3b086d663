from pathlib import Path

import pytest

from rural_forecast.errors import InputError
from rural_forecast.series.reading import read, read_in_part
from tests.series.reading.reading import from_text, points


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[{"year": 2014, "value": 180}, {"year": 2015, "value": 353}]', "standard input row 1"),
        ('[{"year": 2014, "value": 180, "note": "x"}, {"value": "353", "year": "2015"}]', "standard input row 1"),
        ('{"2014": 180, "2015": 353}', "standard input row 1"),
        ('{"rural": {"2014": 180, "2015": 353}}', "standard input row 1"),
        ('{"rows": [{"year": 2014, "value": 180}, {"year": 2015, "value": 353}]}', "standard input row 1"),
        ('[{"name": "rural", "2014": 180, "2015": 353}]', "standard input row 1"),
    ],
)
def test_shapes(text: str, place: str) -> None:
    (series,) = from_text(text)
    assert points(series) == {"2014": 180, "2015": 353}
    assert series.observations[0].place == place


def test_lines_of_ndjson_are_places() -> None:
    (series,) = from_text('{"year": 2014, "value": 180}\r\n\r\n{"year": 2015, "value": 353}')
    assert [one.place for one in series.observations] == ["standard input:1", "standard input:3"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("[]", "has no rows"),
        ("{}", "has no rows"),
        ("5", "has a header and no rows"),
        ('"text"', "has a header and no rows"),
        ("[1, 2]", "has no rows"),
        ("[[2014, 180]]", "has no rows"),
        ('{"year": [2014]}', "has no rows"),
        ('{"rural": {}}', "has no rows"),
        (
            '[{"note": "NaN",\n "year": 2014, "value": -Infinity}]',
            "row 1: column 'value': '-Infinity' is not a finite number",
        ),
        ('[{"year": 2014, "value": null}]', "has no values"),
        ('[{"year": 2014, "value": true}]', "true or false"),
        ('[{"year": 2014, "value": [1]}]', "is a list where one value must be"),
        ('[{"year": {}, "value": 1}]', "holds no table of years"),
        ('[{"year": 2014, "value": 1, "source": []}]', "is a list where one value must be"),
        ('{"2014": 1, "2014": 2}', "the key '2014' stands twice"),
        ('[{"year": 2014, "value": 1, "source": "\\ud800"}]', "half of a character"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_refusals(text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        from_text(text)
    assert says in caught.value.message
    assert caught.value.hint


def test_refusals_of_ndjson_name_the_line() -> None:
    good = '{"year": 2014, "value": 1}\n'
    for line, says in {
        "x": "not valid JSON",
        '{"year": 2015, "value": NaN}': "column 'value': 'NaN' is not",
        "7": "a number where",
    }.items():
        with pytest.raises(InputError, match=f"standard input:2: {says}"):
            from_text(good + line)


def test_every_broken_line_is_a_fault_and_any_refuses_a_reading(tmp_path: Path) -> None:
    path = tmp_path / "data.ndjson"
    good = [f'{{"id": "a", "year": {year}, "value": 1.5}}' for year in (2019, 2020, 2021)]
    path.write_text("\n".join([good[0], '{"id": "a"', good[1], "[1]", good[2]]), encoding="utf-8")
    series, faults = read_in_part(str(path), refused=True)
    assert [seen.value for seen in series[0].observations] == [1.5] * 3
    assert [(fault.series_id, fault.error.place.line) for fault in faults] == [("data.ndjson", 2), ("data.ndjson", 4)]
    for refuse in (read, read_in_part):
        with pytest.raises(InputError) as refused:
            refuse(str(path))
        assert refused.value.place.line == 2
