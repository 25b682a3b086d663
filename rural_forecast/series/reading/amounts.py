"""Numbers as publishers write them, and their units: `$1.2bn` is 1.2 in `$ bn`, never
1,200,000,000.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from itertools import pairwise
from math import isfinite
from typing import Any, NamedTuple

from rural_forecast.errors import Problem, option
from rural_forecast.series.observation import Status
from rural_forecast.series.reading.periods import DIGITS
from rural_forecast.text.cells import expression

_WORDS = "na n/a #n/a n.a. null none nil xxx n.d. n.s. nd s.d. s/d k.a. z x c * ** *** 无 缺失 暂无"
MISSING = frozenset([*_WORDS.split(), "no data", "not available", "not applicable", "missing"])
"""Marks of a missing value, in any case; also signs alone: `..`, `-`, `:`, `(D)`."""
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
IN_BRACKETS = expression(
    rf"\((?=(?:\D*\d){{2}})((?:{_CURRENCY})?\s*[\d., \u202f\u2009]+(?:{_SCALE})?\s*%?)\)",
    re.IGNORECASE,
)
_MINUS_BEHIND = expression(r"(\d[\d., \u202f\u2009]*)-")
# A digit in brackets, a negative number or the sign of a footnote.
LONE = expression(r"\(\s*(\d)\s*\)")
_QUALIFIED = expression(r"([<>~≈≤≥])\s*(?=[\d.$€£¥])")
_QUALIFIERS = {"≈": "~", "≤": "<", "≥": ">"}
# A minus in Japan, a change elsewhere: refused where it is used.
_ARROW = expression(r"[▲△↑⬆▼▽↓⬇]\s*(?=\d)")
_FLAGGED = expression(r"(.*\d\.?)(\s*)([A-Za-z]{1,3})")
_GAPS = r" \u202f\u2009"
_SPACED = expression(
    rf"[+-]?\d{{1,3}}(?:[{_GAPS}]\d{{3}})+(?:[.,]\d+)?|[+-]?\d{{1,3}}(?:['’]\d{{3}})+(?:\.\d+)?"
)
PLAIN = expression(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_NUMBER = expression(
    r"(?!\d\d?\.\d\d?\.\d{4}$)[+-]?(?:\d[\d,.'\u2019]*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII
)
_MAY_BE = expression(
    r"\W*(?:US|NZ|AU?|CA?|HK|R|S|USD|EUR|GBP|CNY|RMB|JPY|CHF|INR)?\W{0,4}\d", re.IGNORECASE
)
_FINITE = expression(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


class Amount(NamedTuple):
    """A number as it is written, apart from what is next to it."""

    body: Any  # its digits and separators, or the number itself; None where the value is missing
    marked: str = ""  # the footnote or sign that was taken off, or the mark of a missing value
    currency: str = ""
    scale: str = ""  # the factor or the percent sign behind the number, as written
    negative: bool = False  # true if brackets or a sign behind it make it negative
    qualifier: str = ""  # the sign before it: `<`, `>` or `~`
    flag: str = ""


FLAGS: dict[str, Status] = {
    "a": "actual",
    "e": "estimate",
    "p": "preliminary",
    "r": "actual",
    "f": "forecast",
}
"""Flags of agencies, in a column or behind a value: history, unlike an analyst's marks of years;
`r` is revised.
"""
NO_VALUE = frozenset(["z", "m", "o", "..", ":"])
"""Flags of a value that say that there is none, such as `z`, not applicable."""
_FLAGS = expression(r"[aeprfbcdghiklmnoqstuvz]{1,2}(?:[\s,;/]+[aeprfbcdghiklmnoqstuvz])*")
"""With the other letters of the lists of Eurostat and SDMX."""
_WORSE: tuple[Status, ...] = ("actual", "preliminary", "estimate", "forecast")


def is_flag(text: str) -> bool:
    """True if a text is made of the letters of agencies, or empty."""
    return not text or _FLAGS.fullmatch(text.casefold()) is not None


def letters(text: str) -> str:
    """The letters of a cell of flags."""
    return re.sub(r"[\s,;/]", "", text).casefold()


def status_of(text: str) -> Status | None:
    """Read the flags of a value; None where no meaning of theirs is used."""
    if not is_flag(text.strip()):
        return None
    return max(
        (FLAGS[letter] for letter in letters(text) if letter in FLAGS),
        key=_WORSE.index,
        default=None,
    )


def is_missing(text: str) -> bool:
    """True if a text says that there is no value."""
    folded = text.replace("\u00a0", " ").strip().casefold()
    return not folded or folded in MISSING or _MARKERS.fullmatch(folded) is not None


@lru_cache(8192)
def is_number(text: str) -> bool:
    """True if a text holds a number, whatever its separators."""
    if not _MAY_BE.match(text):
        return False
    bare = amount(_ARROW.sub("", LONE.sub(r"\1", text.strip()), 1)).body
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
        text = text[match.end() :]
        qualifier = _QUALIFIERS.get(match[1], match[1])
    if match := _NOTE.search(text):
        text = text[: match.start()].strip()
        marked = match[0].strip()
    for _ in range(2):  # outside and inside of brackets
        if match := _PREFIX.match(text):
            text = match[1] + text[match.end() :]
            currency = match[2]
        if (match := _SUFFIX.search(text)) and match[0].strip():
            text = text[: match.start()]
            scale = scale or (match[1] or "") + ("%" if match[2] == "%" else "")
            currency = currency or (match[2] or "").strip("%")
        if match := IN_BRACKETS.fullmatch(text) or _MINUS_BEHIND.fullmatch(text):
            text = f"-{match[1].strip()}"
            negative = True
    if _SPACED.fullmatch(text):
        text = re.sub(rf"[{_GAPS}'’]", "", text)
    text, more, flag = _flagged(text)
    return Amount(text.strip(), more or marked, currency, scale, negative, qualifier, flag)


def _flagged(text: str) -> tuple[str, str, str]:
    """A number, the mark behind it that is not used, and the flags behind it that are."""
    if match := _FLAGGED.fullmatch(text):
        flags = match[3].casefold()
        used = "".join(sign for sign in flags if sign in FLAGS)[:2]
        if len(flags) < 3 and set(used) == set(flags) and "a" not in flags:
            return match[1], "", flags
        if match[2] and set(flags) <= set("bcdilnuvzeprf"):
            return match[1], match[3], used
    return text, "", ""


class Notation(NamedTuple):
    """The signs within the numbers of a table."""

    decimal: str = "."
    thousands: str = ""  # parts the thousands; spaces and apostrophes do so in any case
    why: str = ""
    unclear: Problem | None = None  # why no number with a sign can be read
    lone: bool = False
    """true if a digit in brackets, next to longer numbers in them, is negative and no footnote."""


_EITHER = expression(r"[+-]?[1-9]\d{0,2}[,.]\d{3}")
_STRONG = {
    mark: expression(
        rf"[+-]?\d{{1,3}}(?:\{other}\d{{3}})+\{mark}\d+|[+-]?[1-9]\d{{0,2}}(?:\{other}\d{{3}}){{2,}}"
    )
    for mark, other in (",.", ".,")
}  # numbers that show their decimal mark by both signs, or by groups of the other one
_WEAK = {mark: expression(rf"[+-]?\d*\{mark}\d+(?:[eE][+-]?\d+)?") for mark in ",."}


def notation_of(
    bodies: Collection[str],
    asked: str | None,
    delimiter: str = "",
    place: Callable[[str], object] = str,
) -> Notation:
    """The one notation of a table, from all its numbers; a refusal names two that disagree, each
    with its `place`.
    """
    if asked is not None:
        return Notation(asked, "." if asked == "," else ",")
    strong, weak, either = ({",": list[str](), ".": list[str]()} for _ in range(3))
    # Those that show the decimal mark by both signs or by groups, by one sign, or not at all.
    for body in bodies:
        sign = "," if "," in body else "." if "." in body else ""
        if mark := next(
            (mark for mark, form in _STRONG.items() if sign and form.fullmatch(body)), ""
        ):
            strong[mark].append(body)
        elif sign and _EITHER.fullmatch(body):
            either[sign].append(body)
        elif sign and _WEAK[sign].fullmatch(body):
            weak[sign].append(body)
    commas = [*strong[","], *weak[","]]
    points = [*strong["."], *weak["."]]
    few, many = sorted((len(commas), len(points)))
    if few and many < 4 * few:
        return _unclear(place, commas[0], points[0])
    if len(commas) > len(points):
        odd = 2 * len(weak[","]) if delimiter == ";" else len(weak[","]) - 1
        if not strong[","] and len(either[","]) > odd:  # one odd cell does not turn the others
            return _unclear(place, either[","][0], weak[","][0])
        dots = ", '.' parts the thousands" if either["."] or strong[","] else ""
        return Notation(",", ".", f"the comma is the decimal mark{dots}")
    if points:
        return Notation(".", ",", "',' parts the thousands" if either[","] or strong["."] else "")
    if either[","] and either["."]:
        return _unclear(place, either[","][0], either["."][0])
    longest = max(
        (len(body.lstrip("+-")) for body in bodies if body.lstrip("+-").isdigit()), default=4
    )
    if len(either[","]) > 2 and longest <= 3 and delimiter != ";":
        return Notation(".", ",", "',' parts the thousands")
    return (
        _unclear(place, either["."][0]) if len(either["."]) > 2 and delimiter == ";" else Notation()
    )


def _unclear(place: Callable[[str], object], first: str, second: str = "") -> Notation:
    said = f"the point of '{first}' ({place(first)}) may be the decimal mark or part the thousands"
    if second:
        said = f"'{first}' ({place(first)}) and '{second}' ({place(second)}) have different decimal marks"
    hint = f"Correct the odd one, or name the decimal mark: {option('decimal', '.')} or {option('decimal', ',')}."
    return Notation(unclear=Problem(f"is unclear: {said}", hint))


def value_of(body: object, notation: Notation, text: str = "") -> float | Problem:
    """The finite number of an amount; or what is wrong with it. `text`: the whole cell."""
    if isinstance(body, str):
        whole, mark, rest = body.partition(notation.decimal)
        first, *groups = whole.lstrip("+-").split(notation.thousands or ",")
        whole_groups = (
            notation.thousands and 0 < len(first) <= 3 and all(len(group) == 3 for group in groups)
        )
        plain = whole.replace(notation.thousands or ",", "") + ("." + rest if mark else "")
        if (groups and not whole_groups) or not _FINITE.fullmatch(plain):
            return _no_number(body if _SIGNS.fullmatch(body) else text or body, notation)
        value = float(plain)
        if value == 0 and re.match(r"[+-]?[0.]*[1-9]", plain):
            return Problem(
                "is too small for a number of this program", "Write it as 0, or in a smaller unit."
            )
    elif isinstance(body, bool) or not (
        isinstance(body, int | float) or type(body).__name__ == "Decimal"
    ):
        kind = (
            "true or false"
            if isinstance(body, bool)
            else "a date"
            if hasattr(body, "year")
            else "something else"
        )
        return Problem(f"is {kind} where a number must be", "Write the value as a number.")
    else:
        try:
            value = float(body)  # type: ignore[arg-type]
        except OverflowError:
            value = float("inf")
    return value if isfinite(value) else Problem("is not a finite number", _LEAVE_OUT)


_LEAVE_OUT = "Leave the row out if the value is not known; a missing value is never read as 0."
_SIGNS = expression(r"[+-]?[0-9]+(?:[,.][0-9]*)+")
_CAUSES = (
    (r"[+-]?(?:nan|inf|infinity|∞)", "is not a finite number", _LEAVE_OUT),
    # `#REF!` and its like in any language, as Excel, LibreOffice and Google Sheets write them
    (
        r"#[¡¿]?[^\W\d][\w/.]*[!?]|#(?:NV|N/D|GETTING_DATA)|#?Err:\d+",
        "is an error of the spreadsheet",
        "Repair the formula, or leave the row out.",
    ),
    (
        r"#+",
        "is a cell too narrow to show its number",
        "Widen its column in the spreadsheet, and save the file anew.",
    ),
    (
        r"(?s:.*\d.*)",
        "is not a number",
        "Write the number alone; a unit belongs into a column named 'unit'.",
    ),
)


def _no_number(text: str, notation: Notation) -> Problem:
    text = text.strip().translate(DIGITS)
    if is_missing(text):
        return Problem("is a missing value where a number must be", _LEAVE_OUT)
    if _SIGNS.fullmatch(text):
        mark = "comma" if notation.decimal == "," else "point"
        said = f"is not a number where the {mark} is the decimal mark"
        if not notation.thousands:
            said = "has signs that may part the thousands or be the decimal mark"
        return Problem(
            said, f"Name the decimal mark: {option('decimal', '.')} or {option('decimal', ',')}."
        )
    causes = (Problem(*said) for form, *said in _CAUSES if re.fullmatch(form, text, re.IGNORECASE))
    return next(
        causes, Problem("is not a number", "Write the value as a number, or leave the row out.")
    )


_POWERS = {
    "0": "",
    "1": "tens",
    "2": "hundreds",
    "3": "thousands",
    "6": "millions",
    "9": "billions",
    "12": "trillions",
}
_NO_SCALE = frozenset(["", "unit", "units", "one", "ones", "none"])
_FACTOR = r"thousand|million|billion|trillion|tausend|mill?iard|mio\b|mrd\b|tsd\b|\b(?:bn|mn|mln|tn|trn)\b|[万亿]|'?000s?\b"
_FACTORS = {
    3: r"thousands?|tausend|tsd|k|'?000s?|千|천|milliers?|milhares|migliaia|тыс\w*|tys|tis|duizend|tusental|tkr",
    6: r"millions?|millionen|millones|milhões|milioni|miljo[oe]n\w*|mio|mn|mln|m|млн|mkr|百万|백만",
    9: r"billions?|bn|mrd|mill?iard\w*|miljard\w*|bilhões|млрд",
    12: r"trillions?|tn|trn|万亿",
    5: r"lakhs?",
    7: r"crores?",
    4: r"万",
    8: r"亿",
}
_ANY_FACTOR = "|".join(_FACTORS[power] for power in (3, 6, 9, 12))
_LEADS = expression(
    rf"(?i)(?:in |en |em |в )?(?![km]\b)(?:{_ANY_FACTOR}|miles de)\.?(?![^\W_])(?: ?\S+){{0,3}}"
)
_WORD_FACTORS = [
    (power, expression(rf"(?:{names})\.?", re.IGNORECASE)) for power, names in _FACTORS.items()
]
_ENGLISH = expression(r"(?i)(?:thousand|million|billion|trillion)s?")
_ZEROS = expression(r"(?:[x×*]\s*|^|\bin )1((?:[,. '\u00a0]?000){1,4})(?!\d)")
"""A factor in digits: `x 1,000,000`, `1 000 tonnes`."""
_MONEY = {
    "EUR": r"eur|euros?|€",
    "USD": r"usd|us\$|u\.s\. dollars?|us dollars?",
    "GBP": r"gbp|£",
    "CNY": r"cny|rmb|yuan",
    "JPY": r"jpy|yen",
    "CHF": r"chf",
    "INR": r"inr|₹|rupees?",
}
_CURRENCIES = r"EUR|USD|GBP|CNY|RMB|JPY|CHF|INR|euros?|dollars?|(?:US|HK|NZ|A|C|R)?\$|[€£¥₹]"
_UNITS = expression(
    rf"(?:in )?(?:{_FACTOR})?\w{{0,3}}\.? ?(?:of )?(?:{_CURRENCIES})(?: ?(?:{_FACTOR})s?)?\.?",
    re.IGNORECASE,
)
NAMED = expression(
    r"(?i)^(?:units?(?: of measure.*)?|unit_?(?:measure|desc.*)|\[units\]|uom|einheit|unité(?: de mesure)?|eenheid|"
    r"jednostka(?: miary)?|unidad(?: de medida)?|unidade de medida|descripción de las unidades|crcy|单位|단위|単位)$"
)  # names of columns and rows of units
_IN_TITLE = expression(
    r"(?i)(?:单位|單位|단위|単位|units?|einheit|unité|unidad)\s*[:：]\s*(?P<named>(?:[^\s()（）;；|]|[(（][^()（）]*[)）])(?:[^()（）;；|]|[(（][^()（）]*[)）]){0,79})"
    r"|\bin\s+(?P<said>(?:(?:thousands?|millions?|billions?|trillions?|tausend|millionen|milliarden|mio\.?|mrd\.?|tsd\.?|bn|mn|mln)(?![A-Za-z])"
    r"(?:\s+(?:of\s+)?[\w.$€£]+(?:\s+dollars?)?)?|'000s?"
    rf"|(?:{_CURRENCIES})\s+(?:thousands?|millions?|billions?|trillions?|bn|mn|mln|m|mio\.?|mrd\.?)(?![A-Za-z])))"
    r"|[\[(](?P<bracketed>[^()\[\]]*(?:thousand|million|billion|trillion|crore|lakh|mio\.|mrd\.|[万亿]|EUR|USD|GBP|CNY|RMB|[€£₹])[^()\[\]]*)[\])]"
)


def is_unit(text: str) -> bool:
    """True if a text is beyond doubt a unit: a percentage, a currency with its factor, or a factor
    with its noun.
    """
    text = text.strip("()[] ")
    if text in ("%", "percent", "per cent", "Prozent") or (
        len(text) < 60 and _UNITS.fullmatch(text)
    ):
        return True
    if len(text) > 40 or not _LEADS.fullmatch(text):
        return False
    return (
        text[1:].islower()
        or bool(_money_of(text))
        or not re.match(r"(?i)(?:in )?(?:thou|mill|bill|trill)", text)
    )


def is_scale(text: str) -> bool:
    """True if a cell of a column of factors is one."""
    return (
        text in _POWERS
        or text.casefold() in _NO_SCALE
        or re.match(_FACTOR, text, re.IGNORECASE) is not None
    )


def with_scale(unit: str, scale: str) -> str:
    """A unit with its factor, unless it says one itself or is a percentage."""
    if not scale:
        return unit
    scale = _POWERS.get(scale, scale.lower() if _ENGLISH.fullmatch(scale) else scale)
    said = re.search(f"{_FACTOR}|%|percent", unit, re.IGNORECASE)
    if said or scale.casefold() in _NO_SCALE:
        return unit
    if not unit or unit.casefold() in _NO_SCALE:
        return scale
    return f"{scale} of {unit}" if scale.endswith("s") else f"{unit} {scale}"


def _factor_of(unit: str) -> int:
    """The power of ten that a unit says; 0 for none."""
    if "%" in unit or "percent" in unit.casefold():
        return 0
    if zeros := _ZEROS.search(unit):
        return 3 * len(re.findall("000", zeros[1]))
    words = re.findall(r"[万亿]{1,2}|百万|千|[^\s,/()]+", unit)
    return next(
        (power for word in words for power, form in _WORD_FACTORS if form.fullmatch(word)), 0
    )


def _money_of(unit: str) -> str:
    padded = f" {unit.casefold()} "
    return next(
        (
            code
            for code, names in _MONEY.items()
            if re.search(rf"(?<![a-z])(?:{names})(?![a-z$])", padded)
        ),
        "",
    )


def combined(first: str, second: str) -> str | Problem:
    """Combine two units of one series, the more precise one first."""
    if not first or not second or first.casefold() == second.casefold():
        return first or second
    factors = (_factor_of(first), _factor_of(second))
    moneys = (_money_of(first), _money_of(second))
    if (all(factors) and factors[0] != factors[1]) or (all(moneys) and moneys[0] != moneys[1]):
        return Problem(f"is in '{first}' and in '{second}'", "Correct the unit where it is wrong.")
    if not any(factors) or all(factors):
        return second if not moneys[0] or moneys[1] else first
    more, other = (first, second) if factors[0] else (second, first)
    if (any(moneys) and _money_of(more)) or not is_scale(more):
        return more
    # Only a factor.
    return f"{more.casefold().removesuffix('s')} {other}" if more[:1].isascii() else more + other


def beside_numbers(unit: str, currency: str, scale: str) -> str:
    """A unit with what is next to the numbers."""
    if currency == "元":
        currency = ""
        scale = f"{scale}元"
    words = [word for word in (currency, scale) if word and word.casefold() not in unit.casefold()]
    return " ".join(filter(None, (unit, *words)))


def of_title(title: Iterable[str], unit: str) -> str:
    """A unit with what the lines above a table say: the unit itself, or its factor."""
    lines = [text[:500] for text in title]
    unit = unit or next((after for text, after in pairwise(lines) if NAMED.match(text)), "")
    for text in lines:
        if not unit and is_unit(text):
            return text.strip("()[] ").removeprefix("in ")
        # Not one of several.
        if (match := _IN_TITLE.search(text)) and not text[match.end() :].startswith((";", "；")):
            stated = (
                (match["named"] or match["said"] or match["bracketed"]).strip().removeprefix("in ")
            )
            if not unit:
                return stated
            if factor := re.search(r"(?i)thousands?|millions?|billions?|trillions?", stated):
                return with_scale(unit, factor[0].casefold())
    return unit
