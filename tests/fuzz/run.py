"""`poe fuzz`: every target for its share of the cases, by Atheris, guided by coverage of
rural_forecast.

Each target runs in a process of its own, since libFuzzer ends its process, and a library may end it
too. An input that breaks a promise is written to `found/`, one for each place in the code, and CI
tries it for ever.
"""

# ruff: noqa: T201 - a program that prints
import argparse
import os
import re
import subprocess
import sys
import warnings
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from traceback import extract_tb
from typing import Any

from tests.fuzz.choices import DICTIONARY, LONGEST
from tests.fuzz.targets import SHARES, target

FOUND = Path(__file__).parent / "found"
_MOST_DEATHS = 20
"""Processes of one target that may die before it is given up."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzz every reader, parser and command.")
    parser.add_argument(
        "--cases", type=int, default=100_000, help="cases of all targets together (100,000)"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed tries other cases (1)")
    parser.add_argument(
        "--target", action="append", choices=list(SHARES), help="only this one; repeatable"
    )
    given = parser.parse_args()
    chosen = {
        name: share for name, share in SHARES.items() if not given.target or name in given.target
    }
    earlier = set(FOUND.iterdir())
    for name, share in chosen.items():
        started = monotonic()
        cases = _fuzz(name, max(given.cases * share // sum(chosen.values()), 1), given.seed)
        found = len(set(FOUND.iterdir()) - earlier)
        print(
            f"{name:12} {cases:8,} cases {monotonic() - started:6.0f} s, {found} findings so far",
            flush=True,
        )
    return 1 if set(FOUND.iterdir()) - earlier else 0


def _fuzz(name: str, cases: int, seed: int) -> int:
    """Run a target until its cases are done, past inputs that end the process; give how many were
    tried.
    """
    done = deaths = 0
    with TemporaryDirectory(prefix="fuzz-") as folder:
        work = Path(folder)
        corpus = work / "corpus"
        corpus.mkdir()
        for place, data in enumerate(target(name).SEEDS):
            (corpus / f"{place:04}").write_bytes(data)
        while done < cases and deaths <= _MOST_DEATHS:
            options = (
                f"-runs={cases - done}",
                f"-seed={seed + deaths}",
                f"-max_len={LONGEST}",
                "-len_control=0",
            )
            limits = ("-timeout=120", "-rss_limit_mb=3072", "-print_final_stats=1", "-verbosity=0")
            paths = (f"-artifact_prefix={work}/dead-", f"-dict={DICTIONARY}", str(corpus))
            code = f"from tests.fuzz.run import guided; guided({name!r})"
            child = subprocess.run(
                [sys.executable, "-c", code, *options, *limits, *paths],
                capture_output=True,
                text=True,
                check=False,
                errors="replace",
                env=os.environ | {"PYTHONHASHSEED": "0", "TMPDIR": str(work)},
            )
            ran = re.search(r"number_of_executed_units: (\d+)", child.stderr)
            done += max(int(ran[1]) if ran else 1, 1)
            print(
                *re.findall("^FOUND .*", child.stderr, re.MULTILINE),
                sep="\n",
                file=sys.stderr,
                flush=True,
            )
            if child.returncode:
                deaths += 1
                print(
                    f"{name}: a process ended: {child.stderr[-2000:]}", file=sys.stderr, flush=True
                )
                for path in work.glob("dead-*"):
                    _keep(name, path.read_bytes())
                    path.unlink()
    return done


def _keep(name: str, data: bytes) -> None:
    (FOUND / f"{name}-{sha256(data).hexdigest()[:12]}").write_bytes(data)


def guided(name: str) -> None:
    """Fuzz one target with the options of libFuzzer that the process was given, in a process of its
    own.
    """
    import atheris

    from rural_forecast.system.blas import pin_blas

    pin_blas()
    with atheris.instrument_imports(include=["rural_forecast"], enable_loader_override=False):
        from rural_forecast.errors import DoubtfulDataWarning
        from tests.fuzz.promises import attempt

        chosen = target(name)
        for seed in chosen.SEEDS[:64]:  # load what is imported late
            attempt(chosen.test, seed)
    known: set[tuple[Any, ...]] = set()

    def once(data: bytes) -> None:
        try:
            attempt(chosen.test, data)
        except KeyboardInterrupt:
            raise
        except BaseException as broken:  # noqa: BLE001 - whatever it raises is a finding
            frames = [
                frame
                for frame in extract_tb(broken.__traceback__)
                if "promises.py" not in frame.filename
            ]
            place = (
                type(broken),
                *((frame.filename, frame.lineno) for frame in frames[-2:]),
                str(broken)[:24],
            )
            if place not in known:
                known.add(place)
                _keep(name, data)
                print(
                    f"FOUND {name}: {type(broken).__name__}: {str(broken)[:500]}",
                    file=sys.stderr,
                    flush=True,
                )

    warnings.simplefilter("error")
    # A word about doubtful data is what the program promises, and no finding.
    warnings.simplefilter("ignore", DoubtfulDataWarning)
    atheris.Setup(["fuzz", *sys.argv[1:]], once)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
