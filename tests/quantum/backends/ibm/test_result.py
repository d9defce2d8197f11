"""Results decoded from their text alone, or refused in one line."""

import json
import subprocess
import sys

import numpy as np
import pytest

from quantum.backends.errors import ServiceError
from quantum.backends.ibm import decode_result
from quantum.backends.options import Suppression
from tests.loopback.environment import connected, fitted_example


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """One job's result, plain and twirled."""
    with connected(tmp_path_factory.mktemp("account")) as (server, account):
        device = account.device("ibm_fez")
        circuit = fitted_example(device.target)
        made = [account.submit(device, circuit, 40, ["text"], Suppression(twirling=on)) for on in (False, True)]
        return [server.result_text(job_id) for job_id in made]


def test_a_result_needs_neither_service_nor_account(texts, tmp_path):
    file = tmp_path / "result.raw"
    file.write_text(texts[0])
    code = (
        "import sys; from pathlib import Path; from quantum.backends.ibm import decode_result; "
        "print(*(int(bit) for bit in decode_result(Path(sys.argv[1]).read_text())[0].ravel()), sep='')"
    )
    environment = {"HOME": str(tmp_path), "PATH": "", "NO_PROXY": "*", "QISKIT_IBM_TOKEN": ""}
    told = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, env=environment, check=True
    ).stdout.strip()
    (bits,) = decode_result(texts[0])
    assert bits.shape == (40, 3)
    assert told == "".join(str(int(bit)) for bit in bits.ravel())


def test_a_twirled_result_has_the_shots_asked_for(texts):
    assert json.loads(texts[1])["passthrough_data"]["post_processor"]["twirling"] is True
    (bits,) = decode_result(texts[1])
    assert bits.shape == (40, 3)
    assert np.array_equal(bits[:, 0], bits[:, 1])


@pytest.mark.parametrize("which", [0, 1])
def test_no_part_of_a_result_passes_for_all_of_it(texts, which):
    text = texts[which]
    for end in {*range(1, len(text) - 1, 37), *range(len(text) - 60, len(text))} - {len(text)}:
        with pytest.raises(ServiceError, match=f"breaks off after {end} characters"):
            decode_result(text[:end])


def changed(text, change):
    content = json.loads(text)
    change(content)
    return json.dumps(content)


def post_processor(content):
    return content["passthrough_data"]["post_processor"]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda text: "", "empty"),
        (lambda text: " \n", "empty"),
        (lambda text: "<html>moved</html>", "some other text"),
        (lambda text: "null", "cannot be decoded"),
        (lambda text: "[]", "cannot be decoded"),
        (lambda text: "{}", "cannot be decoded"),
        (lambda text: '"a string"', "cannot be decoded"),
        (lambda text: changed(text, lambda content: content.update(schema_version="v9.9")), "upgrade"),
        (lambda text: changed(text, lambda content: content.update(data=[])), "holds no circuit"),
        (lambda text: changed(text, lambda content: content["data"][0].update(results={})), "cannot be decoded"),
        (
            lambda text: changed(
                text, lambda content: content["data"][0]["results"]["node"].update(data="AAAA", shape=[40, 3])
            ),
            "cannot be decoded",
        ),
        (lambda text: changed(text, lambda content: content.update(semantic_role="estimator_v2")), "cannot be decoded"),
        (lambda text: changed(text, lambda content: content.update(passthrough_data={})), "cannot be decoded"),
        (
            lambda text: changed(
                text, lambda content: post_processor(content)["circuits_metadata"][0].update(shots_asked=41)
            ),
            "40 of 41 shots",
        ),
    ],
)
def test_what_is_no_result_is_refused_in_one_line(texts, spoil, told):
    with pytest.raises(ServiceError, match=told) as refusal:
        decode_result(spoil(texts[0]))
    assert "\n" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_a_result_that_does_not_say_the_shots_is_taken_whole(texts):
    text = changed(texts[0], lambda content: post_processor(content).update(circuits_metadata=[None]))
    assert np.array_equal(decode_result(text)[0], decode_result(texts[0])[0])
