"""What the check finds, in words that follow a period: no capital letter, no full stop."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.text.wording import listed, number, sentence, spans

Dated = Sequence[tuple[float, object]]
"""Values with their periods."""


def jump(value: float, around: Dated, power: int, lasting: bool, up: bool) -> str:
    if lasting:
        size = f"{10**power:,} times" if up else f"1/{10**power:,} of"
        return f"from here on the values are about {size} those before: another unit?"
    why = "a slip of the decimal point" if power == 1 else "another unit, or a slip of the decimal point"
    return f"{number(value)} does not fit {' and '.join(f'{number(near)} ({year})' for near, year in around)}: {why}?"


def fall(value: float, before: float, year: int) -> str:
    return f"{number(value)} is less than half of {number(before)} ({year}): a part of the year, or a new basis?"


def part(value: float, whole: float, year: int) -> str:
    return f"{number(value)} is more than {number(whole)} for the whole of {year}"


def new_basis(year: int, caveat: str) -> str:
    return f"{year} is the first year on a new basis; nothing is computed across it{f' ({caveat})' if caveat else ''}"


def no_value() -> str:
    return "has no value that is not a forecast"


def no_whole_year() -> str:
    return "has no value of a whole year"


def derivable_year(year: int) -> str:
    return f"no value for {year}; the growth published for {year + 1} gives it"


def missing_years(years: Sequence[int]) -> str:
    return f"no value for {spans(years)}; models use the years after the last gap"


def differing_values(values: Sequence[tuple[str, float, str]], spread_pct: float, used: float, growth: bool) -> str:
    amounts = "; ".join(
        f"{mark.replace('=', '')}{number(value)} ({source or 'no source'})" for mark, value, source in values
    )
    return f"{'growth: ' if growth else ''}{amounts}: spread {spread_pct:.2g} %, {number(used)} is used"


def growth_against_level(
    level: float, growth_pct: float, implied: float, period: str, gap_pct: float, base: float, least: bool, new: int
) -> str:
    """`least`: the base is a lower bound; `new`: the first year of a new basis, 0 where there is none between."""
    return (
        f"{number(level)} and the published growth of {growth_pct:+g} % imply {number(round(implied, 1))} for "
        f"{period}, {abs(gap_pct):.1f} % {'above' if gap_pct > 0 else 'below'} the "
        f"{'more than ' if least else ''}{number(base)} published{f'; the basis changes in {new}' if new else ''}"
    )


def bound(value: float, least: bool) -> str:
    return f"{number(value)} is {'a floor (more than)' if least else 'an upper figure (up to)'}, not a point"


def doubtful(value: float, why: str) -> str:
    return f"{number(value)}: {why or 'marked as doubtful'}"


def two_definitions(first: Dated, of: str, second: Dated, other: str) -> str:
    def whose(values: Dated, name: str) -> str:
        return (
            f"{listed(number(value) for value, _ in values)} for {spans(int(str(y)) for _, y in values)} as in {name}"
        )

    return f"{whose(first, of)}, {whose(second, other)}: two definitions of one market"


def unreadable(problem: str, hint: str) -> str:
    return f"{sentence(problem)} {hint}".strip()
