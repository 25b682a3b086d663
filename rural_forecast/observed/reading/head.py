"""A period as a cell gives it, and the digits that it may be written in."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from rural_forecast.observed.observation import Status
from rural_forecast.observed.period import Period

# The years that a number may mean where only its content says that it is one.
FIRST = 1600
LAST = 2199
# The longest period with its mark, in characters; longer texts are prose.
LONGEST = 40
# The digit 0 of digits as wide as Chinese characters, and of Arabic, Persian, Hindi, Bengali, Thai.
_ZEROS = (0xFF10, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50)
DIGITS = str.maketrans("．，－＋٫٬", ".,-+.\u202f") | {
    zero + digit: str(digit) for zero in _ZEROS for digit in range(10)
}


class YearMark(NamedTuple):
    """The meaning of a mark: the status of the values, and if a forecast is somebody's own plan."""

    status: Status
    target: bool = False


class Head(NamedTuple):
    """A period as a cell gives it."""

    period: Period
    dated: bool = False
    """true if a date named it, which means its year unless a series has several a year."""
    mark: YearMark | None = None
    day: date | None = None
    """the date, or the first day of its month; None where its month is not clear."""
    kind: Literal["plain", "split", "span", "era", "numbered"] = "plain"
    """`split`: two calendar years, dated by the first. `span`: several years, dated by the middle
    one. `era`: a year of a reign, or of the Republic of China. `numbered`: `2021-1`, a month or a
    quarter.
    """
    span: int = 1
    sign: str = ""  # of a footnote behind it; the text of a year of an era
