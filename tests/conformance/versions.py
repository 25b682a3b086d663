"""`poe test-versions`: the oldest and the newest Python and NumPy that there are give the numbers of the reference.

uv makes each environment from the lock, with another NumPy, and what it computes is compared to nine digits. An
interpreter that is not on this machine is named and left out.
"""

# ruff: noqa: T201 - a program that prints
import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

from rural_forecast.system.process import BLAS_THREADS
from tests.conformance.digest import REFERENCE
from tests.conformance.test_reference import moved

ENVIRONMENTS = tuple(product(("3.11", "3.13"), ("numpy==2.3.0", "numpy")))
"""Python, and NumPy: the oldest that the pins allow, and the newest there is for that Python."""


def main() -> int:
    """Compare every environment; 1 where one differs, or where there is but one Python."""
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment |= dict.fromkeys(BLAS_THREADS, "1")  # as the command line does
    wrong, pythons = 0, set()
    for python, numpy in ENVIRONMENTS:
        if subprocess.run(["uv", "python", "find", "--quiet", python], cwd="/", capture_output=True).returncode:
            print(f"Python {python} is not on this machine")
            continue
        pythons.add(python)
        line = ["uv", "run", "--isolated", "--locked", "--no-dev", "--quiet", "--python", python, "--with", numpy]
        line += ["python", "-m", "tests.conformance.digest"]
        done = subprocess.run(
            line, cwd=Path(__file__).parents[2], env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        differing = moved(reference, json.loads(done.stdout))
        print(f"Python {python}, {numpy}: {len(differing)} numbers differ by more than 1e-9", flush=True)
        print(*(f"  {one}\n" for one in differing[:10]), sep="", end="")
        wrong += bool(differing)
    return int(wrong > 0 or len(pythons) < 2)


if __name__ == "__main__":
    sys.exit(main())
