"""What sensitivity and attribution print and draw, in both languages."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from experiments.charts import indices
from experiments.charts.style import figure_style
from experiments.design.designs import morris_design, saltelli_design
from experiments.design.naming import Names
from experiments.messages import MESSAGES, Language, in_language
from experiments.stats.attribution import Attribution
from experiments.stats.indices import Analysis
from experiments.stats.sensitivity import convergence
from experiments.stats.shapley import Scheme, random_orders
from experiments.studies import attribute, sensitivity
from tests.experiments.test_attribution import noisy, played
from tests.experiments.test_sensitivity import analysed, ishigami, luck

BOTH = list(Language)

PARAMETERS = ("assessment.street_weight", "demand.scale", "R5", "R8")


def screened() -> Analysis:
    design = morris_design(PARAMETERS, 10, seed=0)
    return analysed(design, 0.5 + 0.02 * (ishigami(design) + luck(design, 2.0)), "morris")


def divided() -> tuple[Analysis, Analysis, list[Analysis]]:
    design = saltelli_design(PARAMETERS, 64, seed=0, second_order=True)
    values = 0.5 + 0.02 * (ishigami(design) + luck(design, 2.0))
    values[3] = np.nan
    whole = analysed(design, values, second_order=True)
    return whole, analysed(design, values, "pawn"), convergence(design, "closure_rate", values)


def words_of(figure: Figure) -> str:
    figure.draw_without_rendering()
    return "\n".join(text.get_text() for text in figure.findobj(Text) if isinstance(text, Text))


@pytest.mark.parametrize("language", BOTH)
def test_indices_are_told_with_their_warnings(language: Language) -> None:
    whole, opinion, _ = divided()
    with in_language(language):
        names = Names({})
        told = "\n".join(sensitivity.sentences(whole, names, opinion))
        effects = "\n".join(sensitivity.sentences(screened(), names))
        assert len(sensitivity.index_table(whole, names).rows) == len(PARAMETERS) + 2
        assert len(sensitivity.index_table(opinion, names).rows) == len(PARAMETERS) + 2
    for key in ("dropped", "noise", "inert", "wide"):
        opening = MESSAGES[f"sensitivity_{key}"][BOTH.index(language)].partition("{")[0]
        assert opening in told
    assert {Language.EN: "1 of 64 groups", Language.ZH: "64 组模拟中有 1 组"}[language] in told
    assert {Language.EN: "R8 duty list", Language.ZH: "R8 职责清单"}[language] in told
    assert {Language.EN: "pp on average", Language.ZH: "百分点"}[language] in effects


@pytest.mark.parametrize("language", BOTH)
def test_an_outcome_that_does_not_vary_is_told_and_nothing_else(language: Language) -> None:
    design = saltelli_design(PARAMETERS, 8, seed=0)
    constant = analysed(design, np.full(len(design.shares), 0.5))
    with in_language(language):
        (only,) = sensitivity.sentences(constant, Names({}))
        assert len(sensitivity.index_table(constant, Names({})).rows) == len(PARAMETERS) + 2
    assert {Language.EN: "is the same in all runs", Language.ZH: "取值相同"}[language] in only


@pytest.mark.parametrize("language", BOTH)
def test_figures_of_indices_carry_dummy_luck_and_note(language: Language) -> None:
    whole, opinion, stages = divided()
    with in_language(language), mpl.rc_context(figure_style()):
        names = Names({})
        drawn = [
            words_of(figure)
            for figure in (
                indices.bars(whole, names), indices.bars(opinion, names),
                indices.morris_plane(screened(), names), indices.parameter_pairs(whole, names),
                indices.convergence_lines(stages, names),
            )
        ]  # fmt: skip
    for words in drawn:
        assert "".join(MESSAGES["sensitivity_note"][BOTH.index(language)].split()) in "".join(words.split())
        assert {Language.EN: "random seed", Language.ZH: "随机性"}[language] in words
    with pytest.raises(ValueError, match="got one without"):
        indices.parameter_pairs(opinion, Names({}))


@pytest.fixture(scope="module")
def divided_among() -> Attribution:
    return played(Scheme(("R1", "R3", "R5", "R8"), 6), noisy)


@pytest.mark.parametrize("language", BOTH)
def test_an_attribution_is_told_as_relative_to_its_whole(language: Language, divided_among: Attribution) -> None:
    with in_language(language):
        told = list(attribute.sentences(divided_among, Names({})))
        assert len(attribute.attribution_table(divided_among, Names({})).rows) == 5
        sampled = list(attribute.sentences(played(random_orders(("R1", "R3"), 4, 0), noisy), Names({})))
        idle = list(attribute.sentences(played(Scheme(("R1", "R3"), 4), lambda _, which: which), Names({})))
    place = BOTH.index(language)
    assert told[-1] == MESSAGES["attribution_relative"][place]
    assert MESSAGES["attribution_no_pairs"][place] in sampled
    assert len(idle) == 1 and {Language.EN: "none of the instruments", Language.ZH: "均未"}[language] in idle[0]
    assert any({Language.EN: "strongest interaction", Language.ZH: "交互作用最强"}[language] in line for line in told)


@pytest.mark.parametrize("language", BOTH)
def test_figures_of_an_attribution_name_its_instruments(language: Language, divided_among: Attribution) -> None:
    with in_language(language), mpl.rc_context(figure_style()):
        for draw in (indices.waterfall, indices.instrument_pairs, indices.alone_and_last):
            words = words_of(draw(divided_among, Names({})))
            assert {Language.EN: "R8 duty list", Language.ZH: "R8 职责清单"}[language] in words


def test_the_waterfall_ends_where_the_whole_is_and_leaves_unclear_steps_hollow(divided_among: Attribution) -> None:
    axes = indices.waterfall(divided_among, Names({})).axes[0]
    steps = [step for step in axes.patches if isinstance(step, Rectangle)]
    last = steps[-1]
    assert last.get_x() + last.get_width() == pytest.approx(100 * (divided_among.whole.mean or 0))
    hollow = [to_rgba(step.get_facecolor())[3] == 0.0 for step in steps]
    assert hollow == [not each.clear for each in divided_among.ranked]
    assert True in hollow and False in hollow
