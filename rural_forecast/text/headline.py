"""The words that head a result in every format: a short name, a claim with one number, and its range."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from rural_forecast.text.numbers import Amounts

MOST_WORDS, MOST_OF_NAME = 12, 5
_ASIDE = re.compile(r"\s*[(\[（].*?[)\]）]|[:;].*$")
_LABELS = " / "
_SAYS_NOTHING = {"historical", "total", "all", "actual", "annual", "yearly"}  # labels of publishers
_EMPTY_ENDS = {"a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "per", "the", "to", "with"}
CHANCES = {50: "One chance in two", 80: "Four chances in five", 90: "Nine chances in ten"}


class Headline(NamedTuple):
    """The finding: the title of a table, a picture, a page, a slide and a workbook."""

    text: str  # at most 12 words, with one number; without a full stop
    range: str = ""  # how sure it is, in a sentence

    @property
    def subtitle(self) -> str:
        """The range as pictures have it, without a full stop."""
        return self.range.removesuffix(".")


Writer: TypeAlias = Amounts


def short(title: str, most: int = MOST_OF_NAME) -> str:
    """The first words of a name, without what is in brackets or after a colon; a publisher's labels as a phrase."""
    if _LABELS in title:
        first, *others = (part for part in title.split(_LABELS) if part.casefold() not in _SAYS_NOTHING)
        title = ", ".join([*others, first])
    words = (_ASIDE.sub("", title) or title).replace("_", " ").split()
    if len(words) > most:
        words = words[:most]
        while len(words) > 1 and words[-1].lower() in _EMPTY_ENDS:
            words.pop()
    return " ".join(words).rstrip(",.")


def headline(title: str, claim: str, range_: str = "") -> Headline:
    """A name and what is claimed of it, in at most 12 words: a long claim shortens the name."""
    room = MOST_WORDS - words(claim)
    name = short(title, min(max(room, 1), MOST_OF_NAME))
    return Headline(f"{name[:1].upper()}{name[1:]}: {claim}", range_)


def words(text: str) -> int:
    """Count the words of a text; a sign such as % belongs to the number before it."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


def about(title: str, year: int, value: float, level: int, ends: tuple[float, float], write: Writer) -> Headline:
    """The headline of an answer: its name, value and year, and its range."""
    low, high = ends
    said = f"{_chance(level)} that it lies between {write(low)} and {write.full(high)}." if high > low else ""
    return headline(title, f"about {write.full(value)} in {year}", said)


def odds(level: int, low: str, high: str) -> str:
    """The same behind a value, in fewer words."""
    chance = _chance(level)
    return f"{chance[:1].lower()}{chance[1:]} {low} to {high}"


def _chance(level: int) -> str:
    return CHANCES.get(level, f"{level} chances in 100")
