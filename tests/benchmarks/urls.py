"""The product's pages, and T: a constant page behind the whole of its middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from people.access import entry
from tracker.urls import urlpatterns as of_the_product


@entry()
def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse("constant")


urlpatterns = [path("constant/", constant, name="constant"), *of_the_product]
