"""Sentences, years and lists in words; and headlines: a short name, a claim with one number, and
its range.
"""

import re
from collections.abc import Collection, Iterable, Sequence, Sized
from typing import NamedTuple

from rural_forecast.text.numbers import Amounts

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_ORDINALS = ("first", "second", "third", "fourth")


def sentence(text: str) -> str:
    """A text as a sentence: a capital first letter and a full stop."""
    return f"{capital(text)}{'' if text.endswith(('.', '!', '?')) else '.'}"


def capital(text: str) -> str:
    """A text with a capital first letter."""
    return text[:1].upper() + text[1:]


def counted(count: int, what: str) -> str:
    """`1 year`, `3 years`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def are(things: Sized) -> str:
    """`is` of one thing, `are` of several."""
    return "is" if len(things) == 1 else "are"


def listed(items: Iterable[object]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    words = [str(item) for item in items]
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def written(number: float | tuple[float, float]) -> str:
    """A number or a range as a person writes it."""
    low, high = number if isinstance(number, tuple) else (number, number)
    return f"{low:g}" if low == high else f"{low:g}..{high:g}"


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers in order, parted where one is missing."""
    together: list[list[int]] = []
    for value in sorted(numbers):
        if together and value == together[-1][-1] + 1:
            together[-1].append(value)
        else:
            together.append([value])
    return together


def spans(years: Iterable[int]) -> str:
    """Years in words, runs of three or more shortened."""
    return listed(
        word
        for run in runs(years)
        for word in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))
    )


def named_months(numbers: Collection[int]) -> str:
    """Months in words, for a sentence."""
    first = min(numbers)
    last = max(numbers)
    count = len(numbers)
    if count != last - first + 1:
        return " and ".join(named_months(run) for run in runs(numbers))
    if count in (3, 6) and last % count == 0:
        return f"the {_ORDINALS[last // count - 1]} {'half' if count == 6 else 'quarter'}"
    return _MONTHS[first - 1] if first == last else f"{_MONTHS[first - 1]} to {_MONTHS[last - 1]}"


def shortened(words: Sequence[str], most: int = 6) -> str:
    """A list that names at most `most` of its words."""
    return (
        listed(words)
        if len(words) <= most
        else f"{', '.join(words[:most])} and {len(words) - most} more"
    )


MOST_WORDS = 12
MOST_OF_NAME = 5  # of a headline, and of the name in it
_ASIDE = re.compile(r"\s*[(\[（].*?[)\]）]|[:;].*$")
_LABELS = " / "
_SAYS_NOTHING = {"historical", "total", "all", "actual", "annual", "yearly"}  # labels of publishers
_EMPTY_ENDS = {
    "a",
    "an",
    "and",
    "as",
    "at",
    "by",
    "for",
    "from",
    "in",
    "of",
    "on",
    "per",
    "the",
    "to",
    "with",
}
CHANCES = {50: "one chance in two", 80: "four chances in five", 90: "nine chances in ten"}


class Headline(NamedTuple):
    """The finding: the title of a table, a picture, a page, a slide and a workbook."""

    text: str  # at most 12 words, with one number; without a full stop
    range: str = ""  # how sure it is, in a sentence


def short(title: str, most: int = MOST_OF_NAME) -> str:
    """The first words of a name, without what is in brackets or after a colon; a publisher's labels
    as a phrase.
    """
    if _LABELS in title:
        first, *others = (
            part for part in title.split(_LABELS) if part.casefold() not in _SAYS_NOTHING
        )
        title = ", ".join([*others, first])
    words = (_ASIDE.sub("", title) or title).replace("_", " ").split()
    if len(words) > most:
        words = words[:most]
        while len(words) > 1 and words[-1].lower() in _EMPTY_ENDS:
            words.pop()
    return " ".join(words).rstrip(",.")


def headline(title: str, claim: str, range_: str = "") -> Headline:
    """A name and what is claimed of it, in at most 12 words: a long claim shortens the name."""
    room = min(max(MOST_WORDS - words(claim), 1), MOST_OF_NAME)
    return Headline(f"{capital(short(title, room))}: {claim}", range_)


def words(text: str) -> int:
    """Count the words of a text; a sign such as % belongs to the number before it."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


def about(
    title: str, year: int, value: float, level: int, ends: tuple[float, float], write: Amounts
) -> Headline:
    """The headline of an answer: its name, value and year, and its range."""
    low, high = ends
    said = (
        f"{capital(odds(level))} that it lies between {write(low)} and {write.full(high)}."
        if high > low
        else ""
    )
    return headline(title, f"about {write.full(value)} in {year}", said)


def odds(level: int, *ends: str) -> str:
    """The chance of a range in words, and its ends."""
    return f"{CHANCES.get(level, f'{level} chances in 100')} {' to '.join(ends)}".rstrip()
