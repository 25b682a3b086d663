"""Numbers as publishers write them: `$1.2bn` is 1.2 in `$ bn`, never 1,200,000,000.

A text is read in two steps. `amount` takes off the currency, the factor, footnotes and flags that
are next to a number, and leaves its digits and separators. `value_of` turns these into a number by
the `Notation` of the table, which `notation_of` finds from all of its numbers: a single `1,234`
does not show if its comma is the decimal mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple

from rural_forecast.errors import Problem, option
from rural_forecast.observed.observation import Status
from rural_forecast.observed.reading.head import DIGITS
from rural_forecast.observed.reading.periods import Cause, first_cause
from rural_forecast.text.cells import expression

# Marks of a missing value, in any case; signs alone are marks as well: `..`, `-`, `:`, `(D)`.
_WORDS = "na n/a #n/a n.a. null none nil xxx n.d. n.s. nd s.d. s/d k.a. z x c * ** *** 无 缺失 暂无"
MISSING = frozenset([*_WORDS.split(), "no data", "not available", "not applicable", "missing"])
_MARKERS = expression(
    r"[.\u2026·][\s.\u2026·]*"
    r"|[-–—_\s]+"
    r"|:(?:\s*[a-z]{1,2})?"
    r"|\((?:n/?a|x|z|d|s)\)"
    r"|\[(?:x|z|c|low|n/?a)\]"
)

# What is next to a number, in the order in which `amount` takes it off.

_WIDE = DIGITS | str.maketrans("％（）￥\u2212\u00a0", "%()¥- ")
_CURRENCY = (
    r"(?:US|NZ|AU?|CA?|HK|R|S)?[$]"
    r"|[€£¥₹₩]"
    r"|(?:USD|EUR|GBP|CNY|RMB|JPY|CHF|INR)(?![A-Za-z])"
)
_SCALE = (
    r"thousands?|millions?|billions?|trillions?"
    r"|k|mn|mln|m|bn|trn|tn|mio\.?|mrd\.?|tsd\.?"
    r"|crores?|lakhs?"
    r"|[百千]?[万亿]亿?|千|百万"
)
_QUALIFIED = expression(r"([<>~≈≤≥])\s*(?=[\d.$€£¥])")
_QUALIFIERS = {"≈": "~", "≤": "<", "≥": ">"}
_NOTE = expression(
    r"(?<=[\d.%])(?:\s*(?:\*+"
    r"|[†‡§¶‖¹²³⁴⁵⁶⁷⁸⁹]+"
    r"|(?:\(\s*[a-z\d]\s*\)|\[\s*(?:[a-z]|\d{1,2})\s*\])+)"
    r"|\s\d\))$",
    re.IGNORECASE,
)
_PREFIX = expression(rf"([+-]?)\s*({_CURRENCY})\s*(?=[\d.(+-])", re.IGNORECASE)
_SUFFIX = expression(
    rf"(?<=[\d.)-])\s*(?P<scale>{_SCALE})?\s*(?P<sign>%|{_CURRENCY}|元)?$", re.IGNORECASE
)
IN_BRACKETS = expression(
    rf"\((?=(?:\D*\d){{2}})((?:{_CURRENCY})?\s*[\d., \u202f\u2009]+(?:{_SCALE})?\s*%?)\)",
    re.IGNORECASE,
)
_MINUS_BEHIND = expression(r"(\d[\d., \u202f\u2009]*)-")
_GAPS = r" \u202f\u2009"
_SPACED = expression(
    rf"[+-]?\d{{1,3}}(?:[{_GAPS}]\d{{3}})+(?:[.,]\d+)?|[+-]?\d{{1,3}}(?:['’]\d{{3}})+(?:\.\d+)?"
)
# The side of an account, whose sign depends on the account: refused where it is used.
_SIDE_OF_ACCOUNT = expression(r"(?<=[\d.)])\s*[DC]R\.?$", re.IGNORECASE)
_FLAGGED = expression(r"(?P<number>.*\d\.?)(?P<gap>\s*)(?P<letters>[A-Za-z]{1,3})")

# A digit in brackets, a negative number or the sign of a footnote.
LONE = expression(r"\(\s*(\d)\s*\)")
# A minus in Japan, a change elsewhere: refused where it is used.
_ARROW = expression(r"[▲△↑⬆▼▽↓⬇]\s*(?=\d)")

PLAIN = expression(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_NUMBER = expression(
    r"(?!\d\d?\.\d\d?\.\d{4}$)[+-]?(?:\d[\d,.'\u2019]*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII
)
# Every text that holds a number begins like this: most are turned away by it before they are read.
_MAY_BE = expression(
    r"\W*(?:(?:US|NZ|AU?|CA?|HK|R|S)(?=[$])|USD|EUR|GBP|CNY|RMB|JPY|CHF|INR)?\W{0,4}\d",
    re.IGNORECASE,
)
_FINITE = expression(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


# Flags of agencies

# In a column or behind a value. They are history, unlike an analyst's marks of years; `r` is
# revised.
FLAGS: dict[str, Status] = {
    "a": "actual",
    "e": "estimate",
    "p": "preliminary",
    "r": "actual",
    "f": "forecast",
}

# Flags that say that there is no value, such as `z`, not applicable.
NO_VALUE = frozenset(["z", "m", "o", "..", ":"])

# The letters of the lists of Eurostat and SDMX, also those whose meaning is not used.
_FLAGS = expression(r"[aeprfbcdghiklmnoqstuvz]{1,2}(?:[\s,;/]+[aeprfbcdghiklmnoqstuvz])*")

# From the best to the worst: of several flags, the worst counts.
_WORSE: tuple[Status, ...] = ("actual", "preliminary", "estimate", "forecast")


def is_flag(text: str) -> bool:
    """Return true if a text is made of the letters of agencies, or empty."""
    return not text or _FLAGS.fullmatch(text.casefold()) is not None


def letters(text: str) -> str:
    """Join the letters of a cell of flags."""
    return re.sub(r"[\s,;/]", "", text).casefold()


def status_of(text: str) -> Status | None:
    """Read the flags of a value; None where no meaning of theirs is used."""
    if not is_flag(text.strip()):
        return None
    statuses = (FLAGS[letter] for letter in letters(text) if letter in FLAGS)
    return max(statuses, key=_WORSE.index, default=None)


# From a text to an amount


class Amount(NamedTuple):
    """A number as it is written, apart from what is next to it."""

    body: Any  # its digits and separators, or the number itself; None where the value is missing
    marked: str = ""  # the footnote or sign that was taken off, or the mark of a missing value
    currency: str = ""
    scale: str = ""  # the factor or the percent sign behind the number, as written
    negative: bool = False  # true if brackets or a sign behind it make it negative
    qualifier: str = ""  # the sign before it: `<`, `>` or `~`
    flag: str = ""

    @property
    def is_bare(self) -> bool:
        """True if nothing is next to the number."""
        beside = (self.marked, self.currency, self.scale, self.qualifier, self.flag)
        return not self.negative and not any(beside)


def is_missing(text: str) -> bool:
    """Return true if a text says that there is no value."""
    folded = text.replace("\u00a0", " ").strip().casefold()
    return not folded or folded in MISSING or _MARKERS.fullmatch(folded) is not None


# A column repeats its cells; the size bounds the memory for files whose cells all differ.
@lru_cache(8192)
def is_number(text: str) -> bool:
    """Return true if a text holds a number, whatever its separators."""
    if not _MAY_BE.match(text):
        return False
    without_brackets = LONE.sub(r"\1", text.strip())
    without_side = _SIDE_OF_ACCOUNT.sub("", without_brackets)
    body = amount(_ARROW.sub("", without_side, 1)).body
    return bool(body) and _NUMBER.fullmatch(body) is not None


@lru_cache(8192)
def amount(text: str) -> Amount:
    """Read a text as a number and what is next to it; `value_of` reads or refuses the number."""
    text = text.strip()
    if PLAIN.fullmatch(text):
        return Amount(text)
    if is_missing(text):
        return Amount(None, text)

    text = text.translate(_WIDE).strip()
    qualifier = ""
    if match := _QUALIFIED.match(text):
        text = text[match.end() :]
        qualifier = _QUALIFIERS.get(match[1], match[1])
    marked = ""
    if match := _NOTE.search(text):
        text = text[: match.start()].strip()
        marked = match[0].strip()

    currency = ""
    scale = ""
    negative = False
    # Twice, as the currency and the factor are outside of brackets or within: `$(5 m)`, `(5) m`.
    for _ in range(2):
        if match := _PREFIX.match(text):
            text = match[1] + text[match.end() :]
            currency = match[2]
        match = _SUFFIX.search(text)
        if match and match[0].strip():
            text = text[: match.start()]
            sign = match["sign"] or ""
            percent = "%" if sign == "%" else ""
            scale = scale or (match["scale"] or "") + percent
            currency = currency or sign.strip("%")
        if match := IN_BRACKETS.fullmatch(text) or _MINUS_BEHIND.fullmatch(text):
            text = f"-{match[1].strip()}"
            negative = True

    if _SPACED.fullmatch(text):
        text = re.sub(rf"[{_GAPS}'’]", "", text)
    body, unused, flag = _flagged(text)
    return Amount(body.strip(), unused or marked, currency, scale, negative, qualifier, flag)


def _flagged(text: str) -> tuple[str, str, str]:
    """Split a number from the mark behind it that is not used, and from the flags that are."""
    match = _FLAGGED.fullmatch(text)
    if match is None or _SIDE_OF_ACCOUNT.search(text):
        return text, "", ""
    flags = match["letters"].casefold()
    used = "".join(sign for sign in flags if sign in FLAGS)[:2]
    if len(flags) < 3 and set(used) == set(flags) and "a" not in flags:
        return match["number"], "", flags
    # Other letters are flags only apart from the number: `12 d`, but not `12d`.
    if match["gap"] and set(flags) <= set("bcdilnuvzeprf"):
        return match["number"], match["letters"], used
    return text, "", ""


# The notation of a table


class Notation(NamedTuple):
    """The signs within the numbers of a table."""

    decimal: str = "."
    thousands: str = ""  # parts the thousands; spaces and apostrophes do so in any case
    why: str = ""
    unclear: Problem | None = None  # why no number with a sign can be read
    lone: bool = False
    """true if a digit in brackets, next to longer numbers in them, is negative and no footnote."""
    signed: bool = False  # true if a number has a comma or a point
    shows: bool = False  # true if a number shows which of them is the decimal mark
    by_lakhs: bool = False
    """true if commas part hundreds above the thousands, as in India: `42,37,74,881`."""

    def then(self, later: Notation) -> Notation:
        """Join the notation of rows with that of later rows; unclear if they disagree."""
        # Numbers that do not show their mark are read as those before, which do.
        if self.shows and not later.shows:
            return self
        if self.signed and later.unclear is None and later.decimal != self.decimal:
            problem = "is unclear: the numbers in the rows before have another decimal mark"
            hint = f"Name the decimal mark: {_decimal_options()}."
            return later._replace(unclear=Problem(problem, hint))
        return later._replace(signed=self.signed or later.signed)


# Either sign may be the decimal mark: `1,234`.
_EITHER = expression(r"[+-]?[1-9]\d{0,2}[,.]\d{3}")


def _by_both_signs(mark: str, other: str) -> re.Pattern[str]:
    """Match numbers that show their decimal mark by both signs, or by groups of the other one."""
    return expression(
        rf"[+-]?\d{{1,3}}(?:\{other}\d{{3}})+\{mark}\d+|[+-]?[1-9]\d{{0,2}}(?:\{other}\d{{3}}){{2,}}"
    )


_STRONG = {",": _by_both_signs(",", "."), ".": _by_both_signs(".", ",")}
_WEAK = {mark: expression(rf"[+-]?\d*\{mark}\d+(?:[eE][+-]?\d+)?") for mark in ",."}


# A lakh is 1,00,000 and a crore 1,00,00,000. A number of six digits or more is written in one way
# in a table, so that one that lost a digit is not taken for the other way.
_BY_LAKHS = expression(r"[+-]?[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?")
_BY_THOUSANDS = expression(r"[+-]?(?:\d{3}|\d{1,3}(?:,\d{3})+),\d{3}(?:\.\d+)?")


class _SeparatedNumbers(NamedTuple):
    """The numbers of a table with a sign in them, by how far they show the decimal mark."""

    strong: dict[str, list[str]]  # by both signs or by groups; for each decimal mark
    weak: dict[str, list[str]]  # by one sign that cannot part thousands; for each decimal mark
    either: dict[str, list[str]]  # not at all; for each sign

    def showing(self, mark: str) -> list[str]:
        """List the numbers that show a decimal mark."""
        return [*self.strong[mark], *self.weak[mark]]


def _separated(bodies: Collection[str]) -> _SeparatedNumbers:
    numbers = _SeparatedNumbers({",": [], ".": []}, {",": [], ".": []}, {",": [], ".": []})
    for body in bodies:
        if "," in body:
            sign = ","
        elif "." in body:
            sign = "."
        else:
            continue
        shown = next((mark for mark, form in _STRONG.items() if form.fullmatch(body)), "")
        if shown:
            numbers.strong[shown].append(body)
        elif _EITHER.fullmatch(body):
            numbers.either[sign].append(body)
        elif _WEAK[sign].fullmatch(body):
            numbers.weak[sign].append(body)
    return numbers


def notation_of(
    bodies: Collection[str],
    asked: str | None,
    delimiter: str = "",
    locate: Callable[[str], object] = str,
) -> Notation:
    """Find the one notation of a table from all its numbers.

    A refusal names two numbers that disagree, each with its place.
    """
    if asked != "," and _are_by_lakhs(bodies):
        return Notation(
            ".", ",", "',' parts lakhs and crores", by_lakhs=True, signed=True, shows=True
        )
    if asked is not None:
        return Notation(asked, "." if asked == "," else ",")
    numbers = _separated(bodies)
    strong, weak, either = numbers
    commas = numbers.showing(",")
    points = numbers.showing(".")

    # A few typing errors do not make a table unclear.
    few, many = sorted((len(commas), len(points)))
    if few and many < 4 * few:
        return _unclear(locate, commas[0], points[0])._replace(signed=True, shows=True)
    if len(commas) > len(points):
        # One odd cell does not turn the others, unless semicolons part the cells: then the comma is
        # most likely the decimal mark.
        most = 2 * len(weak[","]) if delimiter == ";" else len(weak[","]) - 1
        if not strong[","] and len(either[","]) > most:
            return _unclear(locate, either[","][0], weak[","][0])
        has_thousands = either["."] or strong[","]
        dots = ", '.' parts the thousands" if has_thousands else ""
        return Notation(",", ".", f"the comma is the decimal mark{dots}", signed=True, shows=True)
    if points:
        has_thousands = either[","] or strong["."]
        why = "',' parts the thousands" if has_thousands else ""
        return Notation(".", ",", why, signed=True, shows=True)

    # No number shows the decimal mark.
    if either[","] and either["."]:
        return _unclear(locate, either[","][0], either["."][0])
    # Where larger numbers have a comma each, and none without is as large, it parts the thousands.
    whole = [len(body.lstrip("+-")) for body in bodies if body.lstrip("+-").isdigit()]
    if len(either[","]) > 2 and max(whole, default=4) <= 3 and delimiter != ";":
        return Notation(".", ",", "',' parts the thousands")
    # Semicolons part the cells where the comma is the decimal mark, and then a point none.
    if either["."] and delimiter == ";":
        return _unclear(locate, either["."][0])
    return Notation(signed=bool(either[","] or either["."]))


def _are_by_lakhs(bodies: Collection[str]) -> bool:
    """True if numbers are grouped as in India, and none as elsewhere or with a decimal comma."""
    with_commas = [body for body in bodies if "," in body]
    if not any(map(_BY_LAKHS.fullmatch, with_commas)):
        return False
    if any(map(_BY_THOUSANDS.fullmatch, with_commas)):
        return False
    return not any(map(_STRONG[","].fullmatch, bodies))


def _unclear(locate: Callable[[str], object], first: str, second: str = "") -> Notation:
    cause = (
        f"the point of '{first}' ({locate(first)}) may be the decimal mark or part the thousands"
    )
    if second:
        cause = (
            f"'{first}' ({locate(first)}) and '{second}' ({locate(second)}) "
            "have different decimal marks"
        )
    hint = f"Correct the odd one, or name the decimal mark: {_decimal_options()}."
    return Notation(unclear=Problem(f"is unclear: {cause}", hint))


# From an amount to a number


def value_of(body: object, notation: Notation, text: str = "") -> float | Problem:
    """Read the finite number of an amount, or say what is wrong with it. `text`: the whole cell."""
    value = _number_in(body, notation, text) if isinstance(body, str) else _number_of(body)
    if isinstance(value, float) and not isfinite(value):
        return Problem("is not a finite number", _LEAVE_OUT)
    return value


def _number_in(body: str, notation: Notation, text: str) -> float | Problem:
    whole, mark, decimals = body.partition(notation.decimal)
    separator = notation.thousands or ","
    first, *groups = whole.lstrip("+-").split(separator)
    plain = whole.replace(separator, "")
    if mark:
        plain += f".{decimals}"

    are_thousands = (
        notation.thousands and 0 < len(first) <= 3 and all(len(group) == 3 for group in groups)
    )
    if notation.by_lakhs and len(groups) > 1:
        are_thousands = _BY_LAKHS.fullmatch(body) is not None
    if (groups and not are_thousands) or not _FINITE.fullmatch(plain):
        return _no_number(body if _SIGNS.fullmatch(body) else text or body, notation)
    value = float(plain)
    if value == 0 and re.match(r"[+-]?[0.]*[1-9]", plain):
        return Problem(
            "is too small for a number of this program", "Write it as 0, or in a smaller unit."
        )
    return value


def _number_of(value: object) -> float | Problem:
    is_decimal = type(value).__name__ == "Decimal"
    if isinstance(value, bool):
        kind = "true or false"
    elif isinstance(value, int | float) or is_decimal:
        try:
            return float(value)  # type: ignore[arg-type]
        except OverflowError:
            return float("inf")
    else:
        kind = "a date" if hasattr(value, "year") else "something else"
    return Problem(f"is {kind} where a number must be", "Write the value as a number.")


_LEAVE_OUT = "Leave the row out if the value is not known; a missing value is never read as 0."
_SIGNS = expression(r"[+-]?[0-9]+(?:[,.][0-9]*)+")

# The first form that fits is taken; the last one is that of any text with a digit.
_CAUSES = (
    Cause(r"[+-]?(?:nan|inf|infinity|∞)", "is not a finite number", _LEAVE_OUT),
    # `#REF!` and its like in any language, as Excel, LibreOffice and Google Sheets write them.
    Cause(
        r"#[¡¿]?[^\W\d][\w/.]*[!?]|#(?:NV|N/D|GETTING_DATA)|#?Err:\d+",
        "is an error of the spreadsheet",
        "Repair the formula, or leave the row out.",
    ),
    Cause(
        r"#+",
        "is a cell too narrow to show its number",
        "Widen its column in the spreadsheet, and save the file anew.",
    ),
    Cause(
        r"(?s:.*\d.*)[DC]R\.?",
        "is a debit or a credit, which does not show its sign",
        "Write the number with its sign, and without the letters.",
    ),
    Cause(
        r"(?s:.*\d.*)",
        "is not a number",
        "Write the number alone; a unit belongs into a column named 'unit'.",
    ),
)


def _no_number(text: str, notation: Notation) -> Problem:
    text = text.strip().translate(DIGITS)
    if is_missing(text):
        return Problem("is a missing value where a number must be", _LEAVE_OUT)
    readable = [*_STRONG.values()]  # by one mark or the other
    if notation.decimal == ",":
        readable.append(_BY_LAKHS)
    is_readable = any(form.fullmatch(text) for form in readable)
    if _SIGNS.fullmatch(text) and max(map(text.count, ",.")) > 1 and not is_readable:
        # Neither mark makes it a number, so that naming one would be of no help.
        return Problem(
            "is not a number whose groups of digits fit the others",
            "Correct it, or write the numbers of this column without signs between their digits.",
        )
    if _SIGNS.fullmatch(text):
        problem = "has signs that may part the thousands or be the decimal mark"
        if notation.thousands:
            mark = "comma" if notation.decimal == "," else "point"
            problem = f"is not a number where the {mark} is the decimal mark"
        return Problem(problem, f"Name the decimal mark: {_decimal_options()}.")
    return first_cause(_CAUSES, text) or Problem(
        "is not a number", "Write the value as a number, or leave the row out."
    )


def _decimal_options() -> str:
    return f"{option('decimal', '.')} or {option('decimal', ',')}"
