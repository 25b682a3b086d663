"""The subject of a series, read from its title and its like; empty where that is not sure.

Words and pieces of words count for subjects, and against them (`subject_words.py`). Those for a
subject count in the head of the title alone (`titles.py`). A wrong subject costs more than none, so
one is read only where its words outweigh all others.
`benchmarks/subjects.md` has how often that is right, by language.
"""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from rural_forecast.observed.observation import Series
from rural_forecast.observed.source_names import stem_of
from rural_forecast.observed.titles import (
    Word,
    is_measure,
    names_of,
    parts_of,
    plain,
    stands_before,
    words_of,
)
from rural_forecast.text.cells import expression

LONGEST = 500  # characters of a text that are read
LEAST = 2  # weight that a subject needs
LEAD = 1  # by how much it must outweigh the next one
STATED = 3  # weight of the words that say a share
MEASURES = 5  # from which weight on a word says what is measured, and not of what
ADOPTION = "adoption"
SHARE = "share"
ECONOMY = "economy"
POPULATION = "population"
OF_HOLDERS = (ADOPTION, POPULATION)
SECTORS = ("retail", "services", "manufacturing", "agriculture")
OTHER = "other"  # as in `subject_words.py`
_LONGEST_STEM = 24
_SHORTEST_INSIDE = 5
_LONGEST_UNSPACED = 8
_LETTERS = expression(r"[^\W\d_]{2}")
_WORD = expression(r"[^\W_]+")
_WORDS_ALONE = expression(r"[^\W\d_]{2,}")
_UNSPACED = expression(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# A base is no subject: `deaths per 100,000 inhabitants`, `phones per person`.
_BASE = expression(
    r"\bна душу(?:\s+населени\w+)?\b|\b(?:per|je|pro|par|por|pr|na|на)\s+"
    r"(?:(?:1|10|100|1[ ,.]?000|10[ ,.]?000|100[ ,.]?000|thousand|million|hundred)\s+)?"
    r"(?:capita|persons?|people|inhabitants?|population|employees?|workers?|einwohner|kopf"
    r"|habitants?|habitantes?|invanare|innbygger|indbygger|mieszkanca|hour_worked)\b"
    # Nor are the prices that an amount is in.
    r"|\b(?:constant|current|market|basic|fixed|chained|\d{4})\s+(?:\w+ )?(?:prices|us)\b"
    r"|\b(?:prix|precios|precos|prezzi|ceny|cenach)\s+(?:[cs]\w*nt[eis]?s?|biezac\w+|stal\w+)\b"
    r"|\b(?:a|aux|ai|aos)? ?(?:prix|precios|precos|prezzi) (?:de|du|di|do) mer?[cr]?c\w*\b"
    r"|\b(?:jeweilig|konstant|lopend|vast|lopand|lobend|fast|kayp|kiinte)\w*\s+(?:pr[ei]i?[sj]\w*|hin\w+)\b"
)
# Persons for each of something else are a ratio.
_RATIO = expression(
    r"\b(?:pro|je) [a-z1]|\b(?:population|employees|workers|employment|jobs|inhabitants) .*\bper\b"
)
_EACH = expression(r"\b(?:per|pro|je|par|pour) ")
# Workers for a wage are workers.
_EARNERS = expression(
    r"\b(?:wage|salar)\w* (?:and \w+ )?(?:workers|employees|earners|employment)\b"
)
_MAY_BE_BASE = expression(r"p[aeor]|je |na |на |us\b|cen[ya]")
# A percentage of something, however it is written.
_PERCENT_OF = expression(
    r"(?:%|\bpercent)\s*(?:of|de|des|du|der|von|van|av|af|di|do|da|от|del|dos)\b"
)
_PERCENT = expression(r"[-–]\s*%|\(\s*%|%\s*\)|^\s*%|\bpercent\b|%$")
# A rate in percent need be no part of a whole: of tariffs, of refinancing.
_RATE = expression(r"\b(?:rates?|taux|tasas?|taxas?|tass[oi]|\w*s[aä]tze?|stop[ay]|ставк\w+)\b")
_ARTICLE = "ال"


class Cue(NamedTuple):
    """The subject that a word speaks for, and how strongly."""

    subject: str
    weight: int


# A word outside of the head: a title with it is no empty one.
UNSURE = Cue(OTHER, 0)


class _Phrase(NamedTuple):
    parts: tuple[str, ...]  # its words, after the first one
    cue: Cue


class _WordTable(NamedTuple):
    """The words, by how they are looked for."""

    whole: dict[str, Cue]
    beginning: dict[str, Cue]
    inside: dict[str, Cue]
    unspaced: dict[str, Cue]
    phrases_by_word: dict[str, list[_Phrase]]
    phrases_by_stem: dict[str, list[_Phrase]]


def subject_of(series: Series) -> str:
    """Read the subject of a series; empty where it is not sure."""
    own_id = "" if series.id == stem_of(series.file) else series.id
    names = (own_id, series.title, *series.labels, series.sheet)
    return read(names, series.unit, series.definition)


def says_anything(texts: Iterable[str]) -> bool:
    """Return true if any word of any text speaks for a subject; quick for a million of texts."""
    together = "\n".join(texts)
    if not together.isascii() and _UNSPACED.search(together):
        return True
    words = {*_WORDS_ALONE.findall(together)}
    plain_words = {*_WORD.findall(plain("\n".join(words)))}
    following: set[tuple[str, ...]] = set()  # the words of phrases that are begun
    for word in plain_words:
        cues, phrases = _of_word(word)
        if cues:
            return True
        following.update(phrase.parts for phrase in phrases)
    there = set()
    for part in set().union(*following):
        if any(_matches(word, part) for word in plain_words):
            there.add(part)
    return any(there.issuperset(parts) for parts in following)


def read(names: Iterable[str], unit: str = "", definition: str = "") -> str:
    """Read a subject from names and a unit, or else from a definition."""
    given = dict.fromkeys(filter(None, names))
    if not _LETTERS.search("".join([*given, definition])):
        return ""
    subject = _read(" / ".join(given)[:LONGEST], unit)
    if not subject and definition:
        subject = _read(definition[:LONGEST], unit)
    return "" if subject == OTHER else subject


@lru_cache(16_384)
def _read(text: str, unit: str) -> str:
    """Return the subject of a text, `other` where it has words but is not sure, or nothing."""
    weights: dict[str, int] = {}
    for cue in _cues(text):
        weights[cue.subject] = max(weights.get(cue.subject, 0), cue.weight)
    if not weights:
        return ""
    against = weights.pop(OTHER, 0)
    if against < MEASURES and "%" in f"{text}{unit}" and _says_part(text.casefold()):
        weights[SHARE] = STATED
    return _decided(weights, against)


def _says_part(text: str) -> bool:
    """True for a text of a percentage that is a part of something."""
    if _PERCENT_OF.search(text):
        return True
    return _PERCENT.search(text) is not None and not _RATE.search(text)


def _decided(weights: dict[str, int], against: int) -> str:
    """Decide between subjects; a technology that spreads, and a share, come before the others."""
    if weights.get(ADOPTION, 0) >= LEAST:
        return ADOPTION if weights[ADOPTION] > against else OTHER
    if weights.get(SHARE, 0) >= STATED:
        return SHARE if against < MEASURES else OTHER
    if ECONOMY in weights:  # persons are whose income or product it is
        weights.pop(POPULATION, None)
    elif weights.get(POPULATION, 0) >= LEAST:  # and these are the people of an industry
        weights = {subject: weight for subject, weight in weights.items() if subject not in SECTORS}
    best = max(weights, key=lambda subject: weights[subject], default="")
    if not best:
        return OTHER
    weight = weights.pop(best)
    rival = max([against, *weights.values()])
    return best if weight >= LEAST and weight - rival >= LEAD else OTHER


def _cues(text: str) -> Iterator[Cue]:
    """Yield what the head of each part of a title says, and what speaks against a subject."""
    for part in parts_of(text):
        is_ratio = _RATIO.search(plain(part.text)) or _EACH.search(part.aside)
        is_percentage = part.text.lstrip().startswith("%")  # of whom, as in `% of the population`
        for cue in _of_words(part.text, is_ratio=bool(is_ratio)):
            yield UNSURE if is_percentage and cue.subject != OTHER else cue
        if part.aside:
            for cue in _of_words(part.aside, is_ratio=False):
                yield cue if _is_against(cue) else UNSURE
        if not part.text.isascii() and _UNSPACED.search(part.text):
            yield from _of_unspaced("".join(part.text.casefold().split()))


def _is_against(cue: Cue) -> bool:
    return cue.subject == OTHER and cue.weight >= MEASURES


def _of_words(text: str, *, is_ratio: bool) -> Iterator[Cue]:
    simple = plain(text)
    if _MAY_BE_BASE.search(simple):
        simple = _BASE.sub(" , ", simple)
    words = words_of(simple, names_of(text))
    for index, word in enumerate(words):
        cues, phrases = _of_word(word.text)
        if _modifies(word):
            cues = tuple(cue if cue.subject == OTHER else UNSURE for cue in cues)
        for phrase in phrases:
            following = words[index + 1 : index + 1 + len(phrase.parts)]
            texts = [other.text for other in following]
            if len(texts) == len(phrase.parts) and all(map(_matches, texts, phrase.parts)):
                cues = (*cues, phrase.cue)
        for cue in cues:
            is_earned = cue.subject == ECONOMY and _EARNERS.search(simple)
            yield UNSURE if is_earned or not _counts(cue, word, is_ratio=is_ratio) else cue


def _counts(cue: Cue, word: Word, *, is_ratio: bool) -> bool:
    if cue.subject == OTHER:
        return cue.weight >= MEASURES or not word.is_split
    if cue.subject == POPULATION and is_ratio:
        return False
    return word.in_head or (cue.subject in OF_HOLDERS and word.in_head_of_holders)


def _modifies(word: Word) -> bool:
    """Return true if a word stands before a noun that is something else: `agricultural land`."""
    if not stands_before(word):
        return False
    cues, _ = _of_word(word.following)
    return all(cue.subject == OTHER for cue in cues)


def _of_unspaced(text: str) -> Iterator[Cue]:
    """Look for words in a text that has no spaces between them: the last one decides.

    What follows it may be words of measures alone.
    """
    unspaced = _table().unspaced
    last = 0
    cues_by_end: dict[int, list[Cue]] = {}
    for start in range(len(text)):
        for end in range(start + 1, min(start + _LONGEST_UNSPACED, len(text)) + 1):
            if cue := unspaced.get(text[start:end]):
                cues_by_end.setdefault(end, []).append(cue)
                last = max(last, end) if cue.subject != OTHER else last
    is_last = is_measure(text[last:])
    for end, cues in cues_by_end.items():
        for cue in cues:
            is_counted = _is_against(cue) or (end >= last and is_last)
            yield cue if is_counted else UNSURE


def _matches(word: str, part: str) -> bool:
    word = word.removeprefix(_ARTICLE)
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


@lru_cache(65_536)
def _of_word(word: str) -> tuple[tuple[Cue, ...], tuple[_Phrase, ...]]:
    """Return what a word alone says, and the phrases that begin with it."""
    word = word.removeprefix(_ARTICLE)
    table = _table()
    cues: list[Cue] = []
    phrases = [*table.phrases_by_word.get(word, ())]
    if word in table.whole:
        cues.append(table.whole[word])
    for length in range(2, min(len(word), _LONGEST_STEM) + 1):
        stem = word[:length]
        phrases += table.phrases_by_stem.get(stem, ())
        if stem in table.beginning:
            cues.append(table.beginning[stem])
    for start in range(1, len(word) - _SHORTEST_INSIDE + 1):
        for end in range(start + _SHORTEST_INSIDE, len(word) + 1):
            if word[start:end] in table.inside:
                cues.append(table.inside[word[start:end]])  # noqa: PERF401 - two loops
    return tuple(cues), tuple(phrases)


@cache
def _table() -> _WordTable:
    # Words that most runs do not need.
    from rural_forecast.observed.subject_words import WORDS

    table = _WordTable({}, {}, {}, {}, {}, {})
    for subject, by_weight in WORDS.items():
        for weight, text in by_weight.items():
            cue = Cue(subject, weight)
            for entry in text.split():
                _enter(table, entry, cue)
    return table


def _enter(table: _WordTable, entry: str, cue: Cue) -> None:
    """Enter a word or a phrase into the table; the first subject that has a word keeps it."""
    if not entry.isascii() and _UNSPACED.search(entry):
        table.unspaced.setdefault(entry.replace("_", ""), cue)
        return
    first, *parts = [part.removeprefix(_ARTICLE) for part in plain(entry).split("_")]
    if parts:
        phrase = _Phrase(tuple(parts), cue)
        by_first = table.phrases_by_stem if first.endswith("*") else table.phrases_by_word
        by_first.setdefault(first.rstrip("*"), []).append(phrase)
    elif first.startswith("*"):
        table.inside.setdefault(first.strip("*"), cue)
        table.beginning.setdefault(first.strip("*"), cue)
    elif first.endswith("*"):
        table.beginning.setdefault(first[:-1], cue)
    else:
        table.whole.setdefault(first, cue)
