"""Makes the manual page and the completions of bash, zsh and fish from the command surface.

`python -m docs.surface` writes them: the manual page beside this file, the completions into the package, which prints
them.
"""
