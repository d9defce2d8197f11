"""Copies of a process bring back whole the result of all that tests have them do."""

import os
import time

from tests.copies import KILLED, run_in_copy


def test_a_copy_says_more_than_a_pipe_holds():
    code, said = run_in_copy(lambda: "said" * 100_000)
    assert (code, len(said)) == (0, 400_000)


def test_what_a_copy_raises_comes_back_whole_as_well():
    def fail():
        raise ValueError("long " * 100_000)

    code, said = run_in_copy(fail)
    assert code == 1
    assert said.count("long ") >= 100_000


def test_a_copy_is_killed_in_time_with_the_copies_it_made():
    def stay():
        if os.fork():
            time.sleep(3600)
        time.sleep(3600)

    assert run_in_copy(stay, after=0.01) == (KILLED, "")
