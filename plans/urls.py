"""Pages of the promises that show no light."""

from django.urls import path

from plans.views import document, parts

urlpatterns = [
    path("documents/<int:pk>/", document.document, name="document"),
    path("documents/<int:pk>/attach/", document.document_attach, name="document-attach"),
    path("plans/<slug:plan>/items/<str:code>/parts/", parts.parts, name="parts"),
    path("passages/<int:pk>/", document.passage, name="passage"),
]
