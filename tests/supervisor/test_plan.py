from __future__ import annotations

from pathlib import Path

import pytest

from k8slab.supervisor import plan as plans
from k8slab.supervisor.places import Places
from k8slab.supervisor.plan import NAMES, Wish, make_plan, page_url


@pytest.fixture
def wish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wish:
    for name in ("REDIS_URL", "REDIS_URL_FILE", "K8SLAB_KUBECONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(plans, "find_redis", lambda: Path("/bin/redis-server"))
    places = Places(tmp_path)
    places.make()
    return Wish(places, port=8123, emulator_port=9123)


def test_it_works(wish: Wish) -> None:
    plan = make_plan(wish)
    assert tuple(process.name for process in plan.processes) == NAMES
    assert plan.url == "http://localhost:8123/"
    assert plan.kubeconfig == wish.places.cluster / "kubeconfig"


def test_redis_and_the_cluster_come_first(wish: Wish) -> None:
    stages = {process.name: process.stage for process in make_plan(wish).processes}
    assert max(stages["redis"], stages["emulator"]) < min(stages["web"], stages["worker"], stages["watcher"])


def test_a_given_redis_is_used_and_none_started(wish: Wish, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere:6379/0")
    plan = make_plan(wish)
    assert "redis" not in [process.name for process in plan.processes]
    assert "REDIS_URL_FILE" not in plan.environment


def test_a_given_cluster_is_used_and_none_started(wish: Wish, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K8SLAB_KUBECONFIG", "/home/ann/.kube/config")
    plan = make_plan(wish)
    assert "emulator" not in [process.name for process in plan.processes]
    assert plan.kubeconfig == Path("/home/ann/.kube/config")


def test_no_secret_is_on_a_command_line(wish: Wish) -> None:
    plan = make_plan(wish)
    secrets = [file.read_text() for file in (wish.places.run / "redis-password", wish.places.redis_url_file)]
    for process in plan.processes:
        assert not any(secret in " ".join(process.command) for secret in secrets)
    assert not any(secret in plan.environment.values() for secret in secrets)


def test_chosen_ones_only(wish: Wish) -> None:
    chosen = Wish(wish.places, only=("redis", "worker"))
    assert [process.name for process in make_plan(chosen).processes] == ["redis", "worker"]


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://localhost:80/"),
        ("0.0.0.0", "http://localhost:80/"),
        ("::1", "http://[::1]:80/"),
        ("lab.example.org", "http://lab.example.org:80/"),
    ],
)
def test_the_address_that_people_are_told(host: str, url: str) -> None:
    assert page_url(host, 80) == url
