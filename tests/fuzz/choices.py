"""Cases: files to start from, mutated, and bytes as a source of choices, so that a mutated byte
changes one choice.
"""

from ast import literal_eval
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from struct import unpack
from typing import TypeVar

T = TypeVar("T")
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LONGEST = 4096
"""Longer inputs make slow cases and teach nothing more."""
DICTIONARY = HERE / "tokens.dict"
"""Words that parsers look for, and traces of people's tools, for libFuzzer and for the mutations
below.
"""
TOKENS = (b"", *(literal_eval(f"b{line}") for line in DICTIONARY.read_text().splitlines()[1:]))
EDGES = (
    0.0,
    1.0,
    5e-324,
    2.2250738585072014e-308,
    1e-300,
    1e-15,
    1e15,
    2.0**53,
    1e17,
    1e22,
    1e100,
    1e150,
    1e154,
    1e300,
    1.7976931348623157e308,
)
"""Numbers at which sums, squares or digits run out."""
HOSTILE = (
    "",
    "value",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;http://a\x07link",
    "\x9b1m",
    "[red]markup[/red]",
    "[link=http://a]x[/link]",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]>",
    "&amp;&#0;",
    "{{ 7*7 }}",
    "{% raw %}",
    "$x^2$",
    "$\\frac{",
    "a\nb",
    "a\r\nb",
    "a\tb",
    'a"b',
    "a,b",
    "a;b",
    "a|b",
    "\0",
    "\ufeff",
    "\u202eabc",
    "\ud800",
    "乡村",
    "ＡＢ",
    "👩‍👩‍👧",
    "é" * 40,
    "x" * 300,
    "`code`",
    "**bold**",
    "\\",
    "%s%n",
    "None",
)
"""Texts that some format obeys."""


@cache
def corpus() -> dict[str, bytes]:
    """Short files by name: sound ones, models and scenarios that ship, and those of
    `tests/bad_input`.
    """
    shipped = {f"{kind}-": ROOT / "data" / kind for kind in ("sizing", "scenarios")}
    folders = [
        ("", HERE / "corpus" / "sound"),
        *shipped.items(),
        ("", ROOT / "tests" / "bad_input" / "files"),
    ]
    paths = {
        prefix + path.name: path
        for prefix, folder in folders
        for path in sorted(folder.glob("*.*"))
    }
    return {
        name: path.read_bytes()
        for name, path in paths.items()
        if path.stat().st_size <= 4 * LONGEST
    }


def files(*suffixes: str) -> list[bytes]:
    return [
        data
        for name, data in corpus().items()
        if name.endswith(tuple(f".{suffix}" for suffix in suffixes))
    ]


class Choices:
    """Choices taken from the front of some bytes; when they are used up every choice is the first."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def take(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]

    def rest(self) -> bytes:
        return self.take(len(self._data))

    def below(self, count: int) -> int:
        """A whole number from 0, from one byte, or from two for more than 256."""
        return int.from_bytes(self.take(1 if count <= 256 else 2), "big") % count

    def one(self, given: Sequence[T]) -> T:
        return given[self.below(len(given))]

    def chance(self, in_256: int) -> bool:
        """Draw an event of this chance; it never happens when the bytes are used up."""
        taken = self.take(1)
        return bool(taken) and taken[0] >= 256 - in_256

    def number(self) -> float:
        """A number: a plain one, an edge of what a double holds, or any bits at all."""
        match self.below(4):
            case 0:
                return float(self.below(1000))
            case 1:
                return self.below(65536) / 100 * self.one((1.0, -1.0))
            case 2:
                return self.one(EDGES) * self.one((1.0, -1.0))
            case _:
                return float(unpack("<d", self.take(8).ljust(8, b"\0"))[0])

    def hostile(self) -> str:
        """A text of up to three pieces, some of any bytes; what is no UTF-8 becomes lone
        surrogates.
        """
        pieces = (
            self.take(self.below(25)).decode("utf-8", "surrogateescape")
            if self.chance(64)
            else self.one(HOSTILE)
            for _ in range(1 + self.below(3))
        )
        return "".join(pieces)


def cases(seeds: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Mutated seeds after the seeds themselves: the same seed gives the same cases on every
    machine.
    """
    random = Random(seed)
    yield from seeds[:count]
    for _ in range(count - len(seeds)):
        data = bytearray(random.choice(seeds))
        for _ in range(1 + random.randrange(5)):
            _mutate(random, data, seeds)
        yield bytes(data[:LONGEST])


def _mutate(random: Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    start = random.randrange(len(data) + 1)
    end = min(len(data), start + random.choice((0, 1, 1, 2, 4, 16, 64)))
    kind = random.randrange(7)
    if kind == 0:
        data[start:end] = random.randbytes(end - start)
    elif kind == 1:
        del data[start:end]
    elif kind == 2:
        data[start:start] = data[start:end] * random.choice((1, 2, 10))
    elif kind in (3, 4):
        data[start : end if kind == 3 else start] = random.choice(TOKENS)
    elif kind == 5:
        other = random.choice(seeds)
        cut = random.randrange(len(other) + 1)
        data[start:end] = other[cut : cut + random.randrange(200)]
    elif data:
        data[start - 1] ^= 1 << random.randrange(8)
