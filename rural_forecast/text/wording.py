"""Sentences, years and lists in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Sized

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_ORDINALS = ("first", "second", "third", "fourth")


def sentence(text: str) -> str:
    """A text as a sentence: a capital first letter and a full stop."""
    return f"{capital(text)}{'' if text.endswith(('.', '!', '?')) else '.'}"


def capital(text: str) -> str:
    """A text with a capital first letter."""
    return text[:1].upper() + text[1:]


def counted(count: int, what: str) -> str:
    """`1 year`, `3 years`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def are(things: Sized) -> str:
    """`is` of one thing, `are` of several."""
    return "is" if len(things) == 1 else "are"


def listed(items: Iterable[object]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    words = [str(item) for item in items]
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def written(number: float | tuple[float, float]) -> str:
    """A number or a range as a person writes it."""
    low, high = number if isinstance(number, tuple) else (number, number)
    return f"{low:g}" if low == high else f"{low:g}..{high:g}"


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers in order, parted where one is missing."""
    together: list[list[int]] = []
    for value in sorted(numbers):
        if together and value == together[-1][-1] + 1:
            together[-1].append(value)
        else:
            together.append([value])
    return together


def spans(years: Iterable[int]) -> str:
    """Years in words, runs of three or more shortened."""
    return listed(
        word for run in runs(years) for word in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))
    )


def named_months(numbers: Collection[int]) -> str:
    """Months in words, for a sentence."""
    first, last, count = min(numbers), max(numbers), len(numbers)
    if count != last - first + 1:
        return " and ".join(named_months(run) for run in runs(numbers))
    if count in (3, 6) and last % count == 0:
        return f"the {_ORDINALS[last // count - 1]} {'half' if count == 6 else 'quarter'}"
    return _MONTHS[first - 1] if first == last else f"{_MONTHS[first - 1]} to {_MONTHS[last - 1]}"


def shortened(words: Sequence[str], most: int = 6) -> str:
    """A list that names at most `most` of its words."""
    return listed(words) if len(words) <= most else f"{', '.join(words[:most])} and {len(words) - most} more"
