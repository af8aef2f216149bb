"""What stands in every report, whatever its study: how sure, what is assumed, what is not known, how to repeat it."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.blocks import Block, Bullets, Code, Definitions, Heading, Notice, Paragraph, Table
from experiments.design.studyfile import Replicates, StudyFile, is_path
from experiments.formatting import imprecise_text, means, outcome_of, over_worlds, share_of_worlds, title
from experiments.kinds import Kind
from experiments.messages import current_language, msg, pairs_text, running_text, runs_text
from experiments.runner.agenda import precision_missed
from experiments.stats.ensemble import MAJORITY, RANGE
from experiments.store.files import read_measured
from experiments.store.opened import OpenStudy


def mark(opened: OpenStudy) -> str | None:
    """Return in a sentence how far worlds that were learned from a log are to be believed; None: they were not."""
    if opened.mark is None:
        return None
    names = msg("fit_separator").join(msg(f"fit_measure_{name}") for name in opened.mark["no_better"])
    return msg("fit_mark" if names else "fit_mark_all_better", log=opened.mark["log"], measures=names)


def district_title(opened: OpenStudy) -> str:
    """Return what the district is called of which nothing is foretold; in an older study, the name of its file."""
    named = opened.manifest.get("district", {}).get(current_language())
    return str(named) if named else Path(opened.study.district).stem


def notice(opened: OpenStudy) -> Notice:
    """Return the first words of every report: that nothing in it is a forecast for the district that it is about."""
    named = opened.manifest.get("district", {}).get(current_language())
    return Notice(msg("report_notice_of", district=named) if named else msg("report_notice"))


def sure(opened: OpenStudy, pairs: int | None) -> Iterator[Block]:
    """Yield how sure the findings are; `pairs` as for `how_sure`."""
    yield Heading(msg("report_sure"))
    yield Bullets(how_sure(opened, pairs))
    yield from regularities(opened.manifest["fingerprint"])


def how_sure(opened: OpenStudy, pairs: int | None) -> tuple[str, ...]:
    """Return on how many runs findings rest; `pairs` are the complete ones of a comparison, None where it is none."""
    failed, worlds = len(opened.failures), len(opened.worlds)
    told = ["report_sure_worlds"] if worlds else ["report_sure_interval", "report_sure_clear"]
    words = [running_text([_counted(opened, pairs), *_stopped(opened)]), *(msg(key, worlds=worlds) for key in told)]
    return (*words, *([msg("report_sure_failed", failed=failed)] if failed else []))


def sure_at_once(opened: OpenStudy, pairs: int | None) -> tuple[str, ...]:
    """Return the same in a few words; see `how_sure`."""
    failed, worlds = len(opened.failures), len(opened.worlds)
    told = [_counted(opened, pairs), over_worlds("first_sure", worlds, count=worlds)]
    return (*told, *([msg("report_sure_failed", failed=failed)] if failed else []))


def _counted(opened: OpenStudy, pairs: int | None) -> str:
    if pairs is not None:
        return msg("report_sure_pairs", pairs=pairs_text(pairs))
    return msg("report_sure_runs", runs=runs_text(opened.table.num_rows))


def _stopped(opened: OpenStudy) -> Iterator[str]:
    """Yield whether the number of runs was fixed or grew with the asked precision, and whether that was reached."""
    until = opened.study.replicates.until
    if until is None:
        yield msg("report_sure_fixed")
        return
    yield msg("report_sure_until", at_most=until.budget)
    yield from [imprecise_text(*each) for each in precision_missed(opened)] or [msg("report_sure_reached")]


def regularities(fingerprint: str) -> Iterator[Block]:
    """Yield in how many worlds each was seen, if any were measured; `fingerprint` is of the study's code."""
    found = read_measured("patterns")
    if not found:
        return
    patterns = found["patterns"]
    free = [each for each in patterns if each["role"] == "evidence"]
    counts = {"total": len(patterns), "worlds": found["worlds"], "chosen": len(patterns) - len(free), "free": len(free)}
    usual = sum(each["share"] > MAJORITY for each in free)
    words = [msg("report_patterns", **counts, usual=usual, credit=sum(each["credit"] for each in patterns))]
    if found["fingerprint"] != fingerprint:
        words.append(msg("report_patterns_other"))
    yield Paragraph(running_text(words))
    header = (msg("patterns_pattern"), msg("patterns_worlds"), msg("report_credit"))
    rows = tuple(
        (f"{each['id']} {each['title'][current_language()]}", share_of_worlds(each["share"]), _credit(each))
        for each in patterns
    )
    yield Table(header, rows, msg("report_patterns_caption"), msg("report_patterns_note"), words=3)


def _credit(each: dict[str, Any]) -> str:
    if each["role"] != "evidence":
        return msg(f"report_credit_{each['role']}")
    if each["verdict"] != "pass" or each["null_verdict"] is None:
        return msg("patterns_unknown")
    return msg("patterns_yes" if each["credit"] else "report_credit_plain")


def assumed(base: Mapping[str, Any], opened: OpenStudy | None = None) -> Iterator[Block]:
    """Yield what the model takes for granted, in the worlds of a study where one is given.

    `base` has every value of a scenario, as `Scenario.resolved` has them.
    """
    yield Heading(msg("report_assumed"))
    yield Bullets(
        (*_world(base, opened), *(msg(f"report_assumed_{name}") for name in ("duties", "behaviour", "weight")))
    )


def _percent(share: float) -> str:
    return msg("brief_unit_share", number=f"{100 * share:.3g}")


def _range(values: Sequence[float]) -> str:
    """Return the range of nine worlds in ten, of shares."""
    low, high = (100.0 * float(end) for end in np.quantile(values, RANGE))
    return msg("brief_unit_share", number=f"{low:.0f}–{high:.0f}")


def _world(base: Mapping[str, Any], opened: OpenStudy | None) -> Iterator[str]:
    staff, demand = base.get("staff", {}), base.get("demand")
    loads = ("load", "street", "community", "department", "city")
    if columns := _staff_of_worlds(opened):
        told = msg("report_assumed_staff", **{name: _range(columns[name]) for name in loads})
        yield running_text([told, msg("report_assumed_worlds")])
    elif set(loads) <= set(staff):
        yield msg("report_assumed_staff", **{name: _percent(staff[name]) for name in loads})
    if demand:
        scale = demand["scale"]
        counts = {name: len(base[name]) for name in ("streets", "departments", "kinds")}
        requests = f"{demand['requests_per_year'] * scale:,.0f}"
        size = _known(demand) if scale == 1.0 else msg("report_assumed_scaled", percent=_percent(scale))
        yield msg("report_assumed_demand", **counts, requests=requests, scale=size)


def _known(demand: Mapping[str, Any]) -> str:
    """Return where the number of requests is from if it is that of Chaoyang, the default of every district."""
    from model import declared_at

    usual = declared_at("demand.requests_per_year").default
    return msg("report_assumed_full") if demand["requests_per_year"] == usual else ""


def _staff_of_worlds(opened: OpenStudy | None) -> dict[str, list[float]]:
    """Return load and shares of staff by world; none where there are no worlds, or the study sets them itself."""
    if opened is None or not opened.worlds or any(key.startswith("staff.") for key in opened.study.set):
        return {}
    shares = ("street", "community", "department")
    if not {f"staff.{name}" for name in ("load", *shares)} <= set(opened.worlds[0]):
        return {}
    columns = {name: [world[f"staff.{name}"] for world in opened.worlds] for name in ("load", *shares)}
    return {**columns, "city": [1.0 - sum(world[f"staff.{name}"] for name in shares) for world in opened.worlds]}


def own_rules(opened: OpenStudy) -> Iterator[Block]:
    """Yield the own rules that the study used, with their text; nothing where it used the shipped ones."""
    for text, told in opened.own_rules.items():
        yield Heading(msg("report_own_rules"))
        yield Paragraph(own_rules_told(told))
        yield Code(text.rstrip())


def own_rules_told(told: Sequence[Mapping[str, Any]]) -> str:
    """Return in one sentence which own rules stood in for which, under which regimes; `told` as `OpenStudy` has it."""
    first, join = told[0], msg("list_join")
    numbers = join.join(f"own.{name} = {value:g}" for name, value in first["numbers"].items())
    names = {"rules": join.join(first["replaces"]), "numbers": numbers, "outcomes": join.join(first["outcomes"])}
    parts = [msg(f"own_rules_{key}", names=value) for key, value in names.items() if value]
    regimes = join.join(dict.fromkeys(each["regime"] for each in told))
    return msg("own_rules_used", regimes=regimes, file=first["file"], sha=first["sha256"][:12], parts=join.join(parts))


def limits() -> Iterator[Block]:
    """Yield what nobody can know from this study."""
    unknown = ("data", "source", "range", "missing", "reported")
    yield Heading(msg("report_limits"))
    yield Bullets((*(msg(f"report_limits_{name}") for name in unknown), msg("brief_names")))


def repeat(kind: Kind, opened: OpenStudy) -> Iterator[Block]:
    """Yield the command that repeats the study, its file where a command alone cannot say it, and the hashes."""
    from model import to_yaml

    study = opened.study
    yield Heading(msg("report_repeat"))
    command = command_of(kind, study)
    if command:
        yield Paragraph(msg("report_repeat_how"))
        yield Code(command)
        if any(map(is_path, study.regimes)) or study.rules:
            yield Paragraph(msg("report_repeat_beside"))
    else:
        yield Paragraph(msg("report_repeat_file", file=f"{study.name}.yaml"))
        yield Code(in_one_line(kind, study))
        yield Code(to_yaml(study.to_dict()).rstrip())
    header = (msg("report_repeat_item"), msg("report_repeat_value"))
    yield Table(header, tuple(_identity(opened)), words=2)


def in_one_line(kind: Kind, study: StudyFile) -> str:
    """Return what is typed to repeat a study, beside its file where a command alone cannot say it."""
    return command_of(kind, study) or f"whistle study ./{study.name}.yaml"


def command_of(kind: Kind, study: StudyFile) -> str:
    """Return the command that repeats a study, "" where it takes a file."""
    return _command(study) or _shipped(kind, study)


def _command(study: StudyFile) -> str:
    """Return the command of a comparison, "" where it would ask for another study."""
    asked = StudyFile(
        name=study.name, experiment="compare", regimes=study.regimes, district=study.district, set=study.set,
        replicates=Replicates(fixed=study.replicates.first), seed=study.seed, series=True, worlds=study.worlds,
        rules=study.rules,
    )  # fmt: skip
    if asked != study:
        return ""
    words = ["whistle", "compare", *map(_beside, study.regimes), "--pairs", str(study.replicates.first)]
    words += ["--seed", str(study.seed), "--district", _beside(study.district)]
    words += ["--worlds", str(study.worlds)] if study.worlds is not None else []
    words += ["--study", study.name] if study.name != "compare" else []
    words += ["--rules", _beside(study.rules)] if study.rules else []
    for key, value in study.set.items():
        words += ["--set", f"{key}={json.dumps(value, ensure_ascii=False)}"]
    return shlex.join(words)


def _beside(regime: str) -> str:
    """Return a regime, or a file of rules, as it is typed where its file lies in the folder."""
    return f"./{Path(regime).name}" if is_path(regime) else regime


def _shipped(kind: Kind, study: StudyFile) -> str:
    """Return the command of a shipped study, "" where it was asked for otherwise than it is shipped."""
    from experiments.design.reading import read_study, shipped_studies

    if study.name not in shipped_studies():
        return ""
    laid_out = kind.lay_out(*read_study(study.name, {study.experiment: kind.options})).plan.study
    return f"whistle study {study.name}" if laid_out == study else ""


def _identity(opened: OpenStudy) -> Iterator[tuple[str, str]]:
    manifest, code = opened.manifest, opened.manifest["code"]
    yield msg("report_repeat_folder"), opened.folder.resolve().name
    yield msg("report_repeat_seed"), str(opened.study.seed)
    yield msg("report_repeat_hash"), opened.runs_hash
    for base in manifest["bases"]:
        yield msg("report_repeat_configuration", regime=base["label"]), base["configuration"]
    yield msg("report_repeat_fingerprint"), manifest["fingerprint"]
    commit = code["commit"] or msg("report_repeat_unknown")
    yield msg("report_repeat_commit"), msg("report_repeat_dirty", commit=commit) if code["dirty"] else commit
    packages = manifest["packages"]
    yield msg("report_repeat_python"), ", ".join([manifest["python"], packages["numpy"], packages["numba"]])


def glossary(base: Mapping[str, Any], outcomes: Sequence[str]) -> Iterator[Block]:
    """Yield the words used, and what each outcome means; `base` has every value of a scenario."""
    counts = {name: len(base.get(name, ())) for name in ("streets", "departments")}
    always = ("street", "department", "whistle", "pass", "cosmetic", "interval", "points", "pair")
    terms = [(msg(f"term_{name}"), msg(f"term_{name}_means", **counts)) for name in always]
    meanings = [(title(each), means(each)) for each in map(outcome_of, outcomes)]
    yield Heading(msg("report_glossary"))
    yield Definitions((*terms, *meanings))
