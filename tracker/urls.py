"""Every page of the product."""

from django.urls import include, path

from tracker.views import department, departments, evidence, home, item, items, measure, my_work, overview, plan, plans, report, search

urlpatterns = [
    path("", include("people.urls")),
    # reading: what was promised and where it stands
    path("plans/", plans.plans, name="plans"),
    path("plans/<slug:code>/", plan.plan, name="plan"),
    path("items/", items.items, name="items"),
    path("items/<str:plan>/<str:code>/", item.item, name="item"),
    path("departments/", departments.departments, name="departments"),
    path("departments/<slug:code>/", department.department, name="department"),
    path("search/", search.search, name="search"),
    # overseeing: what lags, what is told, what was done
    path("", home.home, name="home"),
    path("overview/", overview.overview, name="overview"),
    # writing: what is owed, its form, its history
    path("my-work/", my_work.my_work, name="my-work"),
    path("my-work/<int:duty>/", my_work.my_work_row, name="my-work-row"),
    path("reports/<int:duty>/", report.report, name="report"),
    path("reports/<int:duty>/preview/", report.report_preview, name="report-preview"),
    path("evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path("measures/<str:code>/", measure.measure, name="measure"),
]
