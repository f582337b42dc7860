"""Pages of the promises that show no light."""

from django.urls import path

from plans.views import document, papers, parts

urlpatterns = [
    path("documents/<int:pk>/", document.document, name="document"),
    path("documents/<int:pk>/attach/", document.document_attach, name="document-attach"),
    path("plans/<slug:plan>/items/<str:code>/parts/", parts.parts, name="parts"),
    path("passages/<int:pk>/", document.passage, name="passage"),
    path("papers/", papers.papers_list, name="papers"),
    path("papers/template/", papers.paper_template, name="paper-template"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
    path("plans/<slug:code>/table/", papers.plan_table, name="plan-table"),
]
