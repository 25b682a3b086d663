"""html: a page as one file that needs nothing from elsewhere and lets nothing in.

Jinja escapes every text; the security policy allows exactly the one style sheet and the one script
of the page.
"""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from rural_forecast.document.page import Page
from rural_forecast.render import canvas, drawing
from rural_forecast.render.columns import prose, read_columns
from rural_forecast.render.typeface import faces
from rural_forecast.system.extras import need
from rural_forecast.text.cells import encodable
from rural_forecast.text.numbers import UNIT
from rural_forecast.text.style import THEMES

_AMOUNT = re.compile(rf"(?<=[0-9])(?: {UNIT})+")
_FOLDER = Path(__file__).parent


def render(page: Page, **_: Any) -> str:
    """Write the page."""
    style = _style()
    script = (_FOLDER / "script.js").read_text(encoding="utf-8")
    text: str = _template().render(
        page=page,
        style=style,
        script=script,
        policy=_policy(style, script),
        drawn=drawing.embedded,
        columns=read_columns,
    )
    return encodable(text).rstrip("\n") + "\n"


def _style() -> str:
    """Write the style sheet: the font, the colours of both themes, and the looks of drawings."""
    style = (_FOLDER / "style.css").read_text(encoding="utf-8")
    for theme, colours in THEMES.items():
        variables = " ".join(f"--{name}: {colour};" for name, colour in colours.items())
        style = style.replace(f"/* {theme} */", variables)
    return "\n".join([*faces(), style.replace("/* picture */", canvas.style())])


def _policy(style: str, script: str) -> str:
    """Write the security policy: nothing loads or runs but this style sheet and this script."""
    rules = [
        "default-src 'none'",
        f"style-src 'sha256-{_digest(style)}'",
        f"script-src 'sha256-{_digest(script)}'",
        "font-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return "; ".join(rules)


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def unbroken(text: str) -> str:
    """Keep amounts of a text on one line, by no-break spaces."""
    return _AMOUNT.sub(lambda unit: unit[0].replace(" ", "\xa0"), prose(text))


@cache
def _template() -> Any:
    jinja2 = need("jinja2", "exhibit", "The format html")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["line"] = unbroken
    return environment.get_template("template.html")
