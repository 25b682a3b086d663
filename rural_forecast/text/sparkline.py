"""A series as a word of block characters, for a cell of a table."""

from __future__ import annotations

from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
"""Eight heights; where a terminal knows ASCII alone the renderer writes signs that are ever higher."""
LONGEST = 12


def sparkline(
    values: Sequence[float], *, low: float | None = None, high: float | None = None, longest: int = LONGEST
) -> str:
    """Heights of the last values between the least and the greatest, or between `low` and `high`.

    `longest`: values shown; of a longer series the last ones.

    >>> sparkline([180, 353, 482]), sparkline([5, 5, 5]), sparkline([])
    ('▁▅█', '▄▄▄', '')
    """
    shown = list(values)[-longest:]
    if not shown:
        return ""
    low = (min(shown) if low is None else low) / 2  # halves, for a difference may be more than a number holds
    high = (max(shown) if high is None else high) / 2
    if not high > low:
        return BLOCKS[3] * len(shown)
    return "".join(BLOCKS[min(max(int((value / 2 - low) / (high - low) * 8), 0), 7)] for value in shown)
