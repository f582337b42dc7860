"""批量新增: many people from a table, looked at before anything is done."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from people import codes
from people.access import entry
from people.form_keys import once
from people.language import speaks_english
from people.models import OneTimeCode, Role
from people.queries import codes_of
from people.staffing import Refused
from plans import sheets
from plans.sheets import Problem
from tracker import enrolling, exporting

SALT, MOST_BYTES = "tracker.people_import", 5 * 1024**2


@never_cache
@entry(Role.ADMINISTRATOR, Role.STEWARD, methods=["GET", "POST"])
def people_import(request: HttpRequest) -> HttpResponse:
    """GET the page, or an empty table; POST a file for its preview, or the preview for what it says."""
    if request.method == "GET":
        if kind := exporting.asked(request):
            return exporting.file_response(kind, "people-template", _("人员"), [heads[-1 if speaks_english() else 0] for heads in enrolling.HEADS.values()], [])
        return _page(request)
    if request.POST.get("do") == "enrol":
        return _enrol(request)
    file = request.FILES.get("file")
    if file is None or not file.size or file.size > MOST_BYTES:
        return _page(request, 422, file_error=_("没有选择文件，或文件是空的。") if file is None or not file.size else _("文件超过5MB，请拆分后再传。"))
    try:
        sheet = enrolling.read(file.read(), file.name or "", request.person, request.now)
    except sheets.Refused as refused:
        return _page(request, 422, problems=refused.problems)
    signed = "" if sheet.problems else signing.dumps(sheet.people, salt=_salt(request), compress=True)
    return _page(request, 422 if sheet.problems else 200, problems=sheet.problems, rows=sheet.people, signed=signed)


def _salt(request: HttpRequest) -> str:
    return f"{SALT}:{request.person.id}"


def _enrol(request: HttpRequest) -> HttpResponse:
    person, signed = request.person, request.POST.get("signed", "")
    try:
        people = signing.loads(signed, salt=_salt(request), max_age=3600)
    except signing.BadSignature:
        return _page(request, 422, file_error=_("预览已过期，请重新上传。"))
    try:
        key = signing.Signer(salt=SALT).signature(signed)[:60]
        made = once(person.user, key, lambda: f"{enrolling.enrol_all(people, person, request.now)[0].pk}-{len(people)}")
    except Refused as refused:
        return _page(request, 422, problems=[Problem("", refused.message)], rows=people)
    first, _mark, count = made.partition("-")
    found = codes_of(person, int(first), int(count))
    slips = [codes.slip(code) for code in found if code.channel == OneTimeCode.Channel.SLIP]
    if not slips:
        return redirect("people")
    return render(request, "people/slips.html", {"slips": slips, "address": f"{settings.SITE_URL}{reverse('join')}"})


def _page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "tracker/people_import.html", more, status=status)
