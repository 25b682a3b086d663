"""Mutations without coverage, for the slice that CI runs: the same seed gives the same cases on every machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

LONGEST = 4096

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
    """Mutated seeds; the seeds themselves come first."""
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
