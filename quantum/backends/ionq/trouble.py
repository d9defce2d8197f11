"""Failures of IonQ's service, told in one line."""

from quantum.backends.wire import trouble as wire

__all__ = ["KEY", "Trouble"]

KEY = "IONQ_API_KEY"
"""The environment's variable in which IonQ's client looks for the key."""


class Trouble(wire.Trouble):
    """The reason why a request to IonQ's service failed."""

    service = "IonQ"
    credentials = f"check the API key in {KEY}"
