"""The sign between the cells of a text: a header of names of roles says which it is."""

import csv
from io import StringIO

import pytest

from tests.observed.reading.reading import from_text, points

SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
WITHIN_IDS = {
    **SIGNS,
    "colon": ":",
    "slash": "/",
    "quote": '"',
    "apostrophe": "'",
    "all": "a,b;c|d",
}


def written(header: list[str], rows: list[list[object]], sign: str) -> str:
    text = StringIO(newline="")
    csv.writer(text, delimiter=sign).writerows([header, *rows])
    return text.getvalue()


@pytest.mark.parametrize("within", WITHIN_IDS.values(), ids=[*WITHIN_IDS])
@pytest.mark.parametrize("sign", SIGNS.values(), ids=[*SIGNS])
def test_ids_may_hold_any_sign(sign: str, within: str) -> None:
    ids = [within.join(["Cost", "Concessional", "Co", "payments", f"A{n:02}"]) for n in range(20)]
    rows: list[list[object]] = []
    for series_id in ids:
        rows += [[series_id, 2019, 5], [series_id, 2020, 6]]

    read = from_text(written(["series_id", "period", "value"], rows, sign))

    assert [series.id for series in read] == [" ".join(series_id.split()) for series_id in ids]
    assert all(points(series) == {"2019": 5, "2020": 6} for series in read)


@pytest.mark.parametrize("sign", SIGNS.values(), ids=[*SIGNS])
def test_labels_beside_years_across_may_hold_any_sign(sign: str) -> None:
    labels = [f"Cost|Concessional|Co|payments|A{number:02}" for number in range(20)]
    rows: list[list[object]] = [[label, 5, 6] for label in labels]

    read = from_text(written(["Item", "2019", "2020"], rows, sign))

    assert [series.id for series in read] == labels


def test_a_title_that_lists_years_is_no_header() -> None:
    read = from_text("Figures of 2018, 2019, 2020\nLand;2019;2020\nA;1,5;2,5\nB;3,5;4,5\n")

    assert {series.id: points(series) for series in read} == {
        "A": {"2019": 1.5, "2020": 2.5},
        "B": {"2019": 3.5, "2020": 4.5},
    }
