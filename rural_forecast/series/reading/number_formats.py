"""Which styles of a workbook show a number in percent, from its xl/styles.xml."""

from __future__ import annotations

import re
from html import unescape

BUILT_IN = frozenset({"9", "10"})
"""The formats 0% and 0.00%, which a workbook does not write out."""
_TAG = re.compile(rb"<(/?)(?:\w+:)?(numFmt|cellXfs|xf)\b([^<>]*)>")
_ATTRIBUTE = re.compile(r"""\b(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_LITERAL = re.compile(r'"[^"]*"|\\.|[_*].')


def percent_styles(xml: bytes) -> frozenset[int]:
    """The places of the styles that cells name with `s`, of those in percent; takes time in proportion to the text.

    >>> sorted(percent_styles(b'<numFmt numFmtId="7" formatCode="0.0 %"/><cellXfs><xf/><xf numFmtId="7"/></cellXfs>'))
    [1]
    """
    formats = set(BUILT_IN)
    found = []
    place = -1
    inside = False
    for match in _TAG.finditer(xml):
        closing, kind, text = match.groups()
        if kind == b"cellXfs":
            inside = not closing
            continue
        if closing:
            continue
        said = {
            key: unescape(double or single)
            for key, double, single in _ATTRIBUTE.findall(text.decode("utf-8", "replace"))
        }
        if kind == b"numFmt" and "%" in _LITERAL.sub("", said.get("formatCode", "")):
            formats.add(said.get("numFmtId", ""))
        elif kind == b"xf" and inside:
            place += 1
            if said.get("numFmtId") in formats:
                found.append(place)
    return frozenset(found)
