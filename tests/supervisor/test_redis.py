from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from k8slab.settings import celery_url
from k8slab.supervisor import places as places_module
from k8slab.supervisor.places import LONGEST_SOCKET_PATH, Places, UnsafePlace, private_directory
from k8slab.supervisor.plan import redis
from k8slab.supervisor.redis import NoRedis, find_redis, redis_config, redis_url
from k8slab.supervisor.secrets import kept_secret

from .processes import started


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places(tmp_path / "a place with spaces")
    places.make()
    return places


def has_redis() -> bool:
    try:
        return bool(find_redis())
    except NoRedis:
        return False


@pytest.mark.skipif(not has_redis(), reason="there is no redis-server on this machine")
async def test_it_works(places: Places) -> None:
    url = redis_url(places)
    async with started(places.var, redis(places, url)):
        with Redis.from_url(url) as client:
            client.set("kept", "yes")
        stranger = Redis(unix_socket_path=str(places.redis_socket()))
        with pytest.raises(AuthenticationError):
            stranger.ping()
        stranger.close()
    async with started(places.var, redis(places, url)):
        with Redis.from_url(url) as client:
            assert client.get("kept") == b"yes", "what was acknowledged survives a restart"


def test_it_listens_on_no_port(places: Places) -> None:
    assert "port 0" in redis_config(places).splitlines()


def test_the_password_stays_and_only_we_can_read_it(places: Places) -> None:
    assert redis_url(places) == redis_url(places) == places.redis_url_file.read_text()
    assert stat.S_IMODE(places.redis_url_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(places.run.stat().st_mode) == 0o700


def test_celery_reads_the_same_url(places: Places) -> None:
    password = kept_secret(places.run / "redis-password")
    assert celery_url(redis_url(places)).startswith(f"redis+socket://:{password}@")


def test_a_deep_checkout_gets_a_short_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places_module.tempfile, "gettempdir", lambda: str(tmp_path))
    socket = Places(tmp_path / ("deep" * 30)).redis_socket()
    assert socket.parent.parent == tmp_path
    assert len(os.fsencode(socket.relative_to(tmp_path))) < LONGEST_SOCKET_PATH / 2
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700


def test_a_link_that_somebody_put_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnsafePlace, match="remove it"):
        private_directory(tmp_path / "run")


def test_without_any_server_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path))
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoRedis, match="apt-get install redis-server"):
        find_redis()
