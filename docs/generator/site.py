"""`uv run poe site`: builds the documentation into `build/site/`, to be opened as files or put on
any web server.

Strict: a link or an anchor that leads nowhere, a page that the navigation does not name, or
anything that a page would load from elsewhere ends the build with exit code 1.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from docs.generator.links import faults
from docs.generator.mirror import ROOT, gather
from rural_forecast.cli.tree import commands

PAGES = ROOT / "build" / "docs"
SITE = ROOT / "build" / "site"
NAVIGATION = Path(__file__).with_name("mkdocs.yml")

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def build() -> list[str]:
    """Build the site anew; gives what is wrong with it."""
    gather(PAGES)
    shutil.rmtree(SITE, ignore_errors=True)
    zensical = Path(sys.executable).with_name("zensical")
    # The generator wants its pages and its site below its settings.
    settings = PAGES.parent / NAVIGATION.name
    settings.write_text(navigation(), encoding="utf-8")
    command = [str(zensical), "build", "--clean", "--strict", "-f", str(settings)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        output = _COLOUR.sub("", done.stdout + done.stderr)
        return [output.partition("Traceback (most recent call last)")[0]]
    return unlisted() + faults(SITE)


def navigation() -> str:
    """The settings with the page of every command below the overview of commands."""
    text = NAVIGATION.read_text(encoding="utf-8")
    overview = "          - Overview: reference/commands.md\n"
    assert overview in text
    each = (
        f"          - {name}: reference/commands/{name.replace(' ', '-')}.md\n"
        for name, _ in commands()
    )
    return text.replace(overview, f"{overview}{''.join(each)}")


def unlisted() -> list[str]:
    """Pages that no reader would find."""
    listed = navigation()
    pages = (page.relative_to(PAGES).as_posix() for page in sorted(PAGES.rglob("*.md")))
    return [f"mkdocs.yml does not list {page}." for page in pages if f" {page}\n" not in listed]


if __name__ == "__main__":
    wrong = build()
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    sys.exit(1 if wrong else 0)
