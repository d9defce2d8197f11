"""IBM's client within limits: sends twice only what is harmless, never waits for ever, and exposes no key."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from qiskit_ibm_runtime import QiskitRuntimeService
from qiskit_ibm_runtime.accounts.exceptions import AccountNotFoundError, AccountsError
from qiskit_ibm_runtime.exceptions import IBMInputValueError
from requests import PreparedRequest, RequestException
from requests.auth import AuthBase

from problems.errors import InputError
from quantum.backends.errors import ServiceError
from quantum.backends.ibm.trouble import SAVE_ACCOUNT, Trouble, trouble_in
from quantum.backends.wire import Patience, one_line, quiet, remember_secret
from quantum.backends.wire.http import Exchange, LimitedAdapter

__all__ = ["TamedService", "open_service"]

T = TypeVar("T")


class TamedService(QiskitRuntimeService):
    """The client's service, whose every connection is tamed before its first request.

    Attributes
    ----------
    posts
        The POST requests since this was last cleared.
    unlisted
        Why an instance of the account could not list its devices; the client says nothing of it.
    """

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self.posts: list[Exchange] = []
        self.unlisted: Trouble | None = None
        super().__init__()

    # Whatever talks to the service is assigned here before it is used.
    @property
    def _active_api_client(self) -> Any:
        return self._tamed_client

    @_active_api_client.setter
    def _active_api_client(self, client: Any) -> None:
        session = client._session
        if not isinstance(session.auth, _BearerOnly):
            session.auth = _BearerOnly(session.auth, self.patience)
            adapter = LimitedAdapter(self.patience, self.posts, Trouble)
            session.mount("http://", adapter)
            session.mount("https://", adapter)
            client.list_backends = self._noting(client.list_backends)
        self._tamed_client = client

    def _noting(self, listing: Callable[..., T]) -> Callable[..., T]:
        def noted(*arguments: Any, **options: Any) -> T:
            try:
                return listing(*arguments, **options)
            except Exception as error:
                self.unlisted = trouble_in(error)
                raise

        return noted

    def _discover_account(self, *arguments: Any, **options: Any) -> Any:
        account = super()._discover_account(*arguments, **options)
        remember_secret(account.token)
        remember_secret(account.proxies and account.proxies.password_ntlm)
        authenticator = account.get_iam_authentificator

        def limited_authenticator() -> Any:
            limited = authenticator()
            limited.token_manager.http_config = {"timeout": self.patience.limits}
            return limited

        account.get_iam_authentificator = limited_authenticator
        return account

    def clients(self) -> list[Any]:
        """Return one connection for each of the account's instances, the active one first."""
        return list({id(client): client for client in [self._active_api_client, *self._api_clients.values()]}.values())


def open_service(patience: Patience) -> TamedService:
    """Return a service for the account that is saved, or given by the environment.

    Raises
    ------
    InputError
        If there is no account, or it is not a valid one.
    ServiceError
        If the service cannot be reached, or refuses.
    """
    attempt = 0
    while True:
        try:
            with quiet():
                service = TamedService(patience)
            break
        except Exception as error:
            trouble, failure = _account_trouble(error)
        # The cloud's accounts are asked through other connections, which repeat nothing.
        wait = patience.wait(attempt, trouble.wait) if trouble is not None and trouble.passing else None
        if wait is None or attempt == patience.total:
            raise failure
        time.sleep(wait)
        attempt += 1
    if service.unlisted is not None and not service._backends_info_per_instance:
        raise service.unlisted.told("open the account")
    return service


def _account_trouble(error: Exception) -> tuple[Trouble | None, Exception]:
    """Return what is wrong on the way to the service, if it is that, and what to raise."""
    if isinstance(error, AccountNotFoundError):
        return None, InputError(
            f"No IBM Quantum account is saved on this computer; save one, once, in Python: {SAVE_ACCOUNT}."
        )
    if isinstance(error, IBMInputValueError):
        return None, InputError(one_line(f"The IBM Quantum account cannot be used: {error.message}"))
    of_the_file = isinstance(error, AccountsError | ValueError | OSError) and not isinstance(error, RequestException)
    if of_the_file and error.__cause__ is None:
        # The client's own words may hold the key.
        return None, InputError(
            f"The IBM Quantum account that is saved is not valid ({type(error).__name__}); save it again: "
            f"{SAVE_ACCOUNT}, overwrite=True."
        )
    trouble = _cloud_trouble(error)
    return trouble, trouble.told("open the account")


def _cloud_trouble(error: Exception) -> Trouble:
    """Read what went wrong with the cloud's accounts, which answer 400 where they do not know a key."""
    trouble = trouble_in(error)
    return Trouble("answer", 401, trouble.detail) if trouble.status == 400 else trouble


class _BearerOnly(AuthBase):
    """Sends access tokens only; the client's own way falls back to sending the API key itself."""

    def __init__(self, cloud: Any, patience: Patience) -> None:
        self._crn, self._tokens = cloud.crn, cloud.tm
        self._tokens.http_config = {"timeout": patience.limits}

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers.update({"Service-CRN": self._crn, "Authorization": f"Bearer {self._token()}"})
        return request

    def __deepcopy__(self, _memo: dict | None = None) -> "_BearerOnly":
        return self

    def _token(self) -> str:
        try:
            token = self._tokens.get_token()
        except Exception as error:
            self._tokens.request_time = 0  # or the next call would wait for this one, for a minute
            if self._tokens.access_token and not self._tokens._is_token_expired():
                return str(self._tokens.access_token)  # only its renewal, ahead of time, has failed
            failure = _NoToken(_cloud_trouble(error))
        else:
            remember_secret(token)
            return str(token)
        raise failure


class _NoToken(ServiceError):
    """No access token was to be had, so that nothing was sent."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = replace(trouble, detail="while an access token was asked for")
        super().__init__(*self.trouble.told("give an access token").args)
