"""The map: what happens in the cluster is seen there, can be opened, walked through by keys, and looked back at."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from k8slab.kube.client import Client
from k8slab.supervisor.stack import Stack

pytestmark = pytest.mark.browser

WORLD = (Path(__file__).parent / "world.yaml").read_text(encoding="utf-8")
EXERCISE = "/learn/deployment/three-ready/"
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: dp}
spec:
  replicas: 3
  selector: {matchLabels: {app: dp}}
  template:
    metadata: {labels: {app: dp}}
    spec: {containers: [{name: nginx, image: "IMAGE"}]}
"""
# puts a scene into the lesson's text while the page is read, as a lesson with a diagram has it
SCENE = """
new MutationObserver((_, observer) => {
  const place = document.querySelector(".lesson-text__sections");
  if (!place) return;
  observer.disconnect();
  const scene = document.createElement("cluster-scene");
  scene.setAttribute("src", "/scene-of-the-test.json");
  scene.setAttribute("label", "A rolling update");
  scene.textContent = "Pods change.";
  place.prepend(scene);
}).observe(document, { childList: true, subtree: true });
"""


class Lab:
    """A guest on the workbench, and the hand that changes the cluster meanwhile."""

    def __init__(self, page: Page, stack: Stack) -> None:
        self.page = page
        self.client = Client.from_kubeconfig(stack.kubeconfig)
        self.namespace = ""

    def open(self) -> None:
        self.page.goto(EXERCISE)
        if not self.page.locator("#pane-cluster").is_visible():
            self.page.locator('button[data-pane="cluster"]').click()
        expect(self.box("Node", "node-1")).to_be_visible(timeout=20_000)
        until = time.monotonic() + 20
        while not self.namespace and time.monotonic() < until:
            sandbox = self.page.evaluate("document.querySelector('cluster-map').sandbox")
            self.namespace = sandbox["namespace"] if sandbox and sandbox["state"] == "ready" else ""
            self.page.wait_for_timeout(50)

    def apply(self, text: str) -> None:
        for obj in yaml.safe_load_all(text):
            self.client.apply(obj, self.namespace, force=True)

    def box(self, kind: str, name: str) -> Locator:
        return self.page.locator(f'svg.map g[role="button"][data-kind="{kind}"][data-name="{name}"]')

    def boxes(self, kind: str, state: str = "") -> Locator:
        return self.page.locator(
            f'svg.map g[role="button"][data-kind="{kind}"]' + (f'[data-state="{state}"]' if state else "")
        )

    def lines(self, bond: str) -> Locator:
        return self.page.locator(f"svg.map .line--{bond}:not(.is-leaving)")


@pytest.fixture
def lab(visit: Callable[..., Page], stack: Stack) -> Callable[..., Lab]:
    def begin(**how: Any) -> Lab:
        page = visit(**how)
        page.locator('form[action*="guest"] button').click()
        mine = Lab(page, stack)
        mine.open()
        return mine

    return begin


def test_what_is_in_the_namespace_is_on_the_map(lab: Callable[..., Lab], picture: Callable[[Page, str], None]) -> None:
    mine = lab()
    picture(mine.page, "map-empty")
    mine.apply(WORLD)
    expect(mine.boxes("Pod", "ready")).to_have_count(6, timeout=20_000)
    expect(mine.lines("serves")).to_have_count(4)
    expect(mine.lines("routes")).to_have_count(1)
    expect(mine.lines("bound")).to_have_count(4)
    expect(mine.box("PersistentVolumeClaim", "data-db-0")).to_be_visible()
    expect(mine.box("HorizontalPodAutoscaler", "web")).to_be_visible()
    expect(mine.box("Service", "lonely")).to_contain_text("no endpoints")
    expect(mine.box("Pod", "greedy")).to_have_attribute("data-state", "pending")
    expect(mine.page.locator("svg.map")).to_contain_text("missing")
    mine.page.locator('[data-enlarge="cluster"]').click()
    picture(mine.page, "map")


def test_a_pod_that_is_not_ready_breaks_its_line(lab: Callable[..., Lab]) -> None:
    mine = lab()
    probe = {"readinessProbe": {"exec": {"command": ["cat", "/ready"]}, "periodSeconds": 1}}
    spec = {"containers": [{"name": "c", "image": "busybox", "command": ["sleep", "1000"], **probe}]}
    labels = {"labels": {"app": "web"}}
    mine.apply(yaml.safe_dump({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", **labels}, "spec": spec}))
    mine.apply(
        "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80}]}}"
    )
    expect(mine.lines("broken")).to_have_count(1, timeout=10_000)
    expect(mine.lines("serves")).to_have_count(0)


def test_the_objects_of_open_requirements_are_marked_until_they_are_met(lab: Callable[..., Lab]) -> None:
    mine = lab()
    mine.apply(DEPLOYMENT.replace("IMAGE", "nginx:1.27"))
    marked = mine.box("Deployment", "dp")
    expect(marked).to_have_class(re.compile("is-marked"), timeout=10_000)
    label = re.compile("^Deployment dp, ready, 3 of 3 ready, a requirement looks at this")
    expect(marked).to_have_attribute("aria-label", label)


def test_an_object_opens_with_yaml_events_and_log(
    lab: Callable[..., Lab], picture: Callable[[Page, str], None]
) -> None:
    mine = lab()
    mine.apply(
        "{apiVersion: v1, kind: Pod, metadata: {name: talker}, spec: {containers: [{name: c, image: busybox,"
        " command: [sh, -c, 'echo hello from here; sleep 1000']}]}}"
    )
    mine.box("Pod", "talker").click()
    drawer = mine.page.get_by_role("dialog", name="Pod talker")
    expect(drawer).to_contain_text("busybox")
    drawer.get_by_role("tab", name="YAML").click()
    expect(drawer).to_contain_text("restartPolicy: Always")
    drawer.get_by_role("tab", name="Events").click()
    expect(drawer).to_contain_text("Successfully assigned")
    drawer.get_by_role("tab", name="Log").click()
    expect(drawer).to_contain_text("hello from here")
    picture(mine.page, "map-log")
    mine.page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(mine.box("Pod", "talker")).to_be_focused()


def test_a_secret_keeps_its_values_until_they_are_asked_for(lab: Callable[..., Lab]) -> None:
    mine = lab()
    mine.apply("{apiVersion: v1, kind: Secret, metadata: {name: db}, data: {password: aHVudGVyMg==}}")
    mine.box("Secret", "db").click()
    drawer = mine.page.get_by_role("dialog", name="Secret db")
    drawer.get_by_role("tab", name="YAML").click()
    expect(drawer).to_contain_text("password: (hidden)")
    drawer.get_by_role("button", name="Show the values").click()
    expect(drawer).to_contain_text("password: aHVudGVyMg==")


def test_arrow_keys_walk_over_the_map_and_enter_opens(lab: Callable[..., Lab]) -> None:
    mine = lab()
    mine.apply(DEPLOYMENT.replace("IMAGE", "nginx:1.27"))
    expect(mine.boxes("Pod", "ready")).to_have_count(3, timeout=20_000)
    mine.box("Deployment", "dp").focus()
    keys = mine.page.keyboard
    keys.press("ArrowDown")
    expect(mine.page.locator('svg.map [data-kind="ReplicaSet"]')).to_be_focused()
    keys.press("ArrowDown")
    focused = mine.page.evaluate("document.activeElement.dataset.kind")
    assert focused == "Pod"
    keys.press("Enter")
    expect(mine.page.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")
    assert mine.page.locator('svg.map [tabindex="0"]').count() == 1


def test_the_focus_moves_on_when_its_object_goes(lab: Callable[..., Lab]) -> None:
    mine = lab()
    for name in ("one", "two"):
        mine.apply(f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}}}")
        expect(mine.box("ConfigMap", name)).to_be_visible()
    mine.box("ConfigMap", "one").focus()
    mine.client.delete("v1", "ConfigMap", "one", mine.namespace)
    expect(mine.box("ConfigMap", "two")).to_be_focused()


def test_the_table_tells_the_same(lab: Callable[..., Lab], picture: Callable[[Page, str], None]) -> None:
    mine = lab()
    mine.apply(WORLD)
    expect(mine.boxes("Pod", "ready")).to_have_count(6, timeout=20_000)
    mine.page.get_by_role("button", name="Table", exact=True).click()
    table = mine.page.get_by_role("table", name="Table")
    expect(table.get_by_role("row", name="Service lonely")).to_contain_text("no endpoints")
    expect(table.get_by_role("row", name="Pod db-0")).to_contain_text("reads PersistentVolumeClaim data-db-0")
    expect(table.get_by_role("row", name="Pod db-0")).to_contain_text("kept by StatefulSet db")
    expect(table.get_by_role("row", name="Ingress front")).to_contain_text("shop.example/ → web")
    picture(mine.page, "map-table")
    table.get_by_role("button", name="StorageClass standard").click()
    expect(mine.page.get_by_role("dialog", name="StorageClass standard")).to_be_visible()


def test_the_slider_goes_back_also_after_a_reload(
    lab: Callable[..., Lab], picture: Callable[[Page, str], None]
) -> None:
    mine = lab()
    mine.apply(DEPLOYMENT.replace("IMAGE", "nginx:1.27"))
    expect(mine.boxes("Pod", "ready")).to_have_count(3, timeout=20_000)
    mine.page.wait_for_timeout(1_500)  # what the watcher records, it writes once a second
    mine.page.reload()
    expect(mine.boxes("Pod", "ready")).to_have_count(3, timeout=20_000)
    slider = mine.page.get_by_role("slider", name="Look back in time")
    slider.focus()
    mine.page.keyboard.press("Home")
    expect(mine.boxes("Pod")).to_have_count(0)
    seen = []
    while seen[-1:] != [3] and len(seen) < 60:
        mine.page.keyboard.press("ArrowRight")
        seen.append(mine.boxes("Pod").count())
    assert seen == sorted(seen)  # one pod after the other
    assert {1, 2, 3} <= set(seen)
    picture(mine.page, "map-past")
    mine.page.get_by_role("button", name="Back to now").click()
    expect(mine.boxes("Pod", "ready")).to_have_count(3)


def test_events_run_along_and_open_their_object(lab: Callable[..., Lab]) -> None:
    mine = lab()
    spec = {"nodeSelector": {"disk": "ssd"}, "containers": [{"name": "c", "image": "nginx"}]}
    mine.apply(yaml.safe_dump({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "lost"}, "spec": spec}))
    event = mine.page.get_by_role("list", name="What happened last").get_by_role("button", name="FailedScheduling")
    event.click()
    expect(mine.page.get_by_role("dialog", name="Pod lost")).to_be_visible()


def test_a_failed_node_is_seen(lab: Callable[..., Lab], stack: Stack) -> None:
    mine = lab()
    name = f"{mine.namespace}-node-1"
    mine.client.connection.json("POST", "/emulator/nodes", body={"name": name, "namespace": mine.namespace})
    own = mine.box("Node", name)
    expect(own).to_be_visible()
    expect(mine.boxes("Node")).to_have_count(1)
    mine.client.patch("v1", "Node", name, None, {"spec": {"unschedulable": True}})
    expect(own).to_contain_text("takes no new pods")
    mine.client.connection.json("DELETE", f"/emulator/nodes/{name}")


def test_a_phone_shows_all_of_it(lab: Callable[..., Lab], picture: Callable[[Page, str], None]) -> None:
    mine = lab(phone=True, language="ko", dark=True)
    mine.apply(WORLD)
    expect(mine.boxes("Pod", "ready")).to_have_count(6, timeout=20_000)
    picture(mine.page, "map-phone-ko")
    mine.boxes("Pod", "ready").first.click()
    mine.page.get_by_role("tab", name="YAML").click()
    expect(mine.page.get_by_role("dialog")).to_contain_text("apiVersion: v1")
    assert mine.page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(mine.page, "map-phone-yaml-ko")


def test_a_scene_is_started_paused_and_stepped(
    lab: Callable[..., Lab], stack: Stack, tmp_path: Path, picture: Callable[[Page, str], None]
) -> None:
    mine = lab()
    script = {"setup": DEPLOYMENT.replace("IMAGE", "nginx:1.27"), "steps": [_rollout()]}
    (tmp_path / "script.yaml").write_text(yaml.safe_dump(script), encoding="utf-8")
    command = (sys.executable, "manage.py", "scene", "--kubeconfig", stack.kubeconfig)
    subprocess.run((*command, tmp_path / "script.yaml", tmp_path / "scene.json"), check=True)
    mine.page.route("**/scene-of-the-test.json", lambda route: route.fulfill(path=str(tmp_path / "scene.json")))
    mine.page.add_init_script(SCENE)
    mine.page.goto(EXERCISE)
    scene = mine.page.locator("cluster-scene")
    pods = scene.locator('[data-kind="Pod"]:not(.is-leaving)')
    expect(pods).to_have_count(3)
    expect(scene.get_by_text("Pod by pod.")).to_be_visible()
    scene.get_by_role("button", name="One step", exact=True).click()
    assert scene.get_by_role("slider").get_attribute("aria-valuetext").startswith("Step 1 of ")
    scene.get_by_role("button", name="Start", exact=True).click()
    expect(scene.locator('[data-kind="Pod"][data-state="terminating"]').first).to_be_visible(timeout=20_000)
    picture(mine.page, "scene")
    scene.get_by_role("button", name="Pause", exact=True).click()
    scene.get_by_role("slider").press("End")
    expect(scene.get_by_role("button", name="From the beginning")).to_be_visible()
    expect(pods).to_have_count(3)


def _rollout() -> dict[str, Any]:
    containers = [{"name": "nginx", "image": "nginx:1.28"}]
    body = {"spec": {"template": {"spec": {"containers": containers}}}}
    what = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "dp", "body": body}
    return {"say": {"en": "Pod by pod.", "ko": "파드를 하나씩."}, "patch": what}
