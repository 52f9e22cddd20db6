"""The map of the cluster: how smoothly it moves, and how soon it shows what has happened."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page

from bench.chromium import chromium_page
from bench.measure import Measured, durations, percentile
from bench.registry import row
from bench.surroundings import Surroundings
from k8slab.kube.client import Client

EXERCISE = "/learn/deployment/three-ready/"
CHANGES = 40
# 200 pods on ten nodes, ten of which move every 250 ms: frames and long tasks of ten seconds
MOVING = """async ([pods, nodes, moves, every, seconds]) => {
    const map = document.createElement("cluster-map");
    Object.assign(map.style, { position: "fixed", inset: "0", zIndex: "99", background: "Canvas" });
    document.body.append(map);
    const item = (kind, name, more) => ({
        uid: `${kind}/${name}`, kind, name, created: name, apiVersion: "v1", resourceVersion: "1", owner: "",
        labels: {}, state: "ready", reason: "", message: "", detail: {}, ...more,
    });
    const owner = item("ReplicaSet", "big", { detail: { wanted: pods, ready: pods } });
    const places = Array.from({ length: nodes }, (_, at) => item("Node", `node-${at}`, { detail: { ready: true } }));
    let running = Array.from({ length: pods }, (_, at) =>
        item("Pod", `big-${at}`, { owner: owner.uid, detail: { node: `node-${at % nodes}` } }));
    map.known = true;
    const show = () => { map.items = [...places, owner, ...running]; };
    show();
    await new Promise((done) => setTimeout(done, 1500));
    const tasks = [];
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)));
    observer.observe({ type: "longtask" });
    let turn = 0;
    const timer = setInterval(() => {
        turn++;
        running = running.map((pod, at) => (at + turn * 7) % (pods / moves) ? pod
            : { ...pod, resourceVersion: String(turn), detail: { node: `node-${(at + turn) % nodes}` } });
        show();
    }, every);
    const frames = [];
    const began = performance.now();
    let last = began;
    await new Promise((done) => {
        const frame = (now) => {
            frames.push(now - last);
            last = now;
            now - began < seconds * 1000 ? requestAnimationFrame(frame) : done();
        };
        requestAnimationFrame(frame);
    });
    clearInterval(timer);
    observer.disconnect();
    map.remove();
    return { frames: frames.slice(1), tasks };
}"""
# when an object's box is first on the map, by the page's clock
APPEARED = """() => {
    window.appeared = {};
    new MutationObserver((records) => {
        for (const { target } of records) {
            const name = target.dataset?.name;
            if (name?.startsWith("bench-")) window.appeared[name] ??= Date.now();
        }
    }).observe(document.querySelector("svg.map"), { subtree: true, attributeFilter: ["data-name"] });
}"""


def _open(page: Page) -> str:
    """A guest's workbench. Returns the namespace once it is ready."""
    page.goto("/")
    page.locator("form[action*=guest] button").click()
    page.wait_for_url("**/learn/**")
    page.goto(EXERCISE)
    page.locator("svg.map .box--node").first.wait_for()
    while True:
        sandbox = page.evaluate("document.querySelector('cluster-map').sandbox")
        if sandbox and sandbox["state"] == "ready":
            return str(sandbox["namespace"])
        page.wait_for_timeout(50)


@row("page", "map, 200 pods, 10 move every 250 ms: frames a second", "60")
def frames(surroundings: Surroundings) -> Measured:
    with chromium_page(surroundings.stack().url) as page:
        _open(page)
        facts: dict[str, Any] = page.evaluate(MOVING, [200, 10, 10, 250, 10])
    gaps, tasks = facts["frames"], facts["tasks"]
    rate = 1000 * len(gaps) / sum(gaps)
    late = percentile(gaps, 0.95)
    said = f"{len(tasks)} long tasks, the longest {max(tasks):.0f} ms" if tasks else "no long task"
    return Measured(f"{rate:.0f}, p95 of a frame {late:.0f} ms, {said}", (rate,))


@row("page", "map: a change in the cluster → its object is on the map", "p95 ≤ 0.5 s")
def change_to_picture(surroundings: Surroundings) -> Measured:
    stack = surroundings.stack()
    client = Client.from_kubeconfig(stack.kubeconfig)
    with chromium_page(stack.url) as page:
        namespace = _open(page)
        page.evaluate(APPEARED)
        taken = [_shown_after(page, client, namespace, f"bench-{number}") for number in range(CHANGES)]
    return durations(taken, "s")


def _shown_after(page: Page, client: Client, namespace: str, name: str) -> float:
    began = time.time() * 1000
    client.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}, namespace)
    while (appeared := page.evaluate("name => window.appeared[name]", name)) is None:
        page.wait_for_timeout(20)
    client.delete("v1", "ConfigMap", name, namespace)
    page.wait_for_timeout(300)
    return float((appeared - began) / 1000)
