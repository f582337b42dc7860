"""A wording → the promises in it: 新建幼儿园53所、小学84所，完成投资3亿元 are three. Nothing is invented: a part without a figure is a task."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from plans.papers import due, naming
from plans.papers.due import Due
from plans.papers.figures import Figure, figures
from plans.papers.kinds import GAIN_INSIDE, Kind, kind_of
from plans.papers.words import cut, even

SENTENCES = "。；！\n"
ENUMERATED = re.compile(r"(?<=[。；，：\n])(?:[一二三四五六七八九十]是|[①-⑳]|（\d+）|\d+[.．、）](?!\d))|^(?:一是|[①-⑳]|（\d+）|\d+[.．、）](?!\d))")
OTHER = r"(?:全国|全省|全市|国家|省|市|上年|去年|同期|经济|GDP|地区生产总值|生产总值|周边|同类|省定|中部)"
SYNCHRONOUS = re.compile(
    r"(?:努力)?(?:与|同|和|跟)(?P<other>[一-鿿A-Z]{2,14}?)(?:保持)?(?:基本|大体|总体)?(?:同步(?:增长|提高)?|持平|相当|相一致)(?!推进|实施|建设|规划|设计|开展|发展|改造|进行|完成)"
)
BESIDE = re.compile(
    rf"(?P<how>不低于|高于|低于|快于|优于|不高于|好于|高出)(?P<other>{OTHER}[一-鿿A-Z]{{0,8}}?(?:平均水平|平均增速|平均|水平|增速|均值|增长|增幅|目标|标准|总值)?)(?:以上)?(?P<offset>\d+(?:\.\d+)?(?:—|-|至)?(?:\d+(?:\.\d+)?)?个?百分点)?(?:以上)?"
)
COMPARABLE = re.compile(r"人数|量|次数|面积|支出|成本|金额|起数|增长|增速|收入|率|指数|水平|浓度|降幅|增幅|投资|消费|总额|能耗|贷款|税收|产值|比例|占比")
CONCRETE = re.compile(
    r"^(?:力争|确保|加快|推进|全面|全力|继续|年内|尽快|基本|抓好|做好|启动|开工|建成|完成|新建|改造|续建|实施|出台|编制|制定|建立|组建|成立|举办|投用|竣工|开通|打通|创建|申报|争创|设立|引进|建设|整治|修订|印发|签订|推广|开展|上线|运营)"
)
PURPOSE = re.compile(
    r"^(?:突出|提升|提高|优化|强化|促进|推动(?!.*建设)|加强|深化|健全|保障|助力|不断|着力|切实|持续|充分|有效|坚持|围绕|聚焦|以|为|按照|落实|严格|大力|积极|深入|巩固|构建|形成|增强|激发|释放|努力|统筹|支持|鼓励|引导)"
)
SOFT = re.compile(r"^(?:加快|推进|全面|全力|继续|抓好|做好|实施|开展|推广|建立|完善|启动实施)")
RESULT = re.compile(
    r"(?:开工|投用|投产|通车|竣工|完工|建成|挂牌|上线|运营|完成|开通|通过验收|达标|落地|封顶|全覆盖|清零|(?:开工)?建设|改造|编制|验收|整治|交付|使用|运行|入驻)(?:项目)?$"
)
CONTEXT = re.compile(r"(?:行动|工程|计划|战略|机制|建设|发展|水平|体系|力度|步伐|改造|培育|整治|保护|布局|作用|质量|能力|升级)[”》]?$")
FROM = re.compile(r"(?:由|从)[^，。；\d]{0,12}$")
RESPECTIVELY = re.compile(r"分别(?:为|达到|达|增长|提高|下降|完成|建成|新增|控制在|不低于)?")


LONGEST = 1500  # characters of a wording that is taken apart
TOTAL = Kind("cumulative")


@dataclass(frozen=True)
class Promise:
    """One promise as read. `figure` is None for a task and for `beside`, a comparison with another value (words, offset)."""

    name: str
    text: str
    figure: Figure | None = None
    beside: tuple[str, Decimal] | None = None
    firm: str | None = None
    due: Due | None = None
    kind: Kind = TOTAL
    baseline: Decimal | None = None
    steps: tuple[tuple[str, Due], ...] = ()
    uncertain: dict[str, str] = field(default_factory=dict)
    better: str = ""

    @property
    def indicator(self) -> bool:
        return self.figure is not None or self.beside is not None

    def doubted(self, **reasons: str) -> "Promise":
        """The same promise with more fields marked uncertain."""
        return replace(self, uncertain={**self.uncertain, **reasons})


@dataclass
class _Sentence:
    """What the clauses of one sentence hand on: firmness, limit, the last name, context that had no figure of its own."""

    first: dt.date
    last: dt.date
    firm: str | None = None
    due: Due | None = None
    name: str = ""
    unit: str = ""
    verb: str = ""
    context: str = ""
    within: bool = False  # 其中…: a part of what was just named


def promises(text: str, first: dt.date, last: dt.date) -> list[Promise]:
    """The promises of a wording, for a plan from `first` to `last`. A wording without end is one task. Raises: due.NoDay where a day is none."""
    if len(text) > LONGEST:
        name = naming.shortened(even(text[:LONGEST]))[0]
        return [Promise(name, text, uncertain={"name": "long", "value": "long"})] if naming.comparable(name) else []
    parts = list(sentences(text))
    if staged := _stages(parts, _Sentence(first, last)):
        return [staged]
    kept = _without_talk(parts)
    return [promise for part in kept for promise in _sentence(part, _Sentence(first, last))]


def _without_talk(parts: list[str]) -> list[str]:
    """The sentences that promise something; where others do, those that only name a subject or an aim are their context."""
    figures_too = any(_counts(part) for part in parts)
    firm = [part for part in parts if _counts(part) or ((_deed(part, naming.task_name(part)) or RESULT.search(part)) and not (figures_too and _is_talk(part)))]
    return firm or ["，".join(parts)][: bool(parts)]


def _is_talk(part: str) -> bool:
    """持续推进“四好农村路”建设: says what the figures after it are about."""
    return len(naming.comparable(part)) <= 18 and bool(SOFT.match(part) or PURPOSE.match(part)) and bool(CONTEXT.search(part))


def _stages(parts: list[str], at: _Sentence) -> Promise | None:
    """上半年完成规划；三季度开工；年底前完工: sentences that are the dated steps of one task."""
    if len(parts) < 2 or any(_counts(part) for part in parts):
        return None
    days = [due.limits(part, at.first, at.last) for part in parts]
    ends = [found[-1].on for found in days if found]
    if len(ends) < len(parts) or ends != sorted(set(ends)) or any(len(naming.comparable(part)) > 18 for part in parts[1:]):
        return None
    return _task("；".join(parts), at, [one for found in days for one in found])


def sentences(text: str) -> Iterator[str]:
    """The sentences of a wording, numbers such as 一是 or （1） taken off."""
    for part in cut(ENUMERATED.sub("。", even(text)), SENTENCES):
        if len(naming.comparable(part)) > 1:
            yield part


def _sentence(text: str, at: _Sentence) -> Iterator[Promise]:
    clauses = list(cut(text, "，"))
    if not any(_counts(clause) for clause in clauses):
        yield from _tasks(text, clauses, at)
        return
    final = max(n for n, clause in enumerate(clauses) if _counts(clause))
    for n, clause in enumerate(clauses):
        if not _counts(clause):
            yield from _clause_without(clause, at, last=n > final)
            continue
        for promise in _clause(clause, at):
            yield promise
            at.name, at.unit = promise.name, promise.figure.unit if promise.figure else "%"


def _counts(clause: str) -> bool:
    return bool(figures(clause)) or _beside(clause) is not None


def _clause_without(clause: str, at: _Sentence, *, last: bool) -> Iterator[Promise]:
    """A clause without a figure among others: its limit and will hold on; a deed of its own is a task; the rest is context."""
    at.firm = naming.firmness(clause) or at.firm
    found = due.limits(clause, at.first, at.last)
    name = naming.clean(naming.without_limits(clause))
    if RESULT.fullmatch(name) or (RESULT.search(name) and len(name) <= 8 and naming.firmness(clause)):
        name = _thing(at) + name if _thing(at) not in name else name
        yield replace(_task(clause, at, found), name=naming.shortened(name)[0]).doubted(name="split")
        return
    if len(naming.comparable(name)) >= 6 and _deed(clause, name) and (last or not (SOFT.match(name) and CONTEXT.search(name))):
        yield _task(clause, at, found).doubted(name="split")
        return
    if found:
        at.due = found[-1]
    at.context = name or at.context


def _thing(at: _Sentence) -> str:
    """What the sentence is about: 加快安罗高速建设 → 安罗高速."""
    return re.sub(
        r"(?:项目)?(?:建设|改造|实施)$", "", re.sub(r"^(?:加快|推进|全力|继续|抓好|做好|实施|开展|持续|全面)+", "", at.context or naming.subject(at.name))
    )


def _deed(clause: str, name: str) -> bool:
    """Whether a clause promises a deed of its own."""
    return bool(CONCRETE.match(name) or (naming.ENSURE.match(clause) and len(name) > 6)) and not PURPOSE.match(name)


def _tasks(text: str, clauses: list[str], at: _Sentence) -> Iterator[Promise]:
    """A sentence without figures: one task, or one for each clause that names a deed and a thing."""
    if _dated_steps(clauses, at):
        yield _task(text, at, due.limits(text, at.first, at.last))
        return
    groups: list[list[str]] = []
    for clause in clauses:
        name = naming.clean(naming.without_limits(clause))
        fresh = _deed(clause, name) and len(naming.comparable(name)) >= 6
        if groups and not fresh:
            groups[-1].append(clause)
        else:
            groups.append([clause])
    if len(groups) > 1 and not CONCRETE.match(naming.clean(naming.without_limits(groups[0][0]))):
        groups = [groups[0] + groups[1], *groups[2:]]
    for group in groups:
        task = _task("，".join(group), at, due.limits("，".join(group), at.first, at.last))
        if task.name:
            yield task if len(groups) == 1 else task.doubted(name="split")


def _dated_steps(clauses: list[str], at: _Sentence) -> bool:
    """6月底前开工，年底前建成: stages of one thing, each with its day."""
    dated = [clause for clause in clauses if due.limits(clause, at.first, at.last)]
    return len(dated) > 1 and any(len(naming.comparable(naming.clean(naming.without_limits(clause)))) <= 10 for clause in dated[1:])


def _task(text: str, at: _Sentence, found: list[Due]) -> Promise:
    firm = naming.firmness(text) or at.firm
    at.firm = firm
    limit = max(found, key=lambda one: one.on) if found else at.due
    steps: list[tuple[str, Due]] = []
    if len({one.on for one in found}) > 1:
        for clause in cut(text, "，；、"):
            here = due.limits(clause, at.first, at.last)
            name = naming.clean(naming.without_limits(clause))
            if here and name:
                steps.append((name[:120], here[-1]))
    name, was_cut = naming.shortened(naming.task_name(text))
    promise = Promise(
        name,
        text,
        firm=firm,
        due=limit,
        kind=Kind("cumulative", profile="at_end" if re.search(r"^(?:开工|编制|获批|申报)|挂牌$|开工$", name) else "linear"),
        steps=tuple(steps) if len(steps) > 1 else (),
    )
    promise = promise.doubted(name="long") if was_cut else promise
    return promise.doubted(due="words") if limit and not limit.sure else promise


def _clause(clause: str, at: _Sentence) -> Iterator[Promise]:
    at.firm = naming.firmness(clause) or at.firm
    if (both := _respectively(clause)) is not None:
        for name, figure in both:
            yield _made(name, clause, figure, at).doubted(name="shared")
        return
    at.within = clause.startswith("其中")
    for n, piece in enumerate(_pieces(clause)):
        beside = _beside(piece)
        found = figures(piece)
        if beside and (not found or re.search(r"百分点", beside.group())):
            yield _relative(piece, beside, at)
        else:
            yield from _piece(piece, found, at, n)
        yield from _inner(piece, at)


def _pieces(clause: str) -> Iterator[str]:
    """The parts of a clause that hold one figure each: cut at 、, parts without a figure joined to the next."""
    held = ""
    parts = list(cut(clause, "、"))
    for n, part in enumerate(parts):
        held = f"{held}、{part}" if held else part
        if figures(part) or _beside(part):
            rest = parts[n + 1 :]
            if rest and not any(figures(p) or _beside(p) for p in rest):
                held = "、".join([held, *rest])
                yield from _joined(held)
                return
            yield from _joined(held)
            held = ""
    if held:
        yield held


def _joined(piece: str) -> Iterator[str]:
    """5所和小学3所: cut where a second figure begins."""
    found = figures(piece)
    start = 0
    for one, two in itertools.pairwise(found):
        between = piece[one.end : two.start]
        join = re.match(r"^[一-鿿]{0,10}?(和|及|以及|并|且|：)", between)
        if FROM.search(piece[: one.start]) or re.fullmatch(r"[，、]?(?:力争|争取|冲刺)?", between):
            continue
        end = one.end + (join.start(1) if join else 0)
        yield piece[start:end]
        start = end + (len(join.group(1)) if join else 0)
    yield piece[start:]


def _piece(piece: str, found: list[Figure], at: _Sentence, n: int) -> Iterator[Promise]:
    if not found:
        return
    target, baseline = found[-1], None
    doubts: dict[str, str] = {}
    if len(found) > 1 and FROM.search(piece[: found[0].start]):
        baseline = found[0].value
        before = FROM.sub("", piece[: found[0].start])
    else:
        target = found[0]
        before = piece[: target.start]
        if len(found) > 1:
            doubts["value"] = "two"
    local = due.limits(piece, at.first, at.last)
    local = [one for one in local if not one.backward]
    limit = local[-1] if local else at.due
    if local:
        at.due = local[-1]
    after = piece[target.end :] if len(found) == 1 or baseline is not None else piece[found[-1].end :]
    name = naming.name_of(before, re.sub(r"^[（].*", "", after))
    if not name and at.name:
        if target.unit == at.unit:  # 增长8%、力争10%: a higher wish for what was just promised
            return
        name = naming.subject(at.name)
    promise = replace(_made(_full(name, at, n), piece, target, at), due=limit, baseline=baseline)
    if limit and not limit.sure:
        doubts["due"] = "words"
    yield promise.doubted(**doubts) if doubts else promise


def _full(name: str, at: _Sentence, n: int) -> str:
    """A name that can stand alone: 完成投资 gets the subject before it, 小学 after 新建幼儿园 the verb."""
    verb = naming.LEADING_VERB.match(name)
    if naming.GENERIC.match(name):
        before = naming.subject(at.name) if at.name else at.context
        inside = name.startswith("其中")
        return f"{at.name}（{name}）" if inside and at.name else naming.clean(before) + name
    if verb:
        at.verb = verb.group()
        return name
    if at.verb and (n or at.within) and not re.search(r"增长|增速|率$|占比|达|收入|总额|投资|规模", name) and not GAIN_INSIDE.search(name):
        return at.verb + name
    if n == 0:
        at.verb = ""
    return name


def _made(name: str, text: str, figure: Figure, at: _Sentence) -> Promise:
    kind = kind_of(name, figure)
    short, was_cut = naming.shortened(name)
    reasons = {"accrual": "guessed"} if kind.guessed else {}
    if not figure.unit:
        reasons["unit"] = "none"
    elif not figure.sure:
        reasons["value"] = "words"
    if naming.GENERIC.match(short):
        reasons["name"] = "generic"
    if was_cut or not short:
        reasons["name"] = "long" if was_cut else "none"
    limit = at.due
    return Promise(short, text, figure, firm=at.firm, due=limit, kind=kind, uncertain=reasons, better=figure.better)


def _inner(piece: str, at: _Sentence) -> Iterator[Promise]:
    """（其中公办8所）: a promise inside brackets, where it says so."""
    for bracket in re.findall(r"（(其中[^（）]*)）", piece):
        for part in cut(bracket, "、，"):
            for figure in figures(part)[:1]:
                inner = naming.clean(re.sub(r"^其中[：，]?", "", part[: figure.start]))
                base = at.name or naming.name_of(*_around(piece))
                yield _made(f"{base}（{inner}）" if inner else base, part, figure, at).doubted(name="inner")


def _around(piece: str) -> tuple[str, str]:
    found = figures(piece)
    return (piece[: found[0].start], "") if found else (piece, "")


def _respectively(clause: str) -> list[tuple[str, Figure]] | None:
    """城镇、农村居民收入分别增长6%、7%: each subject with its figure, where their numbers agree."""
    found = RESPECTIVELY.search(clause)
    if not found:
        return None
    subjects = [
        part for piece in cut(naming.clean(naming.without_limits(clause[: found.start()])), "、") for part in re.split(r"(?<=[一-鿿])和(?=[一-鿿])", piece)
    ]
    numbers = figures(clause[found.end() :])
    if len(subjects) != len(numbers) or len(subjects) < 2:
        return None
    last = subjects[-1]
    whole = [one if len(one) >= len(last) - 1 else one + last[len(one) :] for one in subjects[:-1]] + [last]
    verb = re.sub(r"^分别(?:为|达到|达|控制在|不低于)?", "", found.group())
    return [(name + verb if not name.endswith(verb) else name, figure) for name, figure in zip(whole, numbers, strict=True)]


def _beside(text: str) -> re.Match[str] | None:
    for pattern in (SYNCHRONOUS, BESIDE):
        found = pattern.search(text)
        if found and COMPARABLE.search(text[: found.start()]) and not re.search(r"[（“《]", text[max(0, found.start() - 1) : found.start()]):
            return found
    return None


def _relative(piece: str, found: re.Match[str], at: _Sentence) -> Promise:
    groups = found.groupdict()
    offset = Decimal(re.match(r"[\d.]+", groups["offset"]).group()) if groups.get("offset") else Decimal(0)  # type: ignore[union-attr]
    how = groups.get("how") or ""
    down = how in ("低于", "不高于")
    words = found.group()
    name = _full(naming.name_of(piece[: found.start()], ""), at, 0)
    local = due.limits(piece, at.first, at.last)
    growth = bool(re.search(r"增长|增速|收入|增幅|同步", name + words))
    doubts = {} if growth else {"unit": "none"}
    return Promise(
        name, piece, beside=(words, -offset if down else offset), firm=at.firm, due=local[-1] if local else at.due, kind=Kind("held"), uncertain=doubts,
        better="down" if down else "",
    )  # fmt: skip
