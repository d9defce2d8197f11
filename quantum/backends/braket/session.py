"""Amazon's sessions within limits: one a region, and each submission once, with the token that makes it repeatable."""

from typing import Any

import boto3
from botocore.config import Config
from braket.aws import AwsSession

from quantum.backends.wire import Patience, remember_secret

__all__ = ["TokenSession", "open_session", "regions"]


class TokenSession(AwsSession):
    """A session whose submission carries a token, and is sent once.

    Attributes
    ----------
    token
        What the next submission carries; at most 64 characters.
    sent
        Whether anything was submitted since the token was set.
    made
        The task that the service made, or had, for it.
    """

    token: str | None = None
    sent = False
    made: str | None = None

    def create_quantum_task(self, **given: Any) -> str:
        """Submit a task; a service that has one of this token returns it."""
        self.sent = True
        self.made = str(super().create_quantum_task(clientToken=self.token, **given))
        return self.made


def open_session(region: str, patience: Patience, repeated: bool) -> TokenSession:
    """Return a session in a region, whose requests wait no longer than we have patience.

    Parameters
    ----------
    region
        "eu-north-1".
    patience
        How long to wait, and how often to repeat.
    repeated
        Whether requests are repeated where they failed; one that submits is not.
    """
    config = Config(
        connect_timeout=patience.connect,
        read_timeout=patience.read if repeated else patience.submit,
        retries={"total_max_attempts": 1 + (patience.total if repeated else 0), "mode": "standard"},
    )
    boto = boto3.Session(region_name=region)
    found = boto.get_credentials()
    frozen = None if found is None else found.get_frozen_credentials()
    for secret in () if frozen is None else (frozen.access_key, frozen.secret_key, frozen.token):
        remember_secret(secret)
    return TokenSession(boto_session=boto, config=config)


def regions() -> list[str]:
    """Return the regions in which there are devices, as Amazon's client knows them; nothing is asked."""
    from braket.aws import AwsDevice

    return sorted({*AwsDevice.REGIONS, *boto3.Session().get_available_regions("braket")})
