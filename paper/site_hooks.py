"""What the documentation takes from the declarations and from elsewhere in the repository, at each build."""

from __future__ import annotations

from typing import Any

from mkdocs.structure.files import File, Files


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made: those in Chinese where the site is."""
    from experiments.documents.commands import outcomes, pages
    from experiments.messages import Language

    made = {"outcomes.md": outcomes(Language.ZH)} if config.theme["language"] == "zh" else pages()
    for place, text in made.items():
        files.append(File.generated(config, place, content=text))
    return files
