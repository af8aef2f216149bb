"""What is found in a log before anything is learned from it: each lie is found, and a sound log is not accused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from experiments.charts.style import figure_style, settled
from experiments.errors import WrongInput
from experiments.learning.diagnosis import Diagnosis, diagnose, picture
from experiments.learning.diagnosis_span import date_text
from experiments.learning.paths import Paths
from experiments.learning.reading import paths_of
from experiments.logs.options import LogOptions
from experiments.logs.reading import read_log
from experiments.messages import Language, in_language, msg
from tests.experiments.log_files import REAL, needs_real
from tests.experiments.log_lies import (
    BEGIN,
    SPAN,
    STEPS,
    closed_between,
    events_where,
    last_event_closes,
    moved,
    office,
    renamed,
    seen,
)

SEEDS = range(4)
ALWAYS = {"begins_empty"}  # of every log by arrival: what was open before it began is not in it


def found(paths: Paths) -> set[str]:
    """Return what is found in a log."""
    return {each.what for each in diagnose(paths).findings}


def words(paths: Paths, what: str) -> str:
    """Return what is said of a finding, and where."""
    return next(f"{each.where}: {each.words}" for each in diagnose(paths).findings if each.what == what)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sound_log_is_not_accused(seed: int) -> None:
    result = diagnose(office(seed))
    assert {each.what for each in result.findings} <= ALWAYS
    assert result.refused is None
    low, high = result.window
    assert BEGIN <= low < BEGIN + 0.1 * SPAN + 1 and BEGIN + SPAN - 10 < high <= BEGIN + SPAN
    assert (result.split - low) / (high - low) == pytest.approx(0.7, abs=0.01)


@pytest.mark.parametrize("unclosed", [0.0, 0.1])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_cut_by_closing_date_is_refused_in_words_that_name_it(seed: int, unclosed: float) -> None:
    """Also where the closing of some cases was lost, so that they seem open."""
    result = diagnose(closed_between(office(seed), 0.0, 1200.0, unclosed=unclosed, seed=seed))
    assert result.refused is not None
    assert "cut by closing date" in result.refused and "all cases that arrived" in result.refused
    with in_language(Language.ZH):
        assert "按办结日期截取" in str(diagnose(closed_between(office(seed), 0.0, 1200.0)).refused)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_log_without_its_early_closings_begins_where_they_do(seed: int) -> None:
    """Open cases and all later closings are there: the log is fair from that date on."""
    log = office(seed)
    kept = log.of(~(log.end < BEGIN + 400.0))
    result = diagnose(kept)
    assert "closed_too_early" in {each.what for each in result.findings}
    assert result.refused is None
    assert abs(result.window[0] - BEGIN - 400.0) < 10.0


def test_cases_followed_until_they_closed_are_no_cut_by_closing() -> None:
    """Arrivals of a span, all of which closed while the log went on."""
    log = office(1, span=1400.0)
    followed = dataclasses.replace(log.of(log.start < BEGIN + 900.0), horizon=BEGIN + 1400.0)
    assert found(followed) - ALWAYS == {"arrivals_stop"}
    assert diagnose(followed).window[1] == pytest.approx(BEGIN + 900.0, abs=8.0)


def test_an_office_that_becomes_twice_as_fast_is_no_cut() -> None:
    quick = office(2, lengths=lambda start, days: np.where(start > 1200.0, days / 2.0, days))
    assert not {"cut_by_closing", "unmarked_open"} & found(quick)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_log_that_marks_no_open_case_is_told_from_a_cut(seed: int) -> None:
    """Cases in progress stop at other activities than closed ones; without activities, arrivals keep up to the end."""
    log = last_event_closes(office(seed))
    assert "unmarked_open" in found(log)
    assert "--closed-by" in words(log, "unmarked_open")
    unknown = dataclasses.replace(log, activity=np.full_like(log.activity, -1), activities=())
    assert "unmarked_open" in found(unknown)
    assert "cut_by_closing" in found(last_event_closes(closed_between(office(seed), 0.0, 1200.0)))


def test_a_log_cut_by_the_date_of_events_lacks_beginnings() -> None:
    log = events_where(office(3), office(3).time >= BEGIN + 300.0)
    log = log.of(np.diff(log.first) > 0)
    begun = log.time[log.first[:-1]]
    order = np.argsort(begun, kind="stable")
    cut = dataclasses.replace(log, start=begun)
    in_order = [np.arange(cut.first[case], cut.first[case + 1]) for case in order]
    places = np.concatenate(in_order)
    cut = dataclasses.replace(
        cut, start=begun[order], end=cut.end[order], kind=cut.kind[order], time=cut.time[places],
        unit=cut.unit[places], activity=cut.activity[places],
        first=np.append(0, np.cumsum([each.size for each in in_order])),
    )  # fmt: skip
    assert "begins_within" in found(cut)


def test_ramps_are_found_and_seasons_are_not() -> None:
    log, rng = office(4, rate=3.0), np.random.default_rng(0)
    place = (log.start - BEGIN) / SPAN
    assert "ramp_up" in found(log.of((place > 0.12) | (rng.random(len(log)) < 0.1)))
    assert "ramp_down" in found(log.of((place < 0.88) | (rng.random(len(log)) < 0.1)))
    season = 0.65 + 0.35 * np.cos(2 * np.pi * (log.start - BEGIN) / 365.0)
    assert not {"ramp_up", "ramp_down"} & found(log.of(rng.random(len(log)) < season))


def test_a_gap_in_recording_is_found() -> None:
    log = office(5)
    without = log.of((log.start < BEGIN + 700.0) | (log.start > BEGIN + 800.0))
    without = events_where(without, (without.time < BEGIN + 700.0) | (without.time > BEGIN + 800.0))
    assert "gap" in found(without)
    assert words(without, "gap").startswith("2016-01-01 to 2016-03-01")


def test_stray_times_are_no_end_of_the_log() -> None:
    log = office(6)
    time = log.time.copy()
    time[-1] += 3000.0
    stray = dataclasses.replace(log, time=time, horizon=float(time[-1]))
    assert "stray_times" in found(stray)
    assert diagnose(stray).window[1] <= BEGIN + SPAN


def test_what_counts_as_closed_is_asked() -> None:
    """Closings that are lost; closings followed by work."""
    log, rng = office(7), np.random.default_rng(1)
    lost = dataclasses.replace(log, end=np.where(rng.random(len(log)) < 0.3, np.nan, log.end))
    assert "unclosed" in found(lost)
    assert "close" in words(lost, "unclosed")
    early = dataclasses.replace(log, end=log.start + 0.6 * (log.end - log.start))
    assert "goes_on" in found(early)


def test_batches_are_found_and_a_weekly_meeting_is_none() -> None:
    log = office(8)
    days = np.quantile(log.end[log.closed], np.linspace(0.05, 0.95, 8)).round()
    later = days[np.searchsorted(days, log.end).clip(0, days.size - 1)]
    rng = np.random.default_rng(2)
    waits = (rng.random(len(log)) < 0.4) & (later >= log.end)
    assert "batches" in found(moved(log, np.where(waits, later, log.end)))
    weekly = np.ceil(log.end / 7.0) * 7.0
    assert "batches" not in found(moved(log, weekly))


def test_automatic_closings_are_found() -> None:
    log, rng = office(9), np.random.default_rng(3)
    last_work = log.time[(log.first[1:] - 2).clip(0)]
    itself = rng.random(len(log)) < 0.4
    end = np.where(itself & log.closed, last_work + 14.0, log.end)
    found_words = words(moved(log, end), "automatic")
    assert "14 days after the last work" in found_words
    assert "automatic" not in found(log)


def test_a_jump_of_events_is_found_and_a_drift_is_not() -> None:
    log, rng = office(10), np.random.default_rng(4)
    place = (log.time - BEGIN) / SPAN
    inner = (log.activity > 0) & (log.activity < len(STEPS) - 1)
    jump = events_where(log, ~inner | (place > 0.5) | (rng.random(log.time.size) < 0.2))
    assert "events_jump" in found(jump)
    drift = events_where(log, ~inner | (rng.random(log.time.size) < 0.6 + 0.4 * place))
    assert "events_jump" not in found(drift)


def test_activities_and_kinds_that_begin_or_stop_are_found() -> None:
    log = office(11)
    place = (log.time - BEGIN) / SPAN
    begins = events_where(log, (log.activity != STEPS.index("check")) | (place > 0.5))
    assert "activity_begins" in found(begins) and "check" in words(begins, "activity_begins")
    stops = events_where(log, (log.activity != STEPS.index("check")) | (place < 0.5))
    assert "activity_stops" in found(stops)
    kinds = dataclasses.replace(log, kind=np.where(log.start > BEGIN + 700.0, log.kind, 0))
    assert "kind_begins" in found(kinds) and "waste" in words(kinds, "kind_begins")


def test_a_reorganisation_is_found_and_staff_that_changes_is_none() -> None:
    log, rng = office(12), np.random.default_rng(5)
    late = log.time > BEGIN + 800.0
    names = [*"ABCDEF", *"UVWXYZ"]
    replaced = renamed(log, np.where(late & (log.unit < 3), log.unit + 6, log.unit), names)
    assert "reorganisation" in found(replaced)
    assert {"A", "U"} <= set(
        words(replaced, "reorganisation").replace(";", " ").replace("(", " ").replace(")", " ").split()
    )
    dates = BEGIN + np.linspace(150.0, 1350.0, 6)[rng.permutation(6)]
    turnover = renamed(log, np.where(log.time > dates[log.unit], log.unit + 6, log.unit), names)
    assert "reorganisation" not in found(turnover)


def test_a_unit_that_labels_the_activity_is_found() -> None:
    log, rng = office(13), np.random.default_rng(6)
    label = np.where(rng.random(log.unit.size) < 0.9, log.activity, log.unit % len(STEPS))
    assert "label_unit" in found(renamed(log, label, STEPS))


def test_thin_logs_are_told_and_refused() -> None:
    thin = office(14, rate=0.2)
    assert "thin_cases" in found(thin)
    result = diagnose(office(14, rate=0.1))
    assert result.refused is not None and "150 and 30 are needed" in result.refused
    log = office(15)
    many = renamed(log, np.random.default_rng(7).integers(0, 500, log.unit.size), [str(each) for each in range(500)])
    assert "thin_units" in found(many)


def test_a_split_must_lie_where_the_log_is_whole() -> None:
    log = office(16)
    assert diagnose(log, split=BEGIN + 900.0).refused is None
    assert diagnose(log, split=BEGIN + 900.0).split == BEGIN + 900.0
    assert "2013-12-01" in str(diagnose(log, split=BEGIN - 31.0).refused)
    assert "only 20 days" in str(diagnose(office(16, rate=5.0), split=BEGIN + SPAN - 20.0).refused)


def test_an_empty_log_is_an_error_and_a_tiny_one_a_refusal() -> None:
    log = office(17)
    with pytest.raises(WrongInput, match="no case"):
        diagnose(log.of(np.zeros(len(log), np.bool_)))
    assert diagnose(log.of(np.arange(len(log)) < 3)).refused is not None
    never = dataclasses.replace(log, end=np.full(len(log), np.nan))
    assert isinstance(diagnose(never), Diagnosis)


def test_findings_have_places_and_words_in_both_languages() -> None:
    log = closed_between(office(18), 300.0, 1200.0)
    english = diagnose(log)
    with in_language(Language.ZH):
        chinese = diagnose(log)
    assert [each.what for each in english.findings] == [each.what for each in chinese.findings]
    for each in english.findings:
        assert set(each.to_dict()) == {"what", "where", "words"}
    assert "以前" in next(each.where for each in chinese.findings if each.what == "closed_too_early")
    assert english.findings[0].severe, "severe ones come first"


@pytest.mark.parametrize("language", [Language.EN, Language.ZH])
def test_the_picture_names_every_finding_and_shades_what_is_not_fair(language: Language) -> None:
    """Of a refused log all is shaded and no split is drawn."""
    import matplotlib

    with in_language(language), matplotlib.rc_context(figure_style()):
        for log in (office(18), closed_between(office(18), 300.0, 1200.0), office(18, rate=0.1)):
            result = diagnose(log)
            figure = settled(picture("log.csv", log, result))
            rows = [each.get_text() for each in figure.axes[0].get_yticklabels()]
            assert rows == [msg(f"diagnosis_title_{each.what}") for each in result.findings]
            shown = {each.get_text() for each in figure.legends[0].get_texts()}
            assert (msg("diagnosis_split") in shown) is (result.refused is None)


def read(name: str, **options: object) -> Paths:
    """Return a real log."""
    return paths_of(*read_log(LogOptions.of(REAL / name, options), []))


PERMITS = {"unit": "org:resource", "closed_by": "01_HOOFD_5"}


@needs_real
@pytest.mark.parametrize("number", [1, 3])
def test_permit_logs_are_fair_and_once_cut_by_closing_are_not(number: int) -> None:
    """As they are, and as known at four dates in their first part; then without what was open there."""
    log = read(f"permits_municipality_{number}.xes.gz", **PERMITS)
    result = diagnose(log)
    assert result.refused is None
    assert {"cut_by_closing", "unmarked_open", "closed_too_early"}.isdisjoint(each.what for each in result.findings)
    low, high = result.window
    dates = np.floor(low + np.array([0.35, 0.45, 0.55, 0.65]) * (high - low))
    assert [diagnose(log.until(date)).refused for date in dates] == [None] * dates.size
    cut = [log.of(log.end <= date) for date in dates]
    named = ["cut by closing date" in str(diagnose(each).refused) for each in cut]
    assert sum(named) >= 3, "a few hundred cases may not suffice"


@needs_real
def test_real_logs_are_told_what_they_are() -> None:
    closed = diagnose(read("06_bpic2013_closed.xes.gz"))
    assert "cut by closing date" in str(closed.refused)
    assert {"cut_by_closing", "closed_too_early"} <= {each.what for each in closed.findings}
    assert "label_unit" in found(read("receipt.csv.gz", unit="org:group"))
    receipt = found(read("receipt.csv.gz", unit="org:resource"))
    assert {"begins_empty", "ramp_down"} <= receipt and "label_unit" not in receipt
    chicago = diagnose(read("chicago_sanitation_311.csv.gz"))
    assert chicago.refused is None and date_text(chicago.window[0]) == "2011-01-02", "closings begin in 2011"


def test_dates_are_those_of_the_calendar() -> None:
    assert date_text(BEGIN + 0.99) == "2014-01-01"
    assert seen(office(19), BEGIN + 500.0).horizon == BEGIN + 500.0
