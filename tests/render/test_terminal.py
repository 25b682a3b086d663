"""Pictures on a terminal: in characters, in 256 colours, 16 and none, and as images."""

import re
from itertools import pairwise

import pytest
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion

from rural_forecast.document.picture import PLAIN, Band, Course, Label, Line, Mark, Panels, Picture
from rural_forecast.errors import UsageError
from rural_forecast.render.terminal import render
from rural_forecast.text.style import TERMINAL
from tests import programs
from tests.render.documents import MARKUP, fan, ranges
from tests.render.measured import contrast

VALUES = Line("observed", (2016, 2017, 2018), (1000.0, 0.1, 0.0))
TEXTS = tuple(Mark(x, y, f"{y:,g}", "none", PLAIN) for x, y in VALUES.points)
BARS = fan()._replace(plot=Course((VALUES,), marks=TEXTS, bars=True))


def line(*values: float) -> Course:
    return Course((Line("observed", (2000, 2001, 2002), values),))


def panels(*pictures: Picture) -> Picture:
    return fan()._replace(plot=Panels(pictures))


@pytest.mark.parametrize("width", [40, 80])
def test_fan(width: int, snapshot: SnapshotAssertion) -> None:
    assert render(fan(), width=width) == snapshot


def test_fan_in_ascii(snapshot: SnapshotAssertion) -> None:
    assert render(fan(), width=80, unicode=False) == snapshot


def test_a_label_leaves_out_what_the_key_has_before_its_name_is_cut() -> None:
    names = ("Urban households, +5.0 % a year", "Rural households, +6.5 % a year")
    lines = []
    labels = []
    for tone, name in enumerate(names):
        end = 62_800.0 - 30_000 * tone
        lines.append(Line(name, (2000, 2001, 2002), (9.0, 10_000.0, end), tone))
        labels.append(Label(end, f"{end:,.0f}", name, tone))
    picture = fan()._replace(plot=Course(tuple(lines), labels=tuple(labels)))
    shown = render(picture, width=80)
    assert "62,800 Urban households\n" in shown
    assert "32,800 Rural households\n" in shown
    assert "…" not in shown
    for name in names:
        assert name in shown


@pytest.mark.parametrize("points", [1, 3, 30])
@pytest.mark.parametrize("ratio", [0.6, 1.0, 2.5])
@pytest.mark.parametrize("width", [30, 47, 200])
def test_any_market_fits_the_width(points: int, ratio: float, width: int) -> None:
    for log in (False, True):
        text = render(
            fan(points, ratio=ratio, title="农村网络零售额")._replace(logarithmic=log), width=width
        )
        assert max(map(cell_len, text.splitlines())) <= width
        assert {"●", "◆"} <= {*text}


@pytest.mark.parametrize("width", [30, 80, 200])
@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("picture", [BARS, panels(*[fan()] * 30)], ids=["bars", "sparklines"])
def test_bars_and_sparklines_fit_the_width(picture: Picture, width: int, unicode: bool) -> None:
    text = render(picture, width=width, unicode=unicode)
    assert max(map(cell_len, text.splitlines())) <= width
    assert unicode or text.isascii()
    assert len(text.splitlines()) < 45


@pytest.mark.parametrize("picture", [ranges(), panels(fan(), ranges())])
def test_another_picture_is_refused_with_a_file_to_write(picture: Picture) -> None:
    with pytest.raises(UsageError, match="A terminal draws fans, bars and sparklines") as refused:
        render(picture)
    assert refused.value.hint == "Write it to a file: -o picture.svg."


def test_colour_is_added_only_where_it_is_wanted() -> None:
    plain = render(fan(title=MARKUP), width=80)
    coloured = render(fan(title=MARKUP), width=80, color=True)
    assert "\x1b" not in plain
    assert "\x1b[" in coloured
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()


def test_bands_of_three_levels_have_three_shades() -> None:
    plot = fan().plot
    assert isinstance(plot, Course)
    bands = tuple(plot.bands[0]._replace(level=level, name=f"{level} %") for level in (30, 60, 90))
    text = render(fan()._replace(plot=plot._replace(bands=bands, labels=())), width=80)
    assert "▓ 30 %   ▒ 60 %   ░ 90 %" in text


def test_zeros_are_drawn() -> None:
    assert "observed" in render(fan()._replace(plot=line(0.0, 0.0, 0.0)), width=60)


@pytest.mark.parametrize("size", [1.0, 1.7e308])
def test_values_of_any_size_are_drawn(size: float) -> None:
    falling = fan()._replace(plot=line(size, 0.3 * size, -size))
    assert "█▆▁" in render(panels(falling), width=60)


def test_a_small_bar_is_seen() -> None:
    lines = [line for line in render(BARS, width=60).splitlines() if line.startswith("201")]
    bars = {line[:4]: line.count("█") for line in lines}
    assert bars["2016"] > 20
    assert (bars["2017"], bars["2018"]) == (1, 0)


@pytest.mark.parametrize("up", [True, False])
def test_a_band_that_goes_on_beyond_the_axis_ends_in_arrows_at_that_edge(up: bool) -> None:
    sign = 1 if up else -1
    ends = {level: sorted((11 * sign, far * sign)) for level, far in ((80, 14), (95, 5000))}
    bands = tuple(
        Band(f"{level} %", (2001, 2002), (11 * sign, low), (11 * sign, high), level, 1)
        for level, (low, high) in ends.items()
    )
    plot = Course((Line("observed", (2000, 2001), (10 * sign, 11 * sign)),), bands)
    drawn = render(fan()._replace(plot=plot), width=60).splitlines()
    (edge,) = (row for row, line in enumerate(drawn) if line.count("↑" if up else "↓") > 1)
    axis = [row for row, line in enumerate(drawn) if "│" in line or "┤" in line]
    assert edge == (axis[0] if up else axis[-1])


GREYS = range(232, 256)
LEVELS = (0, 95, 135, 175, 215, 255)


def colour(number: int) -> str:
    """A colour of the palette that terminals share."""
    if number in GREYS:
        grey = 8 + 10 * (number - 232)
        return f"#{grey:02x}{grey:02x}{grey:02x}"
    red, green, blue = (LEVELS[(number - 16) // part % 6] for part in (36, 6, 1))
    return f"#{red:02x}{green:02x}{blue:02x}"


@pytest.mark.parametrize(
    ("theme", "pages"), [("light", ["#ffffff"]), ("dark", ["#000000", "#1e1e1e"])]
)
def test_bands_in_256_colours_are_told_apart_and_the_line_upon_them(
    theme: str, pages: list[str]
) -> None:
    colours = {name: colour(int(number)) for name, number in TERMINAL[theme].items()}
    bands = [colours[f"band{level}"] for level in (95, 80, 50)]
    for page in pages:
        assert all(contrast(one, other) >= 1.3 for one, other in pairwise([page, *bands]))
    assert contrast(colours["accent"], colours["band50"]) >= 3


def codes(text: str) -> set[str]:
    return set(re.findall(r"\x1b\[([\d;]*)m", text))


@pytest.mark.parametrize(("light", "bands"), [(False, {"24", "238"}), (True, {"110", "153"})])
def test_256_colours_are_named_by_their_number(light: bool, bands: set[str]) -> None:
    text = render(fan(), width=80, color=256, light=light)
    used = {number for code in codes(text) for number in re.findall(r"[34]8;5;(\d+)", code)}
    assert bands <= used
    assert not any(re.search(r"[34]8;2;", code) for code in codes(text)), "no true colour"


def test_bands_in_256_colours_end_at_half_a_line() -> None:
    text = render(fan(), width=80, color=256, light=False)
    assert "▀" in text or "▄" in text
    assert not set("░▒▓") & set(text)


def test_bands_over_an_unknown_background_are_denser_inside() -> None:
    text = render(fan(), width=80, color=256)
    assert {"▒", "░"} <= set(text)
    assert not any("8;5;" in code for code in codes(text))


@pytest.mark.parametrize("color", [0, 16])
def test_bands_in_fewer_colours_are_shades(color: int) -> None:
    text = render(fan(), width=80, color=color)
    assert {"▒", "░"} <= set(text)
    assert not any("8;5;" in code for code in codes(text))
    assert color or not codes(text)


CELLS = 60
CELL = (10, 20)
ANSWERS = f"\x1b[6;{CELL[1]};{CELL[0]}t"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "variables", "kind"),
    [
        ("\x1b[?62;4;6c", {}, "sixel"),
        ("\x1b[?62;6c\x1b_Gi=1;OK\x1b\\", {}, "kitty"),
        ("", {"TERM_PROGRAM": "iTerm.app"}, "iterm"),
        ("\x1b[?62;6c\x1b_Gi=1;ENOTSUPPORTED\x1b\\", {}, "blocks"),
    ],
)
def test_an_image_is_sent_as_the_terminal_takes_it(
    typed: str, variables: dict[str, str], kind: str
) -> None:
    line = "project turnover --year 2018 --model naive --chart=image -q"
    child = programs.terminal(line, CELLS, fresh=True, PYTHONWARNINGS="ignore", **variables)
    child.setecho(False)
    # What it would answer is there before it is asked, so that no clock matters.
    child.send(typed + ANSWERS)
    text, code = programs.ended(child)
    assert code == 0, text
    starts = {
        "sixel": r"\x1bP[\d;]*q",
        "kitty": r"\x1b_G[^;]*m=[01]",
        "iterm": r"\x1b\]1337;File=inline=1",
        "blocks": "[▀▄]",
    }
    assert [name for name, start in starts.items() if re.search(start, text)] == [kind]
