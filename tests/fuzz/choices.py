"""Cases: mutated seeds, and bytes as a source of choices, so that a mutated byte changes one choice."""

from collections.abc import Iterator, Sequence
from random import Random
from struct import unpack
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """Choices taken from the front of some bytes; when they are used up every choice is the first."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def take(self, count: int) -> bytes:
        """The next bytes, fewer at the end."""
        self._at += count
        return self._data[self._at - count : self._at]

    def rest(self) -> bytes:
        """All bytes that are left."""
        return self.take(len(self._data))

    def below(self, count: int) -> int:
        """A whole number from 0, from one byte, or from two for more than 256."""
        return int.from_bytes(self.take(1 if count <= 256 else 2), "big") % count

    def one(self, given: Sequence[T]) -> T:
        """One of these."""
        return given[self.below(len(given))]

    def chance(self, in_256: int) -> bool:
        """Whether something of this chance happens; never when the bytes are used up."""
        taken = self.take(1)
        return bool(taken) and taken[0] >= 256 - in_256

    def text(self, longest: int = 24) -> str:
        """A text of raw bytes; what is no UTF-8 becomes lone surrogates, as in the arguments of a process."""
        return self.take(self.below(longest + 1)).decode("utf-8", "surrogateescape")

    def number(self) -> float:
        """A number: a plain one, an edge of what a double holds, or any bits at all."""
        kind = self.below(4)
        if kind == 0:
            return float(self.below(1000))
        if kind == 1:
            return self.below(65536) / 100 * self.one((1.0, -1.0))
        if kind == 2:
            return self.one(EDGES) * self.one((1.0, -1.0))
        return float(unpack("<d", self.take(8).ljust(8, b"\0"))[0])


EDGES = (
    0.0, 1.0, 5e-324, 2.2250738585072014e-308, 1e-300, 1e-15, 1e15, 2.0**53, 1e17, 1e22, 1e100, 1e150, 1e154,
    1e300, 1.7976931348623157e308,
)  # fmt: skip
"""Numbers at which sums, squares or digits run out."""

HOSTILE = (
    "", "value", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "\x1b[31mred\x1b[0m",
    "\x1b]8;;http://a\x07link", "\x9b1m", "[red]markup[/red]", "[link=http://a]x[/link]",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "]]>", "&amp;&#0;", "{{ 7*7 }}", "{% raw %}",
    "$x^2$", "$\\frac{", "a\nb", "a\r\nb", "a\tb", 'a"b', "a,b", "a;b", "a|b", "\0", "\ufeff", "\u202eabc",
    "\ud800", "乡村", "ＡＢ", "👩‍👩‍👧", "é" * 40, "x" * 300, "`code`", "**bold**", "\\", "%s%n", "None",
)  # fmt: skip
"""Texts that some format obeys."""


def hostile(choices: Choices) -> str:
    """A text made of up to three pieces."""
    return "".join(choices.text() if choices.chance(64) else choices.one(HOSTILE) for _ in range(1 + choices.below(3)))


LONGEST = 4096
"""Longer inputs make slow cases and teach nothing more."""

TOKENS = (
    b"", b"\0", b"\n", b"\r\n", b"\r", b",", b";", b"\t", b'"', b"'", b"''", b'"""', b"\\", b"{", b"}", b"[",
    b"]", b"(", b")", b"**", b"..", b"=", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff", b"\xc3",
    b"\xed\xa0\x80", "乡村".encode(), "２０１４".encode(), "−".encode(), b"NaN", b"nan", b"inf", b"-Infinity",
    b"1e308", b"1e309", b"-1e308", b"5e-324", b"1e-400", b"9" * 400, b"0x10", b"1_000", b"-0", b"0", b"true",
    b"null", b"2014", b"2015H1", b"2016Q4", b"2017M01-M08", b"9999", b"10000", b"2016-02-30", b"value", b"year",
    b"series_id", b"source", b"status", b"forecast", b"unit", b"growth_pct", b"published_on", b"\x1b[31m",
    b"<script>", b"=1+1", b"[red]", b"{{", b"%s", b"$x$", b"#REF!", b"\\ud800", b"\\u0000", b"#", b"\x1a",
    b"\x0c", b"\xe2\x80\xa8", b"\xe2\x80\xae",
)  # fmt: skip
"""What the parsers look for, and what people's tools leave behind."""


def cases(seeds: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Mutated seeds after the seeds themselves: the same seed gives the same cases on every machine."""
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
        data[start:end] = bytes(random.randrange(256) for _ in range(end - start))
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
