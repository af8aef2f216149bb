"""Making the letters in `experiments/typefaces/`: those of all words that are shipped, and the commonest ones."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from experiments.fonts import BOLD, WEIGHTS, whole_font

ROOT = Path(__file__).parents[2]
SHIPPED = ("model", "experiments", "configs", "paper/docs")  # rooms whose words may come on a screen
WORDS = (".css", ".j2", ".js", ".json", ".md", ".po", ".py", ".typ", ".vue", ".yaml")
LATIN = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180))))
COMMON = 2050  # Chinese characters: both weights for browsers stay below 600 kB
FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum")
UNUSED = ("BASE", "STAT", "gasp", "prep", "vhea", "vmtx")  # of writing from above, of screens of few dots


def letters() -> str:
    """Return the letters to keep: Latin, those of shipped words, and the commonest Chinese ones up to `COMMON`."""
    kept = {letter for text in _texts() for letter in text if letter.isprintable()}
    for letter in _commonest():
        if sum(map(_is_chinese, kept)) >= COMMON:
            break
        kept.add(letter)
    return "".join(sorted(kept | set(LATIN)))


def _texts() -> Iterator[str]:
    for room in SHIPPED:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in WORDS:
                yield path.read_text(encoding="utf-8")


def _is_chinese(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"


def _commonest() -> Iterable[str]:
    """Return Chinese characters by how often they are written, as the dictionary of jieba counts words."""
    import jieba

    counts = Counter[str]()
    for line in jieba.get_dict_file().read().decode("utf-8").splitlines():
        word, times, *_ = line.split()
        counts.update({letter: int(times) for letter in word if _is_chinese(letter)})
    return (letter for letter, _ in counts.most_common())


def cut(source: Path, target: Path, kept: str) -> None:
    """Write what a font has of these letters, as the kind of file that the ending of `target` says.

    The same source and letters give the same bytes.
    """
    from fontTools import subset

    options = subset.Options(hinting=False, layout_features=list(FEATURES), recalc_timestamp=False)
    options.flavor = "woff2" if target.suffix == ".woff2" else None
    options.drop_tables += list(UNUSED)
    font = subset.load_font(source, options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=kept)
    cutter.subset(font)
    subset.save_font(font, target, options)


def main(bold: Path) -> None:
    """Make all files; `bold` is the whole bold face, "NotoSansSC_700Bold.ttf" of @expo-google-fonts/noto-sans-sc."""
    kept = letters()
    for weight, target in WEIGHTS.items():
        cut(bold if weight > 400 else whole_font(), target, kept)
    cut(bold, BOLD, kept)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
