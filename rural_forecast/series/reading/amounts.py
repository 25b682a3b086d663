"""Numbers as publishers write them, with what is next to them: units, flags, footnotes, marks of what is missing.

A value is kept as it is written: `$1.2bn` is 1.2 in `$ bn`, never 1,200,000,000.

>>> amount("US$ 41.2bn").body, amount("US$ 41.2bn").scale, amount("12.5*").marked, amount("(1.5)").body
('41.2', 'bn', '*', '-1.5')
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple

from rural_forecast.errors import Problem, option
from rural_forecast.series.reading.flags import FLAGS, parted
from rural_forecast.series.reading.periods import DIGITS
from rural_forecast.text.patterns import expression

_WORDS = "na n/a #n/a n.a. null none nil ? tbd xxx n.d. n.s. nd s.d. s/d k.a. z x c * ** *** 无 缺失 暂无"
MISSING = frozenset([*_WORDS.split(), "no data", "not available", "not applicable", "missing"])
"""Marks of a missing value, in any case; also signs alone: `..`, `-`, `:`, `(D)`."""
_UNCLEAR = frozenset(["?", "tbd"])
"""Marks that no publisher writes for a missing value: refused with advice."""
_MARKERS = expression(
    r"[.\u2026·][\s.\u2026·]*|[-–—_\s]+|:(?:\s*[a-z]{1,2})?|\((?:n/?a|x|z|d|s)\)|\[(?:x|z|c|low|n/?a)\]"
)
_WIDE = DIGITS | str.maketrans("％（）￥\u2212\u00a0", "%()¥- ")
_CURRENCY = r"(?:US|NZ|AU?|CA?|HK|R|S)?[$]|[€£¥₹₩]|(?:USD|EUR|GBP|CNY|RMB|JPY|CHF|INR)(?![A-Za-z])"
_SCALE = (
    r"thousands?|millions?|billions?|trillions?|k|mn|mln|m|bn|trn|tn|mio\.?|mrd\.?|tsd\.?|crores?|lakhs?|"
    r"[百千]?[万亿]亿?|千|百万"
)
_PREFIX = expression(rf"([+-]?)\s*({_CURRENCY})\s*(?=[\d.(+-])", re.IGNORECASE)
_SUFFIX = expression(rf"(?<=[\d.)-])\s*({_SCALE})?\s*(%|{_CURRENCY}|元)?$", re.IGNORECASE)
_NOTE = expression(
    r"(?<=[\d.%])(?:\s*(?:\*+|[†‡§¶‖¹²³⁴⁵⁶⁷⁸⁹]+|(?:\(\s*[a-z\d]\s*\)|\[\s*(?:[a-z]|\d{1,2})\s*\])+)|\s\d\))$",
    re.IGNORECASE,
)
_IN_BRACKETS = expression(
    rf"\((?=(?:\D*\d){{2}})((?:{_CURRENCY})?\s*[\d., \u202f\u2009]+(?:{_SCALE})?\s*%?)\)", re.IGNORECASE
)
_MINUS_BEHIND = expression(r"(\d[\d., \u202f\u2009]*)-")
_LONE = expression(r"\(\s*(\d)\s*\)")
"""A digit in brackets, a negative number or the sign of a footnote."""
_QUALIFIED = expression(r"([<>~≈≤≥])\s*(?=[\d.$€£¥])")
_QUALIFIERS = {"≈": "~", "≤": "<", "≥": ">"}
_ARROW = expression(r"([▲△↑⬆]|[▼▽↓⬇])\s*(?=\d)")
_FLAGGED = expression(r"(.*\d\.?)\s+([A-Za-z]{1,3})")
_GAPS = r" \u202f\u2009"
_SPACED = expression(rf"[+-]?\d{{1,3}}(?:[{_GAPS}]\d{{3}})+(?:[.,]\d+)?|[+-]?\d{{1,3}}(?:['’]\d{{3}})+(?:\.\d+)?")
PLAIN = expression(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_NUMBER = expression(r"(?!\d\d?\.\d\d?\.\d{4}$)[+-]?(?:\d[\d,.'\u2019]*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_MAY_BE = expression(r"\W*(?:US|NZ|AU?|CA?|HK|R|S|USD|EUR|GBP|CNY|RMB|JPY|CHF|INR)?\W{0,4}\d", re.IGNORECASE)
_FINITE = expression(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


class Amount(NamedTuple):
    """A number as it is written, apart from what is next to it."""

    body: Any
    """Its digits and separators, or the number itself; None where the value is missing."""
    marked: str = ""
    """The footnote or sign that was taken off, or the mark of a missing value."""
    currency: str = ""
    scale: str = ""
    """The factor or the percent sign behind the number, as written."""
    negative: bool = False
    """True if brackets or a sign behind it make it negative."""
    qualifier: str = ""
    """The sign before it: `<`, `>` or `~`."""
    flag: str = ""
    """The letters of an agency behind it."""


def is_missing(text: str) -> bool:
    """True if a text says that there is no value.

    >>> [is_missing(text) for text in ("..", ": ", "n/a", "***", "", "0", "x1")]
    [True, True, True, True, True, False, False]
    """
    folded = text.replace("\u00a0", " ").strip().casefold()
    return not folded or folded in MISSING - _UNCLEAR or _MARKERS.fullmatch(folded) is not None


@lru_cache(8192)
def is_number(text: str) -> bool:
    """True if a text holds a number, whatever its separators."""
    if not _MAY_BE.match(text):
        return False
    bare = amount(_ARROW.sub("", _LONE.sub(r"\1", text.strip()), 1)).body
    return bool(bare) and _NUMBER.fullmatch(bare) is not None


@lru_cache(8192)
def amount(text: str) -> Amount:
    """A text as a number and what is next to it; what is left is read, or refused, by `value_of`."""
    text = text.strip()
    if PLAIN.fullmatch(text):
        return Amount(text)
    if is_missing(text):
        return Amount(None, text)
    text = text.translate(_WIDE).strip()
    currency = scale = marked = qualifier = ""
    negative = False
    if match := _QUALIFIED.match(text):
        text, qualifier = text[match.end() :], _QUALIFIERS.get(match[1], match[1])
    if match := _NOTE.search(text):
        text, marked = text[: match.start()].strip(), match[0].strip()
    for _ in range(2):  # outside and inside of brackets
        if match := _PREFIX.match(text):
            text, currency = match[1] + text[match.end() :], match[2]
        if (match := _SUFFIX.search(text)) and match[0].strip():
            text, scale = text[: match.start()], scale or (match[1] or "") + ("%" if match[2] == "%" else "")
            currency = currency or (match[2] or "").strip("%")
        if match := _IN_BRACKETS.fullmatch(text) or _MINUS_BEHIND.fullmatch(text):
            text, negative = f"-{match[1].strip()}", True
    if _SPACED.fullmatch(text):
        text = re.sub(rf"[{_GAPS}'’]", "", text)
    text, more, flag = _flagged(text)
    return Amount(text.strip(), more or marked, currency, scale, negative, qualifier, flag)


def _flagged(text: str) -> tuple[str, str, str]:
    """A number, the mark behind it that is not used, and the flags behind it that are."""
    if match := _FLAGGED.fullmatch(text):
        letters = set(match[2].casefold())
        if letters <= set("bcdilnuvz") and not letters & (FLAGS.keys() - {"a"}):
            return match[1], match[2], ""
        if letters <= set("bcdilnuvzeprf"):
            return match[1], match[2], "".join(sign for sign in match[2].casefold() if sign in FLAGS)[:2]
    elif pair := parted(text):
        return pair[0], "", pair[1]
    return text, "", ""


class Signs(NamedTuple):
    """The meaning of signs that differs from table to table."""

    negative: bool = False
    """True if a digit in brackets is a negative number."""
    arrows: bool = False
    """True if arrows before numbers say that they rose or fell."""

    def plain(self, text: str) -> str:
        """A text with such signs in plain form."""
        if self.negative and (match := _LONE.fullmatch(text.strip())):
            return f"-{match[1]}"
        return _ARROW.sub("", text.strip(), 1) if self.arrows else text


def signs_of(texts: list[str]) -> Signs:
    """The notation of numbers that a table leaves no doubt about.

    Digits in brackets are negative next to longer numbers in brackets, or where nothing has a minus and numbers are as
    small. Arrows that go up and down say how numbers changed; those of one kind may be a minus, as in Japan.

    >>> signs_of(["(12)", "(3)"]), signs_of(["512", "(3)"]).negative, signs_of(["▲ 5", "▼ 4"]).arrows
    (Signs(negative=True, arrows=False), False, True)
    """
    odd = [text for text in texts if not text[:1].isdigit()]
    if not odd:
        return Signs()
    numbers = [text for text in texts if text[:1].isdigit()]
    small = len(numbers) > 1 and all(re.fullmatch(r"\d\d?", text) for text in numbers)
    minus = any(re.match(r"[-\u2212]\d", text) for text in odd)
    sure = any(map(_IN_BRACKETS.fullmatch, odd))
    directions = {match[1] in "▲△↑⬆" for text in odd if (match := _ARROW.match(text))}
    return Signs(sure or (small and not minus), len(directions) == 2)


class Notation(NamedTuple):
    """The signs within the numbers of a table."""

    decimal: str = "."
    thousands: str = ""
    """The sign that parts the thousands; spaces and apostrophes do so in any case."""
    why: str = ""
    """The finding, for a note."""
    unclear: Problem | None = None
    """Why no number with a sign can be read."""


_EITHER = expression(r"[+-]?[1-9]\d{0,2}[,.]\d{3}")
_GROUPS = {sign: expression(rf"[+-]?[1-9]\d{{0,2}}(?:\{sign}\d{{3}}){{2,}}") for sign in ",."}
_BOTH = {
    ",": expression(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+"),
    ".": expression(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+"),
}
_ONE = {sign: expression(rf"[+-]?\d*\{sign}\d+(?:[eE][+-]?\d+)?") for sign in ",."}


def notation_of(bodies: dict[str, str], asked: str | None, delimiter: str = "") -> Notation:
    """The one notation of a table, from all its numbers.

    `bodies`: numbers without what is next to them, each with the place of one cell that has it. `asked`: the decimal
    mark, where it is stated. A minority that contradicts the others is refused cell by cell; where neither is one, the
    notation is unclear.

    >>> notation_of({"1.234,5": "", "950.000": ""}, None)[:2], notation_of({"1,234": "", "0.5": ""}, None)[:2]
    ((',', '.'), ('.', ','))
    >>> notation_of({"1,234": "b:2", "1,4000": "b:4"}, None).unclear.problem
    "b:2 writes '1,234' and b:4 writes '1,4000', and the comma can be the decimal mark in one of them only"
    """
    if asked is not None:
        return Notation(asked, "." if asked == "," else ",")
    strong, weak, either = _sorted_by_sign(bodies)
    commas, points = [*strong[","], *weak[","]], [*strong["."], *weak["."]]
    few, many = sorted((len(commas), len(points)))
    if few and many < 4 * few:
        return _unclear(bodies, commas[0], points[0], "use different decimal marks")
    if len(commas) > len(points):
        odd = 2 * len(weak[","]) if delimiter == ";" else len(weak[","]) - 1
        if not strong[","] and len(either[","]) > odd:  # one odd cell does not turn the others
            words = "the comma can be the decimal mark in one of them only"
            return _unclear(bodies, either[","][0], weak[","][0], words)
        dots = ", '.' parts the thousands" if either["."] or strong[","] else ""
        return Notation(",", ".", f"the comma is the decimal mark{dots}")
    if points:
        return Notation(".", ",", "',' parts the thousands" if either[","] or strong["."] else "")
    return _of_doubtful(bodies, either, delimiter)


_Found = dict[str, list[str]]


def _sorted_by_sign(bodies: Iterable[str]) -> tuple[_Found, _Found, _Found]:
    """Numbers that show the decimal mark by both signs or by groups, by one sign, or not at all."""
    strong, weak, either = ({",": list[str](), ".": list[str]()} for _ in range(3))
    for body in bodies:
        sign = "," if "," in body else "." if "." in body else ""
        if "," in body and "." in body:
            for mark, form in _BOTH.items():
                if form.fullmatch(body):
                    strong[mark].append(body)
        elif sign and _EITHER.fullmatch(body):
            either[sign].append(body)
        elif sign and _GROUPS[sign].fullmatch(body):
            strong["." if sign == "," else ","].append(body)
        elif sign and _ONE[sign].fullmatch(body):
            weak[sign].append(body)
    return strong, weak, either


def _of_doubtful(bodies: dict[str, str], either: _Found, delimiter: str) -> Notation:
    """The notation of numbers whose signs may all mean either."""
    if either[","] and either["."]:
        return _unclear(bodies, either[","][0], either["."][0], "use different signs")
    if either[","]:
        whole = [body for body in bodies if body.lstrip("+-").isdigit()]
        short = whole and all(len(body.lstrip("+-")) <= 3 for body in whole)
        if len(either[","]) >= 3 and short and delimiter != ";":
            return Notation(".", ",", "',' parts the thousands")
    elif len(either["."]) > 2 and delimiter == ";":
        text = either["."][0]
        where = f" at {bodies[text]}" if bodies[text] else ""
        return Notation(unclear=Problem(
            f"the point in '{text}'{where} may be the decimal mark or part the thousands",
            f"Add {option('decimal', ',')} if it parts the thousands, {option('decimal', '.')} if it is the mark.",
        ))  # fmt: skip
    return Notation()


def _unclear(bodies: dict[str, str], first: str, second: str, words: str) -> Notation:
    said = " and ".join(f"{bodies[text]} writes '{text}'" for text in (first, second))
    verb = f", and {words}" if words.startswith("the ") else f", which {words}"
    return Notation(unclear=Problem(
        said + verb, f"Correct the odd one, or add {option('decimal', '.')} or {option('decimal', ',')}."
    ))  # fmt: skip


def value_of(body: object, notation: Notation, text: str = "") -> float | Problem:
    """The finite number of an amount; or what is wrong with it. `text`: the whole cell."""
    if isinstance(body, str):
        plain = body
        if notation.thousands and notation.thousands in body:
            whole, mark, rest = body.partition(notation.decimal)
            groups = whole.lstrip("+-").split(notation.thousands)
            grouped = 0 < len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
            plain = whole.replace(notation.thousands, "") + ("." + rest if mark else "") if grouped else "?"
        elif notation.decimal == ",":
            plain = body.replace(",", ".")
        elif "," in body:
            plain = "?"
        if not _FINITE.fullmatch(plain):
            return Problem(*_no_number(text or body, notation))
        value = float(plain)
        if value == 0 and re.match(r"[+-]?[0.]*[1-9]", plain):
            return Problem("is too small for a number of this program", "Write it as 0, or in a smaller unit.")
    elif isinstance(body, bool) or not (isinstance(body, int | float) or type(body).__name__ == "Decimal"):
        kind = "true or false" if isinstance(body, bool) else "a date" if hasattr(body, "year") else "something else"
        return Problem(f"is {kind} where a number must be", "Write the value as a number.")
    else:
        try:
            value = float(body)  # type: ignore[arg-type]
        except OverflowError:
            value = float("inf")
    return value if isfinite(value) else Problem("is not a finite number", _LEAVE_OUT)


_LEAVE_OUT = "Leave the row out if the value is not known; a missing value is never read as 0."
_SPREADSHEET_ERROR = expression(r"#[¡¿]?[^\W\d][\w/.]*[!?]|#(?:NV|N/D|GETTING_DATA)|#?Err:\d+", re.IGNORECASE)
"""`#REF!` and its like in any language, as Excel, LibreOffice and Google Sheets write them."""
_ADVICE = (
    (r"\(.*\)", "Write a negative number with a minus sign."),
    (r"[+-]?\d+(?:[.,]\d*)?", "Write it in the digits 0 to 9."),
    (r"\d+(?:_\d+)+(?:\.\d*)?", "Write it without the underscores."),
    (r"0[xXbBoO][0-9a-fA-F]+", "Write it as a decimal number."),
    (r"['=].*", "Write the number alone, without the sign before it."),
    (r"(?s:.*\d.*)", "Write the number alone; a unit belongs into a column named 'unit'."),
)


def _no_number(text: str, notation: Notation) -> tuple[str, str]:
    text = text.strip().translate(DIGITS)
    if is_missing(text) or text.casefold() in MISSING:
        return "is a missing value where a number must be", _LEAVE_OUT
    if re.fullmatch(r"[+-]?(?:nan|inf|infinity|∞)", text, re.IGNORECASE):
        return "is not a finite number", _LEAVE_OUT
    if _SPREADSHEET_ERROR.fullmatch(text):
        return "is an error of the spreadsheet", "Repair the formula, or leave the row out."
    if set(text) == {"#"}:
        return "is a cell too narrow to show its number", "Widen its column in the spreadsheet, and save the file anew."
    if notation == Notation() and (sign := re.fullmatch(r"[+-]?[0-9]+([,.][0-9]{3})*(?:[,.][0-9]*)?", text)):
        if re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+", text):
            return (
                "is a number with a comma, which may part the thousands or be the decimal mark",
                f"Add {option('decimal', '.')} or {option('decimal', ',')}.",
            )
        return "is a number with separators", f"Add {option('decimal', ',' if ',' in text else sign[0][:1] and '.')}."
    if notation.thousands and notation.thousands in text and re.search(r"\d", text):
        sign_name = "comma" if notation.decimal == "," else "point"
        other = option("decimal", notation.thousands)
        return "is not a number", f"The decimal mark of the table is the {sign_name}; if it is not, add {other}."
    return "is not a number", next(
        (hint for form, hint in _ADVICE if re.fullmatch(form, text)),
        "Write the value as a number, or leave the row out.",
    )
