"""Entry point; pins BLAS to one thread before NumPy can load, and answers `--version` without
loading anything.
"""

import gc
import os
import sys


def main() -> None:
    """Run the command line."""
    try:
        code = _run()
    except KeyboardInterrupt:
        code = 130
    except (MemoryError, OSError) as error:
        why = getattr(error, "strerror", None) or "Cannot allocate memory"
        os.write(2, f"error: There is too little to run with: {why}.\n".encode())
        code = 6
    sys.exit(code)


def _run() -> int:
    """Run the command line, and return its exit code."""
    if sys.argv[1:] == ["--version"] and sys.stdout is not None:
        from rural_forecast.version import __version__

        try:
            os.write(sys.stdout.fileno(), f"rural-forecast {__version__}\n".encode())
        except OSError as error:
            return 0 if isinstance(error, BrokenPipeError) else 6
        return 0
    # What imports make lives on: looking for garbage among it costs 15 ms.
    gc.set_threshold(150_000)
    from rural_forecast.system.blas import pin_blas
    from rural_forecast.system.process import prepare

    prepare()
    pin_blas()
    # Looking for plugins costs 20 ms; there are none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from rural_forecast.cli.app import run

    return run()


if __name__ == "__main__":
    main()
