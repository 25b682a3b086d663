"""html: a page as one file that needs nothing from elsewhere and lets nothing in.

Jinja escapes every text; the security policy allows exactly the one style sheet and the one script
of the page.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from rural_forecast.document.page import Page
from rural_forecast.render import canvas, drawing
from rural_forecast.render.columns import prose, read_columns
from rural_forecast.system.extras import need
from rural_forecast.text.cells import encodable
from rural_forecast.text.numbers import UNIT
from rural_forecast.text.style import BOLD, FAMILIES, MEDIUM, REGULAR, THEMES

_AMOUNT = re.compile(rf"(?<=[0-9])(?: {UNIT})+")
_FOLDER = Path(__file__).parent


def render(page: Page, **_: Any) -> str:
    """Write the page."""
    style, script = (
        (_FOLDER / name).read_text(encoding="utf-8") for name in ("style.css", "script.js")
    )
    for theme, colours in THEMES.items():
        variables = " ".join(f"--{name}: {colour};" for name, colour in colours.items())
        style = style.replace(f"/* {theme} */", variables)
    style = "\n".join([*faces(), style.replace("/* picture */", canvas.style())])
    digests = (b64encode(sha256(text.encode()).digest()).decode() for text in (style, script))
    policy = "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; font-src data:; ".format(
        *digests
    )
    policy += "base-uri 'none'; form-action 'none'"
    text: str = _template().render(
        page=page,
        style=style,
        script=script,
        policy=policy,
        drawn=drawing.embedded,
        columns=read_columns,
    )
    return encodable(text).rstrip("\n") + "\n"


def faces() -> Iterator[str]:
    """The font of the page, for machines that do not have it."""
    for name, weight in (("Regular", REGULAR), ("Medium", MEDIUM), ("SemiBold", BOLD)):
        font = b64encode((_FOLDER.parent / "fonts" / f"FiraSans-{name}.woff").read_bytes()).decode()
        source = f"url(data:font/woff;base64,{font})"
        yield f'@font-face {{ font-family: "{FAMILIES[0]}"; font-weight: {weight}; src: {source} format("woff"); }}'


def unbroken(text: str) -> str:
    """A text whose amounts stay on one line, by no-break spaces."""
    return _AMOUNT.sub(lambda unit: unit[0].replace(" ", "\xa0"), prose(text))


@cache
def _template() -> Any:
    jinja2 = need("jinja2", "exhibit", "The format html")
    loader = jinja2.FileSystemLoader(_FOLDER)
    trimmed = {"trim_blocks": True, "lstrip_blocks": True}
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, **trimmed
    )
    environment.filters["line"] = unbroken
    return environment.get_template("template.html")
