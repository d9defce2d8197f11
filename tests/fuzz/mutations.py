"""Changes of the files of a run: of bytes, of what JSON says, of arrays, each with digests left wrong or made right."""

import hashlib
import io
import json
import re
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from compare.engine.plain import content_hash
from compare.report.page import page_digest
from compare.studies import STUDIES

KINDS = {kind.name: kind for study in STUDIES.values() for kind in study.kinds}

BRACKETS = "@brackets@"
"""Stands for what `json` would not write: 10^5 brackets."""

RAW = {BRACKETS: "[" * 10**5 + "]" * 10**5, "@huge@": "1e400", "@digits@": "9" * 5000}
"""Text that takes the place of its name in quotes."""

STRANGE = [
    None,
    True,
    False,
    0,
    1,
    -1,
    2,
    7,
    0.5,
    -0.5,
    1e308,
    -1e308,
    5e-324,
    10**18,
    2**63,
    10**30,
    10**400,
    float("nan"),
    float("inf"),
    float("-inf"),
    "",
    "x",
    "0",
    "nan",
    "uniform",
    "\x1b[31mred",
    "\ud800",
    "\x00",
    "/etc/passwd",
    "a:b",
    "os:system",
    [],
    {},
    [[]],
    [None],
    [0],
    [1, 2, 3],
    ["x"],
    [1e308, -1e308],
    {"": None},
    {"a": 1},
    {"low": 1, "best": 0, "high": -1},
    {"dtype": "<f8", "shape": [2], "values": ["nan", "inf"]},
    {"dtype": "|O", "shape": [1], "values": [1]},
    {"dtype": "<U4", "shape": [1], "values": ["a"]},
    {"dtype": "<f8", "shape": [-1], "values": []},
    {"dtype": "<f8", "shape": [10**9, 10**9], "values": []},
    {"dtype": "|u1", "shape": [1], "values": [300]},
    {"dtype": "<f8", "shape": [0], "values": []},
    {"dtype": "<c16", "shape": [1], "file": "x"},
    *RAW,
]

DIGITS = 32


@dataclass(frozen=True)
class Mutation:
    """Files of a run, one or a few of them changed; `sealed` if digests were made right again."""

    files: dict[str, bytes]
    told: str
    sealed: bool = False


def written(value):
    text = json.dumps(value)
    for name, raw in RAW.items():
        text = text.replace(f'"{name}"', raw)
    return text


def seal(content):
    """Make a record's digest right again, as far as there is one."""
    if isinstance(content, dict) and "digest" in content:
        rest = {name: value for name, value in content.items() if name != "digest"}
        content["digest"] = content_hash(json.dumps(rest, sort_keys=True, separators=(",", ":")))
    return content


def rehashed(content):
    """Return the hash of a record's task, as its kind and settings say; None if they are none."""
    try:
        return KINDS[content["kind"]].of(content["settings"]).id
    except (ValueError, LookupError, TypeError):
        return None


def renamed(files, old, new):
    """Put one digest in another's place wherever it stands, and make the digests of what names it right again."""
    return {name: _renamed(name, content, old, new) for name, content in files.items()}


def _renamed(name, content, old, new):
    if old.encode() not in content or not name.endswith((".json", ".jsonl")):
        return content
    text = content.decode(errors="surrogatepass").replace(old, new)
    pieces = text.splitlines() if name.endswith(".jsonl") else [text]
    return "\n".join(map(_sealed, pieces)).encode(errors="surrogatepass")


def _sealed(text):
    try:
        return written(seal(json.loads(text)))
    except (ValueError, RecursionError):
        return text


def places(value, path=()):
    """Every place in a document, the outermost first."""
    yield path
    if isinstance(value, dict):
        for name, part in value.items():
            yield from places(part, (*path, name))
    elif isinstance(value, list):
        for number, part in enumerate(value[:20]):
            yield from places(part, (*path, number))


def at(value, path):
    for part in path:
        value = value[part]
    return value


@st.composite
def documents(draw, document, near=()):
    """A document changed in one place or in two, and in words how."""
    content, told = json.loads(json.dumps(document)), []
    for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
        path = draw(st.sampled_from(list(places(content))))
        way = draw(st.sampled_from(["value", "value", "value", "other", "remove", "add", "wrap", "shorten", "longer"]))
        value = at(content, path)
        new = value
        if way == "value":
            new = draw(st.sampled_from(STRANGE))
        elif way == "other":  # the value of another place
            new = at(content, draw(st.sampled_from(list(places(content)))))
        elif way == "remove" and path:
            parent = at(content, path[:-1])
            del parent[path[-1]]
            told.append(f"{way} {path}")
            continue
        elif way == "add" and isinstance(value, dict):
            new = value | {
                draw(st.sampled_from(["extra", "", "schema", "file", "best"])): draw(st.sampled_from(STRANGE))
            }
        elif way == "wrap":
            new = [value]
        elif way == "shorten" and isinstance(value, list | str):
            new = value[: len(value) // 2]
        elif way == "longer" and isinstance(value, list | str):
            new = value + value
        told.append(f"{way} {path} {new!s:.80}")
        new = json.loads(json.dumps(new))
        if not path:
            content = new
        else:
            at(content, path[:-1])[path[-1]] = new
    return content, "; ".join(told)


def lines_of(content):
    return content.decode().splitlines()


def split_page(text):
    start = text.index(">", text.index('id="runs"')) + 1
    end = text.index("</script>", start)
    return text[:start], text[start:end], text[end:]


@st.composite
def json_changes(draw, files):
    names = [name for name in files if name.endswith((".jsonl", ".json", ".html"))]
    name = draw(st.sampled_from(names))
    sealing = draw(st.booleans())
    text = files[name].decode()
    if name.endswith(".jsonl"):
        lines = text.splitlines()
        number = draw(st.integers(0, len(lines) - 1))
        record = json.loads(lines[number])
        content, told = draw(documents(record))
        told = f"line {number + 1}: {told}"
        task = rehashed(content) if sealing else None
        if task not in (None, record["task"]):
            lines[number] = written(content)
            files = files | {name: "\n".join(lines).encode(errors="surrogatepass")}
            return Mutation(renamed(files, record["task"], task), f"{name} {told}, its hash made right", True)
        lines[number] = written(seal(content) if sealing else content)
        new = "\n".join(lines) + "\n"
    elif name.endswith(".html"):
        before, inner, after = split_page(text)
        content, told = draw(documents(json.loads(inner)))
        if sealing and isinstance(content, list):
            for run in content:
                for ask in run.get("asks") if isinstance(run, dict) and isinstance(run.get("asks"), list) else []:
                    seal(ask)
        text = written(content).replace("<", "\\u003c")
        if sealing:
            before = re.sub('data-digest="[^"]*"', f'data-digest="{page_digest(text)}"', before)
        new = before + text + after
    else:
        content, told = draw(documents(json.loads(text)))
        if sealing:
            seal(content)
        new = written(content)
    return Mutation(files | {name: new.encode(errors="surrogatepass")}, f"{name} {told}", sealing)


@st.composite
def byte_changes(draw, files, others):
    name = draw(st.sampled_from(list(files)))
    content = files[name]
    way = draw(st.sampled_from(["flip", "cut", "double", "swap", "foreign", "empty", "insert", "lines", "remove"]))
    place = draw(st.integers(0, max(0, len(content) - 1)))
    if way == "flip":
        new = (
            content[:place]
            + bytes([content[place] ^ draw(st.sampled_from([1, 2, 16, 128, 255]))])
            + content[place + 1 :]
        )
    elif way == "cut":
        new = content[:place]
    elif way == "double":
        new = content[:place] + content
    elif way == "swap":
        other = draw(st.sampled_from(list(files)))
        return Mutation(files | {name: files[other], other: content}, f"{name} and {other} swapped")
    elif way == "foreign":
        new = others[draw(st.sampled_from(list(others)))]
    elif way == "empty":
        new = b""
    elif way == "insert":
        new = (
            content[:place]
            + draw(st.sampled_from([b"\0", b"\n", b"\xff", b"\r\n", b"[" * 10**5, b'{"again":', b"NaN"]))
            + content[place:]
        )
    elif way == "lines":
        lines = content.splitlines(keepends=True)
        new = b"".join(draw(st.permutations(lines))) if len(lines) < 60 else b"".join(lines[::-1])
    else:
        # Without what was asked for, all that is there is meant: another run, and no damaged one. So is one
        # without a result, which is not fetched yet, or without a job's id, which is found again by its tag.
        fair = name.startswith(("asks", "result", "job"))
        return Mutation({one: held for one, held in files.items() if one != name}, f"{name} removed", fair)
    return Mutation(files | {name: new}, f"{name}: {way} at {place}")


ARRAYS = [
    lambda a: a.astype("f8"),
    lambda a: a.astype("c16"),
    lambda a: a.astype("U3"),
    lambda a: a.astype("i8") - 10**6,
    lambda a: a.astype("?"),
    lambda a: a[..., None],
    lambda a: a.ravel()[: a.size // 2],
    lambda a: a[:0],
    lambda a: a.ravel(),
    lambda a: a.T,
    lambda a: np.full(a.shape, np.nan),
    lambda a: np.full(a.shape, np.inf),
    lambda a: np.float64(3),
    lambda a: a.astype(">f8"),
    lambda a: np.zeros(a.shape, "V3"),
    lambda a: np.zeros(a.shape, "M8[s]"),
    lambda a: np.zeros(a.shape, [("x", "f8")]),
    lambda a: a.astype("f2"),
    lambda a: np.array([None, 1], dtype=object),
    lambda a: np.concatenate([a, a]) if a.ndim else a,
    lambda a: a.astype("u8") + np.uint64(2**63),
]


def npy(array):
    file = io.BytesIO()
    np.save(file, np.asarray(array), allow_pickle=True)
    return file.getvalue()


@st.composite
def array_changes(draw, files):
    """Arrays of another type, shape or name, with or without their digest made right."""
    name = draw(st.sampled_from([name for name in files if name.endswith((".npy", ".npz"))]))
    change, sealing = draw(st.sampled_from(range(len(ARRAYS)))), draw(st.booleans())
    with np.errstate(all="ignore"):
        if name.endswith(".npy"):
            try:
                content = npy(ARRAYS[change](np.load(io.BytesIO(files[name]))))
            except (ValueError, TypeError):
                content = b""
        else:
            arrays = dict(np.load(io.BytesIO(files[name])))
            which = draw(st.sampled_from(sorted(arrays)))
            way = draw(st.sampled_from(["array", "array", "name", "gone", "more"]))
            try:
                if way == "array":
                    arrays[which] = ARRAYS[change](arrays[which])
                elif way == "name":
                    arrays[which + "x"] = arrays.pop(which)
                elif way == "gone":
                    del arrays[which]
                else:
                    arrays["extra"] = np.arange(3)
            except (ValueError, TypeError):
                arrays = {}
            file = io.BytesIO()
            np.savez(file, **arrays)
            content = file.getvalue()
    told = f"{name}: arrays changed by {change}"
    if not sealing:
        return Mutation(files | {name: content}, told)
    if name.endswith(".npz"):
        old, new = (hashlib.sha256(one).hexdigest() for one in (files[name], content))
        return Mutation(renamed(files, old, new) | {name: content}, told, True)
    old, new = name.removeprefix("arrays/").removesuffix(".npy"), content_hash(content, DIGITS)
    lines = [json.loads(line) for line in lines_of(files["records.jsonl"])]
    described = np.load(io.BytesIO(content), allow_pickle=True) if content else np.zeros(0)
    right = draw(st.booleans())
    for line in lines:
        for field, digest in line["arrays"].items():
            if digest == old:
                line["arrays"][field] = new
                if right:
                    part = at(line["result"], field.split("."))
                    part.update(dtype=described.dtype.str, shape=list(described.shape))
        seal(line)
    rest = {one: held for one, held in files.items() if one != name}
    records = "\n".join(map(json.dumps, lines)).encode()
    return Mutation(rest | {"records.jsonl": records, f"arrays/{new}.npy": content}, told, True)


def mutations(files, others):
    """A strategy of changed files of a run; `others` are files of other runs that may take a file's place."""
    ways = [json_changes(files)] * 5 + [byte_changes(files, others)] * 2
    if any(name.endswith((".npy", ".npz")) for name in files):
        ways += [array_changes(files)] * 2
    return st.sampled_from(range(len(ways))).flatmap(lambda number: ways[number])
