"""CPU time of short commands, against what bare imports cost.

    python benchmarks/startup.py [--rounds 10]

Installs this checkout without extras or development packages in a fresh virtual environment in a
temporary folder, with byte code compiled, and clears every PYTHON* and BLAS variable. Each command
runs once unmeasured and then `rounds` times in turn with the others, so that a busy moment hits all
alike; the figure is the median of user + system time. Prints the tables and writes them to
`startup.md` next to this file.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
REPORT = Path(__file__).parent / "startup.md"
BLAS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
IMPORTS = {
    "bare python": "pass",
    "import typer": "import typer",
    "import numpy": "import numpy",
    "import pandas": "import pandas",
    "import statsmodels ARIMA": "import statsmodels.tsa.arima.model",
}
PINNED = "import statsmodels ARIMA, BLAS pinned"
TABLE = "project --year 2018 --format table"
COMMANDS = ("--version", "--help", "project --help", "project --year 2018 --format csv", TABLE)


class Target(NamedTuple):
    """The most that a command may cost, as a multiple of a yardstick."""

    command: str
    yardstick: str
    most: float


TARGETS = (
    Target("--version", "bare python", 2),
    Target("--help", "import typer", 3),
    Target("project --help", "import typer", 4.5),
    Target("project --help", "import pandas", 0.45),
    Target("project --year 2018 --format csv", "import pandas", 0.65),
    Target(TABLE, "import statsmodels ARIMA", 1.25),
)


class Job(NamedTuple):
    """A process to time."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]


def install(folder: Path, environment: Mapping[str, str]) -> Path:
    """Make the environment and give the folder of its programs."""
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    uv = shutil.which("uv")
    if uv:
        steps = [
            [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
            [
                uv,
                "pip",
                "install",
                "--quiet",
                "--compile-bytecode",
                "--python",
                str(programs / "python"),
                str(ROOT),
            ],
        ]
    else:
        steps = [
            [sys.executable, "-m", "venv", str(folder)],
            [str(programs / "python"), "-m", "pip", "install", "--quiet", "--compile", str(ROOT)],
        ]
    for step in steps:
        subprocess.run(step, check=True, env=environment)
    return programs


def jobs(programs: Path, environment: Mapping[str, str]) -> dict[str, Job]:
    """Everything that is timed, by name."""
    python = str(programs / "python")
    pinned = {**environment, **dict.fromkeys(BLAS, "1")}
    found = {name: Job((python, "-c", code), environment) for name, code in IMPORTS.items()}
    found[PINNED] = Job((python, "-c", IMPORTS["import statsmodels ARIMA"]), pinned)
    for command in COMMANDS:
        found[command] = Job((str(programs / "rural-forecast"), *command.split()), environment)
    return found


def cpu_seconds(job: Job, folder: Path) -> float:
    """User and system time of one run, its children included."""
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            job.arguments,
            env=job.environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            complaints.seek(0)
            said = complaints.read().decode(errors="replace")
            sys.exit(f"{' '.join(job.arguments[1:])}: exit {process.returncode}\n{said}")
    return usage.ru_utime + usage.ru_stime


def holds_arima(job: Job, folder: Path) -> bool:
    """Return True if the table shows what ARIMA says; without it the figure would flatter."""
    shown = subprocess.run(
        job.arguments, env=job.environment, cwd=folder, check=True, capture_output=True, text=True
    )
    return "arima" in shown.stdout.lower()


def measure(every: Mapping[str, Job], rounds: int, folder: Path) -> dict[str, list[float]]:
    """Run each once to warm up, then all in turn."""
    for job in every.values():
        cpu_seconds(job, folder)
    times: dict[str, list[float]] = {name: [] for name in every}
    for _ in range(rounds):
        for name, job in every.items():
            times[name].append(cpu_seconds(job, folder))
    return times


def report(times: Mapping[str, list[float]], arima: bool) -> str:
    """The two tables as markdown; a table that lacks ARIMA meets no target."""
    rounds = len(times["bare python"])
    median = {name: statistics.median(taken) for name, taken in times.items()}
    lines = [
        "# Start-up",
        "",
        (
            f"CPU time (user + system), median of {rounds} interleaved runs, base install, byte code compiled; "
            f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, "
            f"{os.cpu_count()} cores. Written by `python benchmarks/startup.py`."
        ),
        "",
        "| command | against | ratio | target | met |",
        "| --- | --- | ---: | ---: | --- |",
    ]
    for target in TARGETS:
        ratio = median[target.command] / median[target.yardstick]
        met = "yes"
        if ratio > target.most:
            met = "no"
        if target.command == TABLE and not arima:
            met = "no: ARIMA is not in it"
        lines.append(
            f"| `{_shown(target.command)}` | {target.yardstick} | {ratio:.2f} | {target.most:g} | {met} |"
        )
    lines += ["", "| run | ms, median | least | most |", "| --- | ---: | ---: | ---: |"]
    for name, taken in times.items():
        figures = " | ".join(
            f"{1000 * value:.0f}" for value in (median[name], min(taken), max(taken))
        )
        lines.append(f"| {f'`{_shown(name)}`' if name in COMMANDS else name} | {figures} |")
    return "\n".join(lines) + "\n"


def _shown(command: str) -> str:
    return f"rural-forecast {command}"


def main() -> None:
    """Install, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    hidden = ("PYTHON", "VIRTUAL_ENV", "RURAL_FORECAST", *BLAS)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    with tempfile.TemporaryDirectory(prefix="startup-") as name:
        folder = Path(name)
        every = jobs(install(folder / "environment", environment), environment)
        text = report(measure(every, options.rounds, folder), holds_arima(every[TABLE], folder))
    print(text)
    REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
