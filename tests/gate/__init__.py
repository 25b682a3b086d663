"""A gate for all that is drawn: `poe gate` renders situations and commands in every format, and
measures them.
"""
