"""The operating system: output and input files, signals, what is installed."""
