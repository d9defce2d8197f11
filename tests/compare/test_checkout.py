"""The commit that a run records: that of the checkout it runs from, and none elsewhere."""

import subprocess

import pytest

from compare import checkout
from compare.engine.provenance import provenance


@pytest.fixture(autouse=True)
def asked_anew():
    checkout.commit.cache_clear()
    yield
    checkout.commit.cache_clear()


@pytest.fixture
def repository(tmp_path, monkeypatch):
    def git(*arguments):
        author = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        done = subprocess.run(["git", *author, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    monkeypatch.setattr(checkout, "ROOT", tmp_path)
    git("init", "--quiet")
    (tmp_path / "file").write_text("one")
    git("add", "file")
    git("commit", "--quiet", "--message", "first")
    return git


def test_a_clean_checkout_is_its_commit_and_a_changed_one_is_said_to_be(repository, tmp_path):
    head = repository("rev-parse", "HEAD")
    (tmp_path / "untracked").write_text("no part of it")
    assert checkout.commit() == {"id": head, "changed": False}
    (tmp_path / "file").write_text("two")
    assert checkout.commit() == {"id": head, "changed": False}  # asked once: what runs was there at the beginning
    checkout.commit.cache_clear()
    assert checkout.commit() == {"id": head, "changed": True}


def test_the_environment_of_a_hook_names_no_other_repository(repository, monkeypatch):
    head = repository("rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_WORK_TREE", "/nowhere")
    assert checkout.commit() == {"id": head, "changed": False}


def test_what_is_installed_or_has_no_commit_or_no_git_has_none(tmp_path, monkeypatch):
    monkeypatch.setattr(checkout, "ROOT", tmp_path)
    assert checkout.commit() is None
    checkout.commit.cache_clear()
    (tmp_path / ".git").mkdir()
    assert checkout.commit() is None
    checkout.commit.cache_clear()
    monkeypatch.setenv("PATH", "")
    assert checkout.commit() is None


def test_records_name_the_commit_or_leave_it_out(repository, tmp_path, monkeypatch):
    head = repository("rev-parse", "HEAD")
    assert provenance()["commit"] == {"id": head, "changed": False}
    checkout.commit.cache_clear()
    (tmp_path / "run").mkdir()
    monkeypatch.setattr(checkout, "ROOT", tmp_path / "run")
    assert "commit" not in provenance()
