"""Bytes to text: UTF-8, the encoding that is named or stated, or one that fits the content, which a note names."""

from __future__ import annotations

import codecs
import re
from difflib import get_close_matches

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.reading.grid import at_line
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.patterns import expression

_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
"""Codecs of Python's that no file is saved in; `punycode` takes hours for a long one."""
ENCODINGS = ["gb18030", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "big5", "cp932", "cp949"]
"""Encodings in which statistical offices and spreadsheets save text, besides Unicode."""
_LOOKED_AT = 200_000


def decode(data: bytes, name: str, encoding: str | None = None) -> str:
    r"""The text in `data`, without a byte order mark.

    Raises InputError for bytes that are not text in this encoding, with byte and line, for NUL characters, and for a
    PDF file. Raises UsageError if there is no such encoding.

    >>> decode(b"\xef\xbb\xbfyear,value\n", "market.csv")
    'year,value\n'
    """
    if data.startswith(b"%PDF"):
        raise InputError(f"{name} is a PDF file, not a text file.", "Copy its table into a CSV file.")
    if encoding is None:
        for mark, wide in _BYTE_ORDER_MARKS:
            if data.startswith(mark):
                raise InputError(
                    f"{name} is not in UTF-8: its byte order mark says {wide}.", f"Add {option('encoding', wide)}."
                )
    else:
        require_encoding(encoding)
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(error, name, encoding) from None
    except UnicodeError:
        raise InputError(
            f"{name} is not text in the encoding {encoding}.", "Name the encoding it was saved in."
        ) from None
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        place = at_line(name, text.count("\n", 0, text.index("\0")) + 1)
        wide = wide_without_mark(data) if encoding is None else ""
        hint = f"It looks like UTF-16: add {option('encoding', wide)}." if wide else "Save it as CSV in UTF-8."
        raise InputError("holds a NUL character, so it is not plain text.", hint, place=place)
    return text


def require_encoding(encoding: str) -> None:
    """Raise UsageError if there is no such encoding."""
    try:
        "a".encode(encoding)
    except (LookupError, ValueError):
        known = False
    else:
        known = encoding.lower().replace("-", "_") not in _NO_CHARSETS
    if not known:
        names = ("utf-8", "utf-16", "gbk", "gb2312", "latin-1", "shift_jis", "euc-kr", *ENCODINGS)
        close = get_close_matches(encoding.lower(), names, 1)
        hint = f"Did you mean {close[0]}?" if close else "Common ones are utf-8, utf-16, gb18030, big5 and cp1252."
        raise UsageError(f"There is no text encoding '{encoding}'.", hint)


def wide_without_mark(data: bytes) -> str:
    """The encoding of text of two bytes a character that says so nowhere: Latin letters have a NUL as every other."""
    start = data[:1000]
    half = len(start) // 2
    first, second = start[0::2].count(0), start[1::2].count(0)
    if second > 0.8 * half and not first:
        return "utf-16-le"
    return "utf-16-be" if first > 0.8 * half and not second else ""


def _undecodable(error: UnicodeDecodeError, name: str, encoding: str | None) -> InputError:
    place, called = at_line(name, error.object.count(b"\n", 0, error.start) + 1), encoding or "UTF-8"
    if error.start and _ends_within(error):
        return InputError(f"the file ends within a character of {called}.", "Copy or export it anew.", place=place)
    hint = f"Name the encoding it was saved in, such as {option('encoding', 'gb18030')} (Chinese) or "
    return InputError(
        f"byte {error.start + 1:,} of the file (0x{error.object[error.start]:02x}) is not {called}.",
        f"{hint}{option('encoding', 'cp1252')} (Western).",
        place=place,
    )


def _ends_within(error: UnicodeDecodeError) -> bool:
    """True if what cannot be decoded is the beginning of a character."""
    try:
        codecs.getincrementaldecoder(error.encoding)().decode(error.object[error.start :])
    except UnicodeDecodeError:
        return False
    return True


def decoded(data: bytes, name: str, encoding: str | None) -> tuple[str, tuple[Note, ...]]:
    """The text of a file, and a note of its encoding where it is not UTF-8 and was not named.

    Raises InputError or UsageError as in `decode`.
    """
    try:
        return decode(data, name, encoding), ()
    except InputError as error:
        if encoding is not None or data.startswith(b"%PDF"):
            raise
        stated = _stated(data)
        fitting = stated or _guessed(data)
        if fitting is None:
            raise
        try:
            text = decode(data, name, fitting)
        except (InputError, UsageError):
            raise error from None
        said = f"{without_folders(name)} is not in UTF-8 and was read as {fitting}."
        advice = f"If that is wrong, name another with {option('encoding')}."
        return text, (Note("encoding", said, warning=not stated, advice=advice),)


def _stated(data: bytes) -> str | None:
    """The encoding that a byte order mark, XML or HTML states."""
    if wide := next((wide for mark, wide in _BYTE_ORDER_MARKS if data.startswith(mark)), None):
        return wide
    kinds = ((b"<", rb"<[^<>]*\b(?:encoding|charset)"), (b"CHARSET=", rb"\bCODEPAGE"), (b"AXIS-", rb"\bCODEPAGE"))
    pattern = next((pattern for start, pattern in kinds if data.lstrip().startswith(start)), rb"(?!)")
    match = re.search(pattern + rb"""\s*=\s*["']?([\w.:-]{1,40})""", data[:4000])
    if match is None:
        return None
    name = match[1].decode("ascii", "replace").lower()
    return "gb18030" if name in ("gb2312", "gbk") else name


def _guessed(data: bytes) -> str | None:
    """The encoding of text that is not UTF-8, by its content; None where none fits."""
    if wide := wide_without_mark(data):
        return wide
    if b"\0" in data[:_LOOKED_AT]:
        return next((wide for wide in ("utf-16-le", "utf-16-be") if _is_wide(data, wide)), None)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        if _ends_within(error):
            return None  # a damaged file in UTF-8
    from charset_normalizer import from_bytes

    guesses = from_bytes(data[:_LOOKED_AT], cp_isolation=ENCODINGS, threshold=0.35)
    best = guesses.best()
    if best is None or best.encoding != "cp1250" or _CENTRAL.search(data.decode("cp1252", "replace")):
        return best.encoding if best is not None else None
    alike = {other.encoding for other in guesses if (other.chaos, other.coherence) == (best.chaos, best.coherence)}
    return "cp1252" if "cp1252" in alike.union(best.could_be_from_charset) else "cp1250"


_CENTRAL = expression(r"[^\W\d_](?:[¿³¹¼¾\ufffd])|[õþðøì]")
"""Signs of Hungarian, Polish and Czech that was decoded as Western text."""


def _is_wide(data: bytes, encoding: str) -> bool:
    """True if bytes read in two-byte units are lines of printable cells, as Chinese text without a mark is."""
    try:
        text = data[: _LOOKED_AT - _LOOKED_AT % 2].decode(encoding)
    except UnicodeDecodeError:
        return False
    marks = "\n" in text and any(sign in text for sign in ",;\t")
    return marks and all(sign.isprintable() or sign in "\r\n\t" for sign in text)
