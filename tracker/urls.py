"""Every page of the product."""

from django.urls import include, path

from tracker.views import (
    alerts,
    audit,
    conflicts,
    department,
    departments,
    evidence,
    health,
    home,
    item,
    items,
    measure,
    messages,
    my_work,
    next_year,
    overview,
    periods,
    plan,
    plans,
    public,
    report,
    review,
    search,
    stage,
)

urlpatterns = [
    path("", include("people.urls")),
    path("", include("plans.urls")),
    # reading: what was promised and where it stands
    path("plans/", plans.plans, name="plans"),
    path("plans/<slug:code>/", plan.plan, name="plan"),
    path("plans/<slug:code>/next-year/", next_year.next_year_page, name="next-year"),
    path("items/", items.items, name="items"),
    path("items/<str:plan>/<str:code>/", item.item, name="item"),
    path("departments/", departments.departments, name="departments"),
    path("departments/<slug:code>/", department.department, name="department"),
    path("search/", search.search, name="search"),
    # overseeing: what lags, what is told, what was done
    path("", home.home, name="home"),
    path("overview/", overview.overview, name="overview"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<int:pk>/note/", alerts.note, name="alert-note"),
    path("conflicts/", conflicts.conflicts, name="conflicts"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<int:pk>/", messages.message, name="message"),
    path("messages/<int:pk>/body/", messages.body, name="message-body"),
    path("messages/<int:pk>/settle/", messages.settle, name="message-settle"),
    path("running/", health.health, name="health-page"),
    path("audit/", audit.audit, name="audit"),
    # writing: what is owed, its form, its history
    path("my-work/", my_work.my_work, name="my-work"),
    path("my-work/<int:duty>/", my_work.my_work_row, name="my-work-row"),
    path("reports/<int:duty>/", report.report, name="report"),
    path("reports/<int:duty>/preview/", report.report_preview, name="report-preview"),
    path("review/", review.review, name="review"),
    path("review/<int:report>/", review.review_report, name="review-report"),
    path("periods/", periods.periods, name="periods"),
    path("periods/<str:occasion>/", periods.period, name="period"),
    path("evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path("measures/<str:code>/", measure.measure, name="measure"),
    # the public: what was published, as it was published
    path("public/", public.public_plans, name="public-plans"),
    path("public/<slug:code>/", public.public_plan, name="public-plan"),
    # the stage: in the demonstration only
    path("stage/", stage.stage, name="stage"),
    path("stage/be/", stage.be, name="stage-be"),
    path("stage/move/", stage.move, name="stage-move"),
    path("stage/start-over/", stage.start_over, name="stage-start-over"),
]
