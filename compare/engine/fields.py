"""Settings declared once: an annotated field gives the flag, the YAML key, its help, and what is refused.

    @dataclass(frozen=True)
    class Settings:
        datasets: Annotated[tuple[str, ...], Each("dataset"), Names(DATASETS)] = ("digits",)
        nodes: Annotated[int, Least(1), Help("hidden nodes N")] = 40

A field that is a tuple is an axis: `Each` names its flag and the field of the task; `Flag` names the flag where another
word is meant by it everywhere. Whether a name exists is checked
when a user's values become settings, here, and never when a record is read: a method that is gone is still reported.
"""

import dataclasses
import math
import re
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec

from problems.errors import InputError, choose
from problems.written import DIGITS, read_real, read_whole

__all__ = [
    "LARGE",
    "MANY",
    "Above",
    "Check",
    "Each",
    "Flag",
    "Help",
    "Least",
    "Most",
    "Names",
    "Setting",
    "called",
    "declared",
    "make",
    "recorded",
    "typed",
]

T = TypeVar("T")

MANY = 10_000
"""Repeats of the same, at most: each is a task of its own, or more."""

LARGE = 10_000_000
"""Sizes of one task, at most, whatever they count: what is larger never ends."""


@dataclasses.dataclass(frozen=True)
class Each:
    """The field is an axis: the name of one of its values, of its flag, and of the field of a task."""

    axis: str


@dataclasses.dataclass(frozen=True)
class Flag:
    """The word that users say, where it is another than the task's: the same thing is called the same everywhere."""

    word: str


@dataclasses.dataclass(frozen=True)
class Help:
    """The field in words, without a period, for ``--help``."""

    words: str


@dataclasses.dataclass(frozen=True)
class Names:
    """The values are names in a table; `word` is what one is called in messages, `also` admits others."""

    table: Mapping[str, Any] | Callable[[], Mapping[str, Any]]
    words: str = ""
    word: str = ""
    also: Callable[[str], bool] | None = None

    def options(self) -> Mapping[str, Any]:
        """Return the table, which may be made when it is asked for."""
        return self.table if isinstance(self.table, Mapping) else self.table()

    def check(self, name: str, value: Any) -> None:
        """Refuse a name that is not in the table, and name the nearest."""
        if self.also is None or not self.also(value):
            choose(self.word or name, value, self.options())


@dataclasses.dataclass(frozen=True)
class Least:
    """Numbers of at least `least`."""

    least: float
    words: str = ""

    def check(self, name: str, value: Any) -> None:
        """Refuse a smaller number."""
        if value < self.least:
            raise InputError(f"{name} = {value} is too small; give at least {self.least:g}.")


@dataclasses.dataclass(frozen=True)
class Most:
    """Numbers of at most `most`."""

    most: float
    words: str = ""

    def check(self, name: str, value: Any) -> None:
        """Refuse a larger number."""
        if value > self.most:
            raise InputError(f"{name} = {value} is too large; give at most {self.most:g}.")


@dataclasses.dataclass(frozen=True)
class Above:
    """Numbers above `bound`."""

    bound: float
    words: str = ""

    def check(self, name: str, value: Any) -> None:
        """Refuse a number that is not above the bound."""
        if value <= self.bound:
            raise InputError(f"{name} = {value} is too small; give a number above {self.bound:g}.")


@dataclasses.dataclass(frozen=True)
class Check:
    """Any other refusal of one value: a function of its name and itself, which raises InputError."""

    check: Callable[[str, Any], object]
    words: str = ""


@dataclasses.dataclass(frozen=True)
class Setting:
    """One field of a settings class, read from its declaration.

    Attributes
    ----------
    name
        The field.
    axis
        What one value is called: the field of a task.
    kind
        The type of one value: int, float, str, bool, or a union for names and tables of numbers.
    optional
        Whether None is a value; it is written ``all`` or ``none``.
    several
        Whether the field is a tuple of values.
    default
        The field's default; `dataclasses.MISSING` without one.
    marks
        What it is annotated with.
    """

    name: str
    axis: str
    kind: Any
    optional: bool
    several: bool
    default: Any
    marks: tuple[Any, ...]

    @property
    def flag(self) -> str:
        """The word for one value: the flag's and the YAML key's name, and the word in messages."""
        return next((mark.word for mark in self.marks if isinstance(mark, Flag)), self.axis)

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other words for it: the field, which of an axis is the plural, and the word of the task."""
        return tuple(name for name in dict.fromkeys((self.name, self.axis)) if name != self.flag)

    @property
    def options(self) -> Mapping[str, Any]:
        """The names that there are for it; empty if it is no name."""
        return next((mark.options() for mark in self.marks if isinstance(mark, Names)), {})

    @property
    def words(self) -> str:
        """The field in words, with its range."""
        said = [mark.words for mark in self.marks if getattr(mark, "words", "")]
        signs = ((Least, "least", ">="), (Most, "most", "<="), (Above, "bound", ">"))
        said += [
            f"{sign} {getattr(mark, name):g}" for kind, name, sign in signs for mark in self.marks if type(mark) is kind
        ]
        return ", ".join(said)

    def value(self, given: Any, word: str = "") -> Any:
        """Return the field's value of what a flag, a YAML file or Python gives; messages call it `word`, or the flag.

        Raises
        ------
        InputError
            If it is of another type, out of range, unknown, or a name is there twice.
        """
        word = word or self.flag
        if not self.several:
            return self._one(given, word)
        if isinstance(given, str):
            given = _parts(word, given)
        elif not isinstance(given, Sequence | range | set | frozenset):
            given = [given]
        values = [self._one(value, word) for value in given]
        for value in values:
            if isinstance(value, str) and values.count(value) > 1:
                raise InputError(f"{word} {value!r} is there {values.count(value)} times; name each once.")
        return tuple(dict.fromkeys(values))

    def bounded(self, value: Any) -> None:
        """Refuse a recorded value that is out of range; whether names exist is not asked.

        Raises
        ------
        InputError
            If it is.
        """
        for one in value if self.several else (value,):
            for mark in self.marks:
                if isinstance(mark, Least | Most | Above) and one is not None:
                    mark.check(self.flag, one)

    def _one(self, given: Any, word: str) -> Any:
        value = self._typed(given, word)
        if value is not None:
            for mark in self.marks:
                if hasattr(mark, "check"):
                    mark.check(word, value)
        return value

    def _typed(self, given: Any, word: str) -> Any:
        """Return one value as its type: text from a flag is read as a number where one is wanted."""
        if self.optional and (given is None or (isinstance(given, str) and given in ("all", "none"))):
            return None
        if hasattr(given, "item") and not getattr(given, "ndim", 0):  # NumPy's scalars
            given = given.item()
        if get_origin(self.kind) in (Union, UnionType):
            return _name_or_numbers(word, given)
        if self.kind is str and isinstance(given, str):
            return given
        if self.kind is bool and isinstance(given, bool):
            return given
        try:
            if self.kind is int and not isinstance(given, bool):
                number = read_whole(given) if isinstance(given, str) else int(given)
                if abs(number) >= 10**DIGITS:
                    raise InputError(f"{word} is a number of more than {DIGITS} digits; give a smaller one.")
                if isinstance(given, str) or number == given:
                    return number
            if self.kind is float and isinstance(given, int | float | str) and not isinstance(given, bool):
                real = read_real(given) if isinstance(given, str) else float(given)  # YAML 1.1 reads 1e-3 as text
                if math.isfinite(real):
                    return real
        except InputError:
            raise
        except (TypeError, ValueError, OverflowError):
            pass
        wanted = {str: "a name", int: "a whole number", float: "a finite number", bool: "true or false"}[self.kind]
        several = "; give one, or several separated by commas" if self.several else "; give one"
        raise InputError(f"{word} = {given!r} is not {wanted}{several}.")


def _parts(name: str, text: str) -> list[str]:
    # Commas in parentheses belong to names, such as T(init,imp).
    parts = [part.strip() for part in re.split(r",(?![^()]*\))", text)]
    if not all(parts):
        raise InputError(f"{name} = {text!r} has an empty place; write values separated by single commas.")
    return parts


def _name_or_numbers(name: str, given: Any) -> str | tuple[float, ...]:
    """Return a name as it is, and numbers, in a sequence or separated by commas, as a tuple."""
    if isinstance(given, str) and "," not in given:
        return given
    values = _parts(name, given) if isinstance(given, str) else given
    try:
        numbers = tuple(read_real(value) if isinstance(value, str) else float(value) for value in values)
    except (TypeError, ValueError):
        numbers = ()
    if not numbers or not all(map(math.isfinite, numbers)):
        raise InputError(f"{name} = {given!r} is neither a name nor a list of numbers; write them with commas.")
    return numbers


def declared(cls: type) -> Mapping[str, Setting]:
    """Return the settings that a dataclass declares, by the field's name, in their order."""
    return _declared(cast(Hashable, cls))


def called(cls: type) -> Mapping[str, Setting]:
    """Return the settings that a dataclass declares by all words that they are known by; flags go before aliases."""
    settings = declared(cls).values()
    aliases = {alias: setting for setting in settings for alias in setting.aliases}
    return {setting.flag: setting for setting in settings} | {
        alias: setting for alias, setting in aliases.items() if alias not in {one.flag for one in settings}
    }


@cache
def _declared(cls: Any) -> Mapping[str, Setting]:
    hints = get_type_hints(cls, include_extras=True)
    return {field.name: _setting(field, hints[field.name]) for field in dataclasses.fields(cls)}


def _setting(field: dataclasses.Field, hint: Any) -> Setting:
    marks: tuple[Any, ...] = ()
    if get_origin(hint) is Annotated:
        hint, *found = get_args(hint)
        marks = tuple(found)
    several = get_origin(hint) is tuple
    if several:
        hint = get_args(hint)[0]
    options = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    rest = tuple(option for option in options if option is not NoneType)
    axis = next((mark.axis for mark in marks if isinstance(mark, Each)), field.name)
    default = field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
    kind = rest[0] if len(rest) == 1 else hint
    return Setting(field.name, axis, kind, len(rest) < len(options), several, default, marks)


def make(cls: type[T], given: Mapping[str, Any], base: T | None = None) -> T:
    """Make settings of what a user gives.

    Parameters
    ----------
    cls
        The dataclass of settings.
    given
        Values by the field's name or the flag's, as text or as values.
    base
        Where what is not given comes from (a preset); the defaults if None.

    Raises
    ------
    InputError
        If a name is unknown, a value is refused, or the settings as a whole are.
    """
    settings = declared(cls)
    names = called(cls)
    values: dict[str, Any] = {}
    for name, value in given.items():
        setting = choose("setting", str(name).replace("-", "_"), names)
        if setting.name in values:
            raise InputError(f"{setting.flag} is given twice; give it once.")
        # A word of the task that was typed comes back in messages.
        word = setting.axis if str(name).replace("-", "_") == setting.axis else setting.flag
        values[setting.name] = setting.value(value, word)
    for setting in settings.values():
        if setting.name not in values and setting.default is dataclasses.MISSING and base is None:
            raise InputError(f"{setting.flag} has no default; give it.")
    made = cls(**values) if base is None else dataclasses.replace(base, **values)  # type: ignore[type-var]
    for setting in settings.values():
        if setting.several and setting.default != () and not getattr(made, setting.name) and setting.name in values:
            raise InputError(f"There is no {setting.flag}; give at least one.")
    if hasattr(made, "check"):
        made.check()
    return made


def typed(cls: type[T], plain: Any) -> T:
    """Return plain data as a dataclass of plain fields, each of its type: 1 becomes 1.0 where a real number is meant.

    Raises
    ------
    InputError
        If a field is missing, unknown, or of another type. Names are not looked up.
    """
    try:
        found = msgspec.convert(plain, cls)
    except (msgspec.ValidationError, RecursionError) as error:
        raise InputError(f"{cls.__name__}: {error}") from None
    unknown = sorted(set(plain) - {field.name for field in dataclasses.fields(cls)})  # type: ignore[arg-type]
    if unknown:
        raise InputError(f"{cls.__name__} has no field {unknown[0]!r}.")
    return found


def recorded(cls: type[T], plain: Mapping[str, Any]) -> T:
    """Return recorded settings as a study's own: every one there, each of its type.

    Raises
    ------
    InputError
        If a setting is unknown, missing, or of another type.
    """
    names = {field.name for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    for name in plain:
        choose("setting", name, dict.fromkeys(names))
    missing = _missing(names, plain)
    if missing:
        raise InputError(
            f"The record lacks the setting {missing!r}, which this version has: it is of another version; take that "
            "one, or run the study anew."
        )
    try:
        found = typed(cls, plain)
        for setting in declared(cls).values():
            setting.bounded(getattr(found, setting.name))
    except InputError as error:
        raise InputError(f"The recorded settings are none of this version's ({error}); run the study anew.") from None
    return found


def _missing(names: Iterable[str], plain: Container[str]) -> str | None:
    return next((name for name in sorted(names) if name not in plain), None)
