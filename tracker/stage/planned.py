"""How everything that is not told by the story shall stand: the wished light of each item, its steps, how far its third quarter came.

Pure and from one fixed seed. Quotas are DEMONSTRATION's: of the report's items 8 % blue, 50 % green, 9 % 未到节点, 15 % yellow,
8 % red, 10 % grey; of the third quarter's reports 52 % accepted, 9 % endorsed, 11 % submitted, 12 % draft, 3 % returned, 13 % untouched.
"""

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from plans.models import Item, Measure, Terms
from tracker.stage import cast
from tracker.stage.calendar import day_of

SEED = 20221017
LIGHTS = {"blue": 8, "green": 50, "not_due": 9, "yellow": 15, "red": 8}  # per cent of the report's items; what is left is grey
STATES = {"accepted": 52, "endorsed": 9, "submitted": 11, "draft": 12, "returned": 3, "untouched": 13}  # per cent of the quarter's duties
FEW = 5  # so few come at once or not at all
EASY = 40  # a running total needs about so many units for every light to be reached in whole units


@dataclass(frozen=True)
class PlannedStep:
    name: str
    name_en: str
    due: dt.date
    weight: int
    done: dt.date | None


@dataclass
class Outline:
    """One measure with the item of the report (or of a longer plan) that it is mostly about."""

    terms: Terms
    light: str = "green"
    state: str = "accepted"  # of the third quarter; 'none' where nothing is owed any more
    steps: tuple[PlannedStep, ...] = ()

    @property
    def item(self) -> Item:
        return self.terms.item

    @property
    def measure(self) -> Measure:
        return self.terms.item.measure

    @property
    def is_task(self) -> bool:
        return self.item.kind == Item.Kind.TASK

    @property
    def is_story(self) -> bool:
        return self.measure.code in cast.STORY

    @property
    def is_quarterly(self) -> bool:
        return self.measure.cycle.frequency != "year"

    @property
    def department(self) -> str:
        return self.measure.reporter.code if self.measure.reporter else ""


FAMILIES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "参加|筹备|承办|举办|活动|展销|大赛|论坛|博览会|投洽会|消费券|评选",
        (("方案印发", "Plan issued"), ("筹备就绪", "Preparations completed"), ("活动举办", "Event held"), ("成果落实", "Results followed up")),
    ),
    (
        "申建|创建|争创|申报|示范|评价|第一方阵|认定|达到|保持",
        (
            ("申报材料报送", "Application filed"),
            ("省级初审", "Provincial screening passed"),
            ("现场核查", "Site inspection passed"),
            ("结果公布", "Result announced"),
        ),
    ),
    (
        "制度|机制|体系|规划|编制|方案|标准|办法|改革|政策|提高|建立",
        (("调研起草", "Study and draft"), ("征求意见", "Consultation held"), ("印发实施", "Issued and in force"), ("检查落实", "Implementation checked")),
    ),
    (
        "建设|工程|项目|改造|公路|高速|铁|水库|园|基地|中心|厂|馆|机场|治理|步行街|综合体",
        (("前期手续办结", "Permits obtained"), ("进场施工", "Works started"), ("主体完工", "Main works completed"), ("验收交付", "Accepted and handed over")),
    ),
    ("", (("方案印发", "Plan issued"), ("任务分解到单位", "Tasks assigned"), ("过半推进", "Half completed"), ("全面完成", "All completed"))),
)
# Of each light several ways: (due, weight, is it done) of each step. 'late' ways need an accepted third quarter.
WAYS: dict[str, tuple[tuple[tuple[str, int, bool], ...], ...]] = {
    "blue": ((("03-31", 30, True), ("05-31", 30, True), ("06-30", 40, True)), (("04-30", 40, True), ("06-20", 60, True))),
    "blue late": ((("03-31", 30, True), ("06-30", 30, True), ("09-20", 40, True)),),
    "green": (
        (("03-31", 30, True), ("06-30", 30, True), ("12-15", 40, False)),
        (("05-31", 40, True), ("11-30", 60, False)),
        (("03-31", 20, True), ("06-15", 30, True), ("11-10", 20, False), ("12-20", 30, False)),
    ),
    "green late": (
        (("03-31", 25, True), ("06-30", 25, True), ("09-30", 25, True), ("12-20", 25, False)),
        (("04-30", 30, True), ("08-31", 30, True), ("12-15", 40, False)),
    ),
    "yellow": (
        (("03-31", 30, True), ("06-30", 30, True), ("08-31", 10, False), ("12-20", 30, False)),
        (("05-31", 50, True), ("09-30", 10, False), ("12-15", 40, False)),
    ),
    "red": (
        (("03-31", 20, True), ("06-30", 40, False), ("12-20", 40, False)),
        (("04-30", 30, True), ("08-31", 30, False), ("12-15", 40, False)),
        (("05-31", 40, False), ("12-15", 60, False)),
    ),
    "not_due": ((("11-10", 40, False), ("12-20", 60, False)), (("11-15", 30, False), ("11-30", 30, False), ("12-20", 40, False))),
}


@dataclass
class Planned:
    """The whole: one outline a measure, in the order of plans and items."""

    outlines: list[Outline] = field(default_factory=list)

    def of(self, measure: str) -> Outline:
        return next(o for o in self.outlines if o.measure.code == measure)

    @property
    def report(self) -> list[Outline]:
        return [o for o in self.outlines if o.item.plan.code == cast.REPORT]

    @property
    def quarterly(self) -> list[Outline]:
        return [o for o in self.outlines if o.is_quarterly]


def plan(terms: Iterable[Terms]) -> Planned:
    """Outlines for the terms in force, whose items, measures, cycles, reporters and plans are at hand; the report's come first."""
    chance = random.Random(SEED)  # noqa: S311  invented figures, the same on every machine
    found: dict[str, Outline] = {}
    for each in terms:
        found.setdefault(each.item.measure.code, Outline(each))
    planned = Planned(list(found.values()))
    _choose_lights(planned.report, chance)
    _choose_states(planned.quarterly, chance)
    for outline in planned.report:
        if outline.is_task:
            outline.steps = _steps(outline, chance)
    return planned


def _choose_lights(outlines: Sequence[Outline], chance: random.Random) -> None:
    left = {light: round(len(outlines) * share / 100) for light, share in LIGHTS.items()}
    free: list[Outline] = []
    for outline in outlines:
        code = outline.measure.code
        if code in cast.STORY or code in cast.EARLY:
            outline.light = cast.STORY.get(code) or cast.EARLY[code][2]
        elif outline.measure.cycle.frequency == "year":
            outline.light = "grey"
            continue
        elif few := _of_few(outline):
            outline.light = few
        else:
            free.append(outline)
            continue
        left[outline.light] -= 1
    chance.shuffle(free)
    for light in ("not_due", "blue", "red", "yellow", "green"):
        able = [o for o in free if light == "green" or _can(o, light)]
        for outline in able[: left[light]] if light != "green" else able:
            outline.light = light
            free.remove(outline)


def _of_few(outline: Outline) -> str:
    """The light of an item that counts to a handful, where whole units leave no choice; '' for others."""
    final = outline.terms.targets.all()[0]
    if outline.is_task or final.value is None or final.value >= FEW or outline.terms.accrual != Terms.Accrual.CUMULATIVE:
        return ""
    return "not_due" if outline.terms.profile == Terms.Profile.AT_END else "yellow"


def _can(outline: Outline, light: str) -> bool:
    """Whether the item can show the light, and sensibly."""
    terms, at_end = outline.terms, outline.terms.profile == Terms.Profile.AT_END
    if light == "not_due":
        return at_end and outline.department != cast.BUREAU
    if outline.is_task:
        return light != "blue" or outline.department not in (cast.BUREAU, "scx", "jtj")
    if at_end:
        return False
    final = terms.targets.all()[0]
    if terms.accrual == Terms.Accrual.HELD:
        return light == "yellow"
    if terms.accrual == Terms.Accrual.LEVEL:
        return terms.baseline is not None and light != "blue"
    return final.value is not None and final.value >= EASY and (light != "blue" or outline.department != cast.BUREAU)


def _choose_states(outlines: Sequence[Outline], chance: random.Random) -> None:
    """The third quarter of each duty. Departments are quick or slow as a whole; the slow ones are not through."""
    owed = [o for o in outlines if not _is_over(o)]
    left = {state: round(len(owed) * share / 100) for state, share in STATES.items()}
    pace = {department: chance.random() for department in sorted({o.department for o in owed})}
    free: list[tuple[float, int, Outline]] = []
    fixed = {code: state for state, codes in cast.BUREAU_STATES.items() for code in codes} | cast.STORY_STATES | cast.STATISTICS
    for outline in outlines:
        reporter = outline.measure.reporter
        county = reporter is not None and reporter.kind == "county"
        if outline not in owed:
            outline.state = "none"
        elif outline.measure.code in fixed:
            outline.state = fixed[outline.measure.code]
        elif outline.measure.cycle.frequency == "month":
            outline.state = "none"
        elif county or outline.light == "blue":
            outline.state = "accepted"
        elif outline.department == "tjj":
            outline.state = "untouched"
        else:
            free.append((pace[outline.department] + chance.random() * 0.5, len(free), outline))
            continue
        if outline.state in left:
            left[outline.state] -= 1
    ranked = [outline for *_order, outline in sorted(free)]
    for state in ("accepted", "endorsed", "submitted", "draft", "returned", "untouched"):
        count = max(left[state], 0) if state != "untouched" else len(ranked)
        for outline in ranked[:count]:
            outline.state = state
        ranked = ranked[count:]


def _is_over(outline: Outline) -> bool:
    """Whether nothing is owed in the third quarter: done in the first half, closed, or asked by the month."""
    if outline.measure.code in cast.FINISHED or outline.measure.cycle.frequency == "month":
        return True
    return not outline.is_story and outline.is_task and outline.light == "blue" and outline.item.position % 4 != 0


def _steps(outline: Outline, chance: random.Random) -> tuple[PlannedStep, ...]:
    if laid := cast.STORY_STEPS.get(outline.item.code):
        return tuple(PlannedStep(name, name_en, day_of(due), weight, day_of(done) if done else None) for name, name_en, due, weight, done in laid)
    way = chance.choice(_ways(outline))
    words = next(words for keys, words in FAMILIES if not keys or any(key in outline.terms.name for key in keys.split("|")))
    chosen = words if len(way) == 4 else (words[0], *words[-2:]) if len(way) == 3 else (words[0], words[-1])
    steps = []
    for (name, name_en), (last, weight, done) in zip(chosen, _varied(way, outline.item.code), strict=True):
        steps.append(PlannedStep(name, name_en, last, weight, last - dt.timedelta(days=chance.randint(1, 12)) if done else None))
    return tuple(steps)


def _varied(way: tuple[tuple[str, int, bool], ...], key: str) -> list[tuple[dt.date, int, bool]]:
    """The same way with days and weights of its own, so that no two tasks look copied: a small step stays below ten, days keep their quarter."""
    own = random.Random(key)  # noqa: S311
    days = [day - dt.timedelta(days=own.randint(0, 10)) if (day := day_of(due)) < day_of("10-01") else day for due, _weight, _done in way]
    weights = [weight - own.randint(0, 4) if weight <= 10 else weight + own.randint(-6, 6) for _due, weight, _done in way[:-1]]
    weights.append(100 - sum(weights))
    return [(day, weight, done) for day, weight, (_due, _weight, done) in zip(days, weights, way, strict=True)]


def _ways(outline: Outline) -> tuple[tuple[tuple[str, int, bool], ...], ...]:
    if outline.light == "blue":
        return WAYS["blue" if outline.state == "none" else "blue late"]
    if outline.light == "green" and outline.state == "accepted":
        return WAYS["green"] + WAYS["green late"]
    return WAYS[outline.light]
