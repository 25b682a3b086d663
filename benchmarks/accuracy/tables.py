"""The rows of scores as markdown tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, isnan
from pathlib import Path

Row = dict[str, str | float]
ORDER = (
    "rural-forecast",
    "rural-forecast, shipped build",
    "rural-forecast, built without the set",
    "rural-forecast, reference alone",
    "median of four",
    "DOT",
    "AutoTheta",
    "AutoCES",
    "AutoETS",
    "AutoARIMA",
    "Prophet",
    "drift",
    "naive",
)
IN_PAGE = tuple(model for model in ORDER if model != "rural-forecast, reference alone")
IN_README = ("rural-forecast", "AutoTheta", "AutoETS", "AutoARIMA", "Prophet", "drift", "naive")
COMPETITIONS = ("m1", "m3", "tourism")
OTHERS = ("gapminder_adoption", "us_state_pce", "au_retail")
FULL = (*COMPETITIONS, "fastest_tenth", *OTHERS)
CUTS = (3, 4, 5, 8)


def everything(rows: list[Row]) -> str:
    """All tables with the sentences that explain them."""
    index = {(str(row["set"]), str(row["model"])): row for row in rows}
    parts = [INTRODUCTION, "## Whole histories\n"]
    parts += [_full_table(index, name) for name in FULL if (name, "naive") in index]
    parts.append(_margins(index))
    parts.append("## Cut to the last few points\n\nThe next three years, scaled by those points.\n")
    for measure, title, digits in (
        ("owa", "OWA", 3),
        ("msis_95", "MSIS 95", 1),
        ("coverage_80", "Coverage of 80 %", 1),
        ("coverage_95", "Coverage of 95 %", 1),
        ("answered", "Series answered, %", 1),
    ):
        parts.append(_cut_table(index, measure, title, digits))
    return "\n".join(parts)


INTRODUCTION = """# Accuracy

Written by `uv run --script benchmarks/accuracy/run.py`. Measures are those of the M4 competition: OWA is relative to
the last value (below 1 beats it), MSIS and coverage judge the intervals. ± is one standard error, where series
of one source or country count as one block (rows of peers kept from an earlier run: over single series). Where a
peer refuses a series, the last value and its interval are used; "answered" is the share it did not refuse. Peers are
those of statsforecast 2.1.1 with their defaults; "median of four" is that of AutoETS, AutoCES, AutoARIMA and DOT (of
those that answer). Prophet is release 1.5.0 with its defaults, asked by `peer_prophet.py`. The "shipped build" of ours
may have learned from the training part of the set it is scored on; the other row is a build that never saw the set.
"""


MARGINS = """## Margins over the best peer

The peer is the best of all on that set, chosen after the fact. Differences are paired series by series where the
forecasts of the peer are kept; otherwise the errors are taken as independent, which makes them larger.
"""
PUBLISHED = (
    ("m3", "sMAPE", "LGT (Smyl 2016)", "15.23"),
    ("m3", "sMAPE", "N-BEATS-I (Oreshkin et al. 2020)", "15.84"),
    ("m3", "sMAPE", "DOTM (Fiorucci et al. 2016)", "15.94"),
    ("tourism", "MAPE", "N-BEATS (Oreshkin et al. 2020)", "21.44"),
    ("m1", "MASE", "AutoTheta (fev)", "3.66"),
    ("m3", "MASE", "AutoTheta (fev)", "2.61"),
)
"""Set, measure, model and score, as their authors state them for the same test parts."""
LEADERS = """## Where others lead

Published scores on the same test parts, each by its authors; none of them was fitted here. The M4 test part is left
alone, as its training part is what we learn from most: N-BEATS-I+G states an OWA of 0.758 there (arXiv:1905.10437), and
Smyl, the winner of the competition, 0.778.
"""


def _published(index: dict[tuple[str, str], Row]) -> str:
    """Published scores next to ours."""
    lines = []
    for name, measure, model, score in PUBLISHED:
        row = index[name, "rural-forecast"]
        digits = len(score.partition(".")[2])
        lines.append(
            [
                model,
                f"{row['title']}, {measure}",
                score,
                f"{float(row[measure.lower()]):.{digits}f}",
            ]
        )
    return f"{LEADERS}\n{table(['model', 'measure', 'its score', 'ours'], lines)}"


def _margins(index: dict[tuple[str, str], Row]) -> str:
    """Ours against the best peer of every set, whole and cut."""
    lines = []
    for name in (
        *FULL,
        *(f"{name}_last_{points}" for name in (*COMPETITIONS, *OTHERS) for points in CUTS),
    ):
        rows = {model: row for (of, model), row in index.items() if of == name}
        ours = rows.get("rural-forecast") or rows.get("rural-forecast, built without the set")
        peers = [
            row
            for model, row in rows.items()
            if not model.startswith("rural-forecast") and model != "naive"
        ]
        if ours is None or not peers:
            continue
        best = min(peers, key=lambda row: float(row["owa"]))
        lead, error = (float(best.get(column, "nan")) for column in ("margin", "margin_se"))
        how = "paired"
        if isnan(lead):  # its forecasts are not kept here
            lead = float(best["owa"]) - float(ours["owa"])
            how = "not paired"
            error = hypot(float(best["owa_se"]), float(ours["owa_se"]))
        better = "no difference"
        if lead > 2 * error:
            better = "ours is better"
        elif lead < -2 * error:
            better = "the peer is better"
        lines.append(
            [str(best["title"]), str(best["model"]), f"{lead:+.3f} ± {error:.3f}", how, better]
        )
    titles = ["set", "best peer", "its OWA less ours", "errors", "by two standard errors"]
    head = MARGINS
    return f"{head}\n{table(titles, lines)}\n{_published(index)}"


def overview(
    rows: list[Row], points: tuple[int, ...] = (3, 5, 8), models: tuple[str, ...] = IN_PAGE
) -> str:
    """One table for a page: OWA and 95 % coverage on whole competitions, and on M3 cut to so many
    points.
    """
    index = {(str(row["set"]), str(row["model"])): row for row in rows}
    sets = (*COMPETITIONS, *(f"m3_last_{number}" for number in points))
    titles = ["model", "M1", "M3", "Tourism", *(f"M3, {number} points" for number in points)]
    shown = [model for model in _models(index, sets) if model in models]
    return table(
        titles, [[model, *(_both(index.get((name, model))) for name in sets)] for model in shown]
    )


def show(lines: Sequence[str], path: Path) -> None:
    """Print the lines and write them to a file."""
    text = "\n".join(lines) + "\n"
    print(text)
    path.write_text(text, encoding="utf-8")


def put_between_markers(path: Path, name: str, body: str) -> bool:
    """Replace what is between two markers of a file; leave a file without them alone."""
    first = f"<!-- {name} -->"
    last = f"<!-- /{name} -->"
    text = path.read_text(encoding="utf-8")
    start = text.find(first)
    end = text.find(last)
    if start < 0 or end < start:
        return False
    path.write_text(f"{text[: start + len(first)]}\n{body}{text[end:]}", encoding="utf-8")
    return True


def _full_table(index: dict[tuple[str, str], Row], name: str) -> str:
    titles = ["model", "OWA", "sMAPE", "MASE", "MSIS 95", "80 % holds", "95 % holds", "answered"]
    lines = []
    for model in _models(index, (name,)):
        row = index[name, model]
        errors = [
            _figure(row, "owa", 3),
            _figure(row, "smape", 2),
            _figure(row, "mase", 3),
            _figure(row, "msis_95", 1),
        ]
        shares = [_figure(row, f"coverage_{level}", 1) for level in (80, 95)]
        lines.append([model, *errors, *shares, _figure(row, "answered", 1)])
    any_row = index[name, "naive"]
    return f"### {any_row['title']} ({any_row['series']:.0f} series)\n\n{table(titles, lines)}"


def _cut_table(index: dict[tuple[str, str], Row], measure: str, title: str, digits: int) -> str:
    sets = [(name, points) for name in COMPETITIONS for points in CUTS]
    titles = [
        "model",
        *(f"{name.upper() if name != 'tourism' else 'Tourism'} {points}" for name, points in sets),
    ]
    names = tuple(f"{name}_last_{points}" for name, points in sets)
    lines = []
    for model in _models(index, names):
        found = [index.get((name, model)) for name in names]
        figures = ["" if row is None else _figure(row, measure, digits) for row in found]
        if any(figures):
            lines.append([model, *figures])
    return f"### {title}\n\n{table(titles, lines)}"


def _models(index: dict[tuple[str, str], Row], sets: tuple[str, ...]) -> list[str]:
    return [model for model in ORDER if any((name, model) in index for name in sets)]


def _both(row: Row | None) -> str:
    return (
        "" if row is None else f"{float(row['owa']):.3f} / {100 * float(row['coverage_95']):.0f} %"
    )


def _figure(row: Row, name: str, digits: int) -> str:
    """A figure with its standard error; shares in percent, empty where undefined."""
    factor = 100 if name.startswith(("coverage", "answered")) else 1
    value = float(row[name]) * factor
    if isnan(value):
        return ""
    error = float(row.get(f"{name}_se", float("nan"))) * factor
    shown = f"{value:.{digits}f}" if abs(value) < 1e5 else f"{value:.1e}"
    if isnan(error):
        return shown
    return f"{shown} ± {error:.{digits}f}" if error < 1e5 else f"{shown} ± {error:.1e}"


def table(titles: list[str], lines: list[list[str]]) -> str:
    """A markdown table; all columns but the first are numbers."""
    rule = ["---", *("---:" for _ in titles[1:])]
    return "".join("| " + " | ".join(line) + " |\n" for line in (titles, rule, *lines))
