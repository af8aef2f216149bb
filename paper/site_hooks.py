"""What the documentation takes from the declarations and from elsewhere in the repository, at each build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

NOTEBOOKS = Path(__file__).parent / "docs" / "notebooks"  # beside the pages of both languages


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made, those in Chinese where the site is, and the notebooks."""
    from experiments.documents.commands import outcomes, pages
    from experiments.messages import Language

    made = {"outcomes.md": outcomes(Language.ZH)} if config.theme["language"] == "zh" else pages()
    for place, text in made.items():
        files.append(File.generated(config, place, content=text))
    for path in NOTEBOOKS.glob("*.ipynb"):
        files.append(File.generated(config, f"notebooks/{path.name}", abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Lead to the notebooks where the site has them: below each language."""
    return markdown.replace("](../../notebooks/", "](../notebooks/")
