"""`poe regenerate [PAGE...]`: writes everything that is generated; of named pages, their output
alone.

The reference of commands, models and rows, the reference numbers of every command, the output below
the commands on the pages, the snapshots and the pictures. A page with a command that fails is left
as it was, and named.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from docs.generator import pictures, reference, stubs
from tests.docs.running import ROOT, every_page, refreshed

Failures = Iterator[str]


def written(page: Path) -> Failures:
    """Write the real output of its commands into a page; yield why it cannot be."""
    before = page.read_text(encoding="utf-8")
    with TemporaryDirectory() as scratch:
        try:
            after = refreshed(before, Path(scratch))
        except Exception as failure:  # noqa: BLE001 - a page may fail in any way that Python can
            yield f"{page.relative_to(ROOT)}: {failure}"
            return
    if after != before:
        page.write_text(after, encoding="utf-8")


def run(*arguments: str) -> Failures:
    """Run a module in a process of its own; yield how it ended, where that is not well."""
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, check=False)
    if done.returncode:
        yield f"python -m {' '.join(arguments)}: exit code {done.returncode}"


def drawn() -> Failures:
    """Draw the pictures of the gallery; yield the block that fails."""
    try:
        pictures.draw()
    except Exception as failure:  # noqa: BLE001 - as above
        yield f"docs/gallery.md: {failure}"


def steps(pages: list[Path]) -> Iterator[tuple[str, Callable[[], Failures]]]:
    """Everything that is generated, in an order in which nothing reads what is written later."""
    if not pages:
        reference.write()
        stubs.write()
        yield "reference numbers", lambda: run("tests.conformance.digest", "--write")
        kept = (
            file
            for folder in sorted(ROOT.glob("tests/**/__snapshots__"))
            for file in folder.iterdir()
        )
        tests = {str(file.parents[1] / f"{file.stem}.py") for file in kept}
        yield "snapshots", lambda: run("pytest", "-q", "--snapshot-update", *sorted(tests))
    for page in pages or every_page():  # with those made just now
        yield str(page.relative_to(ROOT)), partial(written, page)
    if not pages:
        yield "pictures", drawn


def main(names: list[str]) -> int:
    """Write what is generated; 1 where something fails, which standard error lists at the end."""
    failures = []
    for name, step in steps([ROOT / name for name in names]):
        sys.stderr.write(f"{name}\n")
        failures += step()
    for failure in failures:
        sys.stderr.write(f"FAILED {failure}\n")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
