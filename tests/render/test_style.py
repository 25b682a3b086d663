"""The house style, line by line: ink, uncertainty, type, numbers."""

from itertools import pairwise

import pytest

from rural_forecast.text.style import (
    BANDS,
    MOST_PARTS,
    PHONE,
    PRINT,
    SLIDE_POINTS,
    THEMES,
    WIDE,
    adding_up,
    digits,
)
from tests.render.measured import contrast, lightness


@pytest.mark.parametrize("theme", THEMES)
def test_steps_from_the_page_to_the_darkest_band_are_seen_and_the_line_on_it(theme: str) -> None:
    colours = THEMES[theme]
    steps = [colours["paper"], *(colours[f"band{level}"] for level in reversed(BANDS))]
    assert all(contrast(one, other) >= 1.3 for one, other in pairwise(steps))
    assert contrast(colours["accent"], colours["band50"]) >= 3
    assert contrast(colours["grey80"], colours["grey50"]) >= 1.3


@pytest.mark.parametrize("theme", THEMES)
def test_texts_are_readable(theme: str) -> None:
    colours = THEMES[theme]
    assert all(contrast(colours[name], colours["paper"]) >= 4.5 for name in ("ink", "quiet", "accent"))
    assert contrast(colours["axis"], colours["paper"]) >= 3
    if theme == "light":
        assert contrast(colours["ink"], colours["band50"]) >= 4.5


def test_parts_are_told_apart_in_grey() -> None:
    shades = [lightness(THEMES["light"][f"part{at}"]) for at in range(MOST_PARTS + 1)]
    assert all(after - before >= 11.5 for before, after in pairwise(shades))
    assert 24 <= shades[0] <= 26 <= shades[MOST_PARTS - 1] <= 85


def test_every_medium_has_four_sizes_of_type_or_fewer_and_none_too_small() -> None:
    for size in (WIDE, PHONE):
        assert len({size.title, size.range, size.text, size.small}) <= 4
        assert min(size.title, size.range, size.text, size.small) >= 12
    assert min(PRINT.text, PRINT.small) * 0.75 >= 8, "points on A4"
    assert SLIDE_POINTS[2] >= 14
    assert SLIDE_POINTS[3] >= 10


@pytest.mark.parametrize(
    ("unit", "last", "forecast", "ends", "written"),
    [
        ("bn CNY", 482.0, 656.4, (381.0, 1307.0), "660, 380 to 1,310 bn yuan"),
        ("bn CNY", 2995.0, 4275.0, (3094.0, 5957.0), "4.3, 3.1 to 6.0 tn yuan"),
        ("vehicles", 1.22e8, 1.31e8, (1.29e8, 1.33e8), "131, 129 to 133 m vehicles"),
        ("percent", 61.2, 63.4, (61.0, 66.1), "63.4, 61.0 to 66.1 %"),
        ("", 0.000042, 0.000045, (0.00002, 0.0001), "0.000045, 0.000020 to 0.000100"),
    ],
)
def test_the_last_actual_is_from_1_to_999_and_digits_follow_the_range(
    unit: str, last: float, forecast: float, ends: tuple[float, float], written: str
) -> None:
    write = digits(unit, last, forecast, ends)
    assert f"{write(forecast)}, {write(ends[0])} to {write.full(ends[1])}" == written
    assert unit in ("", "percent") or 1 <= last / write.factor < 1000


def test_what_adds_up_adds_up_as_printed() -> None:
    parts = [1.26, 1.26, 1.26, 0.125]
    assert sum(adding_up(parts, 0.1)) == pytest.approx(round(sum(parts), 1))
