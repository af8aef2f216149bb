"""Every term of the model has its meaning in both languages."""

from __future__ import annotations

import pytest

from model.terms import TERMS, Term


@pytest.mark.parametrize("kind", TERMS, ids=lambda kind: kind.__name__)
def test_every_term_has_a_meaning_in_both_languages(kind: type[Term]) -> None:
    assert set(Term.__subclasses__()) == set(TERMS)
    for term in kind:
        assert type(term) is kind and term == int(term)
        assert term.en and any("一" <= letter <= "鿿" for letter in term.zh)
