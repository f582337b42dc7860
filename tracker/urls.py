"""Every page of the product."""

from django.urls import include, path

urlpatterns = [
    path("", include("people.urls")),
]
