"""Bytes to text: UTF-8, the encoding that is named or stated, or one that fits the content, which a note names."""

from __future__ import annotations

import re
from difflib import get_close_matches

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.reading.limits import at_line
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.patterns import expression

_BYTE_ORDER_MARKS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
"""Codecs of Python's that no file is saved in; `punycode` takes hours for a long one."""
ENCODINGS = ["gb18030", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "big5", "cp932", "cp949"]
"""Encodings in which statistical offices and spreadsheets save text, besides Unicode."""
_STATED = rb"""<[^<>]*\b(?:encoding|charset)\s*=\s*["']?([\w.:-]{1,40})"""
"""How HTML states its encoding."""
_CENTRAL = expression(r"[^\W\d_](?:[¿³¹¼¾\ufffd])|[õþðøì]")
"""Signs of Hungarian, Polish and Czech that was decoded as Western text."""
_LOOKED_AT = 200_000


class _CutError(InputError):
    """A file that ends within a character."""


def decode(data: bytes, name: str, encoding: str | None = None) -> str:
    """The text in `data`, without a byte order mark."""
    if data.startswith(b"%PDF"):
        raise InputError(f"{name} is a PDF file, not a text file.", "Copy its table into a CSV file.")
    if encoding is not None:
        require_encoding(encoding)
    place, problem = at_line(name, 1), f"the file is not text in {encoding or 'UTF-8'}"
    examples = f"{option('encoding', 'gb18030')} (Chinese) or {option('encoding', 'cp1252')} (Western)"
    hint = f"Name the encoding it was saved in, such as {examples}."
    try:
        text = data.decode(encoding or "utf-8").removeprefix("\ufeff")
        if "\0" not in text:
            return text
        place = at_line(name, text.count("\n", 0, text.index("\0")) + 1)
        problem, hint = "holds a NUL character, so it is not plain text", "Save it as CSV in UTF-8."
    except UnicodeDecodeError as error:
        place = at_line(name, data.count(b"\n", 0, error.start) + 1)
        if "unexpected end of data" in error.reason or error.reason.startswith("incomplete"):
            problem = f"the file ends within a character of {encoding or 'UTF-8'}."
            raise _CutError(problem, "Copy or export it anew.", place=place) from None
        problem = f"byte {error.start + 1:,} of the file (0x{data[error.start]:02x}) is not {encoding or 'UTF-8'}"
    except UnicodeError:
        pass
    raise InputError(f"{problem}.", hint, place=place)


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


def decoded(data: bytes, name: str, encoding: str | None) -> tuple[str, tuple[Note, ...]]:
    """The text of a file, and a note of its encoding where it is not UTF-8 and was not named."""
    try:
        return decode(data, name, encoding), ()
    except InputError as error:
        if encoding is not None or isinstance(error, _CutError) or data.startswith(b"%PDF"):
            raise
        stated = _stated(data)
        try:
            fitting = stated or _guessed(data)
            text = decode(data, name, fitting)
        except (InputError, UsageError):
            raise error from None
        said = f"{without_folders(name)} is not in UTF-8 and was read as {fitting}."
        advice = f"If that is wrong, name another with {option('encoding')}."
        return text, (Note("encoding", said, warning=not stated, advice=advice),)


def _stated(data: bytes) -> str | None:
    if marked := next((wide for mark, wide in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None):
        return marked
    match = re.search(_STATED, data[:4000]) if data.lstrip().startswith(b"<") else None
    name = match[1].decode("ascii", "replace").lower() if match else None
    return "gb18030" if name in ("gb2312", "gbk") else name


def _guessed(data: bytes) -> str | None:
    """The encoding of text that is not Unicode, by its content; None where none fits."""
    from charset_normalizer import from_bytes

    for wide in ("utf-16-le", "utf-16-be") if b"\0" in data[:_LOOKED_AT] else ():
        words = data[:_LOOKED_AT].decode(wide, "ignore").split()
        if len(words) > 1 and all(map(str.isprintable, words)):
            return wide
    best = from_bytes(data[:_LOOKED_AT], cp_isolation=ENCODINGS, threshold=0.35).best()
    if best is not None and best.encoding == "cp1250" and not _CENTRAL.search(data.decode("cp1252", "replace")):
        return "cp1252"
    return best.encoding if best is not None else None
