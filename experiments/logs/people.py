"""Names of people in a log: how columns of them are recognised, and the names that stand for units instead."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from experiments.logs.values import Ints
from experiments.logs.words import names_people

LOOKED_AT = 200  # distinct values by which a column is judged
MOST = 0.5  # share of them beyond which a column holds what they look like
FEWEST = 3  # names of people that are no accident

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅"
    "沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔"
    "白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_CHINESE_NAME = re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}")
_REACHES = re.compile(r"(\+?86[- ]?)?1[3-9]\d{9}|\d{17}[\dXx]|[^@\s]+@[^@\s]+\.[A-Za-z]{2,}|0\d{2,3}-\d{7,8}")
_ORGANISATION = re.compile(
    r"(局|委|办|署|院|所|队|站|厅|部|处|科|股|室|组|司|会|校|中心|公司|集团|街道|街乡|地区|乡|镇|村|社区|网格|单位|平台|热线)"
    r"(（.*）|\(.*\))?$"
    r"|\b(department|dept|agency|office|bureau|unit|team|group|division|section|branch|desk|services?|council|police|"
    r"court|ministry|committee|company|ltd|inc|gmbh|org|line|queue|support|centre|center)\b",
    re.IGNORECASE,
)


def holds_people(name: str, values: Sequence[str]) -> bool:
    """Tell whether a column names people, or how to reach them: by its name, unless its values are organisations.

    Args:
        values: Some distinct values of the column.
    """
    judged = [value.strip() for value in values[:LOOKED_AT]]
    if _share(_REACHES, judged) > MOST:
        return True
    if _share(_ORGANISATION, judged, anywhere=True) > MOST:
        return False
    return names_people(name) or (len(judged) >= FEWEST and _share(_CHINESE_NAME, judged) > MOST)


def _share(pattern: re.Pattern[str], values: Sequence[str], *, anywhere: bool = False) -> float:
    fits = [bool(pattern.search(value) if anywhere else pattern.fullmatch(value)) for value in values]
    return float(np.mean(fits)) if fits else 0.0


def pseudonyms(codes: Ints, count: int) -> pa.Array:
    """Return names that stand for units: `unit 1` has the most events.

    Args:
        codes (array (events,)): The unit of each event, −1: none.
        count: Units that have a name.
    """
    held = np.bincount(codes[codes >= 0], minlength=count)
    rank = np.empty(count, np.int64)
    rank[np.argsort(-held, kind="stable")] = np.arange(1, count + 1)
    return pa.array([f"unit {each}" for each in rank.tolist()], pa.large_string())
