import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from compare.hardware.bill import Bill, Charge, check_most, make_bill, money, priced_name
from compare.hardware.create import create
from compare.hardware.listing import list_runs
from compare.hardware.prices import UNITS, Rates, charge, read_prices
from compare.hardware.replay import replay
from problems.errors import InputError
from tests.compare.hardware.runs import SHOTS, bring, first_job, in_one_line, small_plan

TODAY = date(2026, 11, 29)

HEAD = 'date = 2024-11-20\ncurrency = "EUR"\nsource = "invented"\n'

DEVICE = '[[device]]\nname = "ibm_*"\neach = { shot = 0.5 }\n'


def prices(tmp_path, text):
    (tmp_path / "prices.toml").write_text(text)
    return read_prices(tmp_path / "prices.toml", TODAY)


def test_formulas_are_sums_of_named_counts():
    counts = {"task": 1, "shot": 1000, "one_qubit_gate": 20_000, "two_qubit_gate": 7000, "measurement": 4000}
    # Quantinuum's formula, HQC = 5 + shots (N1 + 10 N2 + 5 Nm)/5000, for 20, 7 and 4 of them.
    hqc = Rates(
        "h",
        {"task": 5, "one_qubit_gate": 1 / 5000, "two_qubit_gate": 10 / 5000, "measurement": 5 / 5000},
        credit="HQC",
        credit_price=2.0,
    )
    credits, amount = charge(hqc, counts)
    assert math.isclose(credits, 5 + 1000 * (20 + 10 * 7 + 5 * 4) / 5000, rel_tol=1e-12)
    assert math.isclose(amount, 2 * credits, rel_tol=1e-12)
    # Amazon's: a task and its shots. IonQ's: each gate of each shot, and a least.
    assert charge(Rates("a", {"task": 0.25, "shot": 0.002}), counts) == (None, 2.25)
    by_gate = {"one_qubit_gate": 0.0001, "two_qubit_gate": 0.001}
    assert charge(Rates("i", by_gate), counts) == (None, 9.0)
    assert charge(Rates("i", by_gate, least=12.5), counts) == (None, 12.5)
    # What costs something and is not known makes the sum unknown; what costs nothing does not.
    by_time = {"quantum_minute": 60.0}
    assert charge(Rates("t", by_time), {"quantum_minute": 0.5}) == (None, 30.0)
    assert charge(Rates("t", by_time), counts) == charge(Rates("t", by_time), counts | {"quantum_minute": None})
    assert charge(Rates("t", by_time), counts) == (None, None)
    assert charge(Rates("t", {"quantum_minute": 0.0, "shot": 1.0}), counts) == (None, 1000.0)


def test_the_longest_name_that_fits_is_taken(tmp_path):
    names = ["ibm_*", "ibm_fez", "ibm_fe*", "arn:aws:braket:*"]
    found = prices(tmp_path, HEAD + "".join(f'[[device]]\nname = "{one}"\neach = {{ shot = 1 }}\n' for one in names))
    wanted = {"ibm_fez": "ibm_fez", "ibm_fes": "ibm_fe*", "ibm_torino": "ibm_*", "ionq_qpu": None, "arn:aws": None}
    assert {name: (one := found.of(name)) and one.name for name in wanted} == wanted
    assert (found.date, found.currency, found.source) == ("2024-11-20", "EUR", "invented")
    assert priced_name("fake_fez") == "ibm_fez"
    assert priced_name("ionq_qpu.forte-1") == "ionq_qpu.forte-1"


def test_the_example_of_the_guide_is_a_file_of_prices(tmp_path):
    guide = Path(__file__).parents[3] / "docs" / "howto" / "hardware.md"
    found = prices(tmp_path, guide.read_text().partition("```toml\n")[2].partition("```")[0])
    counts = dict.fromkeys(UNITS, 10.0)
    assert [charge(one, counts)[1] for one in found.devices] == [
        pytest.approx(one) for one in (600.0, 4.02, 15.0, 8 * 50.032)
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it has no date"),
        ('currency = "EUR"\n' + DEVICE, "it has no date, and prices change"),
        (HEAD.replace("2024-11-20", "2026-11-30") + DEVICE, "date = 2026-11-30 is in the future"),
        (HEAD.replace("2024-11-20", "2024-11-20T10:00:00") + DEVICE, "is no date"),
        (HEAD.replace("2024-11-20", '"2024-02-30"') + DEVICE, "no day of the calendar"),
        (HEAD.replace("2024-11-20", '"November"') + DEVICE, "is no date"),
        (HEAD.replace("2024-11-20", "20241120") + DEVICE, "is no date"),
        (HEAD.replace('"EUR"', "7") + DEVICE, "currency = 7 is no line"),
        (HEAD.replace('"EUR"', r'"a\nb"') + DEVICE, "is no line"),
        (HEAD.replace('source = "invented"\n', "") + DEVICE, "source is missing"),
        (HEAD, "it names no device"),
        (HEAD + "device = 3", "it names no device"),
        (HEAD + "tax = 3\n" + DEVICE, "'tax' is no part of a file of prices"),
        (HEAD + DEVICE + "per = 3", "'per' is no part of the device"),
        (HEAD + DEVICE + DEVICE, "'ibm_\\*' twice"),
        (HEAD + DEVICE.replace("ibm_*", "ibm_*fez"), "a star before its end"),
        (HEAD + DEVICE.replace("shot", "shots"), "There is no unit of prices 'shots'. Did you mean 'shot'"),
        (HEAD + DEVICE.replace("0.5", "-1"), "shot of 'ibm_\\*' = -1 is negative"),
        (HEAD + DEVICE.replace("0.5", "nan"), "= nan is negative, not finite"),
        (HEAD + DEVICE.replace("0.5", "inf"), "= inf is negative, not finite or too large"),
        (HEAD + DEVICE.replace("0.5", "9" * 400), "too large"),
        (HEAD + DEVICE.replace("0.5", "9" * 5000), "is no file of prices"),
        (HEAD + DEVICE.replace("0.5", "true"), "= True is no number"),
        (HEAD + DEVICE.replace("0.5", "'2 * shots'"), "is no number"),
        (HEAD + DEVICE.replace("{ shot = 0.5 }", "{}"), "charges for nothing"),
        (HEAD + DEVICE + "least = -1", "least of 'ibm_\\*' = -1"),
        (HEAD + DEVICE + 'credit = "HQC"', "say nothing without each other"),
        (HEAD + "a = " + "[" * 5000, "is no file of prices"),
        ('{"date": "2024-11-20"}', "is no file of prices"),
        ("#" * 300_000, "cannot be read"),
    ],
)
def test_files_that_say_no_price_are_refused_in_one_line(tmp_path, text, told):
    with pytest.raises(InputError, match=told) as refusal:
        prices(tmp_path, text)
    assert len(in_one_line(refusal)) < 900


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_prices(tmp_path / "none.toml", TODAY)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is no file of prices"):
        read_prices(tmp_path / "bytes", TODAY)


@pytest.fixture(scope="module")
def plan():
    return small_plan("fake_fez")


def test_a_bill_is_kept_with_the_run_and_made_again_by_its_replay(plan, tmp_path):
    (job,) = plan.jobs
    each = "{ task = 1, shot = 0.01, quantum_second = 2, measurement = 0.001, one_qubit_gate = 0.0001 }"
    found = prices(tmp_path, HEAD + f'[[device]]\nname = "ibm_fez"\neach = {each}\n')
    bill = make_bill(plan, found)
    gates = sum(
        len(one.qubits) == 1 and one.name not in ("measure", "delay", "barrier") for one in job.fitted.circuit.data
    )
    wanted = (
        1 + 0.01 * SHOTS + 2 * plan.estimate.total + 0.001 * SHOTS * job.circuit.num_clbits + 0.0001 * SHOTS * gates
    )
    assert math.isclose(bill.total, wanted, rel_tol=1e-12)
    run = create(plan, tmp_path / "runs", bill=bill)
    assert run.record.bill == bill
    (listed,) = list_runs(tmp_path / "runs")
    assert (listed["money"], listed["currency"], listed["prices"]) == (0.0, "EUR", "2024-11-20")  # simulated here
    bring(run, None)
    replay(run)
    forged = msgspec.structs.replace(bill.jobs[0], amount=bill.jobs[0].amount / 2)
    run.write(msgspec.structs.replace(run.record, bill=msgspec.structs.replace(bill, jobs=(forged,))))
    with pytest.raises(InputError, match=r"The bill of .* gives money"):
        replay(type(run)(run.path))


def test_what_is_not_known_is_said_and_not_refused(plan, tmp_path):
    bill = make_bill(plan, prices(tmp_path, HEAD + DEVICE.replace("ibm_*", "ionq_*")))
    assert bill.total is None
    assert bill.told == "not known: the prices of 2024-11-20 have no entry for ibm_fez"
    timed = Rates("d", {"quantum_second": 1.0, "shot": 1.0})
    counts = {"shot": 3.0, "quantum_second": None}
    unknown = Bill("2024-11-20", "EUR", "x", "0", "d", timed, (msgspec.convert({"counts": counts, "credits": None,
                   "amount": None}, type(bill.jobs[0])),))  # fmt: skip
    assert unknown.missing == "quantum second not known"
    assert [money(amount, "EUR") for amount in (0, 0.001234, 0.1, 0.125, 0.9999, 1.5, 12345.678)] == [
        "0.00 EUR", "0.00123 EUR", "0.10 EUR", "0.125 EUR", "1.00 EUR", "1.50 EUR", "12,345.68 EUR",
    ]  # fmt: skip


def test_a_limit_that_is_met_is_kept_however_sums_are_rounded():
    rates = Rates("h", {"shot": 0.1}, credit="HQC", credit_price=1.0)
    credits, amount = charge(rates, {"shot": 3.0})
    assert amount > 0.3
    bill = Bill("2024-11-20", "EUR", "x", "0", "h", rates, (Charge({"shot": 3.0}, credits, amount),))
    device = SimpleNamespace(local=False)
    check_most(bill, 0.3, device)
    with pytest.raises(InputError, match=r"would cost 0\.30 HQC, so 0\.30 EUR by .*, more than --most-money 0\.29;"):
        check_most(bill, 0.29, device)
    large = Bill("2024-11-20", "EUR", "x", "0", "h", rates, (Charge({"shot": 1e6}, 123456.7, 1234567.8),))
    assert large.told == "123,456.70 HQC, so 1,234,567.80 EUR by prices of 2024-11-20 (x)"
    with pytest.raises(InputError, match=r"more than --most-money 1234567\.5;"):
        check_most(large, 1234567.5, device)


def test_an_amount_that_no_prices_make_is_no_bill():
    for field, value in (("amount", 1e308), ("amount", -1.0), ("credits", -1.0), ("counts", {"shot": -1.0})):
        with pytest.raises(msgspec.ValidationError, match="Expected `float`"):
            msgspec.convert({"counts": {}, "credits": None, "amount": None} | {field: value}, Charge)


SMALL = ["--dataset", "digits", "--prime", "2", "--features", "1", "--points", "2", "--shots", "60"]


def test_the_command_says_what_it_costs_keeps_a_limit_and_looks_only(served, server, tickets, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plan = served[2]  # of two jobs, the first of which is what is ordered here
    one = replace(first_job(plan), estimate=replace(plan.estimate, seconds=plan.estimate.seconds[:1]))
    monkeypatch.setattr("compare.hardware.plan.make_plan", lambda payloads, order: one)
    Path("prices.toml").write_text(HEAD + DEVICE)
    order = ("submit", "--backend", "ibm_fez", *SMALL)
    before = len(server.jobs)
    code, out, errors = tickets(*order, "--prices", "prices.toml", "--dry-run")
    assert (code, errors) == (0, "")
    assert "\nIn money: 30.00 EUR by prices of 2024-11-20 (invented).\n" in out
    assert "quantum seconds, 30.00 EUR\n" in out
    code, out, errors = tickets(*order, "--prices", "prices.toml", "--dry-run", "--json")
    offer = json.loads(out)
    assert (code, offer["money"]["amount"], offer["money"]["date"]) == (0, 30.0, "2024-11-20")
    assert [(one["shots"], one["amount"]) for one in offer["jobs"]] == [(60, 30.0)]
    code, out, errors = tickets(*order, "--prices", "prices.toml", "--most-money", "29.99", "--yes")
    assert (code, out) == (2, "")
    assert "would cost 30.00 EUR by prices of 2024-11-20 (invented), more than --most-money 29.99" in errors
    code, _, errors = tickets(*order, "--most-money", "3", "--yes")
    assert (code, "says nothing without prices" in errors) == (2, True)
    code, _, errors = tickets(*order, "--json")
    assert (code, "--json goes with --dry-run" in errors) == (2, True)
    Path("other.toml").write_text(HEAD + DEVICE.replace("ibm_*", "ionq_*"))
    code, _, errors = tickets(*order, "--prices", "other.toml", "--most-money", "3", "--yes")
    assert (code, "the cost is not known, as the prices of 2024-11-20 have no entry" in errors) == (2, True)
    Path("bad.toml").write_text(DEVICE)
    code, out, errors = tickets(*order, "--prices", "bad.toml", "--yes")
    assert (code, out, errors.count("\n")) == (2, "", 1)
    assert (len(server.jobs), Path("runs").exists()) == (before, False)
    assert tickets(*order, "--prices", "prices.toml", "--most-money", "30", "--yes")[0] == 0
    code, out, _ = tickets("runs", "--json")
    assert [(one["money"], one["prices"]) for one in json.loads(out)] == [(30.0, "2024-11-20")]
