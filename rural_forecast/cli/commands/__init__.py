"""One file a command: its options, examples and what it does.

A command imports what computes and draws when it runs, so that help and completion load no numbers.
"""
