"""Numbers at the ends of what a double holds: an answer or a refusal of every command, never a defect."""

import shlex

import pytest

from tests.inside import Cli

pytestmark = pytest.mark.slow

ENDS = {
    "far apart": (5e-324, 1e-320, 1.7e308),
    "both signs": (-1.7e308, 1e-320, 1.7e308),
    "huge": (1.7e308, 1.7e308, 1.7e308),
    "tiny": (1e-323, 2e-323, 1e-323),
}
COMMANDS = (
    "project - --format table --chart",
    "project - --ceiling 1e-323..1e308 --explain --format table",
    "compare - --format table",
    "backtest - --detail",
    "chart - --log",
    "growth - --format table --explain",
    "scenario - --ceiling 1e308..1e308 --format table",
    "series show - --format table",
    "nowcast - --partial 2017H1=1e308:1e308",
    "exhibit - --appendix",
)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("values", ENDS.values(), ids=ENDS.keys())
def test_no_number_is_too_large_or_small_to_be_told(cli: Cli, command: str, values: tuple[float, ...]) -> None:
    rows = "".join(f"{2014 + place},{value!r}\n" for place, value in enumerate(values))
    done = cli(*shlex.split(command), stdin="year,value\n" + rows)
    assert done.code in (0, 2, 3), done.err
    assert "Warning" not in done.err


def test_a_part_far_smaller_than_its_year_is_in_another_unit(cli: Cli) -> None:
    done = cli("nowcast", "mofcom", "--year", "2026", "--partial", "2026H1=5e-324")
    assert done.code == 3
    assert "does not fit the years" in done.err
