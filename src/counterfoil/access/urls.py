from django.urls import path

from counterfoil.access.views.dev import dev_login, dev_outbox, dev_sellers
from counterfoil.access.views.entry import login_link, login_link_code
from counterfoil.access.views.session import login, logout

urlpatterns = [
    path("express/<str:account_id>/<str:token>", login_link, name="login-link"),
    path("express/<str:account_id>/<str:token>/code", login_link_code, name="login-link-code"),
    path("login", login, name="login"),
    path("logout", logout, name="logout"),
    path("dev/sellers", dev_sellers, name="dev-sellers"),
    path("dev/login/<str:account_id>", dev_login, name="dev-login"),
    path("dev/outbox", dev_outbox, name="dev-outbox"),
]
