"""Gathers the pages of the site from where they are kept: each is written once, and its links work
in both places.

Pages of `docs/` keep their place. Others are listed in `PLACES`. A link to any other file of the
repository becomes a download. In a page, `<!-- from README.md: ## Commands -->` is replaced by that
section, `introduction` by the text above the first heading.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PLACES = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "data/README.md": "reference/catalogue.md",
    "benchmarks/README.md": "measurements/index.md",
    "benchmarks/accuracy/results.md": "measurements/accuracy.md",
    "benchmarks/accuracy/calibration.md": "measurements/calibration.md",
    "benchmarks/accuracy/builds.md": "measurements/builds.md",
    "benchmarks/accuracy/forward.md": "measurements/forward.md",
    "benchmarks/accuracy/shocks.md": "measurements/shocks.md",
    "benchmarks/accuracy/kinds.md": "measurements/kinds.md",
    "benchmarks/subjects.md": "measurements/subjects.md",
    "benchmarks/breaks.md": "measurements/breaks.md",
    "benchmarks/definitions.md": "measurements/definitions.md",
    "benchmarks/moved.md": "measurements/moved.md",
    "benchmarks/accuracy/pool.md": "measurements/pool.md",
    "benchmarks/accuracy/unseen.md": "measurements/unseen.md",
    "benchmarks/accuracy/trials.md": "measurements/trials.md",
    "benchmarks/leaders.md": "measurements/leaders.md",
    "benchmarks/accuracy/targets.md": "measurements/targets.md",
    "benchmarks/panels.md": "measurements/panels.md",
    "benchmarks/siblings.md": "measurements/siblings.md",
    "benchmarks/trees.md": "measurements/trees.md",
    "benchmarks/running_year.md": "measurements/running-year.md",
    "benchmarks/trees_under_way.md": "measurements/trees-under-way.md",
    "benchmarks/size_drivers.md": "measurements/size_drivers.md",
    "benchmarks/nowcast.md": "measurements/nowcast.md",
    "benchmarks/speed.md": "measurements/speed.md",
    "benchmarks/startup.md": "measurements/startup.md",
}
"""Pages kept elsewhere, and where they are in the site; links to the README lead to the first page.
"""

_FENCE = re.compile(r"^(```.*?^```\n)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(\))")
_INCLUDE = re.compile(r"^<!-- from (\S+): (.+?) -->\n", re.MULTILINE)
_UNSHOWN = re.compile(r"^<!-- not run: [^\n]* -->\n", re.MULTILINE)


class BrokenLinkError(Exception):
    """A page links to a file that is not there."""


def gather(target: Path) -> None:
    """Write the pages, pictures and downloads of the site to `target`, which is emptied first.

    Raises
    ------
    BrokenLinkError : a page links to, or includes, what is not there
    """
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(
        DOCS,
        target,
        ignore=shutil.ignore_patterns("*.py", "*.md", "__pycache__", "generator", "manual"),
    )
    for source in (
        *sorted(DOCS.rglob("*.md")),
        *(ROOT / place for place in PLACES if place != "README.md"),
    ):
        page = _place(source) or ""
        file = target / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_page(source, page, target), encoding="utf-8")


def _page(source: Path, page: str, target: Path) -> str:
    text = _linked(source.read_text(encoding="utf-8"), source, page, target)
    return _INCLUDE.sub(lambda found: _section(ROOT / found[1], found[2], page, target), text)


def _section(source: Path, heading: str, page: str, target: Path) -> str:
    """A part of another page."""
    _, *parts = re.split(r"^(?=## )", source.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if heading == "introduction":
        wanted = source.read_text(encoding="utf-8").split("\n## ", 1)[0].split("\n", 1)[1]
    else:
        wanted = next((part for part in parts if part.startswith(f"{heading}\n")), "")
    if not wanted:
        raise BrokenLinkError(f"{source.name} has no section {heading!r}.")
    return _linked(wanted.strip("\n") + "\n", source, page, target)


def _linked(text: str, source: Path, page: str, target: Path) -> str:
    """The text with its links pointing to where things are in the site."""

    def moved(link: re.Match[str]) -> str:
        if ":" in link[2]:
            return link[0]
        file = Path(os.path.normpath(source.parent / link[2]))
        if not file.exists():
            raise BrokenLinkError(f"{source.relative_to(ROOT)}: {link[2]} is not there.")
        place = _place(file) or _download(file, target)
        return (
            f"{link[1]}{os.path.relpath(place, PurePosixPath(page).parent)}{link[3] or ''}{link[4]}"
        )

    return _outside_fences(_UNSHOWN.sub("", text), lambda part: _LINK.sub(moved, part))


def _outside_fences(text: str, change: Callable[[str], str]) -> str:
    parts = _FENCE.split(text)
    return "".join(part if place % 2 else change(part) for place, part in enumerate(parts))


def _place(file: Path) -> str | None:
    """Where a file is in the site, if it is part of it."""
    name = file.relative_to(ROOT).as_posix()
    if name in PLACES:
        return PLACES[name]
    inside = file.is_relative_to(DOCS) and file.suffix != ".py"
    return file.relative_to(DOCS).as_posix() if inside else None


def _download(file: Path, target: Path) -> str:
    place = f"files/{file.relative_to(ROOT).as_posix()}"
    (target / place).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target / place)
    return place
