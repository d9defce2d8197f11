"""Prices of devices, from a file of the user's: a date, a currency, a source, and for each device what it charges for.

Nothing is built in, for prices are of a date and of a contract. A formula is data: numbers, each times a count that has
a name in `UNITS`, all added up; nothing in the file is ever run.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import msgspec

from compare.engine.plain import content_hash
from problems.errors import InputError, choose
from problems.reading import read_file

__all__ = ["UNITS", "Counts", "PriceList", "Rates", "charge", "read_prices"]

UNITS = {
    "task": "a job",
    "shot": "a shot",
    "quantum_second": "a second on the device, as it is expected before submission",
    "quantum_minute": "60 of these seconds",
    "one_qubit_gate": "a gate on one qubit, in each shot, as the circuit was compiled here",
    "two_qubit_gate": "a gate on two qubits, in each shot, as the circuit was compiled here",
    "measurement": "a measured qubit, in each shot",
}
"""Counts that a price can be for, in words."""

Counts = Mapping[str, float | None]
"""How many there are of each unit of one job; None where that is not known."""

MOST_BYTES, MOST_DEVICES, MOST_LETTERS, MOST_AMOUNT = 2**18, 1000, 300, 1e9
"""Bounds of a file: its bytes, devices, letters of a text, and any number in it."""

ANY = "*"
"""Ends a name that stands for all devices whose names begin so."""

ISO = re.compile(r"\d{4}-\d\d-\d\d")

LATEST = timedelta(hours=14)
"""How far the calendar is ahead of UTC where it is farthest: a date that no place has yet is in the future."""

FIELDS = ("date", "currency", "source", "device")

OF_DEVICE = ("name", "each", "least", "credit", "credit_price")

Amount = Annotated[float, msgspec.Meta(ge=0, le=MOST_AMOUNT)]


class Rates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The units that a device charges for, and how much.

    Attributes
    ----------
    name
        The device's, or how names of devices begin, with a star behind.
    each
        By the names of `UNITS`, in the currency, or in credits where there are some.
    least
        The least that one job costs, in the same.
    credit, credit_price
        The name of the vendor's credits, and the price of one in the currency; None where it has none.
    """

    name: str
    each: dict[str, Amount]
    least: Amount = 0.0
    credit: str | None = None
    credit_price: Amount | None = None


class PriceList(msgspec.Struct, frozen=True):
    """Prices of a date.

    Attributes
    ----------
    date
        As 2026-11-20.
    currency
        Of all amounts, but for those in credits.
    source
        Where they are from, in the words of whoever wrote the file.
    digest
        The first 16 hexadecimal digits of the SHA-256 of the file.
    devices
        Their rates.
    """

    date: str
    currency: str
    source: str
    digest: str
    devices: tuple[Rates, ...] = ()

    def of(self, device: str) -> Rates | None:
        """Return the prices of a device: those of its name, else of its longest beginning; None if there are none."""
        fitting = [one for one in self.devices if _fits(one.name, device)]
        return max(fitting, key=lambda one: (one.name == device, len(one.name)), default=None)


def _fits(name: str, device: str) -> bool:
    return name == device or (name.endswith(ANY) and device.startswith(name[: -len(ANY)]))


def charge(rates: Rates, counts: Counts) -> tuple[float | None, float | None]:
    """Return what one job costs: in credits (None where a device has none), and in the currency.

    Both are None if a count that costs something is not known.
    """
    total = 0.0
    for unit in UNITS:
        rate = rates.each.get(unit, 0.0)
        if rate:
            number = counts.get(unit)
            if number is None:
                return None, None
            total += rate * number
    # What has no task of its own is paid with another: circuits that run at once.
    total = max(total, rates.least) if counts.get("task", 1.0) else 0.0
    return (None, total) if rates.credit_price is None else (total, total * rates.credit_price)


def read_prices(path: Path, today: date | None = None) -> PriceList:
    """Read a file of prices, TOML that may come from anybody.

    Parameters
    ----------
    path
        The file; how it is written, docs/howto/hardware.md shows.
    today
        The latest date that prices may have; where left out, the date of the place on Earth that is farthest ahead.

    Raises
    ------
    InputError
        If it cannot be read, has no date or one in the future, an unknown unit, a number that is negative, not finite
        or above 10^9, the same device twice, or anything that is no part of such a file.
    """
    try:
        content = read_file(path, MOST_BYTES)
        found = tomllib.loads(content.decode())
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); give your file of prices.") from None
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())[:200]
        raise InputError(f"{path} is no file of prices ({reason}); write it as TOML.") from None
    try:
        return _prices(found, content_hash(content), (datetime.now(UTC) + LATEST).date() if today is None else today)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def _prices(found: Mapping[str, Any], digest: str, today: date) -> PriceList:
    _known(found, FIELDS, "a file of prices")
    day = _date(found, today)
    devices = found.get("device")
    if not isinstance(devices, list) or not devices or not all(isinstance(one, dict) for one in devices):
        raise InputError("it names no device; write [[device]] with its name and what it charges for each unit.")
    if len(devices) > MOST_DEVICES:
        raise InputError(f"it names {len(devices):,} devices; give at most {MOST_DEVICES:,}.")
    rates = [_rates(one) for one in devices]
    names = [one.name for one in rates]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"it has {twice!r} twice; keep the one that holds.")
    return PriceList(day, _text(found, "currency", "EUR"), _text(found, "source", "offer of May"), digest, tuple(rates))


def _date(found: Mapping[str, Any], today: date) -> str:
    day = found.get("date")
    if day is None:
        raise InputError("it has no date, and prices change; write the day that they are of, as date = 2026-11-20.")
    if isinstance(day, str) and ISO.fullmatch(day):
        try:
            day = date.fromisoformat(day)
        except ValueError:
            raise InputError(f"date = {day!r} is no day of the calendar; write one as 2026-11-20.") from None
    if type(day) is not date:
        raise InputError(f"date = {str(day)!r:.40} is no date; write the day alone, as 2026-11-20.")
    if day > today:
        raise InputError(f"date = {day} is in the future; give the day that these prices are of.")
    return day.isoformat()


def _rates(found: Mapping[str, Any]) -> Rates:
    name = _text(found, "name", "ibm_*")
    _known(found, OF_DEVICE, f"the device {name!r}")
    if ANY in name[: -len(ANY)]:
        raise InputError(f"the name {name!r} has a star before its end; write the beginning of names, and a star last.")
    each = found.get("each")
    if not isinstance(each, dict) or not each:
        raise InputError(f"the device {name!r} charges for nothing; write each = {{ shot = ... }}.")
    for unit in each:
        choose("unit of prices", unit, UNITS)
    credit, price = found.get("credit"), found.get("credit_price")
    if (credit is None) != (price is None):
        raise InputError(f"of {name!r} credit and credit_price say nothing without each other; give both or none.")
    return Rates(
        name,
        {unit: _amount(f"{unit} of {name!r}", value) for unit, value in each.items()},
        _amount(f"least of {name!r}", found.get("least", 0)),
        None if credit is None else _text(found, "credit", "HQC"),
        None if price is None else _amount(f"credit_price of {name!r}", price),
    )


def _known(found: Mapping[str, Any], names: tuple[str, ...], of: str) -> None:
    other = next((name for name in found if name not in names), None)
    if other is not None:
        raise InputError(f"{other!r:.60} is no part of {of}; there are: {', '.join(names)}.")


def _text(found: Mapping[str, Any], name: str, such: str) -> str:
    text = found.get(name)
    if not isinstance(text, str) or not text.strip() or len(text) > MOST_LETTERS or not text.isprintable():
        said = "is missing" if text is None else f"= {text!r:.60} is no line of at most {MOST_LETTERS} letters"
        raise InputError(f"{name} {said}; write it as {name} = {such!r}.")
    return text.strip()


def _amount(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{name} = {value!r:.60} is no number; give one from 0 to 10^9.")
    if not 0 <= value <= MOST_AMOUNT:  # and what is no number at all
        raise InputError(f"{name} = {value!s:.60} is negative, not finite or too large; give one from 0 to 10^9.")
    return float(value)
