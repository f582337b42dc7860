"""Every page of the product."""

from django.urls import include, path

from tracker.views import department, departments, home, item, items, overview, plan, plans, search

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
]
