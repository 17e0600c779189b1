"""/v1/counterfoil/information_requests, ours, and the sample platforms' way to raise one."""

from __future__ import annotations

from typing import Literal

import msgspec

from counterfoil.accounts.operations import ask_question
from counterfoil.accounts.params import AskQuestion, Params
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.kit.clock import DAY
from counterfoil.kit.refused import InvalidRequest


class MerchantIssue(Params):
    """`additional_info`: a question. `additional_document`: a file (platform-calls B3)."""

    account: str
    issue_type: Literal["additional_document", "additional_info"]


class InformationRequestWire(msgspec.Struct):
    id: str
    account: str
    kind: str  # text | choice | file | details
    title: str
    text: str
    choices: list[str]
    requirement: str  # as the account's requirements name it; of details the first
    requirements: list[str]  # all that it became
    current_deadline: int | None  # of all that is asked of the account
    starts_at: int  # it is a future requirement before
    created: int
    object: str = "information_request"


@endpoint("POST", "counterfoil/information_requests", params=AskQuestion)
def create(call: Call, params: AskQuestion) -> InformationRequestWire:
    """Ours: something a platform wants to know of a seller, who is asked for it in a banner."""
    if not call.scope.is_platform:
        raise InvalidRequest("Only a platform asks: leave the Stripe-Account header out.")
    account, ident, requirements = ask_question(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        params=params,
        now=call.now,
    )
    return InformationRequestWire(
        id=ident,
        account=account.id,
        kind=params.kind,
        title=params.title,
        text=params.text,
        choices=params.choices,
        requirement=requirements[0],
        requirements=requirements,
        current_deadline=account.requirements.current_deadline,
        starts_at=call.now + params.starts_in_days * DAY,
        created=call.now,
    )


@endpoint("POST", "test_helpers/demo/merchant_issue", params=MerchantIssue)
def merchant_issue(call: Call, params: MerchantIssue) -> InformationRequestWire:
    """A risk review's question, in test mode."""
    if call.caller.livemode:
        raise InvalidRequest("Test helpers are for test keys.")
    wants_file = params.issue_type == "additional_document"
    asked = AskQuestion(
        account=params.account,
        kind="file" if wants_file else "text",
        title="A document about your business" if wants_file else "More about your business",
        text=(
            "Upload a recent invoice or contract."
            if wants_file
            else "Describe what you sell, and to whom."
        ),
    )
    return create(call, asked)
