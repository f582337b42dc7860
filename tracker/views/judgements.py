"""研判: an item's judgements, the latest first, and the form by which a supervisor adds one."""

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from people.access import Person, entry
from people.form_keys import once
from people.models import Role
from tracker import judgements as deeds
from tracker.forms.beside import JudgementForm
from tracker.models import Grade
from tracker.queries.judgements import JudgementPage, judgement_page
from tracker.turns import Refused

SCALE: dict[Grade, Any] = {
    Grade.SURE: _("按期完成看来没有悬念，没有要紧的事待办"),
    Grade.LIKELY: _("看来能完成，有风险，盯住就不会误事"),
    Grade.DOUBTFUL: _("能不能完成说不准，有要紧的问题，现在办还来得及"),
    Grade.UNLIKELY: _("几处要紧的地方都不落实，不大办就完不成"),
    Grade.HOPELESS: _("照现在的目标和期限看来完不成，应当重新定或停下"),
}


@never_cache
@entry(methods=["GET", "POST"])
def judgement(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    person: Person = request.person
    page = judgement_page(person, plan, code, request.now)
    if page is None or (request.method == "POST" and not person.has(Role.SUPERVISOR)):
        raise Http404
    if request.method == "GET":
        return shown(request, page, JudgementForm() if person.has(Role.SUPERVISOR) else None)
    form = JudgementForm(request.POST)
    form.is_valid()
    given = {name: form.cleaned_data.get(name, "") for name in ("grade", "reason")}
    try:
        once(person.user, key_of(request), lambda: str(deeds.judge(page.seen.item, **given, by=person, at=request.now).pk))
    except Refused as refused:
        form.refuse(refused)
        return shown(request, page, form, 422)
    return redirect(f"{reverse('judgement', args=[plan, code])}?said=1")


def key_of(request: HttpRequest) -> str:
    """The key of the form; one that no form of ours carries is a new one, so that what is wrong is still said."""
    key = request.POST.get("key", "")[:64]
    return key if key.isalnum() else secrets.token_hex(16)


def shown(request: HttpRequest, page: JudgementPage, form: JudgementForm | None, status: int = 200) -> HttpResponse:
    context = {
        "heading": _t("研判"), "row": page.seen.row, "history": page.history, "melon": page.melon, "reads": page.seen.reads(request.person), "form": form,
        "key": request.POST.get("key") or secrets.token_hex(16), "said": request.GET.get("said"), "scale": [(grade.label, words) for grade, words in SCALE.items()],
    }  # fmt: skip
    return render(request, "tracker/judgement.html", context, status=status)
