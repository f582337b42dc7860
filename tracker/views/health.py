"""运行: for the administrator, whether everything runs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from people.access import Person, entry
from people.models import Role
from tracker import jobs
from tracker.queries import health as query

WORDS: dict[str, Any] = {
    "open": _("开启报告期、派发应报"), "lock": _("锁定报告期"), "close": _("留存报告时的亮灯"), "rollup": _("汇总"), "alerts": _("提醒"),
    "digest": _("每周摘要"), "corrections": _("更正通知"), "reminders": _("填报提醒"), "mail": _("发送邮件"), "clock": _("时钟"),
}  # fmt: skip


@entry(Role.ADMINISTRATOR)
def health(request: HttpRequest) -> HttpResponse:
    person: Person = request.person
    found = query.health(person, [job.name for job in jobs.LINE])
    rows = [(WORDS.get(job.job, job.job), job) for job in found.jobs]
    failures = [(WORDS.get(run.job, run.job), run) for run in found.failures]
    return render(request, "tracker/health.html", {"found": found, "rows": rows, "failures": failures, "zone": person.user.government.zone})
