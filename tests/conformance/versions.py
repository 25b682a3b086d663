"""`poe test-versions`: the oldest and the newest Python and NumPy that there are give the numbers of the reference.

Each environment is made by uv from the lock, with another NumPy laid over it, prints its digest, and is compared with
`reference.json` to nine digits. An interpreter that is not on this machine is named and passed over.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.conformance.digest import REFERENCE
from tests.conformance.test_reference import moved

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = (
    ("3.11", "numpy==2.3.0"),
    ("3.11", "numpy"),
    ("3.13", "numpy==2.3.0"),
    ("3.13", "numpy"),
)
"""Python, and NumPy: the oldest that the pins allow (2.3), and the newest there is for that Python."""
TELL = (
    "import sys, numpy, pandas; print(sys.version.split()[0], numpy.__version__, pandas.__version__, file=sys.stderr)"
)
RUN = f"{TELL}; from tests.conformance.digest import digest, text; sys.stdout.write(text(digest()))"


def digest_of(python: str, numpy: str) -> tuple[dict, str]:
    """The digest of one environment and the versions it holds."""
    made = ["uv", "run", "--isolated", "--locked", "--no-dev", "--quiet", "--python", python, "--with", numpy]
    done = subprocess.run([*made, "python", "-c", RUN], cwd=ROOT, env=one_thread(), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"Python {python} with {numpy}: {done.stderr.strip()}")
    return json.loads(done.stdout), done.stderr.strip().splitlines()[-1]


def one_thread() -> dict[str, str]:
    """The environment of the command line, which pins BLAS to one thread."""
    from rural_forecast.system.process import BLAS_THREADS

    return {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"} | dict.fromkeys(
        BLAS_THREADS, "1"
    )


def say(text: str) -> None:
    """One line of the report, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def is_here(python: str) -> bool:
    """Whether an interpreter of that version is on this machine."""
    return subprocess.run(["uv", "python", "find", "--quiet", python], cwd="/", capture_output=True).returncode == 0


def main() -> int:
    """Compare every environment; 1 where one differs, or where there is but one Python."""
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    wrong, pythons = 0, set()
    for python, numpy in ENVIRONMENTS:
        if not is_here(python):
            say(f"Python {python} is not on this machine, so {numpy} with it stays untested")
            continue
        pythons.add(python)
        made, versions = digest_of(python, numpy)
        differing = moved(reference, made)
        count = sum(len(table["rows"]) for table in made.values())
        say(f"Python, NumPy, pandas {versions}: {count} rows, {len(differing)} numbers differ by more than 1e-9")
        for line in differing[:10]:
            say(f"  {line}")
        wrong += bool(differing)
    return int(wrong > 0 or len(pythons) < 2)


if __name__ == "__main__":
    sys.exit(main())
