"""A font for every character of a picture: the one matplotlib brings, and an installed one for what it lacks.

DejaVu Sans comes with matplotlib, so a picture looks the same everywhere; it knows no Chinese. A font that was
installed after matplotlib made its list is found as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rural_forecast.errors import UsageError

BASE = "DejaVu Sans"
_LIKELY = (
    "noto sans cjk", "notosanscjk", "source han sans", "microhei", "yahei", "pingfang", "hiragino", "simhei", "wqy",
)  # fmt: skip
"""Names of sans-serif fonts with Chinese, the better ones first."""


def families(texts: Iterable[str]) -> list[str]:
    """Families that together have every character, the base first.

    Raises
    ------
    UsageError : no installed font has some of them; the hint names a Debian package
    """
    from matplotlib import font_manager

    needed = {ord(sign) for text in texts for sign in text if not sign.isspace()}
    missing = needed - _characters(font_manager.findfont(BASE))
    if not missing:
        return [BASE]
    for path in _candidates(font_manager):
        if missing <= _characters(path):
            font_manager.fontManager.addfont(path)
            return [BASE, font_manager.FontProperties(fname=path).get_name()]
    signs = "".join(map(chr, sorted(missing)))
    shown = signs if len(signs) <= 12 else f"{signs[:12]}…"
    raise UsageError(
        f"No installed font has the characters {shown} of this picture.",
        "Install one that has, such as Debian's fonts-wqy-microhei (apt-get install fonts-wqy-microhei) for Chinese.",
    )


def _characters(path: str) -> set[int]:
    from matplotlib.ft2font import FT2Font

    try:
        return set(FT2Font(path).get_charmap())
    except (RuntimeError, OSError):  # a broken font file is no font
        return set()


def _candidates(font_manager: Any) -> Iterator[str]:
    """Files of installed fonts, likely ones first; the order is the same on every run."""
    found = sorted(font_manager.findSystemFonts())

    def rank(path: str) -> int:
        name = path.lower()
        return next((place for place, part in enumerate(_LIKELY) if part in name), len(_LIKELY))

    regular = [
        path for path in found if not any(word in path.lower() for word in ("bold", "italic", "oblique", "mono"))
    ]
    yield from sorted(regular, key=rank)
