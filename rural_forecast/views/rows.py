"""Rows of pictures: a value with its ranges, a past forecast, the steps of a waterfall."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rural_forecast.document.picture import (
    MAIN,
    PLAIN,
    Row,
    Sign,
)
from rural_forecast.question.question import headline as headline_index
from rural_forecast.text.numbers import Amounts

PAST_HEADS = ("forecast", "observed")
PAST_SIGNS: tuple[Sign, ...] = ("value", "other")
Bound = tuple[int, float, float]  # level, lower and upper


def range_row(
    name: str,
    value: float,
    bounds: Iterable[Bound],
    write: Amounts,
    *texts: str,
    answer: bool = False,
    given: bool = False,
    about: str = "",
) -> Row:
    """Draw a value with its ranges; the value, one range and further texts end its row.

    A value that was `given` by somebody else is a diamond, and is not rounded.
    """
    bounds = tuple(bounds)
    span = ""
    if bounds:
        _, low, high = bounds[headline_index([level for level, *_ in bounds])]
        span = " to ".join(write.of_range(value, low, high).bounds(low, high))
    tone = MAIN if answer else PLAIN
    amount = write.given(value) if given else write(value)
    return Row(
        name,
        value,
        bounds,
        (amount, span, *texts),
        tone,
        strong=answer,
        about=about,
        diamond=given,
    )


def past_row(
    year: int,
    forecast: float,
    bounds: Sequence[Bound],
    actual: float,
    write: Amounts,
    group: str,
    ours: bool = True,
) -> Row:
    """Draw a past forecast with its range, and what came."""
    texts = (write(forecast), write.given(actual))
    tone = MAIN if ours else PLAIN
    return Row(str(year), forecast, tuple(bounds), texts, tone, other=actual, group=group)


class WaterfallStep(NamedTuple):
    """A step of a waterfall: its name, a second line below it, and the value that it leads to."""

    name: str
    about: str
    end: float


def waterfall(
    ends: tuple[str, str],
    start: float,
    steps: Iterable[WaterfallStep],
    write: Amounts,
    *,
    abouts: tuple[str, str] = ("", ""),
    bounds: tuple[tuple[Bound, ...], tuple[Bound, ...]] = ((), ()),
    group: str = "",
) -> Iterator[Row]:
    """Draw bars from one value to another by steps, both with their ranges if they have some.

    A change is the difference of two printed values, so that the texts add up.
    """
    yield Row(
        ends[0],
        bounds=bounds[0],
        bar=(0.0, start),
        ends=("", write(start)),
        joins=start,
        strong=True,
        about=abouts[0],
        group=group,
    )
    reached = start
    for step in steps:
        change = write.printed(step.end) - write.printed(reached)
        # What is printed is in the unit of the picture already.
        amount = write._replace(factor=1.0)(abs(change))
        yield Row(
            step.name,
            bar=(reached, step.end),
            ends=(f"−{amount}", "") if change < 0 else ("", f"+{amount}"),
            joins=step.end,
            about=step.about,
        )
        reached = step.end
    yield Row(
        ends[1],
        bounds=bounds[1],
        bar=(0.0, reached),
        ends=("", write(reached)),
        tone=MAIN,
        strong=True,
        about=abouts[1],
    )
