"""首次启动: the page that makes the first government; and what is missing before the first period can open."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from people.access import entry
from people.guessing import count_wrong, guessed_too_often
from people.models import Role
from people.staffing import Refused
from plans import setting_up
from tracker import first_start
from tracker.forms.setup import SetupForm
from tracker.queries.readiness import readiness

KIND = "tracker.first_start"


@sensitive_post_parameters()
@entry(public=True, methods=["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Open until there is an administrator; the code is asked before anything else is looked at."""
    if not first_start.is_open():
        raise Http404
    if request.method == "GET":
        return render(request, "tracker/setup.html", {"form": SetupForm()})
    if guessed_too_often(request, KIND):
        return render(request, "tracker/setup.html", {"problem": _("验证码连续填错多次，请 15 分钟后再试。")}, status=429)
    form = SetupForm(request.POST)
    well = form.is_valid()
    if not first_start.is_code(request.POST.get("guard", "")[:40]):
        count_wrong(request, KIND)
        form.errors.pop("guard", None)
        form.add_error("guard", _("验证码不对。请看服务器的控制台或日志。"))
    elif well:
        try:
            user = setting_up.set_up(form.blueprint(), request.now, form.cleaned_data["password"])
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(f"{reverse('sign-in')}?joined={user.login}")
    return render(request, "tracker/setup.html", {"form": form}, status=422)


@entry(Role.ADMINISTRATOR, Role.SUPERVISOR)
def ready(request: HttpRequest) -> HttpResponse:
    """The check list."""
    return render(request, "tracker/readiness.html", {"page": readiness(request.person, request.now)})
