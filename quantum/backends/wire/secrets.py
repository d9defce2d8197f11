"""Secrets kept out of messages and logs: keys, bearer tokens, signatures, and names (CRN) with an account's id."""

import contextlib
import logging
import re
import threading
import traceback
from collections.abc import Iterator

__all__ = ["quiet", "redact", "remember_secret"]

HIDDEN = "[redacted]"
SHORTEST = 6
"""Characters of the shortest secret that is looked for: a shorter one would blank out ordinary words."""

_PATTERNS = (
    # A cloud resource name, as it is and as part of an address.
    (re.compile(r"crn(?::|%3a)v\d[^\s\"'<>,;)\]}]*", re.IGNORECASE), HIDDEN),
    # A JSON web token, whole or cut short.
    (re.compile(r"\beyJ[\w-]{8,}(?:\.[\w-]*)*"), HIDDEN),
    (re.compile(r"\b(bearer|apikey)(\s+|=|%20)[^\s\"'<>,;&]+", re.IGNORECASE), rf"\1\2{HIDDEN}"),
    # Amazon's: the id of a key, and what is signed with it, in headers and in addresses.
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b"), HIDDEN),
    (
        re.compile(r"\b(Signature|X-Amz-(?:Signature|Credential|Security-Token))(=|:\s*|%3D)[^\s\"'<>,;&]+"),
        rf"\1\2{HIDDEN}",
    ),
)
_LOGGERS = (
    "qiskit_ibm_runtime",
    "ibm-cloud-sdk-core",
    "ibm_cloud_sdk_core",
    "ibm_platform_services",
    "urllib3",
    "qiskit_ionq",
    "boto3",
    "botocore",
    "s3transfer",
    "braket",
    "qiskit_braket_provider",
)

_secrets: set[str] = set()
_ours = threading.local()


def remember_secret(secret: object) -> None:
    """Have `redact` blank out this text wherever it occurs in this process; what is no text or very short is not."""
    if isinstance(secret, str) and len(secret) >= SHORTEST:
        _secrets.add(secret)


def redact(text: str) -> str:
    """Return the text without API keys that are known, bearer tokens and cloud resource names.

    Halves of characters, which no file holds, become question marks.
    """
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text.encode("utf-8", "replace").decode()


class _Redactor(logging.Filter):
    """Redacts the client's log records for good; while we call it, drops what it says at WARNING by default."""

    def filter(self, record: logging.LogRecord) -> bool:
        chatter = getattr(_ours, "calls", 0) and record.levelno <= logging.WARNING
        # Whoever asked for more than warnings gets everything.
        if chatter and logging.getLogger(record.name).getEffectiveLevel() >= logging.WARNING:
            return False
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + "".join(traceback.format_exception(*record.exc_info)).rstrip()
            record.exc_info = record.exc_text = None
        record.msg, record.args = redact(text), None
        return True


_redactor = _Redactor()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Let the client speak only where it was asked to (by a level below WARNING), and always without credentials."""
    _install()
    _ours.calls = getattr(_ours, "calls", 0) + 1
    try:
        yield
    finally:
        _ours.calls -= 1
        _install()  # on what was imported meanwhile


def _install() -> None:
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger) and name.split(".")[0] in _LOGGERS:
            logger.addFilter(_redactor)
