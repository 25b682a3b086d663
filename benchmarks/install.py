"""Size and time of what the README installs.

    python benchmarks/install.py

Copies this checkout, as git knows it, to a temporary folder and runs each step there, with nothing
in pip's or uv's cache, so the download counts. Prints the table and writes it to `install.md` next
to this file.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = Path(__file__).parent / "install.md"
UV = "python3 -m venv .uv && .uv/bin/pip install -q uv && .uv/bin/uv sync -q --locked --extra all"
STEPS = (
    ("The program", ".venv", "python3 -m venv .venv && .venv/bin/pip install -q ."),
    ("Pictures, pages and workbooks too", ".venv", ".venv/bin/pip install -q '.[all]'"),
    ("All that the tests need", ".uv .test", UV),
)
"""Name, folders and command of each step."""


def size(folder: Path) -> float:
    """Megabytes of the files of a folder."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


def main() -> int:
    """Run every step."""
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch) / "clone"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        env = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("PYTHON", "VIRTUAL", "UV", "PIP"))
        }
        env |= {
            "PIP_NO_CACHE_DIR": "1",
            "UV_CACHE_DIR": f"{scratch}/cache",
            "UV_PROJECT_ENVIRONMENT": ".test",
        }
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in ("PIP_INDEX_URL", "UV_INDEX_URL")
        }
        for name, folders, command in STEPS:
            began = time.monotonic()
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(["bash", "-c", command], cwd=clone, env=env | kept, check=True)
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
            holds = sum(size(clone / folder) for folder in folders.split())
            rows.append(
                (name, f"{holds:,.0f} MB", f"{time.monotonic() - began:.0f} s", f"{cpu:.0f} s")
            )
    lines = [
        "| what | size | seconds | CPU |",
        "| --- | ---: | ---: | ---: |",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    head = f"# Install\n\nPython {platform.python_version()}, {os.cpu_count()} cores, by `python benchmarks/install.py`.\n"
    REPORT.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
