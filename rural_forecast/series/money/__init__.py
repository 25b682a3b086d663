"""Amounts in other terms: another currency, or the prices of one year."""
