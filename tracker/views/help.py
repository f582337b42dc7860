"""帮助: what I do, in steps, and how a plan, a paper, a year and a city are entered. Whoever sets a city up reads it before anybody has signed in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from people.access import entry
from tracker import helping
from tracker.help_tasks import TASKS


@entry(public=True)
def help_page(request: HttpRequest) -> HttpResponse:
    own = [(topic, helping.steps(topic, request.person)) for topic in helping.own(request.person)]
    context = {"own": own, "others": helping.others(request.person), "tasks": TASKS}
    return render(request, "tracker/help.html", context)


@entry(public=True)
def help_topic(request: HttpRequest, slug: str) -> HttpResponse:
    topic = helping.topic_of(slug)
    if topic is None:
        raise Http404
    return render(request, "tracker/help_topic.html", {"topic": topic, "steps": helping.steps(topic, request.person), "tasks": TASKS})
