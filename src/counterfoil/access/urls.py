from django.urls import path

from counterfoil.access.views.accounts import accounts
from counterfoil.access.views.dev import dev_login, dev_outbox, dev_sellers
from counterfoil.access.views.entry import login_link, login_link_code
from counterfoil.access.views.left_form import left_form
from counterfoil.access.views.login import login, login_code
from counterfoil.access.views.lost_phone import lost_phone
from counterfoil.access.views.not_me import not_me
from counterfoil.access.views.second_factor import second_factor
from counterfoil.access.views.session import logout
from counterfoil.access.views.step_up import step_up

urlpatterns = [
    path("express/<str:account_id>/<str:token>", login_link, name="login-link"),
    path("express/<str:account_id>/<str:token>/code", login_link_code, name="login-link-code"),
    path("express/<str:account_id>/<str:token>/phone", lost_phone, name="lost-phone"),
    path("login", login, name="login"),
    path("login/code", login_code, name="login-code"),
    path("left-form", left_form, name="left-form"),
    path("accounts", accounts, name="accounts"),
    path("not-me/<str:token>", not_me, name="not-me"),
    path("sign-in/second", second_factor, name="second-factor"),
    path("step-up/<str:token>", step_up, name="step-up"),
    path("logout", logout, name="logout"),
    path("dev/sellers", dev_sellers, name="dev-sellers"),
    path("dev/login/<str:account_id>", dev_login, name="dev-login"),
    path("dev/outbox", dev_outbox, name="dev-outbox"),
]
