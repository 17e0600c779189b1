from django.urls import path

from counterfoil.console.views.accounts import account, accounts
from counterfoil.console.views.dev import dev_console
from counterfoil.console.views.log import log
from counterfoil.console.views.room import logout, mode, platform, room
from counterfoil.console.views.security import (
    app_new,
    factor_new,
    factor_removal,
    passkey_new,
    recovery_codes,
    security,
)
from counterfoil.console.views.seeing import see, seeing
from counterfoil.console.views.sign_in import login, login_code, second_factor
from counterfoil.console.views.standing import (
    hold,
    note,
    question,
    rejection,
    release,
    verification,
)
from counterfoil.console.views.step_up import step_up

urlpatterns = [
    path("console", room, name="console"),
    path("console/", room),
    path("console/login", login, name="console-login"),
    path("console/login/code", login_code, name="console-login-code"),
    path("console/login/second", second_factor, name="console-second-factor"),
    path("console/logout", logout, name="console-logout"),
    path("console/mode", mode, name="console-mode"),
    path("console/platform", platform, name="console-platform"),
    path("console/step-up/<str:token>", step_up, name="console-step-up"),
    path("console/accounts", accounts, name="console-accounts"),
    path("console/accounts/<str:account_id>", account, name="console-account"),
    path("console/accounts/<str:account_id>/hold", hold, name="console-hold"),
    path("console/accounts/<str:account_id>/release", release, name="console-release"),
    path("console/accounts/<str:account_id>/question", question, name="console-question"),
    path("console/accounts/<str:account_id>/note", note, name="console-note"),
    path("console/accounts/<str:account_id>/rejection", rejection, name="console-rejection"),
    path(
        "console/accounts/<str:account_id>/verification",
        verification,
        name="console-verification",
    ),
    path("console/accounts/<str:account_id>/seeing", seeing, name="console-seeing"),
    path("console/see/<str:account_id>/<path:path>", see, name="console-see"),
    path("console/see/<str:account_id>/", see, {"path": ""}, name="console-see"),
    path("console/log", log, name="console-log"),
    path("console/security", security, name="console-security"),
    path("console/security/factors", factor_new, name="console-factor-new"),
    path("console/security/app", app_new, name="console-app-new"),
    path("console/security/passkey", passkey_new, name="console-passkey-new"),
    path("console/security/recovery", recovery_codes, name="console-recovery-codes"),
    path(
        "console/security/factors/<str:factor_id>/removal",
        factor_removal,
        name="console-factor-removal",
    ),
    path("dev/console", dev_console, name="dev-console"),
]
