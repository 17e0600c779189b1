"""Where uploads are kept, as COUNTERFOIL_FILES_URL says (docs/operate/configuration.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from counterfoil.messaging.transports.address import Address, read_address

VARIABLE: Final = "COUNTERFOIL_FILES_URL"
_ONE_PART: Final = 32 * 1024 * 1024  # larger than any upload: each is sent as one


def file_storage(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's setting for a storage. Raises ValueError, in the operator's words."""
    address = read_address(url, variable=VARIABLE)
    if address.scheme == "disk":
        return _on_disk(data_dir / "files")
    if address.scheme == "s3":
        return _in_bucket(address)
    raise ValueError(f"{VARIABLE} begins with disk: or s3://.")


def _on_disk(folder: Path) -> dict[str, Any]:
    # What platforms and sellers hand in: for nobody else on this machine to read.
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": folder,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


def _in_bucket(address: Address) -> dict[str, Any]:
    # Imported only here: half a second that an installation on disk does not wait for.
    from boto3.s3.transfer import TransferConfig
    from botocore.config import Config

    address.check_options("region", "tls")
    bucket, _, folder = address.parts.path.strip("/").partition("/")
    if not address.host or not bucket:
        raise ValueError(f"{VARIABLE}: name host and bucket, s3://KEY:SECRET@host/bucket.")
    if bool(address.user) is not bool(address.password):
        raise ValueError(f"{VARIABLE}: send both a key and its secret, or neither.")
    tls = address.switch("tls")
    port = address.port(443 if tls else 80)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "endpoint_url": f"{'https' if tls else 'http'}://{address.host}:{port}",
            "bucket_name": bucket,
            "location": folder,
            # Without them, boto3 looks where it always does: at the role of the machine, say.
            "access_key": address.user or None,
            "secret_key": address.password or None,
            "region_name": address.options.get("region", "us-east-1"),
            "default_acl": None,  # as the bucket has it, and that is private
            "file_overwrite": True,  # names hold the file's id: asking first would cost a trip
            "transfer_config": TransferConfig(multipart_threshold=_ONE_PART, use_threads=False),
            "client_config": Config(
                s3={"addressing_style": "path"},
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=20,
                retries={"total_max_attempts": 2},
                # Newer checksums only where they are asked for: not every service knows them.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }
