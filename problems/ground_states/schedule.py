"""How many weights each round of pruning keeps."""

from problems.errors import InputError, whole_number

__all__ = ["SHARE", "schedule"]

SHARE = 0.12
"""The share of the weights that a round cuts."""


def schedule(weights: int, least: int, share: float = SHARE) -> tuple[int, ...]:
    """Return the numbers of weights, round by round, down to at least `least`: a round cuts rint(share n).

    Raises
    ------
    InputError
        If the numbers are no whole numbers, `least` is above the weights, or the share is not between 0 and 1.

    Examples
    --------
    >>> schedule(324, 194)
    (324, 285, 251, 221, 194)
    """
    weights, least = whole_number("weights", weights, 1), whole_number("least", least, 1)
    if not 0 < share < 1:
        raise InputError(f"share = {share} cuts nothing, or everything; give a number above 0 and below 1.")
    if least > weights:
        raise InputError(f"least = {least} is above the {weights} weights that there are; give a smaller number.")
    found = [weights]
    while (removed := round(share * found[-1])) and found[-1] - removed >= least:
        found.append(found[-1] - removed)
    return tuple(found)
