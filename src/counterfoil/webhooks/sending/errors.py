"""Why no answer came, in a word and in a sentence."""

from __future__ import annotations

from typing import Literal

Kind = Literal["address_refused", "name_unknown", "connection", "tls", "timeout", "protocol"]


class SendingFailed(Exception):
    """The request was not answered; `kind` is what the log shows, the message says more."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
