"""The names of series for people: what is counted, then where, each part once.

The catalogue and the rows of our own have titles. A file of others spreads a name over its title,
its heads, the labels of a row and what was chosen of these; between them are codes, notes and words
that every file has. `title_of` takes the parts that say something.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from rural_forecast.observed.catalogue import load
from rural_forecast.observed.observation import Series
from rural_forecast.observed.source_names import stem_of
from rural_forecast.text.cells import expression
from rural_forecast.text.wording import capital, words

_JOINT = " / "  # of the labels of an id
_FEW = 2  # words of a measure that need the title of the table to be understood
_MOST_OF_PART = 14  # words of a label; longer texts are notes
_LONG_UNIT = 24  # characters from which a unit says what is counted
_WORLD = {"world", "total", "all countries"}
_ENOUGH_PARTS = 2  # of what was chosen, before labels that others share are added
_MOST_PARTS = 3  # that say what is counted

# Abbreviations that are words for people, unlike the codes of publishers.
_KNOWN = {"BEV", "CO2", "CPI", "FDI", "GDP", "GHG", "GNI", "GNP", "GVA", "HDI", "PHEV", "PPI"}
_CODE = expression(
    r"[A-Z]{1,4}|[a-z]{2,3}|[\d.,-]+|\.+|v\d+|"
    r"(?=\S*[\d_.:])[A-Z0-9][A-Z0-9_.:()/-]*|\d{4}-\d\d-\d\d\S*|[a-z]+_[a-z_]+"
)
_LONG_CODE = expression("[A-Z]{10,}")
_NOTHING = expression(
    r"(?i)(?:obs_?|numeric|display ?)?values?|wartos[cć]|years?|sex|country|data|amount|quantity|"
    r"historical|actual|annual|yearly|all|all ages|total|mean|average|units?|"
    r"(?:total|all) - .*|both sexes|insgesamt|og[oó][lł]em|toplam ?-? ?total|stichtag|"
    r"world development indicators|macro indicators|suite of .* indicators|数据库.*|"
    r"(?:fred graph|chart|data|table|sheet|worksheet|final|annual data|bls data series) ?\d*|"
    r"percent|not seasonally adjusted|seasonally adjusted"
)
"""Texts that files of many subjects share."""
_NOTE = expression(
    r"(?i)(?:notes?|sources?|how to cite|cite|figures are|definition|the .* (?:is|are) |https?:|#)"
    r".*|\(.*\)|.*[a-z)]\. [A-Z].*|.*[a-z]{5}\."
)
_NUMBERED = expression(
    r"(?i)^(?:(?:table|tab\.|tabela|tabelle|tableau|cuadro|figure|chart|data)\s*[\w.]*\d[\w.]*"
    r"\s*[-–:.]?|\d+(?:\.\d+)*\.(?=\s)|\([A-Z0-9_.]+\)(?=\s)|(?-i:[A-Z0-9_]{2,} - )+|"
    r"指[标標][：:])\s*"
)
_SPAN = expression(r"(?i),?\s*\(?(?:from )?\b\d{4}\s*(?:to|[-–—])\s*\d{4}.*$")
_END_IN_BRACKETS = expression(r"\s*[(\[（][^()\[\]（）]*[)\]）]$")
_WHERE = expression(
    r"(?P<what>.+?) (?:in|for) (?:the )?"
    r"(?P<where>[A-Z][\w.'-]*(?: (?:of |and |the )?[A-Z][\w.'-]*)*)(?P<rest>,.*)?"
)
_MEASURED_IN = expression(r"(?i) in (?:billions?|millions?|thousands?) of .*$")
_WORDS_ALONE = expression(r"[A-Za-z]{2,}[0-9]?(?:[ _-][A-Za-z]{2,}){1,5}")
_ID_OF_SERIES = expression(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
_FILE = expression(r"(?i)(?:data|files?|export|series|download|tables?|output|final|copy|new)")


def title_of(series: Series) -> str:
    """Name a series: what it counts, then the places where it does."""
    if not series.file:
        return series.title or series.id.replace("_", " ")
    stem = stem_of(series.file)
    above = series.title if series.title in series.labels else ""
    is_stated = series.title and not above and series.title != _JOINT.join(series.labels[:-1])
    if is_stated and _JOINT not in series.title:
        return _stated(series, stem)

    chosen = [] if series.id == stem else _with_names(series)
    places = _places(series, chosen)
    # The head of a value is more often what it measures than the labels of its row are.
    labels = [label for label in (*series.labels[-1:], *series.labels[:-1]) if label != above]
    taken = [*places, *_parts(series.places, series.unit)]
    what = _without(_parts(chosen, series.unit, named=True), taken)[:_MOST_PARTS]
    beside = _without(_parts(labels, series.unit), [*taken, *what])
    what += beside[: max(_ENOUGH_PARTS - len(what), 0)]
    if not what or (not places and sum(map(words, what)) <= _FEW):
        # A title says what is counted, and a label without a column of places often where.
        titles = [series.sheet, above] if _is_title(series.sheet) else [above, series.sheet]
        titles = [text for text in titles if text == above or _has_words(text)]
        spare = [*_parts(titles, series.unit)]
        if not spare and not what:
            spare = [*_parts(_of_file(stem), series.unit)]
        what = _without([*what, *spare[:1]], places)
    what = _worded(what)
    if not places and what:
        what[:1] = _what_and_where(what[0])
    if len(places) > 1:
        places = [name for name in places if name.casefold() not in _WORLD]
    return capital(", ".join([*what, *places])) or series.id.replace("_", " ")


def subject_of(labels: Sequence[str], unit: str) -> str:
    """Name what several series measure by the labels that they share; empty without any."""
    return capital(", ".join(_without(_parts(labels, unit), ())))


def _with_names(series: Series) -> list[str]:
    """List what was chosen; the label next to a code is its name, as `Germany` is next to `DE`."""
    names = dict(pairwise(series.labels))
    chosen = []
    for part in series.id.split(_JOINT):
        name = names.get(part, "")
        is_code = part.isupper() and part.isalpha() and len(part) in (2, 3)
        has_name = name[:1].isupper() and not name.isupper()
        chosen.append(name if is_code and part not in _KNOWN and has_name else part)
    return chosen


def _worded(parts: list[str]) -> list[str]:
    """Leave out long codes, such as `FPCPITOTLZGUSA`, where other parts have words."""
    if not any(part != part.upper() for part in parts):
        return parts
    return [part for part in parts if not _LONG_CODE.fullmatch(part)]


def _stated(series: Series, stem: str) -> str:
    """Name a series by the title that its file states, with its id where others share it."""
    own = series.id.casefold() in series.title.casefold() or series.id == stem
    title = _cleaned(series.title, series.unit, whole=True)
    if _CODE.fullmatch(title):
        parts = [*_parts(series.labels, series.unit)]
        return capital(", ".join(parts[:_MOST_PARTS])) or series.title
    return series.title if own else f"{capital(title)}, {', '.join(_with_names(series))}"


def _places(series: Series, chosen: Sequence[str]) -> list[str]:
    """List the places of a series: those that were chosen, or else all, by their names."""
    named = [*_parts(series.places, series.unit)]
    texts = {*_parts(chosen, series.unit)}
    places = [name for name in named if name in texts] or named
    if not places:
        places = [name for name in series.places if name in chosen]
    return list(dict.fromkeys(places))


def _parts(texts: Iterable[str], unit: str, *, named: bool = False) -> Iterator[str]:
    """Yield the texts that say something, without codes, notes and units.

    Of texts that are `named` by who asks, codes stay.
    """
    for text in texts:
        part = _cleaned(text, unit, whole=named)
        if not part or _NOTHING.fullmatch(part) or _NOTE.fullmatch(part):
            continue
        is_code = _CODE.fullmatch(part) and part not in _KNOWN
        if is_code and not (named and part.isalpha()):
            continue
        if words(part) <= _MOST_OF_PART:
            yield part


def _cleaned(text: str, unit: str, *, whole: bool) -> str:
    """Take numbers of tables, years and the unit from a label, and clauses that say nothing.

    A `whole` one keeps its clauses.
    """
    text = _NUMBERED.sub("", " ".join(text.split()).strip(" *"), count=1)
    text = text.removeprefix("[").removesuffix("]")
    text = _MEASURED_IN.sub("", _SPAN.sub("", text))
    while _END_IN_BRACKETS.search(text):
        text = _END_IN_BRACKETS.sub("", text)
    if unit and len(unit) < _LONG_UNIT and text.casefold().endswith(unit.casefold()):
        text = text[: -len(unit)].rstrip().removesuffix(" in")
    clauses = text.split(", ")
    while not whole and len(clauses) > 1 and _NOTHING.fullmatch(clauses[-1]):
        clauses.pop()
    text = ", ".join(clauses).strip(" ,;:-(（")
    if " " not in text and not _CODE.fullmatch(text):
        text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).replace("_", " ")
        text = re.sub(r" \d$", "", text)
    shouts = text.isupper() and words(text) > 1
    return text.capitalize() if shouts else text


def _without(parts: Iterable[str], taken: Sequence[str]) -> list[str]:
    """Leave out the parts that others have in them already."""
    kept: list[str] = []
    for part in parts:
        folded = part.casefold()
        if not any(folded in other.casefold() for other in (*kept, *taken)):
            kept.append(part)
    return kept


def _what_and_where(text: str) -> list[str]:
    """Part a title such as `Retail sales in the United States`."""
    parted = _WHERE.fullmatch(text)
    return [parted["what"], parted["where"]] if parted else [text]


def _has_words(sheet: str) -> bool:
    return bool(_WORDS_ALONE.fullmatch(sheet))


def _is_title(sheet: str) -> bool:
    """Check that a sheet has a name of its own, which is more exact than a line above its table."""
    return _has_words(sheet) and words(sheet) > _FEW


def _of_file(stem: str) -> list[str]:
    """Give the name of a file where it is made of words, and not of those that files have."""
    names = re.split("[ _-]", stem)
    if not _WORDS_ALONE.fullmatch(stem) or any(map(_FILE.fullmatch, names)):
        return []
    return [" ".join(name.upper() if name.upper() in _KNOWN else name for name in names)]


def readable(text: str) -> str:
    """Replace ids of the catalogue by their titles."""
    if not _ID_OF_SERIES.search(text):
        return text
    catalogue = load()
    ids = set(catalogue.ids())
    return _ID_OF_SERIES.sub(
        lambda match: catalogue.get(match[0]).title if match[0] in ids else match[0], text
    )
