"""The stage: what day it is, who to be, and where to move the clock. Stands in the demonstration only."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from people import clock
from people.access import entry
from people.middleware import SIGNED_IN_AT
from people.views.signing_in import safe_next
from tracker import formats
from tracker.queries import stage as queries
from tracker.queries.stage import Outlook, page
from tracker.stage import house, turning

TURNING = "stage.turning"
LONGEST_TURN = 120  # seconds after which a turn that died lets the next one begin
REPORT = "report-2022"


@dataclass(frozen=True)
class Link:
    text: str
    url: str


@dataclass(frozen=True)
class Card:
    """Somebody to be: the office, the part, today's task, three pages. Without `login` nobody signs in."""

    login: str
    office: str
    role: str
    task: str
    links: tuple[Link, Link, Link]


@entry(public=True, stage_only=True)
def stage(request: HttpRequest) -> HttpResponse:
    city = queries.government()
    if city is None:
        return render(request, "tracker/stage.html", {"nothing": True}, status=503)
    outlook = queries.outlook(city, request.now)
    since = _since(request, outlook.now)
    context = {
        "outlook": outlook,
        "clock_hour": request.now.astimezone(dt.timezone(dt.timedelta(hours=8))).strftime("%H:%M"),
        "sentences": sentences(outlook),
        "cards": cards(outlook),
        "stops": [(stop, title, bool(turning.goal(stop, outlook.now))) for stop, title in _stops().items()],
        "since": since,
        "days": queries.happened(city, since, outlook.now) if since else [],
        "may_start_over": house.is_own(),
        "refused": not _is_near(request),
        "busy": request.GET.get("busy"),
    }
    return render(request, "tracker/stage.html", context, status=200)


@entry(public=True, stage_only=True, methods=["POST"])
def be(request: HttpRequest) -> HttpResponse:
    """Signs in without a password as one of the cards, and goes on to a page."""
    if not _is_near(request):
        return _refuse(request)
    user = queries.sitter(request.POST.get("login", "")) if request.POST.get("login") in LOGINS else None
    if user is None:
        return redirect("stage")
    login(request, user, backend="people.signing_in.LoginBackend")
    request.session[SIGNED_IN_AT] = clock.machine_now().timestamp()
    return redirect(safe_next(request, request.POST.get("next")))


@entry(public=True, stage_only=True, methods=["POST"])
def move(request: HttpRequest) -> HttpResponse:
    """Moves the clock to a stop; one move at a time."""
    if not _is_near(request):
        return _refuse(request)
    city, now = queries.government(), request.now
    goal = turning.goal(request.POST.get("to", ""), now)
    if city is None or goal is None:
        return redirect("stage")
    if not cache.add(TURNING, "1", LONGEST_TURN):
        return redirect(reverse("stage") + "?busy=1")
    try:
        turning.turn(city, now, goal)
    finally:
        cache.delete(TURNING)
    return redirect(f"{reverse('stage')}?since={now:%Y-%m-%dT%H:%M:%SZ}#happened")


@entry(public=True, stage_only=True, methods=["POST"])
def start_over(request: HttpRequest) -> HttpResponse:
    """Everything as it was built; everybody is signed out."""
    if not _is_near(request):
        return _refuse(request)
    if house.is_own():
        request.session.flush()
        house.start_over()
    response = redirect("stage")
    response.delete_cookie(settings.SESSION_COOKIE_NAME)
    return response


def _is_near(request: HttpRequest) -> bool:
    """Whether the request comes from this very machine, and not through a proxy; or a setting lets all in."""
    if settings.STAGE_REMOTE:
        return True
    passed_on = {"HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"} & set(request.META)
    address = str(request.META.get("REMOTE_ADDR", ""))
    return not passed_on and (address == "::1" or address.startswith(("127.", "::ffff:127.")))


def _refuse(request: HttpRequest) -> HttpResponse:
    return render(request, "tracker/stage.html", {"refused": True}, status=403)


def _since(request: HttpRequest, now: dt.datetime) -> dt.datetime | None:
    try:
        since = parse_datetime(request.GET.get("since", ""))
    except ValueError:
        return None
    longest = dt.timedelta(days=31)
    return since if since and since.tzinfo and now - longest < since < now else None


def _stops() -> dict[str, str]:
    return {"tomorrow": _("到明天"), "statistics": _("到 10 月 24 日"), "november": _("到 11 月 1 日")}


def sentences(o: Outlook) -> list[str]:
    """What is about to happen, after the day has been named."""
    said = []
    if o.due:
        words = {"day": formats.day(o.due), "missing": o.missing, "review": o.in_review}
        tonight = _("今晚 24 时截止，还有 %(missing)d 项未报，%(review)d 项在审核。") % words
        said.append(tonight if o.due == o.day else _("下一个截止日是 %(day)s，还有 %(missing)d 项未报，%(review)d 项在审核。") % words)
    if o.overdue:
        said.append(_("%(n)d 项已经逾期。") % {"n": o.overdue})
    tomorrow = o.meeting == o.day + dt.timedelta(days=1)
    said.append(_("明天开周例会。") if tomorrow else _("周例会在 %(day)s。") % {"day": formats.day(o.meeting)})
    if o.statistics:
        said.append(_("三季度统计数据 %(day)s 出来。") % {"day": formats.day(o.statistics)})
    return said


CardOf = Callable[[Outlook], Card]
LOGINS = ("gxj-reporter", "gxj-reviewer", "supervisor", "vice-city", "administrator", "auditor")


def _clerk_task(o: Outlook) -> str:
    words = {"open": o.bureau_open, "returned": o.bureau_returned}
    if o.clerk_done:
        return _("上云企业 4540 家已报送；还有 %(open)d 项未报、%(returned)d 项被退回。") % words
    return _("还有 %(open)d 项未报、%(returned)d 项被退回：填上云企业 4540 家，看亮灯怎样变，再报送。") % words


def _head_task(o: Outlook) -> str:
    if not o.bureau_review:
        return _("没有等你审核的填报；看本局哪几项滞后、哪几项逾期。")
    return _("%(n)d 项等你审核，其中一项正好踩在应达数上，一项文字与上季度相同。") % {"n": o.bureau_review}


def cards(o: Outlook) -> list[Card]:
    """The seven."""
    bureau, supervision = _("市工信局"), _("市督查室")
    clerk = page("report", o.clerk_duty) if o.clerk_duty else page("my-work")
    return [
        Card(
            LOGINS[0], bureau, _("填报员"),
            _clerk_task(o),
            (Link(_("我的待填"), page("my-work")), Link(_("填报上云企业"), clerk), Link(_("新增上云企业"), page("item", REPORT, "3.3-19"))),
        ),
        Card(
            LOGINS[1], bureau, _("局长（审核人）"),
            _head_task(o),
            (Link(_("审核"), page("review")), Link(_("本局事项"), page("department", "gxj")), Link(_("本局提醒"), page("alerts"))),
        ),
        Card(
            LOGINS[2], supervision, _("督查员"),
            _("%(n)d 项等核定，%(overdue)d 项逾期未报：催报、退回，或核定。") % {"n": o.waiting, "overdue": o.overdue},
            (Link(_("审核"), page("review")), Link(_("报告期"), page("periods")), Link(_("目标冲突"), page("conflicts"))),
        ),
        Card(
            LOGINS[3], _("市政府"), _("分管城建副市长"),
            _("一分钟看清分管的红灯；第六污水处理厂卡在用地，选址 A、B 等你定。"),
            (Link(_("总览"), page("overview")), Link(_("第六污水处理厂"), page("item", REPORT, "3.6-07")), Link(_("提醒"), page("alerts"))),
        ),
        Card(
            LOGINS[4], _("市政府办"), _("管理员"),
            _("看发出的每封邮件和系统运行；任何一个数都动不了。"),
            (Link(_("消息"), page("messages")), Link(_("总览"), page("overview")), Link(_("规划"), page("plans"))),
        ),
        Card(
            LOGINS[5], _("市审计局"), _("审计员"),
            _("查谁在何时改了什么：户厕改造 6.1 万户更正为 4.6 万户。"),
            (Link(_("户厕改造"), page("item", REPORT, "3.5-26")), Link(_("报告期"), page("periods")), Link(_("消息"), page("messages"))),
        ),
        Card(
            "", _("公众"), _("市民"),
            _("不用登录，看市里公布过的三份规划，一字不改。"),
            (Link(_("公布的规划"), page("public-plans")), Link(_("政府工作报告"), page("public-plan", REPORT)), Link(_("制造业规划"), page("public-plan", "manufacturing-2025"))),
        ),
    ]  # fmt: skip
