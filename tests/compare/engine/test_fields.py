"""Settings from their declaration: typed, refused in prose, and read back by types alone."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pytest

from compare.engine import Above, Array, Check, Each, Least, Most, Names
from compare.engine.fields import declared, make, recorded, typed
from compare.engine.kind import Kind
from compare.engine.plain import from_inline, plain
from problems.errors import InputError


def even(name, value):
    if value % 2:
        raise InputError(f"{name} = {value} is odd; give an even number.")


@dataclass(frozen=True)
class Settings:
    datasets: Annotated[tuple[str, ...], Each("dataset"), Names({"iris": 1, "wine": 2}, word="data set")] = ("iris",)
    features: Annotated[int | None, Least(1)] = 4
    share: Annotated[float, Above(0), Most(1)] = 0.5
    activation: str | tuple[float, ...] = "relu"
    count: Annotated[int, Check(even)] = 2
    fast: bool = False

    def check(self):
        if self.fast and self.features is None:
            raise InputError("fast takes few features; say how many.")


@dataclass(frozen=True)
class Task:
    dataset: str
    features: int | None
    share: float
    part: str = "all"


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ({"dataset": "wine, iris"}, "datasets", ("wine", "iris")),
        ({"datasets": ["wine"]}, "datasets", ("wine",)),
        ({"features": "all"}, "features", None),
        ({"features": None}, "features", None),
        ({"features": np.int64(3)}, "features", 3),
        ({"share": "1e-3"}, "share", 1e-3),
        ({"share": 1}, "share", 1.0),
        ({"activation": "1,-2,0.5"}, "activation", (1.0, -2.0, 0.5)),
        ({"activation": np.array([1.0, 2.0])}, "activation", (1.0, 2.0)),
        ({"activation": "sine"}, "activation", "sine"),
        ({"fast": True}, "fast", True),
    ],
)
def test_what_is_typed_and_what_python_gives_are_the_same(given, field, value):
    assert getattr(make(Settings, given), field) == value


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"dataset": "vine"}, "There is no data set 'vine'. Did you mean 'wine'?"),
        ({"dataset": "wine, T(a,b)"}, "There is no data set 'T(a,b)'"),
        ({"features": 0}, "features = 0 is too small; give at least 1."),
        ({"share": 0.0}, "share = 0.0 is too small; give a number above 0."),
        ({"share": 2}, "share = 2.0 is too large; give at most 1."),
        ({"share": float("nan")}, "share = nan is not a finite number"),
        ({"features": True}, "features = True is not a whole number"),
        ({"features": "1" * 30}, "features is a number of more than 18 digits"),
        ({"activation": "1,x"}, "is neither a name nor a list of numbers"),
        ({"count": 3}, "count = 3 is odd; give an even number."),
        ({"fast": "yes"}, "fast = 'yes' is not true or false"),
        ({"fast": True, "features": None}, "fast takes few features"),
        ({"dataset": 3}, "dataset = 3 is not a name"),
    ],
)
def test_refusals_name_the_value_the_reason_and_the_remedy(given, said):
    with pytest.raises(InputError) as refused:
        make(Settings, given)
    assert said in str(refused.value)


def test_reading_checks_types_and_never_membership():
    settings = plain(Settings(datasets=("gone",)))
    assert recorded(Settings, settings).datasets == ("gone",)
    for changes, said in (
        ({"features": "four"}, "Expected `int | null`"),
        ({"colour": 1}, "There is no setting 'colour'"),
        ({"share": None}, "Expected `float`"),
    ):
        with pytest.raises(InputError) as refused:
            recorded(Settings, settings | changes)
        assert said in str(refused.value)
    del settings["fast"]
    with pytest.raises(InputError, match="lacks the setting 'fast'"):
        recorded(Settings, settings)


def test_the_identity_is_of_typed_settings_and_does_not_change():
    kind = Kind("some/task", Task, Task)
    first = kind(Task("iris", 4, 1))
    assert first.id == kind(Task("iris", 4, 1.0)).id == kind.of({"dataset": "iris", "features": 4, "share": 1}).id
    # By sorted JSON: {"kind":"some/task","settings":{"dataset":"iris",...},"version":1}
    assert first.id == "19597f73f7247c30"
    assert first.id != Kind("some/task", Task, Task, version=2)(Task("iris", 4, 1)).id


def test_a_product_has_axes_outermost_and_takes_the_rest_from_settings():
    kind = Kind("some/task", Task, Task)
    made = kind.product(Settings(datasets=("iris", "wine"), share=1.0), part=["a", "b"])
    assert [(one.task.part, one.task.dataset) for one in made] == [
        ("a", "iris"), ("a", "wine"), ("b", "iris"), ("b", "wine")
    ]  # fmt: skip
    assert {one.task.share for one in made} == {1.0}
    assert kind.product(Settings(), part="c")[0].task.part == "c"


def test_fields_are_read_in_their_order():
    assert [setting.axis for setting in declared(Settings).values()][:2] == ["dataset", "features"]


def test_typed_refuses_what_is_missing_or_more():
    with pytest.raises(InputError, match="missing required field `share`"):
        typed(Task, {"dataset": "iris", "features": 1})
    with pytest.raises(InputError, match="has no field 'color'"):
        typed(Task, {"dataset": "iris", "features": 1, "share": 1, "color": 2})


@pytest.mark.parametrize(
    "array",
    [
        np.array([[1.0, np.nan], [np.inf, -np.inf]]),
        np.arange(6, dtype=np.uint8).reshape(2, 3),
        np.array([True, False]),
        np.array([0.1, 1e-300]),
        np.empty((0, 3)),
    ],
)
def test_small_arrays_are_written_and_read_to_the_bit(array):
    import json

    written = json.loads(json.dumps(plain(array, {}), allow_nan=False))
    read = from_inline(written)
    assert read.dtype == array.dtype
    np.testing.assert_array_equal(read, array)


def test_large_and_complex_arrays_are_set_aside_and_objects_refused():
    aside = {}
    plain({"a": np.zeros(1001), "b": {"c": np.array([1j])}}, aside)
    assert aside.keys() == {"a", "b.c"}
    with pytest.raises(TypeError, match="records hold arrays of numbers"):
        plain(np.array(["x"]), {})


def test_numbers_that_are_not_finite_are_null():
    assert plain({"a": float("inf"), "b": np.float64("nan"), "c": (1, np.int64(2))}) == {
        "a": None,
        "b": None,
        "c": [1, 2],
    }


def test_a_result_that_a_record_could_not_hold_is_an_error_of_its_task():
    from compare.engine.work import run_job

    @dataclass(frozen=True)
    class Loose:
        value: float
        many: Array

    kind = Kind("some/loose", Task, Loose, lambda task, seeds, inputs: Loose(float("nan"), np.ones(3)))
    outcome = run_job(kind, Task("iris", 1, 1.0), {})
    assert "declared as float | None" in outcome.error
