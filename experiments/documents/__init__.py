"""Generators of the documents that the repository carries."""
