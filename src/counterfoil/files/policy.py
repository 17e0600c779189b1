"""What may be handed in, and what may be shown to others, as pure functions (api.md §6)."""

from __future__ import annotations

from typing import Final, Literal, get_args

from counterfoil.kit.refused import InvalidRequest

Purpose = Literal[
    "account_requirement",
    "additional_verification",
    "business_icon",
    "business_logo",
    "customer_signature",
    "dispute_evidence",
    "identity_document",
    "issuing_regulatory_reporting",
    "pci_document",
    "platform_terms_of_service",
    "tax_document_user_upload",
]
PURPOSES: Final[tuple[str, ...]] = get_args(Purpose)

_KIB: Final = 1024
_MIB: Final = 1024 * _KIB
LARGEST: Final = 16 * _MIB
_SIZES: Final = {
    "business_icon": 512 * _KIB,
    "business_logo": 512 * _KIB,
    "customer_signature": 4 * _MIB,
    "dispute_evidence": 5 * _MIB,
}
_IMAGES_ONLY: Final = frozenset({"business_icon", "business_logo", "customer_signature"})
# Shown to others by a link; what tells who somebody is never leaves by an open address.
_LINKABLE: Final = frozenset(
    {
        "business_icon",
        "business_logo",
        "customer_signature",
        "dispute_evidence",
        "pci_document",
        "tax_document_user_upload",
    }
)
_BEGINNINGS: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"%PDF-", "pdf"),
)
# How far from the end a file's last mark may be: cameras and scanners write a little behind it.
_ENDING: Final = 64 * _KIB
MEDIA_TYPES: Final = {"png": "image/png", "jpg": "image/jpeg", "pdf": "application/pdf"}


def type_of(content: bytes) -> str | None:
    """`png`, `jpg` or `pdf` by the first bytes, whatever name or header say; None for others."""
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    return None


def is_whole(content: bytes) -> bool:
    """Whether an upload of a kind that we take has its end as well: a broken line cuts files off.

    True for other kinds, which are refused for what they are.
    """
    kind = type_of(content)
    ending = {"png": b"IEND", "jpg": b"\xff\xd9", "pdf": b"%%EOF"}.get(kind or "", b"")
    return ending in content[-_ENDING:]


def most_bytes(purpose: str) -> int:
    return _SIZES.get(purpose, LARGEST)


def check_content(content: bytes, *, purpose: str) -> str:
    """The type of an upload. Raises InvalidRequest for one that is empty, too large or else."""
    if not content:
        raise InvalidRequest("The file is empty.", param="file")
    most = most_bytes(purpose)
    if len(content) > most:
        raise InvalidRequest(
            f"The file has {len(content)} bytes; a {purpose} has at most {_readable(most)}.",
            param="file",
        )
    kind = type_of(content)
    images_only = purpose in _IMAGES_ONLY
    if kind is None or (images_only and kind == "pdf"):
        wanted = "a PNG or JPEG image" if images_only else "a PNG or JPEG image, or a PDF"
        raise InvalidRequest(
            f"The content of the file is not of a kind that we take: a {purpose} is {wanted},"
            " whatever its name says.",
            param="file",
        )
    return kind


def check_linkable(purpose: str) -> None:
    if purpose not in _LINKABLE:
        raise InvalidRequest(
            f"A file with the purpose {purpose} cannot be shown by a link. Those that can:"
            f" {', '.join(sorted(_LINKABLE))}.",
            param="file",
        )


def check_expiry(expires_at: int | None, *, now_wall: int) -> None:
    if expires_at is not None and expires_at <= now_wall:
        raise InvalidRequest("expires_at must be in the future.", param="expires_at")


def _readable(size: int) -> str:
    return f"{size // _MIB} MiB" if size >= _MIB else f"{size // _KIB} KiB"
