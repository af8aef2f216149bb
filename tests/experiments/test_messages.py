"""The catalogue of words: whole in both languages, nothing twice, nothing missing, nothing that nobody says."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from string import Formatter

from experiments import messages
from experiments.messages import MESSAGES, Language, msg
from experiments.page.controls import _RANGE
from experiments.page.log_fields import OPTIONS
from experiments.studies import kind_of, kinds
from model import (
    CONDITIONS,
    INSTRUMENTS,
    OUTCOMES,
    TERMS,
    Activity,
    declared_at,
    keys_of,
    load_scenario,
    shipped_regimes,
)
from model.terms import Trade

KINDS = [kind_of(name) for name in kinds()]
"""Importing a kind registers the messages of its own."""

LINES = Path(messages.__file__).with_name("messages.po").read_text("utf-8").splitlines()
ROOT = Path(__file__).parents[2]
CODE = {
    path: list(ast.walk(ast.parse(path.read_text("utf-8"))))
    for package in ("model", "experiments")
    for path in (ROOT / package).rglob("*.py")
}
TEXTS = {
    path: {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for path, nodes in CODE.items()
}
OURS = {path: nodes for path, nodes in CODE.items() if ROOT / "experiments" in path.parents}
LITERALS = {text for path in OURS for text in TEXTS[path]}
"""Keys may stand here as they are."""

Pattern = tuple[str | None, ...]
"""An f-string: its constant parts, and None for each place that is filled in."""


def pattern(node: ast.JoinedStr) -> Pattern:
    return tuple(str(part.value) if isinstance(part, ast.Constant) else None for part in node.values)


PATTERNS = {pattern(node) for nodes in CODE.values() for node in nodes if isinstance(node, ast.JoinedStr)}


@cache
def names() -> set[str]:
    """Return what may be filled into a key: texts of the code, names of what is declared, clauses of sources."""
    rows = [*(each.row for each in CONDITIONS), *(each.row for each in INSTRUMENTS)]
    sources = {declared_at(key).told for row in rows for key in keys_of(row)}
    clauses = {part for source in sources for each in source.split("; ") for part in each.split(": ")}
    days = map(str, range(7))
    said = {_RANGE.sub("{range}", clause) for clause in clauses}
    return {
        *set().union(*TEXTS.values()),
        *OUTCOMES,
        *OPTIONS,
        *rows,
        *(each.name for each in (*Activity, *Trade)),
        *days,
        *said,
    }


def filled(parts: Pattern, text: str) -> bool:
    """Return whether an f-string may become the text."""
    if not parts:
        return not text
    first, rest = parts[0], parts[1:]
    if first is not None:
        return text.startswith(first) and filled(rest, text[len(first) :])
    cuts = range(len(text) + 1)
    return any((text[:cut] in names() or made(text[:cut])) and filled(rest, text[cut:]) for cut in cuts)


def made(text: str) -> bool:
    """Return whether an f-string whose constant beginning tells what it is for may become the text."""
    return any(
        str(parts[0]).endswith("_") and text.startswith(str(parts[0])) and filled(parts, text) for parts in PATTERNS
    )


def said(key: str) -> bool:
    """Return whether code may ask for the key; an outcome, and an answer over worlds, may have words of its own."""
    general = [key.removesuffix(f"_{name}") for name in (*OUTCOMES, "worlds") if key.endswith(f"_{name}")]
    return key in LITERALS or made(key) or any(each in MESSAGES and each in LITERALS for each in general)


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def asked() -> Iterator[ast.expr]:
    """Yield what code asks words for."""
    calls = [node for nodes in OURS.values() for node in nodes if isinstance(node, ast.Call) and node.args]
    for call in calls:
        called, first = ast.unparse(call.func), call.args[0]
        if called in ("msg", "template"):
            yield from one_of(first)
        elif called == "map" and ast.unparse(first) == "msg":
            yield from one_of(call.args[1])


def one_of(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from (*one_of(node.body), *one_of(node.orelse))
    elif isinstance(node, ast.Tuple | ast.List):
        for each in node.elts:
            yield from one_of(each)
    else:
        yield node


def test_no_key_stands_twice_and_none_is_lost() -> None:
    """The reader would take the later one silently."""
    keys = [line.removeprefix('msgctxt "').removesuffix('"') for line in LINES if line.startswith("msgctxt ")]
    assert [key for key, count in Counter(keys).items() if count > 1] == []
    assert keys == list(MESSAGES)[: len(keys)]  # those after them are registered by a kind of study
    assert len(keys) == sum(line.startswith("msgid ") for line in LINES) - 1  # the header has no key


def test_every_message_has_both_languages_and_no_draft() -> None:
    assert [key for key, each in MESSAGES.items() if not each.english.strip() or not each.chinese.strip()] == []
    assert [line for line in LINES if line.startswith(("#,", "#~")) and line != "#, python-brace-format"] == []


def test_words_have_the_same_places_to_fill_in_both_languages() -> None:
    for key, (english, chinese, one) in MESSAGES.items():
        assert fields(english) == fields(chinese), key
        if one:
            assert fields(english) - {"count"} <= fields(one) <= fields(english), key


def test_a_phrase_stands_on_one_line_so_that_a_search_finds_it() -> None:
    assert [
        line for line, after in pairwise(LINES) if after.startswith('"') and not line.endswith((r'\n"', ' ""'))
    ] == []


def test_every_message_is_said_somewhere() -> None:
    assert [key for key in MESSAGES if not said(key)] == []


def test_whatever_code_asks_for_is_there() -> None:
    keys = {node.value for node in asked() if isinstance(node, ast.Constant)}
    assert len(keys) > 300
    assert {key for key in keys if key not in MESSAGES} == set()
    beginnings = {pattern(node)[0] or "" for node in asked() if isinstance(node, ast.JoinedStr)}
    assert {each for each in beginnings if not any(key.startswith(each) for key in MESSAGES)} == set()


def test_what_is_counted_has_its_singular_in_english_and_one_form_in_chinese() -> None:
    counted = {key: each for key, each in MESSAGES.items() if each.one}
    plain = {"pairs", "runs", "district_days_a_second"}
    assert counted.keys() >= plain
    for key, each in counted.items():
        places = {name for text in each for _, name, _, _ in Formatter().parse(text) if name} - {"count"}
        values: dict[str, object] = dict.fromkeys(places, "x")
        one, two = (msg(key, count=count, **values) for count in (1, 2))
        assert re.search(r"\b1\b", one) and "2" in two and "2" not in one
        assert key not in plain or re.sub(r"s\b", "", two.replace("2", "1"), count=1) == one
        assert msg(key, Language.ZH, count=1, **values).replace("1", "2") == msg(key, Language.ZH, count=2, **values)


SAID_OTHERWISE: dict[str, tuple[str, tuple[str, ...]]] = {
    "案件": ("", ()),  # a filed case; people bring 诉求, counted in 件
    "推诿": ("", ("term_pass_means",)),  # what it commonly means is told once; what is counted is 退转
    "随机种子": ("page_|rules_|compare_|district_|brief_|report_", ()),
    "满意率": ("", ()),  # one of three official rates; the model has an index and asks nobody
    "扁平化|倒金字塔": ("", ()),
    "搁置|踢皮球|消极|受益|受损": ("", ()),
    "±": ("brief_", ()),
    r"[\d}] %|\d{1,3}日": ("", ()),
}
"""What an official would not say: where by the beginnings of keys, everywhere where none is named, but in these."""


def unwanted(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what is said that should be said otherwise, with its key."""
    return [
        (key, word)
        for word, (where, but) in SAID_OTHERWISE.items()
        for key, text in texts.items()
        if key not in but and re.match(where, key) and re.search(word, text)
    ]


def test_chinese_words_are_those_of_an_official() -> None:
    names = {f"outcome {each.name}": each.title_zh + each.means_zh for each in OUTCOMES.values()}
    terms = {f"term {term.name} {term.zh}": term.zh for kind in TERMS for term in kind}
    claims = {f"row {each.row}": each.title_zh + each.means_zh for each in (*CONDITIONS, *INSTRUMENTS)}
    regimes = {f"regime {name}": load_scenario(name, district="tiny").title.zh for name in shipped_regimes()}
    assert unwanted({key: each.chinese for key, each in MESSAGES.items()} | names | terms | claims | regimes) == []
    assert unwanted({"x": "案件", "page_x": "随机种子 1", "study": "随机种子", "brief_x": "± 2 %"}) == [
        ("x", "案件"), ("page_x", "随机种子"), ("brief_x", "±"), ("brief_x", r"[\d}] %|\d{1,3}日"),
    ]  # fmt: skip


def test_nothing_is_read_before_a_word_is_asked_for() -> None:
    seen = "import sys, experiments.cli; print('polib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", seen], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
