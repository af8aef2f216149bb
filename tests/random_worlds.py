"""Random worlds, laws and habits for hypothesis: whatever the declarations allow, and small."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from model.behaviour import Habits
from model.config.eras import Stage
from model.config.scenario import Scenario
from model.parameter import declarations, hints
from model.policy import Law
from model.terms import Channel
from model.world import Demand, Department, Duties, DutyEntry, Kind, Programmes, Run, Shock, Staff, Street, Title, World
from tests.support import all_rules

DAYS = 50
"""Days that the random districts are watched."""

_FAR = 400
"""Days of follow-up: beyond every delay but the exponential ones, so that nothing falls off the end."""


def between(low: float, high: float) -> st.SearchStrategy[float]:
    """Return a strategy for numbers spread evenly over a range, its ends included; 0 is not favoured."""
    return st.integers(0, 16).map(lambda part: low + (high - low) * part / 16)


shares = between(0.0, 1.0)


def _values(field: dataclasses.Field[Any], bounds: tuple[float, float] | None) -> st.SearchStrategy[Any]:
    if bounds is None:
        return st.booleans()
    if isinstance(field.default, int):
        return st.just(field.default) | st.integers(int(bounds[0]), int(min(bounds[1], 2000)))
    return st.just(field.default) | between(*bounds)


def topic(kind: type, **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for a topic of the configuration: each number its default or anything allowed."""
    drawn = {field.name: _values(field, known.bounds) for field, known in declarations(kind) if not known.choices}
    return st.builds(kind, **{**drawn, **given})


def everything(holder: type) -> st.SearchStrategy[Any]:
    """Return a strategy for a whole law or all habits: each topic as it is by default, or anything allowed."""
    return st.builds(holder, **{name: st.builds(kind) | topic(kind) for name, kind in hints(holder).items()})


@st.composite
def duties(draw: st.DrawFn, codes: Sequence[str]) -> Duties:
    """Return claims; the first department, which has enforcement power, always has one."""
    versions = []
    for _ in range(2):
        claims = {code: draw(between(0.05, 1.0)) for code in codes[1:] if draw(st.booleans())}
        versions.append({"street": draw(shares), codes[0]: draw(between(0.05, 1.0)), **claims})
    return Duties(*versions)


@st.composite
def kinds(draw: st.DrawFn, codes: Sequence[str]) -> tuple[Kind, ...]:
    sizes = draw(st.lists(between(0.1, 1.0), min_size=1, max_size=4))
    made = [
        Kind(
            code=f"kind_{i}", share=size / sum(sizes), work_days=draw(between(0.0, 3.0)),
            work_sigma=draw(between(0.0, 2.0)), waiting_days=draw(st.sampled_from((0.0, 0.4, 3.0, 12.0))),
            waiting_sigma=draw(between(0.0, 1.0)),
            deadline=draw(st.sampled_from(("emergency", "utilities", "normal", "complex"))),
            enforcement=draw(shares), joint=draw(shares), parties=draw(between(2.0, 4.0)),
            hidden=draw(between(0.0, 0.9)), stake=draw(shares), recur_control=draw(shares),
            recur_cogovernance=draw(shares), duties=draw(duties(codes)), member_units=draw(shares),
            channels={channel.name.lower(): draw(between(0.0, 10.0)) for channel in Channel if draw(st.booleans())},
            on_the_spot=draw(st.booleans()),
        )
        for i, size in enumerate(sizes)
    ]  # fmt: skip
    return tuple(made)


@st.composite
def duty_entries(draw: st.DrawFn, about: Sequence[str], codes: Sequence[str]) -> tuple[DutyEntry, ...]:
    """Return entries of the street's list: for some kinds and units one each."""
    pairs = [(kind, unit) for kind in about for unit in ("street", *codes) if draw(st.integers(0, 3)) == 0]
    return tuple(
        DutyEntry(code=f"entry_{i}", kind=kind, unit=unit, membership=draw(shares), hours=draw(st.booleans()))
        for i, (kind, unit) in enumerate(pairs)
    )


@st.composite
def shocks(draw: st.DrawFn, streets: Sequence[str]) -> tuple[Shock, ...]:
    """Return up to two shocks, which may overlap."""
    return tuple(
        Shock(
            code=f"shock_{i}", day=draw(st.integers(0, DAYS)), days=draw(st.integers(1, DAYS)),
            demand=draw(between(0.0, 3.0)), streets=tuple(code for code in streets if draw(st.booleans())),
            posts_streets=draw(shares), posts_departments=draw(shares),
        )
        for i in range(draw(st.integers(0, 2)))
    )  # fmt: skip


@st.composite
def departments(draw: st.DrawFn, given: bool) -> tuple[Department, ...]:
    codes = [f"office_{i}" for i in range(draw(st.integers(1, 5)))]
    return tuple(
        Department(
            code=code, enforcement=i == 0 or draw(st.booleans()), stationable=draw(shares),
            sector=draw(st.sampled_from(("order", "other"))), staff_weight=draw(between(0.5, 2.0)),
            programme_weight=draw(between(0.0, 3.0)), staff=draw(st.integers(0, 5)) if given else None,
            city_staff=draw(st.integers(0, 2)) if given else None,
            hands_over={other: 0.6 / len(codes) for other in codes if other != code and draw(st.booleans())},
        )
        for i, code in enumerate(codes)
    )  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Return a world of 1-4 streets, 1-5 departments and 1-4 kinds; staff given or derived."""
    given = draw(st.booleans())
    offices = draw(departments(given))
    codes, counted = [office.code for office in offices], draw(st.booleans())
    streets = tuple(
        Street(
            code=f"street_{i}", population=draw(st.integers(1000, 50_000)), communities=draw(st.integers(0, 9)),
            type=draw(st.sampled_from(("subdistrict", "township"))), area_km2=draw(between(0.0, 30.0)),
            staff=draw(st.integers(0, 4)) if given else None,
            community_staff=draw(st.integers(0, 2)) if given else None,
            social_units=draw(st.integers(0, 900)) if counted else None,
        )
        for i in range(draw(st.integers(1, 4)))
    )  # fmt: skip
    demand = Demand(
        requests_per_year=draw(between(400.0, 4000.0)), dispersion=draw(between(1.0, 9.0)),
        arrivals=draw(st.sampled_from(("negative_binomial", "poisson", "deterministic"))),
        work=draw(st.sampled_from(("lognormal", "exponential", "deterministic"))),
        from_projects=draw(shares), needs_city=draw(shares), needs_street=draw(shares), above_work=draw(shares),
        latent=draw(between(0.0, 2.0)),
    )  # fmt: skip
    window = draw(st.integers(1, 2 * DAYS))
    about = draw(kinds(codes))
    return World(
        demand=demand,
        staff=Staff(load=draw(between(0.5, 3.0)), weekend=draw(shares), capacity_neutral=draw(st.booleans())),
        programmes=draw(topic(Programmes, months=st.integers(1, 40))),
        run=Run(draw(st.sampled_from((1, 2, 8))), draw(st.integers(0, 20)), window, _FAR),
        streets=streets,
        departments=offices,
        kinds=about,
        duty_entries=draw(duty_entries([kind.code for kind in about], codes)),
        shocks=draw(shocks([street.code for street in streets])),
    )


@st.composite
def stages(draw: st.DrawFn, streets: Sequence[Street]) -> tuple[Stage, ...]:
    """Return up to two dates on which other rules begin, in some or all streets."""
    days = sorted(draw(st.lists(st.integers(0, DAYS), max_size=2)))
    return tuple(
        Stage(
            day,
            "random",
            tuple(street.code for street in streets if draw(st.booleans())),
            tuple(item for item in all_rules(draw(everything(Law))) if draw(st.integers(0, 2))),
        )
        for day in days
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Return a small district under any rules, whenever they begin, and any behaviour."""
    world = draw(worlds())
    begins = draw(stages(world.streets))
    return Scenario("random", Title(), draw(everything(Law)), draw(everything(Habits)), world, "", {}, begins)
