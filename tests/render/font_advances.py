"""Widths of characters in the fonts of drawings.

Run `python -m tests.render.font_advances` to write them when the fonts in
`rural_forecast/render/fonts/` change; a test compares the table with them.
"""

import json
from pathlib import Path

import rural_forecast

FONTS = Path(rural_forecast.__file__).parent / "render" / "fonts"
TABLE = FONTS / "advances.json"
WEIGHTS = {"regular": "FiraSans-Regular.woff", "semibold": "FiraSans-SemiBold.woff"}
ASCII = [chr(code) for code in range(ord(" "), ord("~") + 1)]


def advances() -> dict[str, dict[str, int]]:
    """Measure each ASCII character in each weight, in hundredths of an em."""
    from PIL import ImageFont

    units = 1000  # an em of Fira Sans, so that no width is rounded
    table = {}
    for weight, file in WEIGHTS.items():
        font = ImageFont.truetype(str(FONTS / file), units)
        table[weight] = {sign: round(100 * font.getlength(sign) / units) for sign in ASCII}
    return table


if __name__ == "__main__":
    TABLE.write_text(json.dumps(advances(), indent=1) + "\n", encoding="utf-8")
