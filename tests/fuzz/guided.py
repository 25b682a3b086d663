"""One target under Atheris, in a process of its own: `python -m tests.fuzz.guided TARGET FOUND [libFuzzer options]`."""

# ruff: noqa: T201 - a program that prints
from __future__ import annotations

import sys
import warnings
from pathlib import Path
from traceback import extract_tb

import atheris

with atheris.instrument_imports(include=["rural_forecast"], enable_loader_override=False):
    from tests.fuzz.promises import attempt
    from tests.fuzz.targets import Target, target


def main() -> None:
    """Fuzz."""
    name, folder, *options = sys.argv[1:]
    with atheris.instrument_imports(include=["rural_forecast"], enable_loader_override=False):
        chosen = target(name)
        for seed in chosen.seeds[:64]:  # load what is imported late
            _Fuzzed(chosen, Path(folder)).once(seed, keep=False)
    warnings.simplefilter("error")
    atheris.Setup([sys.argv[0], *options], _Fuzzed(chosen, Path(folder)).once)
    atheris.Fuzz()


class _Fuzzed:
    """A target that goes on after a finding, and keeps the first input for each place."""

    def __init__(self, chosen: Target, found: Path) -> None:
        self._chosen = chosen
        self._found = found
        self._known: set[tuple[object, ...]] = set()

    def once(self, data: bytes, *, keep: bool = True) -> None:
        """Try one input."""
        try:
            attempt(self._chosen.test, data)
        except KeyboardInterrupt:
            raise
        except BaseException as broken:  # noqa: BLE001 - whatever it raises is a finding
            if keep:
                self._keep(data, broken)

    def _keep(self, data: bytes, broken: BaseException) -> None:
        from tests.fuzz.run import file_name

        frames = [frame for frame in extract_tb(broken.__traceback__) if "promises.py" not in frame.filename]
        place = (type(broken), *((frame.filename, frame.lineno) for frame in frames[-2:]), str(broken)[:24])
        if place in self._known:
            return
        self._known.add(place)
        (self._found / file_name(self._chosen.name, data)).write_bytes(data)
        print(f"FOUND {self._chosen.name}: {type(broken).__name__}: {str(broken)[:500]}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
