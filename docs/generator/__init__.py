"""The documentation site: pages from the code, and the site from the pages. None of it is
published.
"""
