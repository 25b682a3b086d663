"""The operating system: output files, signals, optional packages, BLAS threads."""
