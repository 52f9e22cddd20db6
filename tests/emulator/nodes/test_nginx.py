from __future__ import annotations

from tests.emulator.world import World

SITE = "server { listen 8000; location / { proxy_pass http://app:8001; } }"
START = f"echo '{SITE}' > /etc/nginx/conf.d/default.conf; exec nginx"


async def front(world: World) -> None:
    await world.pod("front", "nginx:1.25", command=["sh", "-c", START])


async def test_it_works(world: World) -> None:
    """A request is passed on, and the answer comes back."""
    await world.pod("app", "nginx:1.25", meta={"labels": {"app": "app"}})
    await world.service("app", {"app": "app"}, 8001, 80)
    await world.sh("app", "echo todoList > /usr/share/nginx/html/list")
    await front(world)
    assert await world.sh("front", "curl -s http://localhost:8000/list") == "todoList\n"


async def test_nobody_behind_it_is_a_bad_gateway(world: World) -> None:
    await world.service("app", {"app": "app"}, 8001, 80)
    await front(world)
    assert "502 Bad Gateway" in await world.sh("front", "curl -s http://localhost:8000/")


async def test_an_unknown_upstream_is_told_at_the_start(world: World) -> None:
    await world.pod("shell", "nginx:1.25")
    told = await world.sh("shell", f"{START} -t 2>&1")
    assert 'host not found in upstream "app"' in told
