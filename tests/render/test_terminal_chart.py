"""Pictures in characters."""

from dataclasses import replace

import pytest
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion

from rural_forecast.document.picture import Band, Column, Columns, Course, Line, Panels
from rural_forecast.render.terminal_chart import render
from tests.render.pictures import NASTY, fan, ranges


@pytest.mark.parametrize("width", [40, 80])
def test_fan(width: int, snapshot: SnapshotAssertion) -> None:
    assert render(fan(), width=width) == snapshot


def test_fan_in_ascii(snapshot: SnapshotAssertion) -> None:
    text = render(fan(), width=80, unicode=False)
    assert text.isascii()
    assert text == snapshot


def test_ranges(snapshot: SnapshotAssertion) -> None:
    assert render(ranges(), width=80) == snapshot


def test_ranges_in_ascii() -> None:
    assert render(ranges(), width=60, unicode=False).isascii()


@pytest.mark.parametrize("points", [1, 3, 30])
@pytest.mark.parametrize("ratio", [0.6, 1.0, 2.5])
@pytest.mark.parametrize("width", [30, 47, 200])
def test_any_market_fits_the_width(points: int, ratio: float, width: int) -> None:
    for log in (False, True):
        text = render(replace(fan(points, ratio=ratio, title="农村网络零售额"), logarithmic=log), width=width)
        assert max(map(cell_len, text.splitlines())) <= width
        assert "●" in text
        assert "○" in text


def test_colour_is_added_only_where_it_is_wanted_and_changes_no_sign() -> None:
    import re

    plain, coloured = render(fan(), width=80), render(fan(), width=80, color=True)
    assert "\x1b" not in plain
    assert "\x1b[" in coloured
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()


def test_text_from_data_is_harmless() -> None:
    picture = fan(title=NASTY)
    assert "\x1b" not in render(picture, width=80)


def test_what_was_observed_and_what_is_forecast_are_told_apart_without_colour() -> None:
    text = render(fan(), width=80)
    for entry in ("● observed", "○ consensus", "▒ 80 %", "░ 95 %", "◆ 2017: published by AliResearch"):
        assert entry in text


def test_a_market_of_nothing_but_zeros_is_drawn() -> None:
    zeros = Course((Line("observed", (2000, 2001, 2002), (0.0, 0.0, 0.0)),))
    assert "observed" in render(replace(fan(), plot=zeros), width=60)


@pytest.mark.parametrize("size", [1.0, 1.7e308])
def test_panels_of_any_size_are_drawn(size: float) -> None:
    falling = Course((Line("observed", (2000, 2001, 2002), (size, 0.3 * size, -size)),))
    assert "█▆▁" in render(replace(fan(), plot=Panels((replace(fan(), plot=falling),))), width=60)


def test_bands_of_three_levels_have_three_shades() -> None:
    plot = fan().plot
    assert isinstance(plot, Course)
    bands = tuple(replace(plot.bands[0], level=level, name=f"{level} %") for level in (90, 60, 30))
    text = render(replace(fan(), plot=replace(plot, bands=bands, labels=())), width=80)
    assert "▓ 30 %   ▒ 60 %   ░ 90 %" in text


@pytest.mark.parametrize("up", [True, False])
def test_a_band_that_goes_on_beyond_the_axis_ends_in_arrows_at_that_edge(up: bool) -> None:
    sign = 1 if up else -1
    ends = {level: sorted((11 * sign, far * sign)) for level, far in ((80, 14), (95, 5000))}
    plot = Course(
        lines=(Line("observed", (2000, 2001), (10 * sign, 11 * sign)),),
        bands=tuple(
            Band(f"{level} %", (2001, 2002), (11 * sign, low), (11 * sign, high), level, 1)
            for level, (low, high) in ends.items()
        ),
    )
    drawn = render(replace(fan(), plot=plot), width=60).splitlines()
    (edge,) = (row for row, line in enumerate(drawn) if line.count("↑" if up else "↓") > 1)
    axis = [row for row, line in enumerate(drawn) if "│" in line or "┤" in line]
    assert edge == (axis[0] if up else axis[-1])


def test_columns_on_top_of_each_other_begin_where_the_one_below_ends() -> None:
    group = (Column(20.0), Column(30.0, tone=1))
    plot = Columns((("2020", group),), stacked=True)
    assert plot.ends(group) == [(0.0, 20.0), (20.0, 50.0)]
    assert max(plot.drawn) == 50
    (bar,) = (line for line in render(replace(fan(), plot=plot), width=60).splitlines() if line.startswith("2020"))
    assert bar.count("█") / bar.count("▓") == pytest.approx(20 / 30, abs=0.05)


def test_a_small_column_is_seen_and_one_of_zero_is_not() -> None:
    plot = Columns((("much", (Column(1000.0),)), ("little", (Column(0.1),)), ("nothing", (Column(0.0),))))
    lines = render(replace(fan(), plot=plot), width=60).splitlines()
    shown = {line.split()[0]: line.count("█") for line in lines if line.startswith(("much", "little", "nothing"))}
    assert shown["much"] > 20
    assert (shown["little"], shown["nothing"]) == (1, 0)
