"""Pages: html, printed as pdf and png, and slides."""
