"""The arguments and options of all commands, each an annotated type that a command names once.

A module is a subject. A name means the same in every command. Of two aliases of one option the
second says what its absence means in some commands, or where else it applies. Beside the type
stand Typer's own declaration and, where the option does not apply everywhere, the conditions under
which it does.
"""
