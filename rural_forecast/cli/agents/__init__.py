"""Tools for agents: the table, schemas, arguments, answers, words and calls."""
