"""The axis of years of a drawing: a tick each, as many texts as fit."""

from __future__ import annotations

from rural_forecast.render.svg import Box, Canvas, box_of
from rural_forecast.render.wrapping import width
from rural_forecast.text.style import MEDIUM, REGULAR

_ROOMY = 60
"""Pixels of a year from which all are in full."""


def draw(canvas: Canvas, frame: Box, first: int, last: int, origin: float | None) -> None:
    """Below a frame, every year has a tick; the first, last observed and last are in full, others where they fit."""
    text, left, right, bottom = canvas.size.text, frame.left, frame.right, frame.bottom
    slot = (right - left) / ((last - first) or 1)
    every = 1 if slot >= 4 else 5 if slot >= 1 else 25

    def x(year: float) -> float:
        return left + slot * (year - first) if last > first else (left + right) / 2

    for year in range(first, last + 1):
        if year % every == 0 or year in (first, last):
            canvas.line((x(year), bottom), (x(year), bottom + 5), "axis")
    full = [last, first, *([int(origin)] if origin is not None and first < origin < last else [])]
    y, boxes = bottom + text * 1.75, list[Box]()
    low, high = canvas.size.margin, right + width("0000", text, bold=True) / 2 + 2
    for year in full:
        at = x(year)
        box = box_of(at, y, str(year), text, MEDIUM, "middle")
        at += max(low - box.left, 0) - max(box.right - high, 0)
        if near := next((other for other in boxes if box.meets(other.wider(6))), None):
            if year == first:
                continue
            at += near.left - 7 - box.right if at <= (near.left + near.right) / 2 else near.right + 7 - box.left
        boxes.append(canvas.text(at, y, str(year), weight=MEDIUM, anchor="middle"))
    brief = slot >= width("00", text) + 8 and last - first < 100 and first > 0
    for year in range(first + 1, last) if brief or first == 0 else _regular(first, last, slot, text):
        words = f"{year % 100:02}" if brief and slot < _ROOMY else str(year)
        box = box_of(x(year), y, words, text, REGULAR, "middle")
        if not any(box.meets(other.wider(8)) for other in boxes):
            boxes.append(canvas.text(x(year), y, words, colour="quiet", anchor="middle"))


def _regular(first: int, last: int, slot: float, text: float) -> range:
    """Round years at a step that has room for them in full."""
    wanted = (width("0000", text) + 14) / slot
    step = next((step for step in (2, 5, 10, 20, 25, 50, 100) if step >= wanted), 200)
    return range(-(-first // step) * step, last, step)
