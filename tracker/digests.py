"""alert → digest: the weekly mail that says in one screen what is red, since when, and what waits for a decision.

Leaders get it for their portfolio (without one: the whole city), department heads for what their department leads. One message a
person and week; nothing to whom nothing lags, and the run says how many items it checked for that.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from people import clock
from people.language import in_language
from people.models import Government
from people.workdays import Calendar, calendar_of
from tracker import formats, wording
from tracker.digest_sources import AlertRow, ItemRow, Reader, Seen, gather, week_of
from tracker.models import Alert, Message
from tracker.models.judgements import DOUBTED
from tracker.models.standings import LAGGING, Light
from tracker.telling import Letter, Line, Page, Section, Tally, address, as_plain, gap_words, letter, store

HOUR = dt.time(8)
MOST_SECTIONS = 3
LONG, SHORT, RUNNING = 4, 3, 5  # lines of a section: of red items, of decisions, of a paragraph; together one phone screen
SHAPES = (
    (Light.RED, "◆", "#a8231a"),
    (Light.YELLOW, "▲", "#785600"),
    (Light.GREEN, "●", "#1d6b3d"),
    (Light.BLUE, "■", "#1b579f"),
    (Light.NOT_DUE, "◌", "#645f55"),
    (Light.GREY, "−", "#645f55"),
)

SHORT_WORDS = {Light.NOT_DUE: pgettext_lazy("short", "未到"), Light.GREY: pgettext_lazy("short", "暂无")}  # seven counts in one row of a phone


@dataclass(frozen=True)
class Composed:
    """What a run ends in: how many items it checked, for how many people, and how many messages of this week there are."""

    occasion: str
    checked: int
    people: int
    messages: int
    new: int

    @property
    def said(self) -> str:
        """The record's sentence."""
        return f"sent {self.messages}" if self.messages else f"nothing lagging among {self.checked} checked"


def due(government: Government, at: dt.datetime) -> str | None:
    """The week whose digest is due at the instant, as '2022-W42': from Monday 08:00 on, or from the week's first working day; None on days off."""
    calendar, day = calendar_of(government), clock.day_of(at, government.zone)
    if not calendar.is_workday(day) or at < clock.start_of(_first_workday(day, calendar), government.zone, HOUR):
        return None
    return week_of(day)


def _first_workday(day: dt.date, calendar: Calendar) -> dt.date:
    """Of the week that holds `day`, which has one."""
    return calendar.next_workday(day - dt.timedelta(days=day.weekday()))


def compose(government: Government, at: dt.datetime) -> Composed:
    """Makes the digests of the week that holds the instant. Idempotent, and safe twice at once: a person's message of a week is unique."""
    seen = gather(government, at)
    letters = list(written(seen))
    new = store(government, letters, at)
    there = Message.objects.of(government).filter(kind=Message.Kind.DIGEST, occasion=seen.occasion).count()
    return Composed(seen.occasion, seen.checked, len(seen.readers), there, new)


def written(seen: Seen) -> Iterator[Letter]:
    """One letter for each reader for whom something lags, is overdue or waits; pure but for the rendering."""
    for reader in seen.readers:
        view = _view(seen, reader)
        if view.tells:
            with translation.override(reader.user.language):
                yield letter(reader.user, Message.Kind.DIGEST, seen.occasion, _page(view), _facts(view))


@dataclass(frozen=True)
class View:
    """What one reader is told about: his items, sorted, and the filters of the list that holds them."""

    seen: Seen
    reader: Reader
    items: list[ItemRow]
    new_red: list[ItemRow]
    old_red: list[ItemRow]
    yellow: list[ItemRow]
    overdue: list[ItemRow]
    waiting: list[tuple[AlertRow, ItemRow]]  # the longest first
    filters: dict[str, Any]

    @property
    def red(self) -> int:
        return len(self.new_red) + len(self.old_red)

    @property
    def tells(self) -> bool:
        return bool(self.red or self.yellow or self.overdue or self.waiting)

    def count(self, light: str) -> int:
        return sum(item.light == light for item in self.items)

    def link(self, **filters: Any) -> str:
        return address("items", **self.filters, **filters)


def _view(seen: Seen, reader: Reader) -> View:
    items = sorted((i for i in seen.items if reader.covers(i)), key=lambda i: i.worst)
    red = [i for i in items if i.light == Light.RED]
    stayed = [i for i in red if seen.lights_before.get(i.id) == Light.RED]
    mine = {i.id: i for i in items}
    waiting = [(alert, mine[alert.item_id]) for alert in seen.alerts if alert.item_id in mine] if reader.leads else []
    return View(
        seen, reader, items,
        new_red=[i for i in red if i not in stayed],
        old_red=stayed,
        yellow=[i for i in items if i.light == Light.YELLOW],
        overdue=sorted((i for i in items if i.overdue), key=lambda i: (-i.overdue, i.code)),
        waiting=waiting,
        filters=_filters(seen, reader),
    )  # fmt: skip


def _filters(seen: Seen, reader: Reader) -> dict[str, Any]:
    """The filters of the list that holds just the reader's items."""
    if reader.leads:
        return {"portfolio": 1} if reader.departments else {}
    return {"department": seen.departments[reader.user.department_id].code, "lead": 1}


def _page(view: View) -> Page:
    seen = view.seen
    sections = [s for s in (_decisions(view), _new(view), _stayed(view), _late(view), _slow(view)) if s.lines][:MOST_SECTIONS]
    whose = str(seen.government) if view.reader.leads else seen.departments[view.reader.user.department_id].short_title
    heading = _heading(view)
    return Page(
        heading=_("%(whose)s周报") % {"whose": whose},
        title=_("序时周报：%(heading)s") % {"heading": heading.rstrip("。.").replace("\n", "")},
        lead=heading,
        day=formats.day(seen.day),
        tally=_tally(view),
        sections=sections,
        button=_("打开总览") if view.reader.leads else _("打开本部门事项"),
        button_href=address("overview") if view.reader.leads else view.link(),
        foot=_foot(view),
        why=_("每盏灯怎样算出"),
        why_href=address("overview-why") if view.reader.leads else address("department-why", seen.departments[view.reader.user.department_id].code),
        preview=_("，").join(line.name for section in sections for line in section.lines),
    )


def _heading(view: View) -> str:
    """9 项滞后，比二季度多 4 项；3 件事待决定。"""
    red, seen = view.red, view.seen
    said = ngettext("%(n)d 项滞后", "%(n)d 项滞后", red) % {"n": red} if red else _("没有滞后")
    if seen.before is not None and seen.before.closes is not None and red:
        change = red - sum(seen.lights_before.get(i.id) == Light.RED for i in view.items)
        words = {"period": seen.before.closes.title, "n": abs(change)}
        said += (
            _("，比%(period)s多 %(n)d 项") % words if change > 0 else _("，比%(period)s少 %(n)d 项") % words if change else _("，与%(period)s一样多") % words
        )
    if not red and view.yellow:
        said += ngettext("，%(n)d 项偏慢", "，%(n)d 项偏慢", len(view.yellow)) % {"n": len(view.yellow)}
    if view.waiting:
        said += ngettext("；\n%(n)d 件事待决定", "；\n%(n)d 件事待决定", len(view.waiting)) % {"n": len(view.waiting)}
    elif not red and view.overdue:
        said += ngettext("；%(n)d 项逾期", "；%(n)d 项逾期", len(view.overdue)) % {"n": len(view.overdue)}
    return said + _("。")


def _tally(view: View) -> list[Tally]:
    cells = [Tally(str(SHORT_WORDS.get(light, light.label)), shape, colour, view.count(light), view.link(light=light.value)) for light, shape, colour in SHAPES]
    return [*cells, Tally(_("逾期"), "", "", len(view.overdue), view.link(overdue=1))]


def _line(view: View, item: ItemRow, right: str = "") -> Line:
    better = "down" if item.better == "down" or (not item.better and item.comparator == "at_most") else "up"
    return Line(
        name=in_language(item.name, item.name_en),
        href=address("item", item.plan, item.code),
        sub="　".join(
            filter(
                None,
                (
                    view.seen.departments[item.lead_id].short_title if view.reader.leads else "",
                    _("按推算") if item.assumed else "",
                    _("异议中") if item.disputed else "",
                    wording.judged(item.judged),
                ),
            )
        ),
        right=right or gap_words(item.gap, item.gap_in, better),
        light=item.light,
        flag=_("逾期") if item.overdue and not right else "",
    )


def _section(view: View, title: str, items: list[ItemRow], most: int, note: str = "", running: bool = False, **filters: Any) -> Section:
    left = len(items) - most
    more = ngettext("另 %(n)d 项", "另 %(n)d 项", left) % {"n": left} if left > 0 else ""
    return Section(title, len(items), [_line(view, i) for i in items[:most]], view.link(**filters), note, more, running)


def _new(view: View) -> Section:
    n = len(view.new_red)
    title = ngettext("本期新转滞后 %(n)d 项", "本期新转滞后 %(n)d 项", n) if view.seen.before else ngettext("滞后 %(n)d 项", "滞后 %(n)d 项", n)
    filters: dict[str, Any] = {"light": Light.RED.value, **({"stayed": 0} if view.seen.before else {})}
    return _section(view, title % {"n": n}, view.new_red, LONG, note=_("欠序时进度，百分点"), **filters)


def _stayed(view: View) -> Section:
    late = sum(bool(i.overdue) for i in view.old_red)
    n = len(view.old_red)
    title = ngettext("连续两期以上滞后 %(n)d 项", "连续两期以上滞后 %(n)d 项", n) % {"n": n}
    note = ngettext("其中 %(n)d 项逾期", "其中 %(n)d 项逾期", late) % {"n": late} if late else ""
    return _section(view, title, view.old_red, RUNNING, note=note, running=True, light=Light.RED.value, stayed=1)


def _late(view: View) -> Section:
    n = len(view.overdue)
    title = ngettext("逾期 %(n)d 项", "逾期 %(n)d 项", n) % {"n": n}
    lines = [_line(view, i, right=formats.days(i.overdue)) for i in view.overdue[:SHORT]]
    left = n - len(lines)
    return Section(title, n, lines, view.link(overdue=1), _("逾期天数"), ngettext("另 %(n)d 项", "另 %(n)d 项", left) % {"n": left} if left else "")


def _slow(view: View) -> Section:
    n = len(view.yellow)
    return _section(view, ngettext("偏慢 %(n)d 项", "偏慢 %(n)d 项", n) % {"n": n}, view.yellow, RUNNING, running=True, light=Light.YELLOW.value)


def _decisions(view: View) -> Section:
    lines = [_decision(view, alert, item) for alert, item in view.waiting[:SHORT]]
    left = len(view.waiting) - len(lines)
    more = ngettext("另 %(n)d 件", "另 %(n)d 件", left) % {"n": left} if left else ""
    href = address("alerts", waits=1, **view.filters)
    return Section(_("需要决定"), len(view.waiting), lines, href, _("等得最久的在前"), more)


def _decision(view: View, alert: AlertRow, item: ItemRow) -> Line:
    """What waits: the item, whose it is, why and for how long."""
    department = view.seen.departments[alert.department_id].short_title
    sub = _("%(department)s：%(rules)s") % {"department": department, "rules": Alert.Rule(alert.rule).label}
    age = formats.days((view.seen.day - alert.since).days)
    return Line(in_language(item.name, item.name_en), address("item", item.plan, item.code), sub, _("已等 %(days)s") % {"days": age})


def _foot(view: View) -> str:
    run = view.seen.run
    day = formats.day(run.as_of) if run else ""
    n = len(view.items)
    words = ngettext("按 %(day)s 的进度核对 %(n)d 项。", "按 %(day)s 的进度核对 %(n)d 项。", n) % {"day": day, "n": n}
    words += _melons(view)
    words += _("每周一 8 点发给市领导和部门负责人，逢假日顺延。")
    return words + (_("进展为虚构。") if settings.STAGE else "")


def _melons(view: View) -> str:
    """What is green and doubted, by name: no section lists what is green."""
    names = [in_language(i.name, i.name_en) for i in view.items if i.light == Light.GREEN and i.judged in DOUBTED]
    words = ngettext("%(n)d 项亮灯正常而研判存疑：%(names)s。", "%(n)d 项亮灯正常而研判存疑：%(names)s。", len(names))
    return words % {"n": len(names), "names": _("、").join(names[:SHORT])} if names else ""


def _facts(view: View) -> dict[str, Any]:
    """What a message tells, kept beside it: ids, counts and links, and the reports that the figures came from."""
    shown = _page(view)
    told = [*view.new_red, *view.old_red, *view.yellow, *view.overdue]
    return {
        "run": view.seen.run.number if view.seen.run else 0,
        "before": view.seen.before.number if view.seen.before else None,
        "scope": {"leads": view.reader.leads, "departments": sorted(view.reader.departments)},
        "checked": len(view.items),
        "counts": {light.value: view.count(light) for light in Light} | {"overdue": len(view.overdue)},
        "new_red": [i.id for i in view.new_red],
        "old_red": [i.id for i in view.old_red],
        "lagging": [i.id for i in view.items if i.light in LAGGING],
        "overdue": [i.id for i in view.overdue],
        "alerts": [alert.id for alert, _item in view.waiting],
        "reports": sorted({i.report_id for i in told if i.report_id}),
        "links": {cell.word: {"href": cell.href, "count": cell.n} for cell in shown.tally}
        | {s.title: {"href": s.href, "count": s.count} for s in shown.sections},
        "sections": [as_plain(section) for section in shown.sections],
    }
