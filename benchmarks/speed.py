"""How long a batch takes, how much memory it needs and how it grows, compared with pandas and
statsforecast.

    python benchmarks/speed.py [--m4 m4_yearly_train.parquet] [--no-peers] [--rounds N]

Run with the Python of this project's environment. Writes `speed.md`, `speed.csv` and the short
table of the README. Every run is a whole process, from its start to its end; the same machine, the
same hour, runs of a comparison in turn. Peak memory is the sum over a run's processes, sampled
thirty times a second.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from accuracy.tables import put_between_markers

HERE = Path(__file__).parent
HORIZON = 6
SIZES = (10_000, 100_000, 1_000_000)
POINTS = 12
IN_README = (
    "M4: statsforecast AutoETS / batch, CPU",
    "M4: statsforecast DOT / batch, CPU",
    "Million series, two workers, wall",
    "Million series, two workers, peak memory",
)
PANDAS = """
import sys, time
import pandas as pd
start, before = time.perf_counter(), time.process_time()
frame = pd.read_parquet(sys.argv[3])
loaded, loading = time.perf_counter() - start, time.process_time() - before
start, before = time.perf_counter(), time.process_time()
pd.read_csv(sys.argv[1])
frame.to_csv(sys.argv[2], index=False)
print(time.perf_counter() - start, time.process_time() - before, loaded, loading)
"""
"""Reads the input and writes the output, which it has to load first: that time is taken off."""


class Run(NamedTuple):
    """Cost of one process."""

    what: str
    wall: float
    cpu: float
    memory: float
    """Peak of all processes together, MiB."""
    load: float
    """Of the machine, one-minute average when it started."""


def measured(what: str, command: list[str]) -> Run:
    """Run a command to its end.

    Raises
    ------
    CalledProcessError : it failed
    """
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "OPENBLAS", "OMP"))
    }
    load = os.getloadavg()[0]
    before = os.times()
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        time.sleep(1 / 30)
    wall = time.perf_counter() - started
    after = os.times()
    _, errors = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=errors)
    cpu = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    run = Run(what, wall, cpu, peak, load)
    print(
        f"{what:45} {wall:8.2f} s wall {cpu:8.2f} s CPU {peak:7.0f} MiB   load {load:.1f}",
        flush=True,
    )
    return run


def _resident(root: int) -> float:
    """MiB of a process and all below it."""
    parents = {}
    pages = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat[1])
            pages[int(entry.name)] = int(stat[21])
    total = 0
    for pid in pages:
        ancestor = pid
        while ancestor and ancestor != root:
            ancestor = parents.get(ancestor, 0)
        total += pages[pid] if ancestor == root else 0
    return total * os.sysconf("SC_PAGE_SIZE") / 2**20


def batch(source: Path, target: Path, *options: str) -> list[str]:
    """Our command."""
    return [
        sys.executable,
        "-m",
        "rural_forecast",
        "batch",
        str(source),
        "-o",
        str(target),
        "-q",
        *options,
    ]


def m4(source: Path, folder: Path, rounds: int, *, peers: bool) -> list[Run]:
    """The yearly training part of M4 from CSV to CSV, compared with pandas and peers."""
    import pandas as pd

    frame = pd.read_parquet(source)
    frame["series_id"] = frame["series_id"].astype("str")
    text = folder / "m4.csv"
    binary = folder / "m4.parquet"
    frame.to_csv(text, index=False)
    frame.to_parquet(binary, index=False)
    made = folder / "made.parquet"
    measured("(warm up)", batch(binary, made, "--horizon", str(HORIZON)))
    runs = []
    one = ["--horizon", str(HORIZON), "--workers", "1"]
    for _ in range(rounds):
        command = [sys.executable, "-c", PANDAS, str(text), str(folder / "pandas.csv"), str(made)]
        load = os.getloadavg()[0]
        before = os.times()
        started = time.perf_counter()
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        wall = time.perf_counter() - started
        after = os.times()
        cpu = (
            after.children_user
            + after.children_system
            - before.children_user
            - before.children_system
        )
        inside, busy, loaded, loading = map(float, told)
        nothing = float("nan")
        runs.append(Run("M4: pandas, whole process", wall - loaded, cpu - loading, nothing, load))
        runs.append(Run("M4: pandas, reading and writing alone", inside, busy, nothing, load))
        runs.append(measured("M4: batch, CSV to CSV", batch(text, folder / "out.csv", *one)))
        runs.append(
            measured("M4: batch, Parquet to Parquet", batch(binary, folder / "out.parquet", *one))
        )
    if peers:
        script = ["uv", "run", "--quiet", "--script", str(HERE / "speed_peers.py")]
        tiny = folder / "tiny.csv"
        frame.head(62).to_csv(tiny, index=False)
        measured(
            "(peers' environment)",
            [*script, "AutoETS", str(tiny), str(folder / "p.csv"), str(HORIZON), "1"],
        )
        for name in ("AutoETS", "DOT"):
            command = [*script, name, str(text), str(folder / "p.csv"), str(HORIZON), "2"]
            runs.append(measured(f"M4: statsforecast {name}, two jobs", command))
    return runs


def million(folder: Path, rounds: int) -> list[Run]:
    """Series of twelve points, Parquet to Parquet: growth with their number, and two workers
    against one.
    """
    runs = []
    for size in SIZES:
        generate(size, folder / f"{size}.parquet")
    for _ in range(rounds):
        runs.append(
            measured(
                "start-up: one series", batch(_one(folder), folder / "o.parquet", "--workers", "1")
            )
        )
        for size in SIZES:
            source = folder / f"{size}.parquet"
            runs.append(
                measured(
                    f"{size:,} series, one worker",
                    batch(source, folder / "o1.parquet", "--workers", "1"),
                )
            )
        runs.append(
            measured(
                f"{size:,} series, two workers",
                batch(source, folder / "o2.parquet", "--workers", "2"),
            )
        )
    if (folder / "o1.parquet").read_bytes() != (folder / "o2.parquet").read_bytes():
        print(
            "one and two workers gave different bytes: a defect, or the code changed between the runs",
            flush=True,
        )
    return runs


def _one(folder: Path) -> Path:
    path = folder / "one.parquet"
    generate(1, path)
    return path


def generate(count: int, path: Path) -> None:
    """Series of growth that wanders, as a file of about a hundred thousand series a row group."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    noise = np.random.default_rng(count)
    schema = pa.schema([("series_id", pa.string()), ("year", pa.int32()), ("value", pa.float64())])
    with parquet.ParquetWriter(path, schema) as writer:
        for first in range(0, count, 100_000):
            part = min(100_000, count - first)
            growth = noise.normal(0.05, 0.12, (part, POINTS)).cumsum(axis=1)
            values = np.exp(noise.normal(5, 2, (part, 1)) + growth).ravel()
            names = np.repeat([f"S{number:08}" for number in range(first, first + part)], POINTS)
            years = np.tile(np.arange(2024 - POINTS, 2024, dtype=np.int32), part)
            writer.write_table(
                pa.table([pa.array(names), pa.array(years), pa.array(values)], schema=schema)
            )


def middle(runs: list[Run]) -> dict[str, Run]:
    """The median of each figure over the rounds of a run."""
    found = {}
    for what in dict.fromkeys(run.what for run in runs):
        same = [run for run in runs if run.what == what]
        found[what] = Run(
            what,
            *(
                statistics.median(figures)
                for figures in zip(*(run[1:] for run in same), strict=True)
            ),
        )
    return found


def targets(runs: dict[str, Run]) -> list[tuple[str, str, str, str]]:
    """Return each measurement: its name, figure, target, and if it is met."""
    rows = []

    def row(what: str, figure: float, unit: str, target: float, *, least: bool) -> None:
        met = figure >= target if least else figure <= target
        bound = f"at {'least' if least else 'most'} {target:g} {unit}".strip()
        rows.append((what, f"{figure:.2f} {unit}".strip(), bound, "yes" if met else "no"))

    ours = runs.get("M4: batch, CSV to CSV")
    if ours:
        for name, target in (("AutoETS", 10), ("DOT", 4)):
            peer = runs.get(f"M4: statsforecast {name}, two jobs")
            if peer:
                row(
                    f"M4: statsforecast {name} (two jobs) / batch (one), wall",
                    peer.wall / ours.wall,
                    "times",
                    target,
                    least=True,
                )
                row(
                    f"M4: statsforecast {name} / batch, CPU",
                    peer.cpu / ours.cpu,
                    "times",
                    target,
                    least=True,
                )
        for what in ("whole process", "reading and writing alone"):
            pandas = runs[f"M4: pandas, {what}"]
            row(
                f"M4: batch CSV to CSV / pandas, {what}, wall",
                ours.wall / pandas.wall,
                "times",
                2,
                least=False,
            )
            row(
                f"M4: batch CSV to CSV / pandas, {what}, CPU",
                ours.cpu / pandas.cpu,
                "times",
                2,
                least=False,
            )
        binary = runs["M4: batch, Parquet to Parquet"]
        row("M4: batch Parquet / CSV, CPU", binary.cpu / ours.cpu, "times", 1, least=False)
    start = runs["start-up: one series"]
    one = runs[f"{SIZES[-1]:,} series, one worker"]
    two = runs[f"{SIZES[-1]:,} series, two workers"]
    row("Million series, two workers, wall", two.wall, "s", 60, least=False)
    row("Million series, two workers, peak memory", two.memory / 1024, "GiB", 1.5, least=False)
    row("Million series, one worker / two workers, wall", one.wall / two.wall, "", 1.6, least=True)
    each = [(runs[f"{size:,} series, one worker"].cpu - start.cpu) / size * 1e6 for size in SIZES]
    rows.append(
        (
            "CPU per series at 10^4, 10^5, 10^6, start-up subtracted",
            ", ".join(f"{cost:.1f} us" for cost in each),
            "",
            "",
        )
    )
    row("Largest / least of these", max(each) / min(each), "", 1.15, least=False)
    return rows


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def report(runs: list[Run]) -> None:
    """Write what was measured."""
    found = middle(runs)
    machine = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "",
    )
    short = table(("measured", "figure", "target", "met"), targets(found))
    figures = [
        (
            run.what,
            f"{run.wall:.2f}",
            f"{run.cpu:.2f}",
            "" if run.memory != run.memory else f"{run.memory:.0f}",
            f"{run.load:.1f}",
        )
        for run in found.values()
    ]
    text = (
        f"# Speed\n\nWhole processes, median over the rounds; {machine} ({processor}).\n"
        "Load is the machine's one-minute average when a run starts: above the cores in use it says that others were\n"
        "at work, and then ratios of CPU time tell more than wall time. Written by `python benchmarks/speed.py`.\n\n"
        f"{short}\n\n{table(('run', 'wall, s', 'CPU, s', 'peak memory, MiB', 'load'), figures)}\n"
    )
    (HERE / "speed.md").write_text(text, encoding="utf-8")
    with (HERE / "speed.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["run", "wall_s", "cpu_s", "peak_mib", "load"])
        writer.writerows([run.what, *(f"{figure:.3f}" for figure in run[1:])] for run in runs)
    print(text)
    few = table(
        ("measured", "figure"), [line[:2] for line in targets(found) if line[0] in IN_README]
    )
    put_between_markers(HERE.parent / "README.md", "speed", f"{few}\n")


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--m4", type=Path, help="m4_yearly_train.parquet, with columns series_id, period, value"
    )
    parser.add_argument("--no-peers", action="store_true", help="leave statsforecast out")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    peers = not options.no_peers and shutil.which("uv") is not None
    with tempfile.TemporaryDirectory(prefix="speed-") as scratch:
        folder = Path(scratch)
        runs = m4(options.m4, folder, options.rounds, peers=peers) if options.m4 else []
        runs += million(folder, 1)
    report(runs)


if __name__ == "__main__":
    main()
