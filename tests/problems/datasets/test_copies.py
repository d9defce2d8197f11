import re
from itertools import islice

import numpy as np
import pytest
from scipy import ndimage

from problems.datasets import Augmented, augmented, copies, load_dataset, split
from problems.datasets.distortion import BITS, DEGREES, PIXEL, TURNS, Distortion, distorted, padded, smoothing
from problems.datasets.distortion_kernel import distorted_compiled
from problems.errors import InputError
from problems.ridgelet.data import load_residues


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits")


def still(m, side=8):
    """A distortion that moves nothing."""
    knots = smoothing(side).shape[1]
    middle = np.full((m, 2, knots, knots), BITS // 2, np.uint8)
    noise = np.full((m, side**2), BITS // 2, np.uint8)
    return Distortion(np.zeros(m, int), np.zeros((m, 2), int), middle, noise)


def test_rows_are_the_images_and_then_their_copies(digits):
    many = augmented("digits", 3)
    n = len(digits)
    assert (many.shape, many.ndim, many.dtype, len(many)) == ((3 * n, 64), 2, np.uint8, 3 * n)
    np.testing.assert_array_equal(many[:n], digits.x)
    np.testing.assert_array_equal(many.y, np.tile(digits.y, 3))
    whole = np.asarray(many)
    assert whole.max() == 16
    assert not np.any(np.all(whole[n : 2 * n] == whole[2 * n :], axis=1))
    assert "copies = 3" in repr(many)


def test_slices_and_places_make_the_rows_of_the_whole():
    many = augmented("digits", 4)
    whole, n = many[:], len(many)
    for rows in (slice(7, 9), slice(1790, 1805), slice(n - 3, None), slice(5000, 100, -777), slice(0, 0)):
        np.testing.assert_array_equal(many[rows], whole[rows])
    places = np.array([[6000, 3], [1797, -1]])
    np.testing.assert_array_equal(many[places], whole[places])
    np.testing.assert_array_equal(many[2000], whole[2000])
    np.testing.assert_array_equal(list(islice(many, 3)), whole[:3])


def test_a_copy_does_not_depend_on_how_many_there_are_nor_on_the_split():
    few, many = augmented("digits", 2), augmented("digits", 5)
    np.testing.assert_array_equal(few[:], many[: len(few)])
    train, test = many.split(3)
    for part in (train, test):
        images = len(part.places)
        np.testing.assert_array_equal(part[images : 2 * images], many[1797 + part.places])


def test_copies_are_the_same_on_every_machine():
    checksum = augmented("mnist-8-9", 2)[1000:].astype(np.int64) @ (np.arange(784) % 13)
    assert checksum[:3].tolist() == [185472, 207098, 209480]


def test_no_held_out_image_has_a_copy_in_training(digits):
    train, test = augmented("digits", 3).split(1)
    assert not np.intersect1d(train.places, test.places).size
    assert len(train) + len(test) == 3 * len(digits)
    one, other = split(digits, 1)
    np.testing.assert_array_equal(train[: len(one)], one.x)
    np.testing.assert_array_equal(test[: len(other)], other.x)


def test_a_name_with_a_star_is_the_data_set_in_memory(digits):
    data = load_dataset("digits*3")
    assert data.name == "digits*3"
    assert data.description.endswith("each with 2 distorted copies")
    np.testing.assert_array_equal(data.x, augmented("digits", 3)[:])
    train, test = split(data, 1)
    assert not np.intersect1d(train.originals, test.originals).size
    assert len(train) + len(test) == len(data)
    one, other = (np.sort(part.originals[: len(part) // 3]) for part in (train, test))
    first, second = augmented("digits", 3).split(1)
    assert (one.tolist(), other.tolist()) == (sorted(first.places), sorted(second.places))
    assert load_dataset("digits*1").name == "digits"
    residues = load_residues("digits*2", 5, 4)
    assert len(residues.x_train) + len(residues.x_test) == 2 * len(digits)


def test_both_ways_make_the_same_images(digits, monkeypatch):
    images = padded(digits.x[:20], 8)
    drawn = copies._drawn(digits, 1, np.arange(20))
    np.testing.assert_array_equal(distorted_compiled(images, drawn, 17), distorted(images, drawn, 17))
    many = augmented("digits", 2)
    expected = many[1790:1820]
    monkeypatch.setattr(copies, "why_not_compiled", lambda: "a reason")
    np.testing.assert_array_equal(many[1790:1820], expected)


def test_nothing_moves_where_nothing_is_drawn(digits):
    np.testing.assert_array_equal(distorted(padded(digits.x[:50], 8), still(50), 17), digits.x[:50])


def test_a_shift_moves_by_parts_of_a_pixel(digits):
    drawn = still(2)
    drawn.shift[:] = [PIXEL, 0], [0, -PIXEL // 2]
    made = distorted(padded(digits.x[:2], 8), drawn, 17).reshape(2, 8, 8)
    images = digits.x[:2].reshape(2, 8, 8)
    np.testing.assert_array_equal(made[0, :-1], images[0, 1:])
    assert not made[0, -1].any()
    np.testing.assert_array_equal(made[1, :, 1:], np.floor((images[1, :, 1:] + images[1, :, :-1]) / 2 + 0.5))


def test_a_rotation_is_that_of_scipy():
    image = np.add.outer(np.arange(28.0), 2 * np.arange(28.0))
    drawn = still(1, 28)
    drawn.turn[:] = TURNS
    made = distorted(padded(image.reshape(1, -1), 28), drawn, 256).reshape(28, 28)
    expected = ndimage.rotate(image, -DEGREES, reshape=False, order=1)
    np.testing.assert_allclose(made[6:22, 6:22], expected[6:22, 6:22], atol=1)


def test_displacements_and_noise_have_their_sizes():
    data = load_dataset("mnist-8-9")
    drawn = copies._drawn(data, 1, np.arange(1000))
    from problems.datasets.distortion import BEND, NOISE, displacements, noise_unit

    bent = displacements(drawn.bend, 28) / PIXEL
    assert bent.std() == pytest.approx(BEND * 28, rel=0.1)
    assert abs(bent.mean()) < 0.05
    noise = (drawn.noise.astype(float) - BITS // 2) * noise_unit(256) / PIXEL**2
    assert noise.std() == pytest.approx(NOISE * 256, rel=0.02)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: augmented("iris", 3), "The data set 'iris' has no images to distort"),
        (lambda: load_dataset("iris*3"), "The data set 'iris' has no images to distort"),
        (lambda: load_dataset("mnist-8-9*0"), "copies = 0"),
        (lambda: augmented("mnist-8-9", 2.5), "copies = 2.5"),
        (lambda: augmented("mnist-8-9", 10_001), "more than 10000000 rows; take at most 10000"),
        (lambda: load_dataset("mnist*3"), "There is no data set 'mnist*3'. Did you mean 'mnist-8-9'?"),
        (lambda: load_dataset("mnist-8-9*"), "There is no data set 'mnist-8-9*'"),
        (lambda: augmented(load_dataset("digits*2"), 2), "no copies yet"),
    ],
)
def test_what_has_no_copies_is_refused(make, message):
    with pytest.raises(InputError, match=re.escape(message)):
        make()


def test_more_than_memory_holds_is_refused_before_it_is_made(monkeypatch):
    monkeypatch.setattr("problems.memory.psutil.virtual_memory", lambda: type("Now", (), {"available": 10**8}))
    with pytest.raises(InputError, match=r"Holding 1000000 images of 'mnist-8-9\*1000' at once needs 11.7 GiB"):
        load_dataset("mnist-8-9*1000")
    assert isinstance(augmented("mnist-8-9", 10_000), Augmented)
