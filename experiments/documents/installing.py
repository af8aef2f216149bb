"""The table of what each extra brings and costs, for the pages that say how to install."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from experiments.documents import table
from experiments.evidence.installs import ALL, SIMULATE
from experiments.messages import Language
from experiments.store.files import read_measured
from model import EXTRAS

_PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
_CORE = "core"

_FOR = {
    "core": ("run, compare, sweep, log and most studies, reports as web page, PDF and Word file, from the terminal",
             "命令行运行、比较、扫描、日志度量及多数研究，网页、PDF 与 Word 报告"),
    "page": ("`whistle explore`, the page in the browser", "网页界面 `whistle explore`"),
    "notebook": ("tables as pandas, `DistrictModel` (Mesa), for work from Python",
                 "在 Python 中使用：pandas 表格与 Mesa 模型 `DistrictModel`"),
    "studies": ("`sensitivity`, `search`, `calibrate` by Optuna, designs of SALib",
                "`sensitivity`、`search`、用 Optuna 的 `calibrate`，SALib 抽样设计"),
    "worlds": ("making plausible worlds of your own (those shipped need nothing), `fit`",
               "自行生成可信情形（随附的情形无需安装），`fit`"),
    "sql": ("`open_study(…).sql`", "用 SQL 查询研究结果：`open_study(…).sql`"),
    "cluster": ("`--executor dask`, `--cluster`", "集群运行：`--executor dask`、`--cluster`"),
    ALL: ("everything", "全部"),
}  # fmt: skip
"""What an extra is for, English and Chinese."""

_HEADS = {
    Language.EN: ("for", "with pip", "in a clone", "packages", "MB"),
    Language.ZH: ("用途", "用 pip 安装", "在源码目录中", "软件包数", "MB"),
}
_MEASURED = {
    Language.EN: "Measured by `make installs` with the versions of `constraints.txt` (Python {python}, {machine}): "
    "packages and megabytes of a fresh environment; of an extra, what it adds to the core. Extras share packages.",
    Language.ZH: "由 `make installs` 按 `constraints.txt` 的版本实测（Python {python}，{machine}）："
    "全新环境的软件包数与占用空间；各附加项为在核心之上新增的部分，附加项之间有共用的软件包。",
}
_ALONE = {
    Language.EN: "`simulate` alone, without studies ({packages} packages, {megabytes} MB):",
    Language.ZH: "只用 `simulate`、不做研究（{packages} 个软件包，{megabytes} MB）：",
}


def installs_table(language: Language) -> str:
    """Return what each extra is for, how it is installed, what it costs; and how `simulate` is installed alone."""
    measured = read_measured("installs")
    rows = measured.get("rows", {})
    about = {name: measured.get(name, "?") for name in ("python", "machine")}
    costs = table(_HEADS[language], (_row(name, rows, language) for name in (*EXTRAS, ALL)))
    alone = _ALONE[language].format(**rows.get("simulate", {"packages": "?", "megabytes": "?"}))
    commands = "\n".join(["pip install --no-deps whistle-abm", f"pip install {' '.join(_alone())}"])
    return f"{costs}\n{_MEASURED[language].format(**about)}\n\n{alone}\n\n```\n{commands}\n```\n"


def _row(name: str, rows: dict[str, Any], language: Language) -> Iterator[str]:
    words = _FOR[name][language is Language.ZH]
    if name == _CORE:
        yield from (words, "`pip install whistle-abm`", "`make compare`")
    else:
        make = f"make {name}" if name == "page" else f"make extra-{name}"
        yield from (f"**{name}** · {words}", f'`pip install "whistle-abm[{name}]"`', f"`{make}`")
    for key in ("packages", "megabytes"):
        if name not in rows:
            yield "?"
        elif name in (_CORE, ALL):
            yield str(rows[name][key])
        else:
            yield f"+ {rows[name][key] - rows[_CORE][key]}"


def _alone() -> list[str]:
    """Return the requirements of `simulate` as they stand among those of the core."""
    listed = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    return [f'"{each}"' for each in listed if re.split("[<>=]", each)[0] in SIMULATE]
