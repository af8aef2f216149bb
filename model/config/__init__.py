"""Parameters, files and the scenario that they make."""
