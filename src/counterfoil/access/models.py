"""Ways in, and who is inside. All moments are the wall clock's, UTC seconds (design §3).

Tokens and codes are never here, only what recognises them.
"""

from __future__ import annotations

from django.db import models

from counterfoil.kit.db import IdField


class LoginLink(models.Model):
    """What a platform hands to one seller: opens for minutes, lets in once."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    account_id = IdField(db_index=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    created = models.BigIntegerField()
    expires_at = models.BigIntegerField(db_index=True)
    used_at = models.BigIntegerField(null=True)
    redirect_url = models.TextField(null=True)  # where signing out leads

    class Meta:
        db_table = "access_loginlink"


class AccountLink(models.Model):
    """What a platform hands to one seller to give their details: opens for minutes, once.

    Opening it makes a second token, in a cookie: whoever holds that may go on for a while.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    account_id = IdField(db_index=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    created = models.BigIntegerField()
    expires_at = models.BigIntegerField(db_index=True)
    used_at = models.BigIntegerField(null=True)
    type = models.CharField(max_length=20)  # account_onboarding | account_update
    fields = models.CharField(max_length=16)  # currently_due | eventually_due
    ahead = models.BooleanField(default=False)  # asks for future requirements as well
    return_url = models.TextField(null=True)  # where finishing or leaving leads
    refresh_url = models.TextField(null=True)  # where a link that is over leads
    cookie_sha256 = models.CharField(max_length=64, null=True, unique=True)
    proven_at = models.BigIntegerField(null=True)  # when its holder typed a code sent to them
    ends_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "access_accountlink"


class SignInCode(models.Model):
    """The one code that something waits for (`onetime.py`); a newer one takes its place."""

    key = models.CharField(max_length=64, primary_key=True)  # what it opens
    holder = IdField()  # whose it is
    channel = models.CharField(max_length=5, null=True)  # sms | email | null: nothing was sent
    code_hash = models.CharField(max_length=64)
    sent_at = models.BigIntegerField()
    expires_at = models.BigIntegerField(db_index=True)
    tries_left = models.SmallIntegerField()
    job_id = IdField(null=True)  # of the message that holds it

    class Meta:
        db_table = "access_signincode"
        constraints = [
            models.CheckConstraint(
                name="sign_in_code_tries_never_negative", condition=models.Q(tries_left__gte=0)
            )
        ]


class SignIn(models.Model):
    """A browser that has named an address at `/login` and waits for the code sent to its owner.

    Whether anybody has that address is not known here: a worker looks, and sends (`self_serve`).
    """

    sha256 = models.CharField(max_length=64, primary_key=True)  # of the cookie's token
    channel = models.CharField(max_length=5)  # sms | email: what kind of address was typed
    address = models.CharField(max_length=320)
    via = models.CharField(max_length=5)  # sms | email: how the code is sent
    room = models.CharField(max_length=7, default="seller")  # seller | console
    sent_to = models.CharField(max_length=320, null=True)  # by a worker; null while nobody is known
    created = models.BigIntegerField()
    ends_at = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "access_signin"


class LostPhone(models.Model):
    """A browser that replaces the number of a login link's account (`lost_phone.py`)."""

    sha256 = models.CharField(max_length=64, primary_key=True)  # of the ticket in its cookie
    link_sha256 = models.CharField(max_length=64)
    account_id = IdField(db_index=True)
    email = models.CharField(max_length=320)  # where the first code goes
    proven_at = models.BigIntegerField(null=True)
    phone = models.CharField(max_length=40, null=True)  # the new number, once it is named
    created = models.BigIntegerField()
    ends_at = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "access_lostphone"


class SendSlot(models.Model):
    """One of the few codes that a destination or an account may be sent in a while.

    Each slot serves once per window, so no window of that length ever sees more sends than
    there are slots. `subject` is a keyed hash: no phone number lies about here.
    """

    pk = models.CompositePrimaryKey("subject", "slot")
    subject = models.CharField(max_length=64)
    slot = models.SmallIntegerField()
    used_at = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "access_sendslot"


class Session(models.Model):
    """A browser that is signed in to one account."""

    sha256 = models.CharField(max_length=64, primary_key=True)  # of the cookie's token
    id = IdField()  # what it is called on pages and in the audit log; never changes
    account_id = IdField(db_index=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    created = models.BigIntegerField()
    fresh_at = models.BigIntegerField()  # when its holder last showed who they are
    fresh_by = models.CharField(max_length=10)  # code | totp | passkey | recovery
    # What is missing before it opens anything: factor (a second one exists) | enrolment (the
    # marketplace wants one, and there is none) | null.
    awaits = models.CharField(max_length=10, null=True)
    last_seen = models.BigIntegerField()
    idle_until = models.BigIntegerField()  # moves with last_seen
    ends_at = models.BigIntegerField(db_index=True)  # never moves
    ip = models.CharField(max_length=45, null=True)
    user_agent = models.CharField(max_length=400, null=True)
    redirect_url = models.TextField(null=True)
    # The address whose owner this is, proven by a code in live mode: it opens the other accounts
    # that have it too.
    proven_channel = models.CharField(max_length=5, null=True)  # sms | email
    proven_address = models.CharField(max_length=320, null=True)

    class Meta:
        db_table = "access_session"


class HeldForm(models.Model):
    """A form that waits until its sender has shown once more who they are (`stepup.py`)."""

    sha256 = models.CharField(max_length=64, primary_key=True)  # of the token in its address
    session_id = IdField(db_index=True)
    path = models.TextField()
    back = models.TextField()  # where leaving it leads
    why = models.CharField(max_length=20)
    body = models.TextField(null=True)  # sealed; null where files came with it, which are not kept
    created = models.BigIntegerField()
    ends_at = models.BigIntegerField(db_index=True)
    confirmed_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "access_heldform"


class Factor(models.Model):
    """Something beside codes that only its owner has: a passkey, or an authenticator app."""

    id = IdField(primary_key=True)
    account_id = IdField(db_index=True)
    kind = models.CharField(max_length=10)  # passkey | totp
    name = models.CharField(max_length=60)
    secret = models.TextField()  # sealed: the app's secret, or the passkey's public key
    credential_id = models.CharField(max_length=1400, null=True, unique=True)  # base64url
    counter = models.BigIntegerField()  # an app's last used step; how often a passkey signed
    created = models.BigIntegerField()
    confirmed_at = models.BigIntegerField(null=True)  # null: shown, not yet proven to be set up
    used_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "access_factor"


class RecoveryCode(models.Model):
    """One of the codes that its owner keeps on paper: each opens once, in a factor's stead."""

    hash = models.CharField(max_length=64, primary_key=True)
    account_id = IdField(db_index=True)

    class Meta:
        db_table = "access_recoverycode"


class Challenge(models.Model):
    """What a session's browser is to sign with a passkey: random, for one use."""

    session_id = IdField(primary_key=True)
    challenge = models.CharField(max_length=100)  # base64url
    ends_at = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "access_challenge"


class NewContact(models.Model):
    """A phone number or an e-mail address that waits for the code that was sent to it."""

    session_id = IdField(primary_key=True)
    channel = models.CharField(max_length=5)  # sms | email
    address = models.CharField(max_length=320)
    ends_at = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "access_newcontact"


class Alarm(models.Model):
    """The link in a notice by which its reader says that it was not them; serves once."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    account_id = IdField()
    platform_id = IdField()
    livemode = models.BooleanField()
    ends_at = models.BigIntegerField(db_index=True)
    raised_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "access_alarm"


class Operator(models.Model):
    """Somebody who looks after marketplaces in the console, known by their e-mail address."""

    id = IdField(primary_key=True)
    email = models.CharField(max_length=320, unique=True)  # lower case
    created = models.BigIntegerField()

    class Meta:
        db_table = "access_operator"


class Membership(models.Model):
    """Which marketplaces an operator looks after, and as what."""

    pk = models.CompositePrimaryKey("operator_id", "platform_id")
    operator_id = IdField()
    platform_id = IdField(db_index=True)
    role = models.CharField(max_length=10)  # operator | support
    created = models.BigIntegerField()

    class Meta:
        db_table = "access_membership"


class Viewing(models.Model):
    """An operator's session that may see an account's pages for a while (`seeing.py`)."""

    id = IdField(primary_key=True)
    session_id = IdField(db_index=True)
    account_id = IdField()
    created = models.BigIntegerField()
    ends_at = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "access_viewing"


class OperatorSession(models.Model):
    """A browser that is in the console: at one marketplace, in one mode at a time."""

    sha256 = models.CharField(max_length=64, primary_key=True)  # of the cookie's token
    id = IdField()
    operator_id = IdField(db_index=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    created = models.BigIntegerField()
    fresh_at = models.BigIntegerField()
    fresh_by = models.CharField(max_length=10)
    awaits = models.CharField(max_length=10, null=True)  # factor | enrolment | null
    last_seen = models.BigIntegerField()
    idle_until = models.BigIntegerField()
    ends_at = models.BigIntegerField(db_index=True)
    ip = models.CharField(max_length=45, null=True)
    user_agent = models.CharField(max_length=400, null=True)

    class Meta:
        db_table = "access_operatorsession"
