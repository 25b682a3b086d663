"""The fonts that pages embed: Fira Sans cut to Latin letters, digits and signs, as woff.

Run it when Fira Sans changes: `python -m docs.generator.fonts`. Kerning is left out: a text is as
wide as the sum of its letters, by which drawings are laid out.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "rural_forecast" / "render" / "fonts"
WEIGHTS = ("Regular", "Medium", "SemiBold")
KEPT = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *map(ord, "–—‘’“”…−↑↓→×≈≤≥€‰ŒœŠšŽžŸČčĆćĐđĘęŁłŃńŘřŚśŹźŻżĞğİıŞş"),
]
TABLES = (
    "OS/2",
    "cmap",
    "cvt ",
    "fpgm",
    "glyf",
    "head",
    "hhea",
    "hmtx",
    "loca",
    "maxp",
    "name",
    "post",
    "prep",
)


def subset(font: bytes) -> dict[str, bytes]:
    """Cut a TrueType font to some characters; the others have no outline."""
    count = struct.unpack(">H", font[4:6])[0]
    tables = {}
    for at in range(12, 12 + 16 * count, 16):
        tag, _, offset, length = struct.unpack(">4sLLL", font[at : at + 16])
        if tag.decode() in TABLES:
            tables[tag.decode()] = font[offset : offset + length]
    glyphs = struct.unpack(">H", tables["maxp"][4:6])[0]
    long = struct.unpack(">h", tables["head"][50:52])[0]
    form, size = ("L", 4) if long else ("H", 2)
    places = struct.unpack(f">{glyphs + 1}{form}", tables["loca"][: (glyphs + 1) * size])
    places = places if long else tuple(2 * place for place in places)
    known = _characters(tables["cmap"])
    mapped = {code: known[code] for code in KEPT if code in known}
    wanted = [0, *mapped.values()]
    used = set[int]()
    while wanted:
        glyph = wanted.pop()
        if glyph not in used:
            used.add(glyph)
            wanted += _components(tables["glyf"][places[glyph] : places[glyph + 1]])
    outlines = b""
    loca = [0]
    for glyph in range(glyphs):
        if glyph in used:
            outline = tables["glyf"][places[glyph] : places[glyph + 1]]
            outlines += outline + b"\0" * (-len(outline) % 4)
        loca.append(len(outlines))
    head = bytearray(tables["head"])
    head[50:52] = struct.pack(">h", 1)
    post = struct.pack(">L", 0x00030000) + tables["post"][4:32]
    return tables | {
        "glyf": outlines,
        "loca": struct.pack(f">{glyphs + 1}L", *loca),
        "head": bytes(head),
        "post": post,
        "cmap": _cmap(mapped),
    }


def _characters(cmap: bytes) -> dict[int, int]:
    """Glyphs by character, of a table of format 4 or 12."""
    for at in range(4, 4 + 8 * struct.unpack(">H", cmap[2:4])[0], 8):
        start = struct.unpack(">L", cmap[at + 4 : at + 8])[0]
        if struct.unpack(">H", cmap[start : start + 2])[0] == 12:
            groups = struct.unpack(">L", cmap[start + 12 : start + 16])[0]
            triples = (
                struct.unpack(">LLL", cmap[s : s + 12])
                for s in range(start + 16, start + 16 + 12 * groups, 12)
            )
            return {
                code: first + code - low
                for low, high, first in triples
                for code in range(low, high + 1)
            }
    for at in range(4, 4 + 8 * struct.unpack(">H", cmap[2:4])[0], 8):
        start = struct.unpack(">L", cmap[at + 4 : at + 8])[0]
        if struct.unpack(">H", cmap[start : start + 2])[0] == 4:
            count = struct.unpack(">H", cmap[start + 6 : start + 8])[0] // 2
            base = start + 14
            ends = struct.unpack(f">{count}H", cmap[base : base + 2 * count])
            starts = struct.unpack(f">{count}H", cmap[base + 2 + 2 * count : base + 2 + 4 * count])
            deltas = struct.unpack(f">{count}h", cmap[base + 2 + 4 * count : base + 2 + 6 * count])
            offsets = struct.unpack(f">{count}H", cmap[base + 2 + 6 * count : base + 2 + 8 * count])
            found = {}
            for rank in range(count):
                for code in range(starts[rank], ends[rank] + 1):
                    if not offsets[rank]:
                        found[code] = (code + deltas[rank]) & 0xFFFF
                    else:
                        place = (
                            base
                            + 2
                            + 6 * count
                            + 2 * rank
                            + offsets[rank]
                            + 2 * (code - starts[rank])
                        )
                        glyph = struct.unpack(">H", cmap[place : place + 2])[0]
                        found[code] = (glyph + deltas[rank]) & 0xFFFF if glyph else 0
            return found
    raise ValueError("no character map that is known")


def _components(glyph: bytes) -> list[int]:
    """Glyphs that a glyph is made of."""
    if len(glyph) < 10 or struct.unpack(">h", glyph[:2])[0] >= 0:
        return []
    found = []
    at = 10
    while True:
        flags, index = struct.unpack(">HH", glyph[at : at + 4])
        found.append(index)
        at += (
            4
            + (4 if flags & 1 else 2)
            + (2 if flags & 8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0)
        )
        if not flags & 0x20:
            return found


def _cmap(mapped: dict[int, int]) -> bytes:
    """A character map of format 12, and one of format 4, with a segment for each character."""
    codes = sorted(mapped)
    ends = [*codes, 0xFFFF]
    starts = [*codes, 0xFFFF]
    deltas = [*((mapped[code] - code) & 0xFFFF for code in codes), 1]
    count = len(ends)
    power = 1 << (count.bit_length() - 1)
    body = struct.pack(">HHHH", 2 * count, 2 * power, power.bit_length() - 1, 2 * (count - power))
    body += struct.pack(f">{count}H", *ends) + b"\0\0" + struct.pack(f">{count}H", *starts)
    body += struct.pack(f">{count}H", *deltas) + b"\0\0" * count
    table = struct.pack(">HHH", 4, len(body) + 6, 0) + body
    return struct.pack(">HHHHL", 0, 1, 3, 1, 12) + table


def woff(tables: dict[str, bytes]) -> bytes:
    """Pack tables as woff."""
    names = sorted(tables)
    directory = b""
    data = b""
    start = 44 + 20 * len(names)
    for name in names:
        body = tables[name]
        packed = min(zlib.compress(body, 9), body, key=len)
        total = (
            sum(struct.unpack(f">{(len(body) + 3) // 4}L", body + b"\0" * (-len(body) % 4)))
            & 0xFFFFFFFF
        )
        directory += struct.pack(
            ">4sLLLL", name.encode(), start + len(data), len(packed), len(body), total
        )
        data += packed + b"\0" * (-len(packed) % 4)
    plain = 12 + 16 * len(names) + sum(len(body) + (-len(body) % 4) for body in tables.values())
    head = struct.pack(
        ">4sLLHHLHHLLLLL",
        b"wOFF",
        0x00010000,
        start + len(data),
        len(names),
        0,
        plain,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
    )
    return head + directory + data


if __name__ == "__main__":
    import fontpkg

    source = Path(fontpkg.path("Fira Sans")).parent
    for weight in WEIGHTS:
        (FOLDER / f"FiraSans-{weight}.woff").write_bytes(
            woff(subset((source / f"FiraSans-{weight}.ttf").read_bytes()))
        )
