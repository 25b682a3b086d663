"""The command line: the only room that knows Typer. It parses, calls, picks a view and a renderer,
and writes.
"""
