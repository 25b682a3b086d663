"""Checks the built site: every link and anchor leads somewhere, and no page loads anything from
elsewhere.
"""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_LOADS = {
    ("script", "src"),
    ("img", "src"),
    ("link", "href"),
    ("iframe", "src"),
    ("source", "src"),
    ("img", "srcset"),
}
_UNLOADED = {"canonical", "prev", "next", "alternate"}
"""Relations of a `link` that a browser does not fetch."""


class Link(NamedTuple):
    """A reference from a page."""

    target: str
    loads: bool
    """Return True if the browser fetches it unasked."""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[Link] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {value for name in ("id", "name") if (value := given.get(name))}
        for name in ("href", "src", "srcset"):
            if value := given.get(name):
                loads = (tag, name) in _LOADS and given.get("rel") not in _UNLOADED
                self.links.append(Link(value, loads))


def faults(site: Path) -> list[str]:
    """One sentence for each link that leads nowhere and each thing that a page loads from
    elsewhere.
    """
    pages = {file: _read(file) for file in sorted(site.rglob("*.html"))}
    found = []
    for file, page in pages.items():
        name = file.relative_to(site)
        for link in page.links:
            parts = urlsplit(link.target)
            if parts.scheme or parts.netloc:
                if link.loads and parts.scheme != "data":
                    found.append(f"{name} loads {link.target}.")
                continue
            target = _target(file, unquote(parts.path), site)
            if not target.is_file():
                found.append(f"{name} links to {link.target}, which is not there.")
            elif (
                parts.fragment
                and target in pages
                and unquote(parts.fragment) not in pages[target].anchors
            ):
                found.append(f"{name} links to {link.target}, and there is no such anchor.")
    return found


def _read(file: Path) -> _Page:
    page = _Page()
    page.feed(file.read_text(encoding="utf-8"))
    return page


def _target(file: Path, path: str, site: Path) -> Path:
    if not path:
        return file
    target = (site / path.lstrip("/") if path.startswith("/") else file.parent / path).resolve()
    return target / "index.html" if target.is_dir() else target
