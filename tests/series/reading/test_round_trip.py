"""What holds for all files: the numbers come back, the order of rows does not matter, and nothing else escapes."""

import csv
import json
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import RuralForecastError
from rural_forecast.series.observation import Series
from tests.programs import python
from tests.series.reading.reading import check_refusal, from_text, points

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
HISTORIES = st.builds(
    lambda first, values: {first + step: value for step, value in enumerate(values)},
    st.integers(1600, 2160),
    st.lists(NUMBERS, min_size=1, max_size=30),
)


def separated(rows: list[list[object]], delimiter: str = ",") -> str:
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def written(history: dict[int, float]) -> list[tuple[str, str]]:
    """The history in every text form."""
    long: list[list[object]] = [["year", "value"], *([year, value] for year, value in history.items())]
    wide: list[list[object]] = [["name", *history], ["market", *history.values()]]
    objects = [{"year": year, "value": value} for year, value in history.items()]
    return [
        (separated(long), "csv"),
        (separated(long, ";"), "csv"),
        (separated(long, "\t"), "tsv"),
        (separated(wide), "csv"),
        (json.dumps(objects, indent=1), "json"),
        (json.dumps(history), "json"),
        (json.dumps({"market": history}), "json"),
        ("\n".join(map(json.dumps, objects)), "ndjson"),
    ]


@given(HISTORIES)
def test_every_form_gives_the_numbers_back(history: dict[int, float]) -> None:
    expected = {str(year): value for year, value in history.items()}
    for text, kind in written(history):
        (series,) = from_text(text, kind)
        assert points(series) == expected, text


@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(history: dict[int, float], random: object) -> None:
    rows = [[source, year, value] for year, value in history.items() for source in ("a", "b")]
    header: list[object] = ["source", "year", "value"]

    def content(series: Series) -> list[object]:
        return [(one.period, one.value, one.source) for one in series.observations]

    (straight,) = from_text(separated([header, *rows]))
    random.shuffle(rows)  # type: ignore[attr-defined]
    (shuffled,) = from_text(separated([header, *rows]))
    assert content(straight) == content(shuffled)


_PIECES = """year value id 2014 2015 1,5 " , ; [ ] { } : NaN 1e999 - #N/A 年 2017H1 2014-02-30 null true source kind"""
PIECES = st.lists(st.sampled_from([*_PIECES.split(), *"\t\n\r\x00\ufeff "]) | st.text(max_size=3), max_size=30).map(
    "".join
)


@given(PIECES | st.text())
def test_any_text_is_read_or_refused_with_advice(text: str) -> None:
    try:
        found = from_text(text.encode("utf-8", "surrogatepass"))
    except RuralForecastError as error:
        check_refusal(error)
    else:
        assert all(series.observations for series in found)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        from_text(data)
    except RuralForecastError as error:
        check_refusal(error)


@pytest.mark.slow
def test_a_small_csv_file_needs_nothing_heavy() -> None:
    code = (
        "import io, sys\n"
        "from rural_forecast.series.reading import ReadOptions, read\n"
        "read('-', ReadOptions(), io.BytesIO(b'year,value\\n2014,1\\n'))\n"
        "heavy = {'pandas', 'pyarrow', 'python_calamine', }\n"
        "print(*sorted(heavy & set(sys.modules)))\n"
    )
    assert python(code).strip() == ""
