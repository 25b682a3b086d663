"""Writes the errors of all files into `cases.csv`; the difference is to be read before it is kept.

python -m tests.bad_input.renew
"""

import csv
import json
import shlex
from pathlib import Path

from tests.programs import run

HERE = Path(__file__).parent
ANSWER = ("exit_code", "code", "line", "column", "value")


def answer(error: dict[str, object]) -> dict[str, str]:
    """The fields of an error as text; nothing where one is not known."""
    return {key: "" if error[key] is None else str(error[key]) for key in ANSWER}


def main() -> None:
    """Ask for each case anew; what `project` reads stays as it is."""
    with (HERE / "cases.csv").open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    for case in cases:
        done = run("project", case["file"], *shlex.split(case["options"]), "--format", "json", "-q", cwd=HERE / "files")
        if done.code:
            case |= answer(json.loads(done.err))
    with (HERE / "cases.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("file", "options", *ANSWER), lineterminator="\n")
        writer.writeheader()
        writer.writerows(cases)


if __name__ == "__main__":
    main()
