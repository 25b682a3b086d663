"""Numbers as sentences and pictures show them."""

from math import floor, log10


def number(value: float) -> str:
    """Four significant digits, thousands grouped.

    >>> number(1244.88), number(93.3), number(0.0012345), number(0.000133)
    ('1,245', '93.3', '0.001234', '0.000133')
    """
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1e15 or size < 1e-4:
        return f"{value:.4g}"
    text = f"{value:,.{max(0, 3 - floor(log10(size)))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
