"""Between us and any vendor's service: how long it is waited for, what went wrong in one line, and no secret in it."""

from quantum.backends.wire.patience import Patience
from quantum.backends.wire.secrets import quiet, redact, remember_secret
from quantum.backends.wire.trouble import Trouble, answered, one_line, trouble_in

__all__ = ["Patience", "Trouble", "answered", "one_line", "quiet", "redact", "remember_secret", "trouble_in"]
