"""Pages of the promises that show no light."""

from django.urls import path

from plans.views import document, editor, editor_checks, editor_goals, editor_item, editor_plan, papers, parts, sharing

urlpatterns = [
    path("plans/new/", editor_plan.plan_new, name="plan-new"),
    path("plans/<slug:code>/edit/", editor.editor, name="plan-editor"),
    path("plans/<slug:code>/edit/head/", editor_plan.editor_plan, name="editor-plan"),
    path("plans/<slug:code>/edit/goals/<slug:key>/", editor_goals.editor_goal, name="editor-goal"),
    path("plans/<slug:code>/edit/items/<int:pk>/", editor_item.editor_item, name="editor-item"),
    path("plans/<slug:code>/edit/checks/", editor_checks.editor_checks, name="editor-checks"),
    path("plans/<slug:code>/edit/delete/", editor_plan.editor_delete, name="editor-delete"),
    path("plans/<slug:code>/edit/leads/", editor_checks.editor_leads, name="editor-leads"),
    path("documents/<int:pk>/", document.document, name="document"),
    path("documents/<int:pk>/attach/", document.document_attach, name="document-attach"),
    path("plans/<slug:plan>/items/<str:code>/parts/", parts.parts, name="parts"),
    path("passages/<int:pk>/", document.passage, name="passage"),
    path("papers/", papers.papers_list, name="papers"),
    path("papers/template/", papers.paper_template, name="paper-template"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
    path("plans/<slug:code>/table/", papers.plan_table, name="plan-table"),
    path("sharing/", sharing.sharing, name="sharing"),
    path("sharing/<slug:code>/", sharing.consultation, name="consultation"),
    path("sharing/<slug:code>/answer/", sharing.answer, name="consultation-answer"),
    path("sharing/<slug:code>/publication/", sharing.publication, name="publication"),
    path("sharing/<slug:code>/sign/", sharing.sign, name="publication-sign"),
    path("sharing/<slug:code>/files/<slug:kind>/", sharing.issued_file, name="publication-file"),
]
