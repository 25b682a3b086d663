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
# The characters of the small files of the font.
_BASIC = re.compile(r"[\s\x20-\x7e\xa0±·×–—‘’“”…↑↓−]*")


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


def faces() -> Iterator[str]:
    """Write the font of the page, for machines that do not have it."""
    for name, weight in (("Regular", REGULAR), ("Medium", MEDIUM), ("SemiBold", BOLD)):
        yield _face(f"{FAMILIES[0].replace(' ', '')}-{name}.woff", weight)


def faces_for(text: str) -> Iterator[str]:
    """Write the font of a text: of letters without accents, figures and signs, a small part of it.

    That part has two weights, and browsers take the nearest one.
    """
    if not _BASIC.fullmatch(text):
        yield from faces()
        return
    for name, weight in (("Regular", REGULAR), ("SemiBold", BOLD)):
        yield _face(f"{FAMILIES[0].replace(' ', '')}-Basic-{name}.woff2", weight)


def _face(file: str, weight: int) -> str:
    font = b64encode((_FOLDER.parent / "fonts" / file).read_bytes()).decode()
    form = file.rpartition(".")[2]
    family = f'font-family: "{FAMILIES[0]}"'
    source = f'src: url(data:font/{form};base64,{font}) format("{form}")'
    return f"@font-face {{ {family}; font-weight: {weight}; {source}; }}"


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
