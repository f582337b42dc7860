"""A cell of a figure: 8%左右, 0.35 in per cent, ≥95, 10—15, 与经济增长同步, with the unit of its column, heading or table."""

import re
from dataclasses import replace
from decimal import Decimal

from plans.papers.figures import POST, PRE, Figure, figures
from plans.papers.words import even
from plans.sheets.papers import Cell

BARE = re.compile(r"(?P<pre>[^\d]{0,6}?)(?P<low>-?\d+(?:\.\d+)?)(?:[—–\-~～至](?P<high>\d+(?:\.\d+)?))?(?P<post>以上|及以上|左右|以内|以下|上下)?")
DOWNWARDS = re.compile(r"失业率|赤字|浓度|价格|事故|死亡|时限|办理时间|审批时间|周期|投诉|欠薪|能耗强度$|涨幅")
NONE = re.compile(r"[-—－/\\无]*|——|另行下达|待定")


LONGEST = 200  # characters of a cell of figures


class NoFigure(ValueError):
    """The cell holds words that give no figure."""


def figure_in(cell: Cell, unit: str, name: str = "") -> Figure | None:
    """The figure of a value cell; None where it is empty or a dash. Raises: NoFigure where it holds something else."""
    text = even(cell.text)
    if len(text) > LONGEST:
        raise NoFigure(text[:LONGEST])
    if NONE.fullmatch(text):
        return None
    if isinstance(cell.value, Decimal) and cell.percent:
        return _plain(cell.value * 100, "%", name)
    if isinstance(cell.value, Decimal):
        return _plain(cell.value, unit, name)
    bare = BARE.fullmatch(text.removesuffix(unit) if unit and unit != "%" else text)
    if bare and (not bare.group("pre") or PRE.fullmatch(bare.group("pre"))):
        return _compared(bare, unit, name)
    found = figures(text)
    if found:
        one = found[0]
        return one if one.unit or not unit else replace(one, unit=unit, sure=True)
    raise NoFigure(text)


def _plain(value: Decimal, unit: str, name: str) -> Figure:
    value = value.normalize()
    down = bool(DOWNWARDS.search(name))
    return Figure(value, None, unit, "at_most" if down else "at_least", "", 0, 0, points=unit.endswith("百分点"), sure=not down and bool(unit))


def _compared(bare: re.Match[str], unit: str, name: str) -> Figure:
    text = bare.group("pre") + "0" + (bare.group("post") or "")
    pre, post = PRE.search(text[: len(bare.group("pre"))]), POST.match(text[len(bare.group("pre")) + 1 :])
    if not pre and not post and not bare.group("high"):
        return _plain(Decimal(bare.group("low")), unit, name)
    stand_in = figures(bare.group() + (unit or "个"))
    one = stand_in[0] if stand_in else _plain(Decimal(bare.group("low")), unit, name)
    if post:  # 95以上 with a unit of its own column: the unit belongs before the word
        one = figures(f"{bare.group('pre')}{bare.group('low')}{'-' + bare.group('high') if bare.group('high') else ''}{unit or '个'}{post.group()}")[0]
    return replace(one, unit=unit, sure=bool(unit), points=unit.endswith("百分点"))
