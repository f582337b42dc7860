from django.urls import path

from people.views import account, departments, people, signing_in

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("language/", signing_in.choose_language, name="language"),
    path("health/", signing_in.health, name="health"),
    # one's own
    path("account/", account.account, name="account"),
    path("join/", account.join, name="join"),
    path("forgot/", account.forgot, name="forgot"),
    # setting people up
    path("people/new/", people.person_new, name="person-new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/role/", people.person_role, name="person-role"),
    path("people/<int:pk>/portfolio/", people.person_portfolio, name="person-portfolio"),
    path("people/<int:pk>/account/", people.person_account, name="person-account"),
    # setting departments up
    path("people/departments/", departments.department_list, name="department-list"),
    path("people/departments/new/", departments.department_new, name="department-new"),
    path("people/departments/<int:pk>/", departments.department_edit, name="department-edit"),
]
