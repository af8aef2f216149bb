"""Generators of the documents that the repository carries; `make documents` writes them."""
