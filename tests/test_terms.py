"""Every word of the model has its meaning in both languages."""

from __future__ import annotations

from enum import IntEnum

import pytest

from model.terms import MEANING


@pytest.mark.parametrize("kind", MEANING, ids=lambda kind: kind.__name__)
def test_every_word_has_a_meaning_of_its_own_in_both_languages(kind: type[IntEnum]) -> None:
    assert set(MEANING[kind]) == set(kind)
    for member, (english, chinese) in MEANING[kind].items():
        assert type(member) is kind
        assert english and any("一" <= letter <= "鿿" for letter in chinese)
