"""Disputes as a seller meets them: the list, a case, the draft, the one submission."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from counterfoil.access import guard
from counterfoil.dashboard import dispute_words
from counterfoil.dashboard.evidence_form import LONG, SHORT, field_words, fields_for
from counterfoil.disputes.evidence import FILES, missing_for_compelling_evidence, read_evidence
from counterfoil.disputes.operations.deciding import force_outcome
from counterfoil.disputes.operations.opening import open_dispute
from counterfoil.disputes.params import CreateDispute
from counterfoil.kit import clock
from counterfoil.kit.db import execute, fetch_one
from counterfoil.platforms.settings import Features, PlatformSettings
from tests.support.builders import DAY, NOW, World
from tests.unit.dashboard.shop import browser_of, key_in, page, payer, switch, words

PDF = b"%PDF-1.7 a receipt"
PNG = b"\x89PNG\r\n\x1a\n a photograph"


@pytest.fixture
def shop(db, monkeypatch):
    return open_shop(monkeypatch)


@pytest.fixture
def lasting(committed_database, monkeypatch):
    """Shop, seller and browser where transactions commit: a refusal undoes its own, no other."""
    shop = open_shop(monkeypatch)
    ada = shop.seller()
    return shop, ada, browser_of(shop, ada)


def open_shop(monkeypatch):
    world = World()
    monkeypatch.setattr(clock, "wall_now", lambda: world.now)
    switch(world)
    return world


@pytest.fixture
def ada(shop) -> str:
    return shop.seller()


@pytest.fixture
def browser(shop, ada):
    return browser_of(shop, ada)


def disputed(shop, ada, amount=10_000, **more):
    """A dispute about a direct charge; its id."""
    charge = shop.intent(amount, on=ada, **payer(), description="The blue bowl").latest_charge_id
    return opened(shop, charge, ada, **more)


def opened(shop, charge, on, **more):
    made = open_dispute(
        scope=shop.on(on).scope,
        params=CreateDispute(charge=charge, **more),
        settings=PlatformSettings(),
        now=shop.now,
    )
    return made.id


def evidence_of(dispute):
    text, status, count = fetch_one(
        "SELECT evidence, status, submission_count FROM disputes_dispute WHERE id = %s", [dispute]
    )
    given = {name: value for name, value in json.loads(text).items() if value}
    return given, status, count


def save(browser, dispute, **fields):
    return browser.post(f"/disputes/{dispute}/evidence", fields)


def upload(browser, dispute, name, content, filename="receipt.pdf"):
    file = SimpleUploadedFile(filename, content)
    return browser.post(f"/disputes/{dispute}/evidence/{name}", {"file": file})


def send(browser, dispute, **fields):
    address = f"/disputes/{dispute}/submission"
    return browser.post(address, {"form_key": key_in(page(browser, address))} | fields)


# ---- The list and the case ----


def test_a_dispute_says_what_is_claimed_how_long_is_left_and_what_it_costs(shop, ada, browser):
    dispute = disputed(shop, ada, reason="product_not_received")
    listed = words(page(browser, "/disputes"))
    case = words(page(browser, f"/disputes/{dispute}"))

    for html in (listed, case):
        assert "“I did not receive it”" in html
        assert "$100.00" in html
        assert "9 days left" in html
    assert "show when and where it did" in case
    assert "Answer until" in case
    assert "Disputed −$100.00 Dispute fee −$15.00 It cost you −$115.00 Adds up" in case
    assert "The blue bowl" in case


def test_the_payment_leads_to_its_dispute_and_cannot_be_refunded(lasting):
    shop, ada, browser = lasting
    dispute = disputed(shop, ada)
    charge = fetch_one("SELECT charge_id FROM disputes_dispute")[0]
    html = page(browser, f"/payments/{charge}")

    assert f"/disputes/{dispute}" in html
    assert f"/payments/{charge}/refund" not in html
    assert charge in page(browser, "/payments", status="disputed")
    form = page(browser, f"/payments/{charge}/refund")
    assert "bank is deciding about this payment" in form.replace("&#39;", "'")


def test_a_question_of_the_bank_costs_nothing_and_may_be_refunded(shop, ada, browser):
    dispute = disputed(shop, ada, type="inquiry")
    html = page(browser, f"/disputes/{dispute}")

    assert "Nothing: a question of the bank takes no money." in html
    assert "/refund" in html


def test_on_behalf_of_the_seller_the_platform_lost_the_money(shop, ada, browser):
    charge = shop.charge(10_000, to=ada, on_behalf_of=ada)
    dispute = opened(shop, charge.id, None)
    html = words(page(browser, f"/disputes/{dispute}"))

    assert "the bank took the money from Bazaar" in html
    save(browser, dispute, product_description="A bowl")
    assert evidence_of(dispute)[0] == {"product_description": "A bowl"}


@pytest.mark.parametrize(
    ("outcome", "word", "state"),
    [("win", "Won", "closed"), ("lose", "Lost", "closed"), (None, "With the bank", "bank")],
)
def test_each_state_has_its_word_and_its_place(shop, ada, browser, outcome, word, state):
    dispute = disputed(shop, ada)
    assert f"/disputes/{dispute}" in page(browser, "/disputes", state="answer")
    save(browser, dispute, uncategorized_text="It is theirs.")
    send(browser, dispute)
    if outcome:
        force_outcome(
            scope=shop.on(ada).scope,
            dispute_id=dispute,
            outcome=outcome,
            settings=PlatformSettings(),
            now=shop.now + DAY,
        )

    assert word in words(page(browser, f"/disputes/{dispute}"))
    for each in ("answer", "bank", "closed"):
        shown = f"/disputes/{dispute}" in page(browser, "/disputes", state=each)
        assert shown == (each == state)


def test_an_empty_list_says_what_will_stand_there(browser):
    assert "No disputes" in page(browser, "/disputes")
    assert "No dispute is in this state." in page(browser, "/disputes", state="bank")


@pytest.mark.parametrize(
    ("seconds", "word", "urgent"),
    [
        (9 * DAY - 1, "9 days left", False),
        (3 * DAY - 1, "3 days left", False),
        (3 * DAY - 2, "2 days left", True),
        (DAY - 1, "1 day left", True),
        (DAY - 2, "23 hours left", True),
        (59, "1 hour left", True),
        (-1, "The time to answer is over", True),
    ],
)
def test_the_time_that_is_left_is_never_rounded_up(seconds, word, urgent):
    left = dispute_words.time_left("needs_response", NOW + seconds, NOW)
    assert left == dispute_words.Left(word, urgent)
    assert dispute_words.time_left("under_review", NOW, NOW) is None


# ---- The draft ----


@pytest.mark.parametrize(
    "reason",
    [
        "fraudulent",
        "unrecognized",
        "duplicate",
        "product_not_received",
        "product_unacceptable",
        "subscription_canceled",
        "credit_not_processed",
        "general",
    ],
)
def test_every_reason_asks_for_every_field_once(reason):
    first, rest = fields_for(reason)

    assert sorted([*first, *rest]) == sorted(SHORT | LONG | set(FILES))
    assert set(field_words()) == SHORT | LONG | set(FILES)


def test_what_the_payment_knows_stands_in_the_form(shop, ada, browser):
    html = page(browser, f"/disputes/{disputed(shop, ada)}/evidence")

    assert 'value="Grace Hopper"' in html
    assert 'value="grace@example.com"' in html
    assert ">The blue bowl</textarea>" in html


def test_a_draft_is_kept_and_nothing_is_sent(shop, ada, browser):
    dispute = disputed(shop, ada)
    answer = save(browser, dispute, product_description=" A bowl\r\n", customer_name="Grace")
    assert answer.headers["Location"] == f"/disputes/{dispute}/evidence"
    save(browser, dispute, customer_name="", shipping_carrier="UPS")

    assert evidence_of(dispute) == (
        {"product_description": "A bowl", "shipping_carrier": "UPS"},
        "needs_response",
        0,
    )
    assert "Go on with your answer" in page(browser, f"/disputes/{dispute}")


def test_a_script_saves_while_one_types_and_hears_one_sentence(shop, ada, browser):
    dispute = disputed(shop, ada)
    address = f"/disputes/{dispute}/evidence"
    answer = browser.post(address, {"product_description": "A bowl"}, headers={"X-Draft": "1"})
    assert answer.content.decode().startswith("Saved at ")
    too_long = {"product_description": "x" * 20_001, "customer_name": "Grace"}
    answer = browser.post(address, too_long, headers={"X-Draft": "1"})

    assert answer.status_code == 422
    assert "20,001 characters; the bank takes 20,000 at most." in answer.content.decode()
    assert evidence_of(dispute)[0] == {"product_description": "A bowl", "customer_name": "Grace"}


def test_a_text_that_is_too_long_stays_typed_beside_its_reason(shop, ada, browser):
    answer = save(browser, disputed(shop, ada), uncategorized_text="x" * 20_001)
    html = answer.content.decode()

    assert answer.status_code == 422
    assert "x" * 20_001 in html
    assert "Shorten it." in html


def test_all_texts_together_have_a_limit_too(lasting):
    shop, ada, browser = lasting
    dispute = disputed(shop, ada)
    answer = save(browser, dispute, **dict.fromkeys(LONG, "é" * 19000))
    assert answer.status_code == 422
    assert "150,000 characters" in answer.content.decode()
    assert evidence_of(dispute)[0] == {}


def test_a_file_is_kept_shown_and_taken_out(shop, ada, browser):
    dispute = disputed(shop, ada)
    answer = upload(browser, dispute, "receipt", PDF, "receipt.html")
    assert "receipt.html" in answer.content.decode()
    file = evidence_of(dispute)[0]["receipt"]
    row = fetch_one("SELECT type, purpose, account_id FROM files_file WHERE id = %s", [file])
    assert row == ("pdf", "dispute_evidence", ada)

    browser.post(f"/disputes/{dispute}/evidence/receipt", {"remove": "1"})
    assert evidence_of(dispute)[0] == {}


def test_without_script_files_go_with_the_form(shop, ada, browser):
    dispute = disputed(shop, ada)
    save(
        browser,
        dispute,
        product_description="A bowl",
        receipt=SimpleUploadedFile("receipt.pdf", PDF),
        uncategorized_file=SimpleUploadedFile("bowl.png", PNG),
    )
    assert set(evidence_of(dispute)[0]) == {"product_description", "receipt", "uncategorized_file"}
    save(browser, dispute, remove="receipt")
    assert set(evidence_of(dispute)[0]) == {"product_description", "uncategorized_file"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>", "no JPEG or PNG picture and no PDF"),
        (b"", "This file is empty."),
        (PDF + b"x" * 5 * 1024 * 1024, "This file has 5 MB; at most 5 MB are taken."),
        (PDF + b"x" * 6 * 1024 * 1024, "This file has 6 MB; at most 5 MB are taken."),
    ],
)
def test_a_file_that_no_bank_takes_is_refused_beside_its_place(lasting, content, said):
    shop, ada, browser = lasting
    dispute = disputed(shop, ada)
    answer = upload(browser, dispute, "receipt", content)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    both = save(
        browser,
        dispute,
        product_description="A bowl",
        receipt=SimpleUploadedFile("receipt.pdf", content),
    )

    # Django leaves an empty file out of a form: there is nothing to refuse.
    if content:
        assert both.status_code == 422
        assert said in both.content.decode()
    assert evidence_of(dispute)[0] == {"product_description": "A bowl"}


def test_an_upload_without_its_file_says_so(shop, ada, browser):
    dispute = disputed(shop, ada)
    answer = browser.post(f"/disputes/{dispute}/evidence/receipt", {})
    assert answer.status_code == 422
    assert "did not arrive whole" in answer.content.decode()
    assert browser.post(f"/disputes/{dispute}/evidence/nonsense", {}).status_code == 404


# ---- Sending and accepting ----


def test_the_answer_is_sent_once_after_a_question(shop, ada, browser):
    dispute = disputed(shop, ada)
    save(browser, dispute, uncategorized_text="It is theirs.")
    asked = page(browser, f"/disputes/{dispute}/submission")
    assert "It can be sent once." in asked
    assert "It is theirs." in asked
    assert evidence_of(dispute)[2] == 0
    for _ in range(2):
        answer = browser.post(f"/disputes/{dispute}/submission", {"form_key": key_in(asked)})
        assert answer.headers["Location"] == f"/disputes/{dispute}"

    assert evidence_of(dispute)[1:] == ("under_review", 1)
    html = page(browser, f"/disputes/{dispute}")
    assert "/submission" not in html
    assert "/evidence" not in html
    assert "takes no answer any more" in page(browser, f"/disputes/{dispute}/evidence")


def test_what_was_sent_cannot_be_sent_or_changed_again(lasting):
    shop, ada, browser = lasting
    dispute = disputed(shop, ada)
    save(browser, dispute, uncategorized_text="It is theirs.")
    send(browser, dispute)

    for answer in (
        send(browser, dispute),
        upload(browser, dispute, "receipt", PDF),
    ):
        assert answer.status_code == 422
        assert "takes no answer any more" in answer.content.decode()
    assert save(browser, dispute, uncategorized_text="More").status_code == 422
    assert evidence_of(dispute) == ({"uncategorized_text": "It is theirs."}, "under_review", 1)


def test_nothing_cannot_be_sent(lasting):
    shop, ada, browser = lasting
    answer = send(browser, disputed(shop, ada))
    assert answer.status_code == 422
    assert "There is nothing to send yet." in answer.content.decode()


def test_too_late_is_said_so(lasting):
    shop, ada, browser = lasting
    dispute = disputed(shop, ada)
    execute("UPDATE platforms_platform SET test_clock_offset = %s", [11 * DAY])
    answer = save(browser, dispute, uncategorized_text="It is theirs.")
    assert answer.status_code == 422
    assert "the time is over" in answer.content.decode()


def test_a_compliance_case_wants_its_fee_accepted(lasting):
    shop, ada, browser = lasting
    dispute = disputed(shop, ada)
    execute("UPDATE disputes_dispute SET programs = %s", ['["visa_compliance"]'])
    save(browser, dispute, uncategorized_text="We kept the rule.")
    refused = send(browser, dispute)
    assert refused.status_code == 422
    assert "Say that you accept it." in refused.content.decode()
    assert send(browser, dispute, accepts_fee="yes").status_code == 303
    assert evidence_of(dispute)[1] == "under_review"


def test_visas_compelling_evidence_asks_for_two_earlier_payments(lasting):
    shop, ada, browser = lasting
    shop.now = NOW - DAY
    earlier = [shop.intent(1000 + at, on=ada, **payer()).latest_charge_id for at in range(2)]
    shop.intent(5000, on=ada, **payer("Alan", "alan@example.com"))
    shop.now = NOW
    dispute = disputed(shop, ada)
    assert "Earlier payments of this customer" not in page(browser, f"/disputes/{dispute}/evidence")
    execute("UPDATE disputes_dispute SET programs = %s", ['["visa_compelling_evidence_3"]'])
    form = page(browser, f"/disputes/{dispute}/evidence")
    assert re.findall(r'<option value="(ch_\w+)"', form) == sorted(earlier, reverse=True) * 2
    assert form.count("(missing)") >= 4

    given = {
        "ce3.merchandise_or_services": "merchandise",
        "ce3.product_description": "The blue bowl",
        "ce3.customer_email_address": "grace@example.com",
        "ce3.customer_purchase_ip": "192.0.2.7",
        "ce3.1.charge": earlier[0],
        "ce3.1.product_description": "A vase",
        "ce3.2.charge": earlier[0],
        "ce3.2.product_description": "A plate",
    }
    twice = save(browser, dispute, **given)
    assert twice.status_code == 422
    assert "Choose two different payments." in twice.content.decode()
    assert 'value="A plate"' in twice.content.decode()
    theirs = shop.charge(900, on=shop.seller()).id
    foreign = save(browser, dispute, **given | {"ce3.2.charge": theirs})
    assert "One of the earlier payments is not yours." in foreign.content.decode()
    assert save(browser, dispute, **given | {"ce3.2.charge": earlier[1]}).status_code == 303

    evidence = read_evidence(
        fetch_one("SELECT evidence FROM disputes_dispute WHERE id = %s", [dispute])[0]
    )
    assert missing_for_compelling_evidence(evidence) == []
    kept = evidence.enhanced_evidence.visa_compelling_evidence_3
    assert [one.charge for one in kept.prior_undisputed_transactions] == earlier
    asked = words(page(browser, f"/disputes/{dispute}/submission"))
    assert "Earlier payment Sunday, November 2 · $10.00" in asked
    assert "Two earlier payments that nobody disputed" not in asked
    assert "Two earlier payments that nobody disputed" in form


def test_a_dispute_is_accepted_after_a_warning(shop, ada, browser):
    dispute = disputed(shop, ada)
    address = f"/disputes/{dispute}/acceptance"
    asked = page(browser, address)
    assert "This cannot be undone." in asked
    for _ in range(2):
        answer = browser.post(address, {"form_key": key_in(asked)})
        assert answer.headers["Location"] == f"/disputes/{dispute}"

    assert evidence_of(dispute)[1] == "lost"
    assert "Lost" in words(page(browser, f"/disputes/{dispute}"))


def test_an_inquiry_is_accepted_and_its_money_stays(shop, ada, browser):
    dispute = disputed(shop, ada, type="inquiry")
    before = shop.balance(ada)
    address = f"/disputes/{dispute}/acceptance"
    asked = page(browser, address)
    browser.post(address, {"form_key": key_in(asked)})

    assert "No money is taken for it now." in asked
    assert evidence_of(dispute)[1] == "warning_closed"
    assert shop.balance(ada) == before


# ---- Who ----

WAYS = ("", "/evidence", "/submission", "/acceptance")


@pytest.mark.parametrize("way", WAYS)
def test_nobody_sees_or_answers_the_dispute_of_another(shop, ada, browser, way):
    eve = shop.seller()
    theirs = disputed(shop, eve)
    platforms = opened(shop, shop.charge(10_000, to=ada).id, None)
    for dispute in (theirs, platforms, "dp_nosuch"):
        assert browser.get(f"/disputes/{dispute}{way}").status_code == 404
        if way:
            typed = {"form_key": "a" * 22, "uncategorized_text": "x"}
            assert browser.post(f"/disputes/{dispute}{way}", typed).status_code == 404
        assert upload(browser, dispute, "receipt", PDF).status_code == 404
    assert "list__row" not in page(browser, "/disputes")
    assert evidence_of(theirs) == ({}, "needs_response", 0)


def test_where_sellers_do_not_manage_disputes_they_only_read(shop, ada, browser):
    dispute = disputed(shop, ada)
    switch(shop, Features(view_payments=True))

    html = page(browser, f"/disputes/{dispute}")
    for way in WAYS[1:]:
        assert f"/disputes/{dispute}{way}" not in html
        assert browser.get(f"/disputes/{dispute}{way}").status_code == 404
        assert browser.post(f"/disputes/{dispute}{way}", {}).status_code == 404
    switch(shop, Features())
    assert browser.get("/disputes").status_code == 404
    assert browser.get(f"/disputes/{dispute}").status_code == 404


def test_a_role_without_the_permission_reads_and_nothing_more(shop, ada, browser, monkeypatch):
    dispute = disputed(shop, ada)
    monkeypatch.setattr(guard, "ROLES", {"owner": frozenset({"payments:read"})})

    html = page(browser, f"/disputes/{dispute}")
    for way in WAYS[1:]:
        assert f"/disputes/{dispute}{way}" not in html
        assert browser.get(f"/disputes/{dispute}{way}").status_code == 403
    assert upload(browser, dispute, "receipt", PDF).status_code == 403
