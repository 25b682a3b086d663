"""Commands by subject; each imports what computes and draws when it runs, so that help loads no
numbers.
"""
