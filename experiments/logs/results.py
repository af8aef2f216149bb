"""What a log says: as JSON, as tables of numbers, and as tables and sentences to read; and the folder that holds it."""

import hashlib
import json
import math
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from experiments.blocks import Table
from experiments.errors import WrongInput
from experiments.formatting import Quantity, decimals, digits_of, interval_text, number, title, unit
from experiments.kinds import Chart, CsvTable, Results
from experiments.logs.measuring import Measured
from experiments.logs.options import LogOptions
from experiments.logs.sources import digest_of
from experiments.messages import MESSAGES, current_language, msg
from experiments.stats.families import Family
from experiments.stats.intervals import FEWEST_BOUNDED, Interval, share_interval
from experiments.store.files import csv_text, replace_text

STABLE = ("cases", "events", "units", "handover_share", "handovers_mean", "ping_pong_share", "days_median", "days_p90",
          "open_cases", "best_family", "sigma_log")  # fmt: skip
"""First keys of the JSON."""

UNITS = {
    "handover_share": "share", "handovers_mean": "cases", "ping_pong_share": "share", "overdispersion": "",
    "longer_by_handover": "times", "circulating_days": "days", "days_median": "days", "days_p90": "days",
    "sigma_log": "", "late_share": "share", "late_or_overdue_share": "share", "over_limit_share": "share",
}  # fmt: skip
"""Measures of the first table, each with its unit."""

PARAMETERS = {
    "mean_log": "log_mean_log", "sigma_log": "log_sigma", "shape": "log_shape", "scale": "log_scale",
    "mean": "log_mean",
}  # fmt: skip
"""Messages by parameter of a family."""

NEGLIGIBLE_AIC = 2.0  # difference below which families do equally well (Burnham and Anderson 2002)


def _cells(interval: Interval, kind: str) -> tuple[str, str]:
    """Return a value and its interval, in as many decimals as the interval allows."""
    quantity = Quantity(kind)
    digits = decimals(interval, quantity)
    return number(interval.mean, quantity, digits), interval_text(interval, quantity, digits)


def _measure_text(interval: Interval, kind: str) -> str:
    """Return a measure with its interval in brackets; shares in percent."""
    value, bounds = _cells(interval, kind)
    text = msg("log_percentage", value=value) if kind == "share" else value
    return text if interval.low is None or interval.high is None else f"{text} ({bounds})"


def _unit(kind: str) -> str:
    key = "percent" if kind == "share" else f"log_unit_{kind}"
    return msg(key) if key in MESSAGES else ""


def family_text(family: Family) -> str:
    """Return the parameters of a family in words."""
    return ", ".join(f"{msg(PARAMETERS[name])} {value:.4g}" for name, value in family.parameters.items())


@dataclass(frozen=True)
class LogResults(Results):
    """What a log says; tables and charts of what it does not know are left out."""

    log: Measured

    def as_json(self) -> dict[str, Any]:
        log = self.log
        numbers = log.numbers() | {"best_family": log.families[0].name if log.families else None}
        return {
            **{name: numbers.pop(name) for name in STABLE},
            **numbers,
            "intervals": {name: each.bounds for name, each in log.intervals().items()},
            "hazard": [{"handovers": each.passed_so_far, "cases": each.cases, **each.share.as_json("share")}
                       for each in log.hazard],
            "families": [asdict(each) for each in log.families],
            "by_weekday": [each.mean for each in log.arrivals.by_weekday],
            "file": str(log.options.path) if len(log.options.paths) == 1 else list(map(str, log.options.paths)),
            "format": log.format,
            "rows_are": "cases" if log.mapped.table else "events",
            "columns": log.mapped.columns,
            "closed_when": log.rule,
            "notes": list(log.notes),
            "whistle": log.own,
            "outcomes": log.outcomes,
            "dropped": [each.as_json() for each in log.dropped],
        }  # fmt: skip

    def tables(self) -> Mapping[str, CsvTable]:
        log, bounds, intervals = self.log, ("ci_low", "ci_high"), self.log.intervals()
        days = np.arange(log.arrivals.counts.size) + log.arrivals.first
        tables: dict[str, CsvTable] = {
            "measures": (("measure", "value", *bounds), [
                (name, value, *intervals.get(name, Interval(value)).bounds.values())
                for name, value in log.numbers().items()
            ]),
            "arrivals": (("day", "cases"), zip(
                days.astype("datetime64[D]").astype(str).tolist(), log.arrivals.counts.tolist(), strict=True,
            )),
            "hazard": (("handovers", "cases", "share", *bounds), [
                (each.passed_so_far, each.cases, *each.share.as_json().values()) for each in log.hazard
            ]),
            "families": (("family", "parameter", "value", "log_likelihood", "aic"), [
                (each.name, name, value, each.log_likelihood, each.aic)
                for each in log.families for name, value in each.parameters.items()
            ]),
        }  # fmt: skip
        tables["dropped"] = (("what", "events", "cases", "done"), [(each.what, each.events, each.cases, each.done)
                                                                   for each in log.dropped])  # fmt: skip
        if (curve := log.survival) is not None:
            rows = np.column_stack([curve.days, curve.share, curve.low, curve.high]).tolist()
            known = ([None if math.isnan(cell) else cell for cell in row] for row in rows)
            tables["survival"] = (("days", "share_open", *bounds), known)
        if log.spread is not None:
            rows = np.column_stack([log.spread.x, log.spread.y]).tolist()
            tables["concentration"] = (("share_of_units", "share_of_handovers"), rows)
        return {name: table for name, table in tables.items() if table[1]}

    def charts(self) -> Iterable[Chart]:
        from experiments.logs.charts import charts_of

        return charts_of(self.log)

    def blocks(self) -> Iterator[Table | str]:
        log = self.log
        units = msg("undefined") if log.counts["units"] is None else f"{log.counts['units']:,}"
        heading = msg("log_title_table" if log.mapped.table else "log_title", name=log.options.path.name,
                      cases=log.counts["cases"], events=log.counts["events"], units=units)  # fmt: skip
        measures = []
        for name, kind in UNITS.items():
            if name in log.values and log.values[name].mean is not None:
                value, bounds = _cells(log.values[name], kind)
                measures.append((msg(f"log_{name}", limit=log.options.limit or 0.0), value, _unit(kind), bounds))
        yield _table(heading, ("log_measure", "value", "unit", "interval"), measures)
        if log.dropped:
            gone = [(msg(f"log_dropped_{each.what}"), *("" if count is None else f"{count:,}" for count in
                     (each.events, each.cases)), msg(f"log_done_{each.done}")) for each in log.dropped]  # fmt: skip
            yield _table(msg("log_dropped_title"), ("log_what", "log_events", "log_cases", "log_done"), gone)
        if log.hazard:
            rows = [(str(each.passed_so_far), f"{each.cases:,}", *_cells(each.share, "share")) for each in log.hazard]
            yield _table(msg("log_hazard_title"), ("log_so_far", "log_cases", "log_share", "interval"), rows)
        if log.families:
            families = [(msg(f"family_{each.name}"), family_text(each), f"{each.aic - log.families[0].aic:,.1f}")
                        for each in log.families]  # fmt: skip
            yield _table(msg("log_families_title"), ("log_family", "log_parameters", "log_aic"), families, words=2)
        days = {f"weekday_{day}": each for day, each in enumerate(log.arrivals.by_weekday)}
        days["log_any_day"] = log.arrivals.per_day
        means = [(msg(key), *_cells(each, "")) for key, each in days.items()]
        yield _table(msg("log_arrivals_title"), ("log_weekday", "log_per_day", "interval"), means)
        if log.own is not None and log.outcomes is not None:
            from model import OUTCOMES

            outcomes = [(title(OUTCOMES[name]), name, number(value, OUTCOMES[name], digits_of(value, OUTCOMES[name])),
                         unit(OUTCOMES[name])) for name, value in log.outcomes.items()]  # fmt: skip
            heading = msg("log_outcomes_title", **log.own)
            yield _table(heading, ("outcome", "key", "value", "unit"), outcomes, words=2)
        if not log.mapped.table:
            yield from self._passing()
        yield from self._days_and_arrivals()
        yield msg("log_definitions", fewest=FEWEST_BOUNDED)
        if log.own is not None:
            yield msg("log_own_definitions")
        yield msg("log_warning")

    def _text(self, name: str) -> str:
        return _measure_text(self.log.intervals()[name], UNITS.get(name, ""))

    def _passing(self) -> Iterator[str]:
        log, factor = self.log, self.log.values["longer_by_handover"]
        yield msg("log_said_passing", share=self._text("handover_share"), mean=self._text("handovers_mean"),
                  back=self._text("ping_pong_share"))  # fmt: skip
        if log.handovers is not None and len(log.hazard) > 1:
            # another hand-over of cases that were handed over, against the first one of all cases
            passes, first = int(log.handovers.sum()), log.hazard[0].share
            again = share_interval(passes - int((log.handovers > 0).sum()), passes)
            trend = "unclear"
            if again.low is not None and first.high is not None and again.low > first.high:
                trend = "rising"
            if again.high is not None and first.low is not None and again.high < first.low:
                trend = "falling"
            yield msg(f"log_said_hazard_{trend}", again=_measure_text(again, "share"),
                      first=_measure_text(first, "share"))  # fmt: skip
        if log.spread is not None and log.spread.top_tenth_of_passes is not None:
            parts = (log.spread.top_tenth_of_passes, log.spread.top_tenth_of_received)
            made, received = (_measure_text(Interval(each), "share") for each in parts)
            yield msg("log_said_concentration", units=log.spread.units, passes=made, received=received)
        if factor.mean is not None and factor.low is not None and factor.high is not None:
            yield msg("log_said_longer", factor=f"{factor.mean:.2f}", low=f"{factor.low:.2f}",
                      high=f"{factor.high:.2f}")  # fmt: skip
        if log.values["circulating_days"].mean is not None:
            yield msg("log_said_circulating", days=self._text("circulating_days"))

    def _days_and_arrivals(self) -> Iterator[str]:
        families, numbers, arrivals = self.log.families, self.log.numbers(), self.log.arrivals
        yield msg("log_said_days", median=self._text("days_median"), p90=self._text("days_p90"),
                  open=self.log.counts["open_cases"])  # fmt: skip
        if families:
            best, second = families[:2]
            far = next(each.aic for each in families if each.name == "exponential") - best.aic
            yield msg("log_said_family", best=msg(f"family_{best.name}"), second=msg(f"family_{second.name}"),
                      gap=f"{second.aic - best.aic:,.1f}", exponential=msg("family_exponential"), far=f"{far:,.1f}",
                      memory=msg("log_memoryless" if far < NEGLIGIBLE_AIC else "log_memory"))  # fmt: skip
        if numbers["late_share"] is not None:
            yield msg("log_said_late", late=self._text("late_share"), overdue=self._text("late_or_overdue_share"))
        if numbers.get("over_limit_share") is not None:
            yield msg("log_said_over_limit", share=self._text("over_limit_share"), limit=self.log.options.limit)
        yield msg("log_said_arrivals", per_day=self._text("arrivals_per_day"), days=arrivals.counts.size,
                   dispersion=self._text("arrivals_dispersion"),
                   within=_measure_text(Interval(arrivals.within_weekdays), ""),
                   weekend=_measure_text(Interval(arrivals.weekend_share), "share"))  # fmt: skip


def _table(caption: str, header: Iterable[str], rows: Iterable[tuple[str, ...]], words: int = 1) -> Table:
    """Return a table whose header is given by the keys of messages."""
    return Table(tuple(msg(key) for key in header), tuple(rows), caption=caption, words=words)


def write_results(results: LogResults, options: LogOptions, out: Path) -> Path:
    """Write `answer.json`, tables and figures, whole or not at all, into a folder named by the log and the options.

    The name has a hash of the log's bytes, the flags that decide numbers, and the language. A folder of the same name,
    which held the same results, is replaced; WrongInput if `out` cannot be written.
    """
    flags = repr((digest_of(options), astuple(options)[1:], str(current_language())))
    digest = hashlib.sha256(flags.encode("utf-8"))
    name = options.path.name.partition(".")[0] or options.path.name
    folder = out / f"log-{name}-{digest.hexdigest()[:8]}"
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}.", dir=out) as beside:
            unfinished = Path(beside) / folder.name
            _write(results, unfinished)
            shutil.rmtree(folder, ignore_errors=True)
            unfinished.rename(folder)
    except OSError as error:
        text = f"--out {out}: is not writable ({error.strerror or error}). Choose another folder."
        raise WrongInput([text]) from error
    return folder


def _write(results: LogResults, folder: Path) -> None:
    from matplotlib import rc_context

    from experiments.charts.style import figure_style, save

    text = json.dumps(results.as_json(), ensure_ascii=False, indent=1, allow_nan=False)
    replace_text(folder / "answer.json", text + "\n")
    for table, (header, rows) in results.tables().items():
        replace_text(folder / "tables" / f"{table}.csv", csv_text(header, rows))
    with rc_context(figure_style()):
        for chart in results.charts():
            save(chart.draw(), folder / "figures", chart.name)
