"""Fonts of this machine, on which no test may depend."""

import pytest

from rural_forecast.errors import UsageError
from rural_forecast.render.drawing import font_folder, require_fonts


def has_chinese() -> bool:
    """Find a font for Chinese characters."""
    resvg = pytest.importorskip("resvg_py")
    try:
        require_fonts("农村网络零售额乡", resvg, font_folder("png"))
    except UsageError:
        return False
    return True


def without_system_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the font that comes with the extra alone."""
    import resvg_py

    whole = resvg_py.svg_to_bytes
    monkeypatch.setattr(resvg_py, "svg_to_bytes", lambda **options: whole(skip_system_fonts=True, **options))
