"""`python -m experiments.cli` is `whistle`."""

from experiments.cli import main

if __name__ == "__main__":
    main()
