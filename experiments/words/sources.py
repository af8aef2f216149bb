"""Sources as the declarations name them, in the reader's language; the works behind the short names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from experiments.words import Language, current_language, msg

__all__ = ["WORKS", "source_told"]

WORKS: dict[str, tuple[str, str]] = {
    "Wang 2018": (
        "Wang Hao (2018): Chaoyang's Exploration of Governing the Capital City (in Chinese). The article from which "
        "this model is made; its author led the district.",
        "Wang Hao（2018）：《首都城市治理的朝阳探索》。本模型所据的文章，作者时任该区主要领导。",
    ),
    "Zhou 2014": (
        "Zhou Li'an (2014): The Administrative Subcontract. Chinese Journal of Sociology 34(6) (in Chinese).",
        "Zhou Li'an（2014）：《行政发包制》，《社会》第 34 卷第 6 期。",
    ),
    "Tu & Gong 2022": (
        "Tu, W. & Gong, T. (2022): Bureaucratic Shirking in China. The China Quarterly 249. "
        "doi:10.1017/S0305741021001004.",
        "Tu、Gong（2022）：中国官员避责与问责（Bureaucratic Shirking in China），The China Quarterly 第 249 卷。"
        "doi:10.1017/S0305741021001004。",
    ),
    "Downs 1967": (
        "Downs, A. (1967): Inside Bureaucracy. Little, Brown.",
        "Downs（1967）：官僚制内幕（Inside Bureaucracy）。",
    ),
    "Lipsky 1980": (
        "Lipsky, M. (1980): Street-Level Bureaucracy. Russell Sage Foundation.",
        "Lipsky（1980）：街头官僚（Street-Level Bureaucracy）。",
    ),
    "Weaver 1986": (
        "Weaver, R. K. (1986): The Politics of Blame Avoidance. Journal of Public Policy 6(4).",
        "Weaver（1986）：避责政治（The Politics of Blame Avoidance），Journal of Public Policy 6(4)。",
    ),
    "Holmström 1982": (
        "Holmström, B. (1982): Moral Hazard in Teams. Bell Journal of Economics 13(2).",
        "Holmström（1982）：团队中的道德风险（Moral Hazard in Teams），Bell Journal of Economics 13(2)。",
    ),
    "Holmström & Milgrom 1991": (
        "Holmström, B. & Milgrom, P. (1991): Multitask Principal-Agent Analyses. Journal of Law, Economics, & "
        "Organization 7.",
        "Holmström、Milgrom（1991）：多任务委托代理分析（Multitask Principal-Agent Analyses），"
        "Journal of Law, Economics, & Organization 7。",
    ),
    "Kc & Terwiesch 2009": (
        "Kc, D. S. & Terwiesch, C. (2009): Impact of Workload on Service Time and Patient Safety. Management Science "
        "55(9).",
        "Kc、Terwiesch（2009）：负荷对服务时间的影响（Impact of Workload on Service Time），Management Science 55(9)。",
    ),
    "Delasay et al. 2016": (
        "Delasay, M., Ingolfsson, A. & Kolfal, B. (2016): Modeling Load and Overwork Effects in Queueing Systems. "
        "Operations Research 64(4).",
        "Delasay 等（2016）：排队系统中的负荷与过劳效应（Modeling Load and Overwork Effects），"
        "Operations Research 64(4)。",
    ),
}
"""By the short name: English and Chinese; titles of English works keep their English beside the Chinese."""

CITED = {
    "Wang 2018": "所据文章（Wang 2018）",
    "Zhou 2014": "Zhou（2014）",
    "Tu & Gong 2022": "Tu、Gong（2022）",
    "Downs 1967": "Downs（1967）",
    "Lipsky 1980": "Lipsky（1980）",
    "Weaver 1986": "Weaver（1986）",
    "Holmström 1982": "Holmström（1982）",
    "Holmström & Milgrom 1991": "Holmström、Milgrom（1991）",
    "Kc & Terwiesch 2009": "Kc、Terwiesch（2009）",
    "Delasay et al. 2016": "Delasay 等（2016）",
}

PHRASES = {
    "weekly, by convention": "按惯例每周一次",
    "14 % misrouting (Guangzhou Baiyun)": "派单错误率 14%（广州白云）",
    "15 days (weak source)": "15 天（来源较弱）",
    "2 hours (weak source)": "2 小时（来源较弱）",
    "24 hours (weak source)": "24 小时（来源较弱）",
    "7 days (weak source)": "7 天（来源较弱）",
    "431 powers delegated on 2020-07-01": "2020 年 7 月 1 日下放 431 项职权",
    "Beijing from 2019": "北京市自 2019 年起",
    "zealots to conservers": "从热心者到保守者",
    "38 % after the reform, none named before": "改革后为 38%，改革前未提及",
    "communities whistle, sections report": "社区吹哨、科室报到",
    "departments reduce what they ask": "部门减少下派任务",
    "district whistles, city departments report": "区吹哨、市级部门报到",
    "dynamic quotas": "编制动态调整",
    "effective powers": "实权",
    "entry gate": "准入制度",
    "every whistle is followed up": "每次吹哨都有回访",
    "few and larger sections in the street": "街道科室少而大",
    "from pilot streets to all": "由试点街乡推广到全部",
    "inspection split from enforcement": "检查与执法分离",
    "joint enforcement platforms": "联合执法平台",
    "list of duties drawn up against the city's 111 items": "对照市级 111 项编制职责清单",
    "many grids into one": "多网合一",
    "merge enforcement teams of like fields": "整合相近领域的执法队伍",
    "negative lists of streets and communities": "街道、社区负面清单",
    "one-to-many and many-to-one interfaces": "一对多、多对一对接",
    "posts by population, area and number of social units": "按人口、面积和社会单位数核定编制",
    "posts sink to the streets": "编制下沉街乡",
    "put into law": "写入法规",
    "relatively concentrated penalty power": "相对集中处罚权",
    "seven-step method": "七步工作法",
    "technology": "技术手段",
    "townships' people as an option": "可考虑使用地区办事处（乡）的人员",
    "above 1": "大于 1",
    "a whistle has to be prepared": "吹哨需要准备",
    "assumption {range} (swept for S11)": "假设 {range}（规律 S11 要求扫描）",
    "assumption {range}, chosen with S2 in view": "假设 {range}，参照规律 S2 选定",
    "assumption {range}": "假设 {range}",
    "whether people follow the powers is what S13 asks": "人员是否随权力下沉，正是规律 S13 所问",
    "at 0.3 offered loads above 1 are least over the 2 x 2": "取 0.3 时，2 × 2 各情形中超过 1 的负荷最少",
    "at 0.8 the readiest departments drowned in others' cases (200 days of backlog)": (
        "取 0.8 时，最愿接单的部门被他人的案件淹没（积压 200 天）"
    ),
    "before the reform some, assumption {range}": "改革前已有一些，假设 {range}",
    "campaigns come unevenly": "专项行动并不均匀",
    "choice of the run": "运行时选择",
    "communities stand in for social units, whose number is not public": "社会单位数未公开，以社区数代替",
    "effect is an assumption": "效果为假设",
    "grade of the instrument": "工具的力度",
    "monthly, by convention": "按月，属惯例",
    "not known": "未知",
    "not public": "未公开",
    "people who follow up are the street's": "回访人员属街乡",
    "posts are not public": "编制未公开",
    "repeat complaints 5-10 % of contacts": "重复投诉占来电的 5–10%",
    "size is an assumption {range}": "大小为假设 {range}",
    "size is an assumption {range}, chosen with S14 in view": "大小为假设 {range}，参照规律 S14 选定",
    "size not public, assumption {range}": "大小未公开，假设 {range}",
    "strength is an assumption": "强度为假设",
    "strength is an assumption {range}": "强度为假设 {range}",
    "that it prevents cases is a conjecture": "能否减少案件属推测",
    "the article's reform raises it": "文章中的改革会提高它",
}

_RANGE = re.compile(r"(?<=assumption )(-?[\d.]+)-(-?[\d.]+)")


def source_told(source: str, factor: float = 1.0) -> str:
    """Return a declared source in the spoken language.

    Parameters
    ----------
    source : str
        Clauses between semicolons: a work or a fact, what it says after a colon, an assumption with its range.
    factor : float
        By which the value is shown: ranges are told alike, with 100 in per cent.
    """
    if current_language() is Language.EN:
        return _RANGE.sub(lambda found: " to ".join(_shown(found.groups(), factor)), source)
    return "；".join(_clause(each, factor) for each in source.split("; "))


def _shown(bounds: Sequence[str], factor: float) -> list[str]:
    """Return bounds as the page shows the value; the last one carries the sign of per cent."""
    if factor == 1.0:
        return list(bounds)
    low, high = (f"{float(each) * factor:g}" for each in bounds)
    return [low, msg("brief_unit_share", number=high)]


def _clause(clause: str, factor: float) -> str:
    found = _RANGE.search(clause)
    low, high = _shown(found.groups(), factor) if found else ("", "")
    parts = [_known(each) for each in _RANGE.sub("{range}", clause).split(": ")]
    return "：".join(parts).replace("{range}", f"{low} 至 {high}")


def _known(phrase: str) -> str:
    return CITED.get(phrase) or PHRASES[phrase]
