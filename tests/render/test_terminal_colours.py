"""Pictures on terminals with 256 colours, with 16 and with none; and as images, by what a terminal takes."""

import re
from itertools import pairwise

import pytest

from rural_forecast.render.terminal import render
from rural_forecast.text.style import TERMINAL
from tests import programs
from tests.render.measured import contrast
from tests.render.pictures import fan

GREYS = range(232, 256)
LEVELS = (0, 95, 135, 175, 215, 255)


def colour(number: int) -> str:
    """A colour of the palette that terminals share."""
    if number in GREYS:
        return f"#{8 + 10 * (number - 232):02x}" + f"{8 + 10 * (number - 232):02x}" * 2
    red, green, blue = (LEVELS[(number - 16) // part % 6] for part in (36, 6, 1))
    return f"#{red:02x}{green:02x}{blue:02x}"


@pytest.mark.parametrize(("theme", "pages"), [("light", ["#ffffff"]), ("dark", ["#000000", "#1e1e1e"])])
def test_bands_in_256_colours_are_told_apart_and_the_line_upon_them(theme: str, pages: list[str]) -> None:
    known = {name: colour(int(number)) for name, number in TERMINAL[theme].items()}
    bands = [known[f"band{level}"] for level in (95, 80, 50)]
    for page in pages:
        assert all(contrast(one, other) >= 1.3 for one, other in pairwise([page, *bands]))
    assert contrast(known["accent"], known["band50"]) >= 3


def codes(text: str) -> set[str]:
    return set(re.findall(r"\x1b\[([\d;]*)m", text))


def test_256_colours_are_named_by_their_number_and_bands_end_at_half_a_line() -> None:
    for light in (False, True):
        text = render(fan(), width=80, color=256, light=light)
        used = {number for code in codes(text) for number in re.findall(r"[34]8;5;(\d+)", code)}
        assert {TERMINAL["light" if light else "dark"][f"band{level}"] for level in (80, 95)} <= used
        assert not any(re.search(r"[34]8;2;", code) for code in codes(text)), "no true colour"
        assert "▀" in text or "▄" in text
        assert not set("░▒▓") & set(text)


@pytest.mark.parametrize("color", [0, 16])
def test_fewer_colours_leave_bands_to_shades(color: int) -> None:
    text = render(fan(), width=80, color=color)
    assert {"▒", "░"} <= set(text)
    assert not any("8;5;" in code for code in codes(text))
    assert color or not codes(text)


CELLS, CELL = 60, (10, 20)
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
def test_an_image_is_sent_as_the_terminal_takes_it(typed: str, variables: dict[str, str], kind: str) -> None:
    line = "project turnover --year 2018 --model naive --chart=image -q"
    child = programs.terminal(line, CELLS, fresh=True, PYTHONWARNINGS="ignore", **variables)
    child.setecho(False)
    child.send(typed + ANSWERS)  # what it would answer is there before it is asked, so that no clock matters
    text, code = programs.ended(child)
    assert code == 0, text
    starts = {
        "sixel": r"\x1bP[\d;]*q",
        "kitty": r"\x1b_G[^;]*m=[01]",
        "iterm": r"\x1b\]1337;File=inline=1",
        "blocks": "[▀▄]",
    }
    assert [name for name, start in starts.items() if re.search(start, text)] == [kind]
