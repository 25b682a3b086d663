"""What holds for all files: the numbers come back. That any bytes are read or refused is for `tests/fuzz`."""

import csv
import json
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.programs import python
from tests.series.reading.reading import from_text, points

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


@given(HISTORIES)
def test_every_form_gives_the_numbers_back(history: dict[int, float]) -> None:
    long: list[list[object]] = [["year", "value"], *([year, value] for year, value in history.items())]
    wide: list[list[object]] = [["name", *history], ["market", *history.values()]]
    objects = [{"year": year, "value": value} for year, value in history.items()]
    texts = [separated(long), separated(long, ";"), separated(long, "\t"), separated(wide)]
    texts += [json.dumps(objects, indent=1), json.dumps(history), json.dumps({"market": history})]
    for text in (*texts, "\n".join(map(json.dumps, objects))):
        (series,) = from_text(text)
        assert points(series) == {str(year): value for year, value in history.items()}, text


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
