"""The report: made of records alone, its claims from numbers; the authors' curves; and what is refused beforehand."""

import math

import pytest

import compare
from compare.engine import Rows
from compare.studies.ground_states.arms import crossing, masks_matter
from compare.studies.ground_states.equal import equal, families
from compare.studies.ground_states.errors import lost
from compare.studies.ground_states.masks import on_bonds
from compare.studies.ground_states.noise import winners
from compare.studies.ground_states.published import published
from compare.studies.ground_states.readings import Place, places
from compare.studies.ground_states.records import Known, Lattice
from compare.studies.ground_states.study import DEEP, GROUND, RIVAL, ROUND, SHOTS, TIMED, Settings, tasks
from problems.errors import InputError
from tests.compare.verdict.door import claim_of

PLACE = Place(
    Lattice("open", "3x3", 3.04438), Known(9, 12, -28.4556, None, 0.0, 1, 3.09, 0.0371, 9.1e-4), "Ising 3 x 3"
)


@pytest.fixture(scope="session")
def report(runs):
    return runs.report()


def test_the_card_answers_with_one_picture_and_three_sentences(runs, report):
    assert report.card.picture.name == "errors"
    first, second, third = report.card.sentences
    assert first.startswith(
        "Pruning finds the lattice: the smallest network that loses no bond (alpha = 2) has 8 weights, 4 of its 4 "
        "neurons of 2 on a bond, and an error of"
    )
    assert second.startswith("At equal numbers of parameters a Jastrow state beats both: 2 couplings have an error of")
    assert third.startswith("With the noise of fake_fez circuits of up to 1 two-qubit gate have less energy than |+>")
    assert (runs.folder / "report.html").exists()


def test_every_part_has_its_section_and_the_six_pictures_are_there(report):
    assert [one.title for one in report.sections][:6] == [
        "Errors over the number of weights",
        "The mask or the first values",
        "Pruning finds the lattice",
        "At equal numbers of parameters",
        "Noise",
        "The dip of the fidelity",
    ]
    names = [one.name for one in report.pictures]
    assert names == ["errors", "published", "arms", "masks", "equal", "noise", "fidelity"]


def test_the_authors_curves_are_theirs_and_complete():
    curves = published()
    assert set(curves) == {
        "tfim-10x10-ffnn-alpha-5",
        "tfim-10x10-cnn",
        "tfim-10x10-rescnn",
        "toric-3x3-ffnn-alpha-8",
    }
    assert all(set(arms) == {"imp", "T(init,imp)", "T(rand,imp)", "T(init,rand)"} for arms in curves.values())
    assert sum(len(points) for arms in curves.values() for points in arms.values()) == 386
    assert curves["tfim-10x10-ffnn-alpha-5"]["imp"][0] == (50000.0, 0.000151955)


def test_the_report_names_the_authors_curves_as_theirs(runs, report):
    picture = next(one for one in report.pictures if one.name == "published")
    assert "nothing here was computed by us" in picture.caption
    page = (runs.folder / "report.html").read_text()
    assert "only the published curves are others" in page
    assert "none is taken from the papers" not in page


def made_up(errors, fidelity=None, **more):
    """Return rounds of seeds from errors by number of weights."""
    base = {"alpha": 4, "rewind": "dense", "standard_error": None, "fidelity": fidelity, "diverged": None}
    return Rows(
        base | {"seed": seed, "count": count, "error": error} | {name: value[count] for name, value in more.items()}
        for seed, by_count in errors.items()
        for count, error in by_count.items()
    )


def test_tickets_break_where_the_error_leaves_that_of_the_jastrow_state():
    rounds = made_up({0: {33: 9e-4, 29: 9.1e-4, 26: 5e-3}, 1: {33: 9e-4, 29: 4e-3, 26: 9e-4}, 2: {33: 0.02, 29: 0.02}})
    assert lost(PLACE, rounds) == {0: (29, 26), 1: (33, 29)}
    held = made_up({0: {29: 1e-4, 26: 1e-4}})
    assert lost(PLACE, held) == {0: (26, None)}


def test_sentences_follow_the_numbers():
    own = made_up({0: {324: 1e-9, 132: 2e-5, 70: 3e-4, 48: 6e-4}})
    random = made_up({0: {324: 1e-9, 132: 1e-5, 70: 9e-3, 48: 1.2e-2}})
    (told,) = crossing({"imp": own, "T(init,rand)": random}, "here")
    assert told == (
        "here: random masks are better than those of pruning down to n = 132; below, their errors are up to 30 times "
        "as large (n = 70)."
    )
    assert crossing({"imp": random, "T(init,rand)": own.where(lambda row: row["count"] < 200)}, "here")[0].startswith(
        "here: random masks are better"
    )
    fresh = made_up({0: {324: 1e-9, 132: 2e-5, 70: 3e-4, 48: 3.6e-3}})
    (told,) = masks_matter({"T(init,imp)": own, "T(rand,imp)": fresh}, 4, PLACE)
    assert "fresh first weights do as well down to n = 70; below, they lose a bond in up to 1 of 1 seed" in told
    held = {"candidates": {132: 10, 48: 14, 26: 11}, "on_products": {132: 8, 48: 14, 26: 11}}
    rows = made_up({0: {132: 1e-5, 48: 6e-4, 26: 1e-3}}, covered={132: 8, 48: 12, 26: 11}, **held)
    first, second, third = on_bonds(PLACE, rows, 4)
    assert first == "Ising 3 x 3, alpha = 4: from n = 48 down every neuron of 2 weights sits on a bond (1 seed)."
    assert second == "At n = 26, where 24 weights would do, 0 of 1 have one on each of the 12 bonds."
    assert third == "At n = 48, where 24 weights would do, 1 of 1 have one on each of the 12 bonds."
    noisy = {"device": "fake_fez", "ticket": "layer", "two_qubit": 78, "error": 0.09, "product": 0.04}
    (told,) = winners(PLACE, [noisy])
    assert told.endswith("a full layer (78 two-qubit gates: 0.0900 against 0.0400) has more.")


class Made(dict):
    """Records by kind; those that are missing are none."""

    def __missing__(self, kind):
        return Rows([])


def test_networks_by_netket_are_drawn_even_where_no_rival_is():
    large = Lattice("open", "5x5", 3.0)
    deep = {**vars(large), "network": "cnn", "seed": 0, "parameters": (36, 32), "diverged": 3}
    records = {
        GROUND: Rows([{**vars(large), **vars(PLACE.known), "near": None}]),
        DEEP: Rows([{**deep, "errors": (1e-3, -1e-4), "standard_errors": (1e-5, 2e-4)}]),
    }
    section = equal(Made(records), Settings())
    assert families(places(Made(records))[0], Made(records), Settings()) == {"deep, cnn": {36: 1e-3, 32: 2e-4}}
    assert [one.name for one in section.pictures] == ["equal"]
    assert section.findings == ["Ising 5 x 5: NetKet's cnn of seed 0 diverged in step 3 of the round after 2."]


def test_the_small_run_breaks_just_below_two_weights_a_bond(runs):
    (place,) = places(runs)
    assert place.fewest == 8
    for alpha in (2, 3):
        found = lost(place, runs[ROUND].where(alpha=alpha))
        assert {held for held, _ in found.values()} <= {8, 9}


def test_shots_are_asked_for_only_where_a_device_is_named():
    assert not any(one.kind == SHOTS for one in tasks(Settings()))
    default = tasks(Settings())
    assert len({one.id for one in default}) == len(default)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"lattices": "3by3"}, "lattice = '3by3' is no lattice; write rows and columns as 3x3"),
        ({"lattices": "0x3"}, "lattice = '0x3' has a side out of range"),
        ({"lattices": "1x1"}, "A lattice of 1 x 1 has no bond"),
        ({"models": "toric", "lattices": "1x3"}, "rows = 1 is too small; give at least 2"),
        ({"models": "xy"}, "There is no model 'xy'"),
        ({"fields": "inf"}, "field = 'inf' is not a finite number"),
        ({"fields": -1.0}, r"field = -1\.0 is too small"),
        ({"alphas": 0}, "alpha = 0 is too small"),
        ({"share": 1.5}, "share = 1.5 is too large"),
        ({"samples": 1}, "samples = 1 is too small"),
        ({"least": 500, "alphas": 2}, "least = 500 is above the 162 weights"),
        ({"lattices": "6x6"}, r"Exact sums over 2\^36 configurations .* needs .* [TP]iB, .*; train by samples"),
        ({"device": "fake_fes"}, "There is no device 'fake_fes'"),
        ({"rewinds": "late"}, "There is no rewind 'late'"),
    ],
)
def test_bad_settings_are_refused_in_one_line_before_a_folder_is_made(tmp_path, changes, told):
    with pytest.raises(InputError, match=told) as refusal:
        compare.run("states", out=tmp_path / "out", progress=False, **changes)
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "out").exists()


def test_the_claim_is_read_by_shots_and_held_against_what_was_optimized(runs):
    found = claim_of(runs)
    assert found.paper == "2505.22734"
    known = {one.name: one for one in found.built}
    place = places(runs)[0]
    assert known["shots"].value == pytest.approx(2 * place.known.products / (1e-3 * place.known.energy) ** 2)
    taken = {row["size"]: row["seconds"].best for row in runs[TIMED]}
    assert set(taken) == {1, 2}
    good = [row["size"] for row in runs[RIVAL] if row["rival"] == "jastrow" and min(row["errors"]) <= 1e-3]
    if good:
        assert found.mark.classical.best == pytest.approx(min(taken[size] for size in good))
        assert found.mark.classical.high >= 1.2 * found.mark.classical.best
    else:
        assert found.mark.classical is None
    if found.mark.ratio is not None:
        gates = known["circuit"].value
        cost = round(gates * 3 * math.log2(gates / 0.01))
        assert found.mark.quantum.best == pytest.approx((cost + 1) * 25e-6 * known["shots"].value)


def test_the_page_fits_every_screen(report, runs, look):
    look(runs.folder / "report.html")
