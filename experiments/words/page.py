"""Words of the page as a whole."""

from __future__ import annotations

__all__ = ["PAGE"]

PAGE: dict[str, tuple[str, str]] = {
    "page_title": ("Whistle", "吹哨报到"),
    "page_subtitle": ("A simulated district under rules that you can change", "可调整规则的模拟城区"),
    "page_notice": (
        "Simulation under assumptions. No figure is a forecast for Chaoyang.",
        "假设条件下的模拟，任何数字都不是对朝阳区的预测。",
    ),
    "page_tab_district": ("District", "全区"),
    "page_tab_rules": ("Rules", "规则"),
    "page_tab_compare": ("Compare", "比较"),
    "page_tab_limits": ("Patterns and limits", "规律与局限"),
    "page_language": ("Language", "语言"),
    "page_running": ("The district runs under", "当前模拟所用规则"),
    "page_running_is": ("{title}; random seed {seed}", "{title}；随机种子 {seed}"),
    "page_changed": ("values changed: {count}", "另改 {count} 个取值"),
    "page_pending": (
        "The rules have been changed since; the district runs under the old ones until it starts again.",
        "规则已更改；在重新开始之前，仍按原规则运行。",
    ),
    "page_misread": (
        "Not understood in the address, and left out: {parts}.",
        "地址中无法识别、已略去的部分：{parts}。",
    ),
    "page_misread_value": (
        "{name} = {value} (allowed {allowed})",
        "“{name}”的取值 {value}（允许 {allowed}）",
    ),
    "page_dismiss": ("Close this message", "关闭提示"),
    "page_link": ("Copy a link to this page", "复制本页链接"),
    "page_link_copied": ("Link copied", "链接已复制"),
    "page_served": ("The page: {address} (Ctrl+C ends it)", "网页地址：{address}（按 Ctrl+C 结束）"),
    "page_skip": ("Skip to content", "跳到正文"),
}
"""By key: English and Chinese."""
