"""Who answers: 市发改委牵头，市财政局、各县区配合 → a lead, those who support, and who stands in no list of departments."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from plans.papers.words import cut, even, squeeze, unique

LEAD, SUPPORT, ANY, LEADER, DUE = "lead", "supporting", "any", "leader", "due"
LABELS = {
    LEAD: "牵头责任单位|牵头组织实施单位|牵头实施单位|牵头单位|牵头部门|主要责任单位|主责单位|主责部门|主办单位|主体责任单位|第一责任单位|总牵头单位|汇总单位|牵头",
    SUPPORT: "配合责任单位|配合单位|配合部门|协办单位|协同单位|协同责任单位|协作单位|协助单位|参与单位|参加单位|其他责任单位|共同责任单位|责任配合单位|配合",
    ANY: "责任单位|责任部门|承办单位|实施单位|落实单位|完成单位|责任主体|单位",
    LEADER: "责任领导|牵头领导|分管领导|包联领导|市级领导|牵头市领导|分管市领导|责任市领导|市领导|领导|责任人|主要责任人|牵头负责人|负责人",
    DUE: "完成时限|完成时间|时限要求|时间要求|完成期限|办结时限|时限|期限",
}
# a label begins a part, or is long enough to be none but itself
LABEL = re.compile(
    r"(?:(?:^|(?<=[；;。，,\s（、]))|(?=[一-鿿]{4,6}[：:]))(?P<label>" + "|".join(f"(?P<{kind}>{words})" for kind, words in LABELS.items()) + r")\s*[：:]\s*"
)
SUPPORTS = re.compile(r"(?:积极|共同|等)?(?:配合|参与|协助|协同|协办)(?:单位|部门|落实)?$|按(?:照)?职责(?:分工)?(?:分别)?(?:负责|落实|配合)?$")
LEADS = re.compile(r"(?:共同|联合)?(?:牵头|主办|负责牵头|为牵头单位|总牵头)(?:负责|落实|抓总|单位|实施)?$|(?<!分工)(?<!分别)负责$")
ROLE_MARK = re.compile(r"（(?:牵头|牵头单位|主办|主要|主责|配合|参与|协办|其他)）")
GROUP = re.compile(r"各|相关|有关|其他|等|沿线|所属|市直|县直|区直|成员单位|部门$|属地|责任单位")
ORGANISATION = re.compile(
    r"(?:局|委|办|厅|院|部|会|署|处|中心|公司|集团|支行|银行|银监分局|支队|大队|海关|管委会|政府|县|区|市|乡镇|镇|街道|学校|大学|学院|医院|指挥部|专班|工会|团市委|妇联|残联|科协|工商联|督查室|分局|分行|单位|部门|中支|站|馆|社|所|队|厂|园|党校|法院|检察院|组|基地|事务所|办事处|运营商|铁塔|企业|协会|联合会|总队|行)$"
)
LONG_FOR_SHORT = (
    ("发展和改革", "发改"), ("发展改革", "发改"), ("工业和信息化", "工信"), ("工业信息化", "工信"), ("人力资源和社会保障", "人社"), ("人力资源社会保障", "人社"), ("住房和城乡建设", "住建"),
    ("住房城乡建设", "住建"), ("自然资源和规划", "自然资源"), ("自然资源规划", "自然资源"), ("交通运输", "交通"), ("卫生健康", "卫健"), ("文化广电和旅游", "文广旅"), ("文化广电旅游", "文广旅"),
    ("文化和旅游", "文旅"), ("市场监督管理", "市场监管"), ("应急管理", "应急"), ("退役军人事务", "退役军人"), ("医疗保障", "医保"), ("国有资产监督管理", "国资"), ("林业和草原", "林业"),
    ("城市管理", "城管"), ("政务服务和大数据管理", "政务大数据"), ("政务服务和大数据", "政务大数据"), ("政务服务大数据", "政务大数据"), ("粮食和物资储备", "粮食和储备"), ("粮食和物资储备", "粮储"), ("科学技术", "科技"),
    ("金融工作", "金融"), ("机构编制委员会", "编"), ("残疾人联合会", "残联"), ("妇女联合会", "妇联"), ("科学技术协会", "科协"), ("工商业联合会", "工商联"), ("政法委员会", "政法委"),
    ("市场监管", "市场监管"), ("消防救援", "消防"), ("经济技术开发", "经开"), ("经济开发", "经开"), ("高新技术产业开发", "高新"), ("城乡一体化示范", "示范"), ("管理委员会", "管委会"), ("委员会", "委"),
    ("人民政府", "政府"), ("办公室", "办"),
)  # fmt: skip


LONGEST_NAME, LONGEST_CELL = 60, 800


@dataclass(frozen=True)
class Department:
    """One department of the directory. `until` is the day since when it is closed; `successor` the name of who took over."""

    name: str
    short: str = ""
    former: tuple[str, ...] = ()
    county: bool = False
    until: dt.date | None = None
    successor: str = ""


@dataclass(frozen=True)
class Match:
    """What a name means: the full name in the directory, or the words themselves. `why` is empty where it is certain."""

    name: str
    why: str = ""
    known: bool = True


@dataclass
class Owners:
    """The lead ("" where none is named), the supporting in their order, leaders by name, and why a field is uncertain."""

    lead: str = ""
    supporting: list[str] = field(default_factory=list)
    leaders: list[str] = field(default_factory=list)
    due: str = ""
    uncertain: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.lead or self.supporting)


class Directory:
    """The departments of a government, found by full, short and former name and by the usual abbreviations.

    `place` is the government's name (驻马店市); `said` maps words of earlier papers to full names, as a person decided.
    """

    def __init__(self, departments: Iterable[Department], place: str = "", said: dict[str, str] | None = None, day: dt.date | None = None) -> None:
        self.place, self.said, self.day = place, said or {}, day
        self.departments = list(departments)
        self.exact: dict[str, Department] = {}
        self.keys: dict[str, set[str]] = {}
        self.by_name = {one.name: one for one in self.departments}
        self.found: dict[str, Match] = {}  # what was asked before
        self.likely = [(one, [self.key(word) for word in (one.name, one.short, *one.former) if word]) for one in self.departments if not one.until]
        for one in sorted(self.departments, key=lambda one: one.until is not None):
            for word in (one.name, one.short, *one.former):
                if word:
                    self.exact.setdefault(squeeze(word), one)
                    self.keys.setdefault(self.key(word), set()).add(one.name)

    def key(self, words: str) -> str:
        """A name without its place and with the usual short words: 驻马店市发展和改革委员会 → 发改委."""
        words = squeeze(words)
        stem = self.place.removesuffix("市").removesuffix("县").removesuffix("区")
        for prefix in (self.place, stem, "中共", "市人民政府", "市政府", "县人民政府", "县政府", "区政府", "市", "县"):
            if prefix and words.startswith(prefix) and len(words) > len(prefix) + 1 and not re.match(r"场|辖|政", words[len(prefix) :]):
                words = words.removeprefix(prefix)
        for long, short in LONG_FOR_SHORT:
            words = words.replace(long, short)
        return re.sub(r"(?<=[县区市])(?:政府)$|(?<=[区县])管委会$", "", words)

    def find(self, words: str) -> Match:
        """What a name in a paper means."""
        if words not in self.found:
            self.found[words] = self._find(squeeze(words))
        return self.found[words]

    def _find(self, words: str) -> Match:
        if len(words) > LONGEST_NAME:
            return Match(words, "unknown", known=False)
        if words in self.said:
            return Match(self.said[words])
        found = self.exact.get(words)
        if found:
            return self._open(found)
        names = self.keys.get(self.key(words), set())
        if len(names) == 1:
            return self._open(self.by_name[next(iter(names))])
        if GROUP.search(words):
            return Match(words, "group", known=False)
        return self._like(words)

    def _open(self, one: Department) -> Match:
        if one.until and (self.day is None or one.until <= self.day):
            return Match(one.successor or one.name, "closed", known=bool(one.successor))
        return Match(one.name)

    def _like(self, words: str) -> Match:
        """The one department whose name holds these characters in this order; uncertain unless it begins with the same one."""
        key = self.key(words)
        stem = re.sub(r"(?:局|委|办|中心|分局|管委会|政府)$", "", key)
        likely = [one for one, keys in self.likely if any(_within(stem, key) for key in keys)]
        if len(stem) >= 2 and len(likely) == 1:
            other = self.key(likely[0].name)
            sure = other[:2] == stem[:2] and other[-1] == key[-1]
            return Match(likely[0].name, "" if sure else "like")
        return Match(words, "unknown", known=False)

    def counties(self) -> list[Department]:
        return [one for one in self.departments if one.county]


def _within(short: str, long: str) -> bool:
    rest = iter(long)
    return all(c in rest for c in short)


def names(text: str, directory: Directory) -> list[str]:
    """The names in a list: cut at 、，；, spaces and line ends, outside brackets."""
    found = []
    for part in cut(text.replace("\n", "、").replace("/", "、").replace("|", "、"), "、，；。,;"):
        for word in re.split(r"\s+", part):
            found += _two_in_one(re.sub(r"^(?:及|和|以及)|等(?:相关|有关)?(?:部门|单位)?$", "", word.strip("：: ")), directory)
    return [word for word in found if word and not re.fullmatch(r"[-—/无\d.]+", word)]


def _two_in_one(word: str, directory: Directory) -> list[str]:
    """市发改委和市财政局, 市发改委市财政局: two names without a mark between them, where both are known."""
    if not word or directory.find(word).known:
        return [word]
    joints = [m.start() for m in re.finditer(r"[和及与]|(?<=[局委办院会])(?=[一-鿿]{2})", word)]
    for at in joints:
        one, two = word[:at], re.sub(r"^[和及与]", "", word[at:])
        if one and two and directory.find(one).known and (ORGANISATION.search(two) or GROUP.search(two)):
            return [one, *_two_in_one(two, directory)]
    return [word]


def looks_like_owners(text: str, directory: Directory) -> bool:
    """Whether a wording, such as what stands in brackets at the end of a line, names organisations."""
    if LABEL.search(text):
        return True
    words = names(re.sub(r"(?:牵头|配合|负责|按职责分工(?:负责)?)", "", ROLE_MARK.sub("", text)), directory)
    known = [word for word in words if directory.find(word).known or ORGANISATION.search(word) or GROUP.match(word)]
    return bool(words) and len(known) * 2 > len(words) and all(len(word) <= 24 for word in words)


def parse(text: str, directory: Directory, role: str = ANY) -> Owners:
    """Who a cell, a bracket or a line names. `role` is what the column says: lead, supporting, any (the first leads) or leader."""
    found = Owners()
    if len(text) > LONGEST_CELL:  # no list of departments
        field_of = "supporting" if role == SUPPORT else "lead"
        return Owners(lead="" if role == SUPPORT else text[:LONGEST_NAME], uncertain={field_of: "unknown"}, unknown=[text[:LONGEST_NAME]])
    leads: list[str] = []
    supports: list[str] = []
    for kind, words in _segments(even(text), role):
        if kind == LEADER:
            found.leaders += [word for word in re.split(r"[、，；\s]+", words) if word]
        elif kind == DUE:
            found.due = words.strip("；。， ")
        else:
            _clauses(words, kind, directory, leads, supports)
    _settle(found, leads, supports, directory, alone=role == SUPPORT)
    return found


def _segments(text: str, role: str) -> list[tuple[str, str]]:
    """The labelled parts of a wording; what stands before the first label has the column's role."""
    marks = list(LABEL.finditer(text))
    if not marks:
        return [(role, text)]
    kinds = [next(kind for kind in LABELS if mark.group(kind)) for mark in marks]
    if LEAD in kinds:
        kinds = [SUPPORT if kind == ANY else kind for kind in kinds]
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    parts = [(kind, text[mark.end() : end].strip("；;，,。 \n（")) for kind, mark, end in zip(kinds, marks, ends, strict=True)]
    head = text[: marks[0].start()].strip("；，。（ \n")
    return ([(role, head)] if head else []) + parts


def _clauses(text: str, kind: str, directory: Directory, leads: list[str], supports: list[str]) -> None:
    """Sorts the names of one part: …牵头 leads, …配合 supports, else in the order in which they stand."""
    for clause in cut(text, "，；。\n,;"):
        clause = clause.strip()
        marked = {squeeze(word): mark.group() for word in cut(clause, "、 ") if (mark := ROLE_MARK.search(word))}
        here = kind
        if SUPPORTS.search(clause):
            here, clause = SUPPORT, SUPPORTS.sub("", clause)
        elif LEADS.search(clause) and kind != SUPPORT:
            here, clause = LEAD, LEADS.sub("", clause)
        for word in names(ROLE_MARK.sub("", clause), directory):
            said = next((m for w, m in marked.items() if w.startswith(word)), "")
            own = LEAD if re.search(r"牵头|主", said) or word.endswith("牵头") else SUPPORT if said or word.endswith("配合") else here
            into = leads if own in (LEAD, ANY) else supports
            into.insert(0 if own == LEAD and here == ANY else len(into), re.sub(r"(?:牵头|配合)$", "", word))


def _settle(found: Owners, leads: list[str], supports: list[str], directory: Directory, *, alone: bool) -> None:
    """The first lead leads; every name becomes the one of the directory, or stays as written and is uncertain."""
    for n, word in enumerate(unique([*leads, *supports])):
        match = directory.find(word)
        role = "lead" if n == 0 and leads and not alone else "supporting"
        if match.why:
            found.uncertain.setdefault(role, match.why)
        if not match.known:
            found.unknown.append(word)
        if role == "lead":
            found.lead = match.name
        elif match.name != found.lead and match.name not in found.supporting:
            found.supporting.append(match.name)
