"""The head of a title: the words that say what its figures are, and not of what or by what.

`Median age of the population` is an age, and `Employees in farming, by sex` are employees. A
preposition ends the head once the head has named something; measures, such as `number`, `value` and
`turnover`, name nothing. What is split by, and text in brackets, are outside of it. Where words
have no spaces between them, the last one decides.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from rural_forecast.text.cells import expression

_CAMEL = expression(r"(?<=[a-z])(?=[A-Z])")
_SIMPLER = str.maketrans("øłıđðþæœيىكآأإة", "olidddaoییکاااه")
# Parts of a title, each with a head of its own.
_BETWEEN_PARTS = expression(r"\s[/|–—-]\s|[;；]|[:：](?!\d)|\s*[–—]\s*")
_IN_BRACKETS = expression(r"[(\[（【][^()\[\]（）【】]*[)\]）】]?")
_WORD = expression(r"[^\W_]+|[,،、]")
_LETTER = expression(r"[^\W\d_]")
_CAPITAL = expression(r"\b[A-Z][a-z]+")
_SMALL = expression(r"\b[a-z]{5}")
FEWEST_OF_TITLE_CASE = 3  # words with a capital, beside none of five letters without


class _Grammar(NamedTuple):
    """Words that say how a title is built: see `title_words`."""

    by: frozenset[str]
    postpositions: frozenset[str]
    percentages: frozenset[str]
    prepositions: frozenset[str]
    particles: frozenset[str]
    measures: frozenset[str]
    holders: frozenset[str]
    before_nouns: frozenset[str]
    after_nouns: frozenset[str]
    joining: frozenset[str]
    """The words that end a phrase."""


class Word(NamedTuple):
    """A word of a part of a title, outside of brackets."""

    text: str
    in_head: bool
    in_head_of_holders: bool
    """Like `in_head`, where those who have a technology name nothing."""
    is_split: bool
    """True after a word such as `by`: how the figures are split."""
    following: str
    """The next word, if it is of the same phrase."""


class TitlePart(NamedTuple):
    """A part of a title."""

    text: str  # without brackets
    aside: str  # in brackets


def parts_of(text: str) -> Iterator[TitlePart]:
    """Split a title into parts that each have a head."""
    for part in _BETWEEN_PARTS.split(text):
        aside = " , ".join(_IN_BRACKETS.findall(part))
        outside = _IN_BRACKETS.sub(" , ", part) if aside else part
        if _LETTER.search(outside):
            yield TitlePart(outside, aside)
        else:
            yield TitlePart(aside, "")


def words_of(simple: str, names: frozenset[str]) -> list[Word]:
    """Take the words of a part of a title, as `plain` writes it.

    `names` are the words that are written with a capital: they name places, not things.
    """
    grammar = _grammar()
    texts = _without_postpositions(simple)
    in_head = True
    in_head_of_holders = True
    is_named = False
    is_named_beyond_holders = False
    is_split = False
    words: list[Word] = []
    for text, after in zip(texts, [*texts, ","][1:], strict=True):
        if text in grammar.by and words:
            is_split = True
        if text == "as" and after in ("a", "share", "proportion"):
            in_head = True
        elif text in grammar.prepositions or is_split:
            in_head = in_head and not is_named and not is_split
            in_head_of_holders = in_head_of_holders and not is_named_beyond_holders and not is_split
        elif text in grammar.percentages:
            in_head = True
        elif text[1:] and text not in grammar.particles and text not in grammar.measures:
            is_named = True
            is_named_beyond_holders = is_named_beyond_holders or text not in grammar.holders
        is_phrase = after.isalpha() and after not in grammar.joining and after not in names
        following = after if is_phrase else ""
        words.append(Word(text, in_head, in_head_of_holders, is_split, following))
    return words


def _without_postpositions(simple: str) -> list[str]:
    """Take the words without those that a postposition makes a split; numbers end a phrase."""
    texts = ["," if text.isdecimal() else text for text in _WORD.findall(simple)]
    for postposition in _grammar().postpositions.intersection(texts):
        index = texts.index(postposition)
        del texts[max(index - 1, 0) : index + 1]
    return texts


def names_of(text: str) -> frozenset[str]:
    """Find the words with a capital, unless all words have one."""
    capitals = _CAPITAL.findall(text)
    if len(capitals) >= FEWEST_OF_TITLE_CASE and not _SMALL.search(text):
        return frozenset()
    return frozenset(word.casefold() for word in capitals)


def stands_before(word: Word) -> bool:
    """Return true if a word stands before a noun that may be something else."""
    grammar = _grammar()
    is_before = word.following and word.following not in grammar.after_nouns
    return bool(is_before) and word.text in grammar.before_nouns


def is_measure(text: str) -> bool:
    """Return true if a text without spaces has words of measures alone."""
    return _unspaced_measures().fullmatch(text) is not None


@cache
def _unspaced_measures() -> re.Pattern[str]:
    from rural_forecast.observed import title_words

    words = "|".join(sorted(title_words.UNSPACED_MEASURES.split(), key=len, reverse=True))
    return re.compile(rf"(?:{words}|[\d\W_])*")


@cache
def _grammar() -> _Grammar:
    # Words that most runs do not need.
    from rural_forecast.observed import title_words

    by = _words(title_words.BY)
    prepositions = _words(title_words.PREPOSITIONS)
    particles = _words(title_words.PARTICLES)
    measures = _words(title_words.MEASURES)
    return _Grammar(
        by,
        _words(title_words.POSTPOSITIONS),
        _words(title_words.PERCENTAGES),
        prepositions,
        particles,
        measures,
        _words(title_words.HOLDERS),
        _words(title_words.BEFORE_NOUNS),
        measures | _words(title_words.AFTER_NOUNS),
        by | prepositions | particles,
    )


def _words(text: str) -> frozenset[str]:
    words: set[str] = set()
    for line in text.splitlines():  # most are in ASCII, which is quicker
        words.update(plain(line).split())
    return frozenset(words)


def plain(text: str) -> str:
    """Write a text in lower case, without accents, its words apart."""
    text = _CAMEL.sub(" ", text).casefold().translate(_SIMPLER)
    if text.isascii():
        return text
    letters = []
    for letter in text:
        # Accents of Latin letters alone: they are letters of their own in other scripts.
        if letter < "\u0250":
            decomposed = unicodedata.normalize("NFKD", letter)
            letters.append("".join(one for one in decomposed if not unicodedata.combining(one)))
        elif not ("\u064b" <= letter <= "\u0652" or letter == "\u0640"):
            letters.append(letter)
    return "".join(letters)
