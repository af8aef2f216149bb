"""Pages of the documentation, carried out."""
