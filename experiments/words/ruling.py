"""Words of the tab in which rules are changed."""

from __future__ import annotations

__all__ = ["RULING"]

RULING: dict[str, tuple[str, str]] = {
    "rules_preset": ("Start from", "起点制度"),
    "rules_hint": (
        "Choose a set of rules to start from, change what you like, and run the district under it, or compare it.",
        "先选一套制度作为起点，再修改其中的规则，然后运行全区或与其他制度比较。",
    ),
    "rules_changed": ("Changed from it", "与起点的不同"),
    "rules_nothing_changed": ("Nothing is changed.", "未作改动。"),
    "rules_put_back": ("Put back", "恢复"),
    "rules_put_all_back": ("Put everything back", "全部恢复"),
    "rules_start": ("Run the district under these rules", "按这些规则运行全区"),
    "rules_save": ("Save as a file", "存为文件"),
    "rules_load": ("Load a file", "载入文件"),
    "rules_in_file": ("rules as a YAML file", "YAML 规则文件"),
    "rules_more": ("further values: {count}", "另有 {count} 个取值"),
    "rules_source": ("source: {source}", "来源：{source}"),
    "rules_preset_value": ("start: {value}", "起点：{value}"),
    "rules_answered": ("(answered by {rows})", "（对应工具：{rows}）"),
    "rules_find": ("Find an instrument", "查找工具"),
    "rules_nothing_found": ("Nothing found.", "未找到。"),
    "rules_seed": ("Random seed (whole number)", "随机种子（整数）"),
    "rules_too_large": ("The file is too large.", "文件过大。"),
    "rules_trouble": ("This was not taken:", "以下内容未被采用："),
    "refused_value": (
        "{name}: you gave {given}; allowed {allowed}.",
        "“{name}”：输入 {given}；允许 {allowed}。",
    ),
    "refused_for": ("{name}: {why}", "“{name}”：{why}"),
    "refused_got": ("{place}{key}: got {given}; allowed {allowed}.", "{place}{key}：给出 {given}；允许 {allowed}。"),
    "refused_unknown": ("{place}unknown key '{key}'.", "{place}没有“{key}”这一键。"),
    "refused_named": ("{name} ({key})", "“{name}”（{key}）"),
    "refused_broken": ("{said}", "这不是规则文件，请选用“存为文件”得到的文件（程序提示：{said}）"),
    "refused_share": ("a share: 0.5 is 50 %", "文件中写作比例，0.5 即 50%"),
    "refused_whole": ("you gave {given}; allowed whole numbers.", "输入 {given}；须为整数。"),
    "refused_number": ("allowed a number.", "须为数字。"),
    "refused_empty": ("{name}: nothing was given.", "“{name}”：未输入数字。"),
    "rules_seed_wrong": (
        "Random seed: allowed whole numbers from 0 to 999,999,999.",
        "随机种子：须为 0 至 999,999,999 的整数。",
    ),
    "rules_put_aside": (
        "{count} changed values were put aside with the other start; “Undo the last step” brings them back.",
        "更换起点时，已有的 {count} 处改动被清除；可按“撤销上一步”恢复。",
    ),
    "refused_unknown_near": (
        "{place}unknown key '{key}'; did you mean '{near}'?",
        "{place}没有“{key}”这一键；是否想写“{near}”？",
    ),
    "refused_raw": ("{said}", "程序提示（英文原文）：{said}"),
    "rules_stays": ("It stays as it was.", "仍按原值。"),
    "rules_allowed": ("{low} to {high}", "{low} 至 {high}"),
    "rules_undo": ("Undo the last step", "撤销上一步"),
    "rules_on": ("on", "开"),
    "rules_off": ("off", "关"),
    "rules_group_P": ("What is wrong before the reform", "改革前的问题"),
    "rules_group_R": ("What the reform does", "改革措施"),
    "rules_group_N": ("What is proposed next", "进一步的建议"),
    "rules_group_E": ("Beside the article", "文章之外"),
}
"""By key: English and Chinese."""
