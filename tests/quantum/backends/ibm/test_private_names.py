"""Where we reach into IBM's client: an upgrade has to be held against this list, and nothing else may be added."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

VENDOR = ("qiskit_ibm_runtime", "ibm_cloud_sdk_core")

REACHED_INTO = {
    # Connections, each of which is tamed before its first request.
    "_active_api_client": "the connection to the active instance",
    "_api_clients": "those to all instances of the account",
    "_session": "the HTTP session of a connection, which gets our limits of time",
    # The account.
    "_discover_account": "the account that the client found, whose key must not be shown",
    "_backends_info_per_instance": "whether any instance has listed its devices",
    "_is_token_expired": "whether a token is still good when its renewal failed",
    # Jobs and batches.
    "_get_api_client": "the connection that opened a batch",
    "_instance": "the instance of a device",
    "_session_id": "the batch that a job joins",
    # The tests' own account file.
    "_DEFAULT_ACCOUNT_CONFIG_JSON_FILE": "where accounts are saved",
    # Modules that the client's documentation does not name.
    "ibm_cloud_sdk_core.http_adapter": "where the tests' server has connections to the cloud read no certificates",
    "qiskit_ibm_runtime.accounts.exceptions": "what a missing account raises",
    "qiskit_ibm_runtime.accounts.management": "where the tests' own account file is named",
    "qiskit_ibm_runtime.decoders.defaults": "how the text of a result becomes bits, without a service",
    "qiskit_ibm_runtime.executor_sampler": "the sampler that asks for shots in their order",
    "qiskit_ibm_runtime.fake_provider.backends": "where the tests' server has its devices' descriptions from",
    "qiskit_ibm_runtime.fake_provider.executor.run_quantum_program": "what the tests' server runs",
    "qiskit_ibm_runtime.options_models.simulator": "how it runs that",
    "qiskit_ibm_runtime.qiskit_runtime_service": "where the tests make a job's answer fail",
    "qiskit_ibm_runtime.quantum_program.params_converters": "how it reads what was submitted",
    "qiskit_ibm_runtime.transpiler.plugin": "what Qiskit loads to compile, and tests' processes begin with",
    "qiskit_ibm_runtime.utils.utils": "whether a circuit fits a device",
}
"""Each private name and why it is needed."""

DOCUMENTED = {
    "qiskit_ibm_runtime",
    "qiskit_ibm_runtime.exceptions",
    "qiskit_ibm_runtime.fake_provider",
    "qiskit_ibm_runtime.transpiler.passes",
}

ROOT = Path(__file__).parents[4]
ROOMS = ("problems", "classical", "quantum", "compare", "benchmarks", "tests")


def private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__") and name != "_"


def names_made(tree: ast.AST) -> set[str]:
    """Everything that a module names itself: functions, classes, variables and attributes that it assigns."""
    made = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            made.add(node.id if isinstance(node, ast.Name) else node.attr)
        elif isinstance(node, ast.arg):
            made.add(node.arg)
    return {name for name in made if private(name)}


def names_of_vendor() -> set[str]:
    made = set()
    for package in VENDOR:
        found = importlib.util.find_spec(package)
        for file in Path(found.origin).parent.rglob("*.py"):
            made |= names_made(ast.parse(file.read_text(encoding="utf-8")))
    return made


def inherits(tree: ast.AST) -> Iterator[ast.ClassDef]:
    """Classes of ours that are the vendor's with changes."""
    theirs = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in VENDOR
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and theirs & {getattr(base, "id", None) for base in node.bases}:
            yield node


def ours(tree: ast.AST) -> set[str]:
    """Private names that are our own, wherever they are used: those made outside of the vendor's classes on `self`."""
    foreign = {id(part) for child in inherits(tree) for part in ast.walk(child)}
    made = set()
    for node in ast.walk(tree):
        if id(node) in foreign:
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            made.add(node.id)
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and getattr(node.value, "id", None) in ("self", "cls")
        ):
            made.add(node.attr)
    return {name for name in made if private(name)}


def used(tree: ast.AST, vendors: set[str], own: set[str]) -> set[str]:
    """Private names of the vendor that a module uses, overrides or spells out, and inner modules that it imports."""
    found, foreign = set(), vendors - own
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in foreign:
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            first, *rest = node.value.split(".")
            if node.value in foreign:
                found.add(node.value)  # getattr(client, "_name")
            elif first in VENDOR and all(part.isidentifier() for part in rest):
                found |= {part for part in rest if private(part)}
                found.add(".".join([first, *(part for part in rest if part.islower() and not private(part))]))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in VENDOR:
            found.add(node.module)
            found |= {alias.name for alias in node.names if private(alias.name)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] in VENDOR}
    for child in inherits(tree):
        found |= {node.name for node in ast.walk(child) if isinstance(node, ast.FunctionDef)} & vendors
    return found - DOCUMENTED - set(VENDOR)


def test_private_names_of_the_client_that_are_reached_into_are_those_of_the_list():
    pytest.importorskip("qiskit_ibm_runtime")
    # Only modules that come near the client are read: elsewhere `x._session` is somebody else's.
    sources = {
        str(file.relative_to(ROOT)): file.read_text(encoding="utf-8")
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        if file != Path(__file__)
    }
    near = {
        name: ast.parse(text)
        for name, text in sources.items()
        if name.startswith("quantum/backends/") or any(word in text for word in (*VENDOR, "backends.ibm"))
    }
    vendors, own = names_of_vendor(), set().union(*map(ours, near.values()))
    found: dict[str, list[str]] = {}
    for name, tree in near.items():
        for one in sorted(used(tree, vendors, own)):
            found.setdefault(one, []).append(name)
    assert {one: where for one, where in found.items() if one not in REACHED_INTO} == {}
    assert sorted(set(REACHED_INTO) - set(found)) == []
