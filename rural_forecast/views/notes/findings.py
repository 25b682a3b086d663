"""What the check finds, in words that follow a period: no capital letter, no full stop."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.text.wording import listed, number, sentence, spans

Dated = Sequence[tuple[float, object]]
"""Values with their periods."""

TEXTS = {
    "fall": "{value:number} is less than half of {before:number} ({year}): a part of the year, or a new basis?",
    "part": "{value:number} is more than {whole:number} for the whole of {year}",
    "new_basis": "{year} is the first year on a new basis; nothing is computed across it{caveat:()}",
    "bound": "{value:number} is {least:a floor (more than)|an upper figure (up to)}, not a point",
    "no_value": "has no value that is not a forecast",
    "no_whole_year": "has no value of a whole year",
    "growth_against_level": (
        "{level:number} and the published growth of {growth_pct:+g} % imply {implied:1 decimal} for {period}, "
        "{gap_pct:side} the {least:more than |}{base:number} published{new:?; the basis changes in {new}|}"
    ),
    "doubtful": "{value:number}: {why:?{why}|marked as doubtful}",
    "missing_years": "no value for {years:spans}; only the years after the last gap can be used",
}


def jump(value: float, around: Dated, power: int, lasting: bool, up: bool) -> str:
    if lasting:
        size = f"{10**power:,} times" if up else f"1/{10**power:,} of"
        return f"from here on the values are about {size} those before: another unit?"
    why = "a slip of the decimal point" if power == 1 else "another unit, or a slip of the decimal point"
    return f"{number(value)} does not fit {' and '.join(f'{number(near)} ({year})' for near, year in around)}: {why}?"


def derivable_year(year: int) -> str:
    return f"no value for {year}; the growth published for {year + 1} gives it"


def differing_values(values: Sequence[tuple[str, float, str]], spread_pct: float, used: float, growth: bool) -> str:
    amounts = "; ".join(
        f"{mark.replace('=', '')}{number(value)} ({source or 'no source'})" for mark, value, source in values
    )
    return f"{'growth: ' if growth else ''}{amounts}: spread {spread_pct:.2g} %, {number(used)} is used"


def two_definitions(first: Dated, of: str, second: Dated, other: str) -> str:
    def whose(values: Dated, name: str) -> str:
        return (
            f"{listed(number(value) for value, _ in values)} for {spans(int(str(y)) for _, y in values)} as in {name}"
        )

    return f"{whose(first, of)}, {whose(second, other)}: two definitions of one market"


def unreadable(problem: str, hint: str) -> str:
    return f"{sentence(problem)} {hint}".strip()
