"""Sentences, years, months and lists in words, and headlines.

A headline is a short name, a claim with one number, and its range.
"""

import re
from collections.abc import Collection, Iterable, Sequence, Sized
from typing import NamedTuple

from rural_forecast.text.numbers import Amounts, in_unit

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
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six")
_ORDINALS = ("first", "second", "third", "fourth")


def sentence(text: str) -> str:
    """Write a text as a sentence: with a capital first letter and a full stop."""
    stop = "" if text.endswith((".", "!", "?")) else "."
    return f"{capital(text)}{stop}"


def capital(text: str) -> str:
    """Write a text with a capital first letter."""
    return text[:1].upper() + text[1:]


def counted(count: int, what: str) -> str:
    """Write `1 year`, `3 years`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def in_words(count: int) -> str:
    """Write a small count as a word."""
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def are(things: Sized) -> str:
    """Write `is` of one thing, `are` of several."""
    return "is" if len(things) == 1 else "are"


def listed(items: Iterable[object]) -> str:
    """Write `a`, `a and b`, `a, b and c`."""
    words = [str(item) for item in items]
    parts = (", ".join(words[:-1]), *words[-1:])
    return " and ".join(filter(None, parts))


def written(number: float | tuple[float, float]) -> str:
    """Write a number or a range as a person does."""
    low, high = number if isinstance(number, tuple) else (number, number)
    return f"{low:g}" if low == high else f"{low:g}..{high:g}"


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Sort numbers, and part them where one is missing."""
    together: list[list[int]] = []
    for value in sorted(numbers):
        if together and value == together[-1][-1] + 1:
            together[-1].append(value)
        else:
            together.append([value])
    return together


def spans(years: Iterable[int]) -> str:
    """Write years in words, runs of three or more shortened."""
    words: list[str] = []
    for run in runs(years):
        words += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run)
    return listed(words)


def named_months(numbers: Collection[int]) -> str:
    """Write months in words, for a sentence."""
    first = min(numbers)
    last = max(numbers)
    count = len(numbers)
    if count != last - first + 1:
        return " and ".join(named_months(run) for run in runs(numbers))
    if count in (3, 6) and last % count == 0:
        part = "half" if count == 6 else "quarter"
        return f"the {_ORDINALS[last // count - 1]} {part}"
    if first == last:
        return _MONTHS[first - 1]
    return f"{_MONTHS[first - 1]} to {_MONTHS[last - 1]}"


def shortened(words: Sequence[str], most: int = 6) -> str:
    """Write a list that names at most `most` of its words."""
    if len(words) <= most:
        return listed(words)
    return f"{', '.join(words[:most])} and {len(words) - most} more"


MOST_WORDS = 12
"""Words of a headline."""
MOST_OF_NAME = 5
"""Words of the name in a headline."""
_PARENTHESIS = re.compile(r"\s*[(\[（].*?[)\]）]|[:;].*$")
_LABELS = " / "
"""Joins the labels of a publisher to a name."""
_SAYS_NOTHING = {"historical", "total", "all", "actual", "annual", "yearly"}
"""Labels of publishers that say nothing of a series."""
PER_CLAUSE = re.compile(
    r",? (?:of|in|for|from|by|with|per|on|at|to(?! \d)|under|von|der|des|de|du|do|da|del) |, "
)
"""Where a name may end: at a comma, or before a phrase."""
_MOST_OF_PLACE = 3  # words
_FEWEST_OF_NAME = 2  # words: one alone names nothing
_ARTICLES = {"a", "an", "the"}
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
    """Shorten a name to a few words, without a parenthesis or the text after a colon.

    It stays a name: a place at its end is kept, and what is left out begins at a comma or a
    preposition. The labels of a publisher become a phrase, the first of them last.
    """
    if _LABELS in title:
        every = title.split(_LABELS)
        labels = [label for label in every if label.casefold() not in _SAYS_NOTHING] or every
        title = ", ".join([*labels[1:], labels[0]])
    name = (_PARENTHESIS.sub("", title) or title).replace("_", " ").strip(" .,")
    if words(name) <= most:
        return " ".join(name.split())
    front, comma, end = name.rpartition(", ")
    room = most - words(end)
    ends_in_place = comma and words(end) <= _MOST_OF_PLACE and not end[:1].islower()
    if ends_in_place and room >= min(_FEWEST_OF_NAME, words(front)):
        return f"{_first_words(front, room)}, {end}"
    return _first_words(name, most)


def _first_words(name: str, most: int) -> str:
    """Leave out clauses and phrases from the end, and single words only where none is left."""
    ends = [match.start() for match in PER_CLAUSE.finditer(name)]
    for end in reversed(ends):
        if _FEWEST_OF_NAME <= words(name[:end]) <= most:
            return name[:end].rstrip(" ,.")
    every = name.split()
    if len(every) > 1 and every[0].lower() in _ARTICLES:
        every = every[1:]
    return without_empty_end(" ".join(every[:most]))


def without_empty_end(text: str) -> str:
    """Leave out articles and prepositions at the end of a text that was cut."""
    kept = text.split()
    while len(kept) > 1 and kept[-1].lower() in _EMPTY_ENDS:
        kept.pop()
    return " ".join(kept).rstrip(" ,.")


def renamed(text: str, own: str, name: str) -> str:
    """Give the subject of a headline another name; one without a subject gets it in front."""
    if own and own in text:
        return text.replace(own, name)
    first = text.partition(" ")[0]
    if first in ("The", "All", "A"):
        text = f"{text[0].lower()}{text[1:]}"
    joint = "," if ": " in text else ":"
    return f"{name}{joint} {text}"


def headline(title: str, claim: str, range_: str = "") -> Headline:
    """Make a headline of 12 words: a long claim shortens the name, to two at the least."""
    room = min(max(MOST_WORDS - words(claim), _FEWEST_OF_NAME), MOST_OF_NAME)
    return Headline(f"{capital(short(title, room))}: {claim}", range_)


def words(text: str) -> int:
    """Count the words of a text; a sign such as % belongs to the number before it."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


def about(
    title: str, year: int, value: float, level: int, ends: tuple[float, float], write: Amounts
) -> Headline:
    """Make the headline of an answer: its name, value and year, and its range."""
    low, high = ends
    range_ = ""
    if high > low:
        least, most = write.bounds(low, high)
        between = f"{least} and {most}{in_unit(write.unit)}"
        range_ = f"{capital(odds(level))} that it lies between {between}."
    return headline(title, f"about {write.full(value)} in {year}", range_)


def odds(level: int, *ends: str) -> str:
    """Write the chance of a range in words, and its ends."""
    chance = CHANCES.get(level, f"{level} chances in 100")
    return f"{chance} between {' and '.join(ends)}" if ends else chance
