"""What sort of promise a wording makes: how its values relate to time, what is read, when it falls. Each guess says whether it is one."""

import re
from dataclasses import dataclass

from plans.papers.figures import Figure

GAIN = (
    "新建改扩建|新建改造|新改扩建|改扩建|新建|改建|扩建|续建|新增|净增|新开|新认定|新签约|新引进|新发展|新培育|新植|新创建|建成|建设|改造提升|改造|整治|治理|修复|完成|培育|培养|培训|引进|引育|引导|创建|创成|打造|打通|实施|推广|发展|开工|竣工|投产|投用"
    "|开通|开行|开展|举办|承办|组织|认定|评定|争创|申报|争取|争资|获批|签约|落地|落户|谋划|储备|入库|发放|发行|化解|处置|盘活|提供|安装|更新|增加|销售|募集|投放|淘汰|压减|腾退|转移|帮扶|救助|资助|筹建|筹集|配建|配套|绿化|造林|栽植|疏浚|清淤|铺设|敷设|架设|建立|设立|推动|带动|支持"
)
GAINS = re.compile(rf"^(?:全市|全年|各县区|年内|全省|累计|再)?(?:城镇|农村|银行|农产品加工产业园)?(?:{GAIN})")
GAIN_INSIDE = re.compile(
    r"新增|新建|改造|完成|投资|融资|签约|到位|转移就业|造林|开工|建成|净增|培训|创建|引进|入规|发放|化解|交付|下达|安置|脱贫|户厕|入地|新改扩"
)
FLOWS = re.compile(
    r"产值|收入|总额|投资|资金|税收|销售额|销售|融资|贷款(?!余额)|增加值|进出口|营收|成交额|交易额|客流|游客|接待|吞吐量|发电量|运量|生产总值$|GDP$|专利授权|人次|客运|货运"
)
STOCKS = re.compile(
    r"总数|总量|数量|存量|余额|规模|保有量|拥有量|总户数|主体|常住人口|城镇化率|床位数|覆盖|里程|总里程|建成区|占比|比重|密度|人均|每万人|每千|平均|水平|浓度|率$|率(?!增)|分辨率|满意度|指数|排名"
)
GROWTH = re.compile(r"(?:增长|增速|增幅|涨幅|增长率|下降|降低|降幅|减少|下降率|压减)(?:率|幅度)?$")
HELD = re.compile(
    r"失业率|价格|物价|CPI|赤字|人口自然增长|零就业|粮食(?:总)?(?:产量|面积|产能|播种面积)|播种面积|种植面积|耕地保有量|耕地面积|基本农田|生猪出栏|产量$"
)
YEARLY_AVERAGE = re.compile(r"年均")
AT_END = re.compile(
    r"^(?:新增上市|新增[一-鿿]{0,8}(?:称号|平台|示范|品牌|企业技术中心|专精特新|瞪羚|上市)|认定|评定|评价|争创|创建|申建|申报|申创|获批|获评|引进|柔性引进|培育|命名|入选|打造|晋升|创成|上市|挂牌)|上市企业|挂牌|获批|开工$|编制"
)


@dataclass(frozen=True)
class Kind:
    """accrual, reading and profile as in the exported form; `guessed` is True where the words leave it open."""

    accrual: str
    reading: str = "value"
    profile: str = "linear"
    average: str | None = None
    guessed: bool = False


def kind_of(name: str, figure: Figure) -> Kind:
    """The sort of a promise with a figure, from its name and the words of comparing."""
    profile = "at_end" if AT_END.search(name) else "linear"
    steady = any(word in figure.words for word in ("保持", "稳定", "维持"))
    average = YEARLY_AVERAGE.search(name)
    if figure.points:
        return Kind("level", "increase", "at_end", guessed=not re.search(r"提高|提升|增加|上升|扩大|下降|降低|压缩", name))
    if figure.unit in ("%", "‰"):
        return _share(name, figure, profile, steady=steady, average=bool(average))
    if average:
        return Kind("held", average="arithmetic", profile=profile)
    if name.startswith("每年") or HELD.search(name) or steady or (figure.comparator == "at_most" and not GAINS.search(name)):
        return Kind("held", profile=profile)
    if GROWTH.search(name):
        return Kind("cumulative", guessed=True)
    if GAINS.search(name) or GAIN_INSIDE.search(name) or "累计" in name:
        return Kind("cumulative", profile=profile)
    if STOCKS.search(name) and not re.search(r"(?:产值|收入|投资)规模", name):
        return Kind("level", profile=profile)
    if FLOWS.search(name):
        return Kind("cumulative")
    stock = any(word in figure.words for word in ("达到", "突破", "超过", "达"))
    return Kind("level" if stock else "cumulative", profile=profile, guessed=True)


def _share(name: str, figure: Figure, profile: str, *, steady: bool, average: bool) -> Kind:
    if average:
        return Kind("held", average="geometric")
    if GROWTH.search(name) or re.search(r"(?:增长|增速|涨幅)", name):
        return Kind("held")
    if steady or HELD.search(name):
        return Kind("held")
    if figure.comparator == "at_most":
        return Kind("held", guessed=not re.search(r"率|比|赤字", name))
    return Kind("level", profile=profile, guessed=not re.search(r"率|占比|比重|比例|覆盖|水平|度$|达标|合格", name))
