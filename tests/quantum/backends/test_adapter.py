"""The protocol of vendors: whose a device is, and what every vendor's folder makes its results of."""

from datetime import UTC, datetime
from importlib.metadata import EntryPoint

import numpy as np
import pytest

from problems.errors import InputError
from quantum import names
from quantum.backends import adapter
from quantum.backends.adapter import Guarantee, Vendor, as_bits, find_vendor, register, seconds_between, vendor_of
from quantum.backends.errors import ServiceError
from quantum.names import VENDORS, is_device


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setattr(names, "VENDORS", dict(VENDORS))
    monkeypatch.setattr(adapter, "VENDORS", names.VENDORS)
    monkeypatch.setattr(adapter, "_registered", {})


def test_every_vendor_offers_what_the_protocol_asks_without_its_client():
    guarantees = {name: find_vendor(name).guarantee for name in ("ibm", "ionq", "braket")}
    assert guarantees == {"ibm": Guarantee.LISTED, "ionq": Guarantee.NONE, "braket": Guarantee.TOKEN}
    asked = {name for name in vars(adapter.Account) if not name.startswith("_")}
    from quantum.backends.braket import BraketAccount
    from quantum.backends.ibm import Account
    from quantum.backends.ionq import IonQAccount

    for account in (Account, IonQAccount, BraketAccount):
        assert [name for name in asked if not callable(getattr(account, name, None))] == []


def test_the_beginning_of_a_name_tells_the_vendor():
    assert vendor_of("ionq_qpu.forte-1").title == "IonQ"
    assert vendor_of("arn:aws:braket:eu-north-1::device/qpu/iqm/Garnet").title == "Amazon Braket"
    assert [is_device(name) for name in ("ibmq_lima", "fake_fez", "aer_mps")] == [True, False, False]
    with pytest.raises(InputError, match="There is no backend 'fake_fez'"):
        vendor_of("fake_fez")


def test_a_registered_vendor_is_known_and_takes_no_name_of_another(known):
    toy = Vendor("Toy", Guarantee.TOKEN, dict, list)
    register("toy", ("toy_",), toy)
    assert vendor_of("toy_three") is toy
    register("toy", ("toy_", "play_"), toy)
    assert is_device("play_one")
    for beginning, told in (("ibm", "begin with 'ibm_'"), ("ionq_qpu", "begin with 'ionq_'"), ("", "every name|begin")):
        with pytest.raises(InputError, match=f"tells no device of 'other': .*{told}"):
            register("other", (beginning,), toy)


OTHERS = Vendor("Others", Guarantee.NONE, dict, list)


def test_another_package_brings_a_vendor_by_an_entry_point(monkeypatch):
    here = "tests.quantum.backends.test_adapter"
    places = {"others_": f"{here}:OTHERS", "odd_": f"{here}:as_bits", "gone_": "no_such_module:VENDOR", "ibm": "x:y",
              "fake_fez_": "x:y", "": "x:y"}  # fmt: skip
    brought = [EntryPoint(name, place, names.PACKAGES) for name, place in places.items()]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [one for one in brought if one.group == group])
    names.declared_vendors.cache_clear()
    try:
        assert set(names.declared_vendors()) == {"others_", "odd_", "gone_"}
        assert vendor_of("others_one") is OTHERS
        assert [is_device(name) for name in ("others_one", "fake_fez", "aer_mps", "other")] == [
            True,
            False,
            False,
            False,
        ]
        names.check_backend("others_one")
        for device, told in (("odd_one", "it is no Vendor"), ("gone_one", "ModuleNotFoundError: No module named")):
            with pytest.raises(InputError, match=rf"of another package cannot be used \({told}"):
                vendor_of(device)
    finally:
        names.declared_vendors.cache_clear()


def test_a_folder_without_a_vendor_is_told(known, monkeypatch):
    monkeypatch.setitem(names.VENDORS, "wire", ("wire_",))
    with pytest.raises(InputError, match="quantum/backends/wire offers no VENDOR"):
        vendor_of("wire_one")


def test_outcomes_become_bits():
    bits = as_bits([5, 1 << 70, 5], [0, 2, None, 70], 71)
    np.testing.assert_array_equal(bits, [[1, 1, 0, 0], [0, 0, 0, 1], [1, 1, 0, 0]])
    assert as_bits([], [0], 1).shape == (0, 1)
    for outcome in (-1, 4):
        with pytest.raises(ServiceError, match=f"the outcome {outcome}, which 2 qubits do not have"):
            as_bits([0, outcome], [0], 2)


def test_seconds_lie_between_moments_that_can_be_read():
    start = datetime(2026, 11, 29, 12, 0, 0)
    assert seconds_between(start, "2026-11-29T12:01:30Z") == 90.0
    assert seconds_between("2026-11-29T13:00:00+01:00", start.replace(tzinfo=UTC)) == 0.0
    for end in (None, "soon", 1490932820, "2026-11-29T11:00:00Z"):
        assert seconds_between(start, end) is None
