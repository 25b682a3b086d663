"""Numbers, years and lists in the words of a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, log10


def number(value: float, digits: int = 6) -> str:
    """A value with at most so many significant digits, thousands grouped; whole digits are never rounded away.

    >>> number(1244.88), number(100000.0), number(9225.8652), number(1234567.8), number(0.000133)
    ('1,244.88', '100,000', '9,225.87', '1,234,568', '0.000133')
    """
    if value == 0:
        return "0"
    size = abs(value)
    if not 1e-4 <= size < 1e15:
        return f"{value:.{digits}g}"
    text = f"{value:,.{max(0, digits - 1 - floor(log10(size)))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: float) -> str:
    """A value with four significant digits.

    >>> rounded(1244.88), rounded(93.3), rounded(0.0012345)
    ('1,245', '93.3', '0.001234')
    """
    return number(value, 4)


def minus_signs(text: str) -> str:
    """A number's text with the typographic minus sign in front."""
    return f"−{text[1:]}" if text.startswith("-") else text


def amount(value: float, unit: str = "") -> str:
    """A label of a picture: four significant digits, the typographic minus sign, and the unit.

    >>> amount(-1244.88, "bn CNY")
    '−1,245 bn CNY'
    """
    return f"{minus_signs(rounded(value))} {unit}".rstrip()


def sentence(text: str) -> str:
    """A text as a sentence: a capital first letter and a full stop.

    >>> sentence("thresholds (more than)"), sentence("Rounded.")
    ('Thresholds (more than).', 'Rounded.')
    """
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def counted(count: int, what: str) -> str:
    """`1 year`, `3 years`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def listed(items: Iterable[object]) -> str:
    """`a`, `a and b`, `a, b and c`.

    >>> listed([2012, 2013, 2015])
    '2012, 2013 and 2015'
    """
    words = [str(item) for item in items]
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers in order, parted where one is missing.

    >>> runs([2009, 2014, 2010, 2013])
    [[2009, 2010], [2013, 2014]]
    """
    found: list[list[int]] = []
    for one in sorted(numbers):
        if found and one == found[-1][-1] + 1:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def spans(years: Iterable[int]) -> str:
    """Years in words, runs of three or more shortened.

    >>> spans([2009, 2010, 2013, 2014, 2015])
    '2009, 2010 and 2013 to 2015'
    """
    return listed(
        word for run in runs(years) for word in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))
    )


def shortened(words: Sequence[str], most: int = 6) -> str:
    """A list that names at most `most` of its words."""
    return listed(words) if len(words) <= most else f"{', '.join(words[:most])} and {len(words) - most} more"
