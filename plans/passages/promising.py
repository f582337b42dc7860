"""Does a sentence promise something that can be seen? A first guess for a person to confirm: nothing is judged by it.

A sentence promises where it names a figure to reach, or a result that somebody can go and look at, and does not stand
under a heading that looks back.
"""

import re

from plans.passages.segmenting import Sentence

LOOKS_BACK = re.compile(r"回顾|现状|基础|成效|成就|形势|背景|环境|存在问题|面临|指导思想|基本原则|总体要求|发展优势|发展机遇")
_RESULT = re.compile(
    r"建成|建立|新建|改建|扩建|完成|通车|开工|竣工|投产|投用|挂牌|揭牌|创建|争创|申建|设立|组建|落地|开通|出台|编制|印发|覆盖|"
    r"达到|达标|突破|新增|认定|引进|培育|打造|形成|改造|实施|力争|确保|不低于|不超过|以上|以内|控制在|保持在?|稳定在|提高到|增长|下降|降低"
)  # fmt: skip
_FIGURE = re.compile(
    r"\d[\d.,]*(?:[~～—–-]\d[\d.,]*)?\s*(?:%|％|‰|百分点|个|家|项|户|人|名|所|套|亿|万|公里|千米|米|亩|吨|斤|辆|处|座|条|件|种|倍|分钟|小时|天|日|次|平方)"
)
_NAMED = re.compile(r"建成|开工|通车|竣工|投产|投用|挂牌|创建|争创|申建|设立|建立|完成|组建|新建|扩建|出台|编制|全覆盖")


def promises(sentence: Sentence) -> bool:
    """Whether this is a sentence that an item should come of."""
    if any(LOOKS_BACK.search(title) for title in sentence.trail):
        return False
    if _FIGURE.search(sentence.text) and _RESULT.search(sentence.text):
        return True
    return bool(_NAMED.search(sentence.text))
