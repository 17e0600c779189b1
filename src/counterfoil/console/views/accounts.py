"""`/console/accounts`: a marketplace's accounts, and one of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from counterfoil.access.operators import OperatorRequest
from counterfoil.accounts.models import Account
from counterfoil.accounts.profile import Profile, read_profile
from counterfoil.accounts.queries import newest_external_accounts
from counterfoil.accounts.standing import STANDINGS
from counterfoil.console.finding import account_of, cursor_text, read_cursor, scope_of
from counterfoil.console.queries.account import balances_of, events_of, newest_payouts, notes_of
from counterfoil.console.queries.accounts import accounts_found, accounts_page
from counterfoil.console.shell import console_page, render_console
from counterfoil.console.words import payout_words, standing_words, standings
from counterfoil.kit.clock import utc_date
from counterfoil.kit.pages import PageRequest

HERE = "console-accounts"
ROWS = 50
PAYOUTS = 5
EVENTS = 15


@require_safe
@console_page
def accounts(request: OperatorRequest) -> HttpResponse:
    """`?standing=restricted&before={created}.{id}`, or `?q=` for whom one looks for."""
    scope = request.operator.scope
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:200]
    standing = request.GET.get("standing", "")
    standing = standing if standing in STANDINGS else ""
    cursor = read_cursor(request.GET.get("before", ""))
    if words:
        found = accounts_found(scope, words)
    else:
        page = PageRequest(limit=ROWS, cursor=cursor)
        found = accounts_page(scope, page, standing=standing or None)
    older = found.rows[-1] if found.has_more and not words else None
    context = {
        "rows": [(row, *standing_words(row.standing)) for row in found.rows],
        "query": words,
        "too_many": bool(words) and found.has_more,
        "standing": standing,
        "standings": standings(),
        "is_first_page": cursor is None,
        "older": cursor_text(older.created, older.id) if older else None,
    }
    return render_console(request, "console/accounts.html", context, here=HERE)


@require_safe
@console_page
def account(request: OperatorRequest, account_id: str) -> HttpResponse:
    return account_page(request, account_of(request.operator, account_id))


def account_page(
    request: OperatorRequest,
    account: Account,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one account; a form on it that was refused is shown with what was typed."""
    operator, scope = request.operator, scope_of(account)
    profile = read_profile(account.profile)
    word, tone = standing_words(account.standing)
    events = events_of(scope, PageRequest(limit=EVENTS))
    context: dict[str, Any] = {
        "account": account,
        "name": account.display_name or account.email or account.id,
        "standing": word,
        "tone": tone,
        "created": utc_date(account.created),
        "balances": balances_of(scope, now=operator.now),
        "payouts": [
            (one, utc_date(one.arrival_date), *payout_words(one.status))
            for one in newest_payouts(scope, limit=PAYOUTS)
        ],
        "externals": newest_external_accounts([account.id])[account.id],
        "requirements": profile.requirements,
        "deadline": _deadline(profile),
        "paused": profile.settings.payouts_paused,
        "questions": list(reversed(profile.questions)),
        "rejected": profile.rejected,
        "waits_for_verification": account.livemode and account.standing == "pending",
        "notes": notes_of(account.id),
        "events": events.rows,
        "more_events": events.has_more,
        "may_write": operator.may("accounts:write"),
        "may_see": operator.may("sellers:see") and account.dashboard_type == "express",
        "may_reject": account.losses_payments == "application",
        "errors": errors or {},
        "typed": typed or {},
    }
    return render_console(request, "console/account.html", context, here=HERE, status=status)


def _deadline(profile: Profile) -> Any:
    due = profile.requirements.current_deadline
    return utc_date(due) if due is not None else None
