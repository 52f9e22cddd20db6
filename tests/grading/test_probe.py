from __future__ import annotations

from typing import Any

import pytest

from .fake_world import NOW, FakeWorld, Grader, codes, endpoints, pod, service

URL = "http://web:9090/"


def with_service(made: Any = None, backend: Any = None) -> FakeWorld:
    backend = backend or pod("web-1")
    return FakeWorld(pod("client", labels={"run": "client"}), made or service(), backend, endpoints(backend))


def asks(expect: str = "{}", what: str = f"http: '{URL}'", more: str = "") -> str:
    return f"- {{id: a, probe: {{from: client, {what}, expect: {expect}{more}}}}}"


def verdict(expect: str, answer: dict[str, Any], what: str = f"http: '{URL}'", question: Any = URL) -> str:
    world = with_service()
    world.answers[question] = answer
    return Grader(asks(expect, what), world).look().verdict


def test_it_works() -> None:
    world = with_service()
    world.answers[URL] = {"status": 200, "body": "Welcome to nginx!"}
    result = Grader(asks("{status: 200, bodyContains: nginx}"), world).look()
    assert (result.verdict, world.asked) == ("pass", [URL])


@pytest.mark.parametrize(
    ("expect", "answer", "found"),
    [
        ("{}", {"status": 200}, "pass"),
        ("{}", {"status": 404}, "waiting"),
        ("{status: [200, 404]}", {"status": 404}, "pass"),
        ("{body: hello}", {"status": 200, "body": " hello\n"}, "pass"),
        ("{body: hello}", {"status": 200, "body": "hello you"}, "waiting"),
        ("{bodyContains: [a, b]}", {"status": 200, "body": "xaxb"}, "pass"),
        ("{bodyContains: [a, b]}", {"status": 200, "body": "xa"}, "waiting"),
        ("{bodyMatches: 'v[0-9]+'}", {"status": 200, "body": "it is v12"}, "pass"),
        ("{bodyMatches: '^v'}", {"status": 200, "body": "it is v12"}, "waiting"),
        ("{error: true}", {"error": "refused"}, "pass"),
        ("{error: true}", {"status": 200}, "waiting"),
        ("{}", {}, "waiting"),
    ],
)
def test_answers_over_http(expect: str, answer: dict[str, Any], found: str) -> None:
    assert verdict(expect, answer) == found


@pytest.mark.parametrize(
    ("expect", "answer", "found"),
    [
        ("{}", {"addresses": ["10.96.0.7"]}, "pass"),
        ("{}", {"error": "NXDOMAIN"}, "waiting"),
        ("{clusterIPOf: web}", {"addresses": ["10.96.0.7"]}, "pass"),
        ("{clusterIPOf: web}", {"addresses": ["10.96.0.8"]}, "waiting"),
        ("{clusterIPOf: other}", {"addresses": ["10.96.0.8"]}, "fail"),
        ("{addresses: [a, b]}", {"addresses": ["b", "a"]}, "pass"),
        ("{addresses: [a]}", {"addresses": ["b", "a"]}, "waiting"),
        ("{contains: a, count: 2}", {"addresses": ["b", "a"]}, "pass"),
        ("{count: 3}", {"addresses": ["b", "a"]}, "waiting"),
        ("{error: true}", {"error": "NXDOMAIN"}, "pass"),
    ],
)
def test_answers_of_dns(expect: str, answer: dict[str, Any], found: str) -> None:
    assert verdict(expect, answer, "dns: web", "web") == found


@pytest.mark.parametrize(
    ("expect", "answer", "found"),
    [
        ("{}", {"exitCode": 0, "stdout": "x"}, "pass"),
        ("{}", {"exitCode": 1}, "waiting"),
        ("{exitCode: 1}", {"exitCode": 1}, "pass"),
        ("{stdout: x}", {"exitCode": 0, "stdout": "x\n"}, "pass"),
        ("{stdoutContains: y}", {"exitCode": 0, "stdout": "x"}, "waiting"),
        ("{stdoutContains: y}", {"exitCode": 1, "stdout": "y"}, "waiting"),
        ("{stdoutMatches: '^\\\\d+$'}", {"exitCode": 0, "stdout": "42"}, "pass"),
        ("{exitCode: 1, stderrContains: denied}", {"exitCode": 1, "stderr": "access denied"}, "pass"),
        ("{}", {"error": "no such container"}, "waiting"),
    ],
)
def test_answers_of_commands(expect: str, answer: dict[str, Any], found: str) -> None:
    assert verdict(expect.replace("'^\\\\d+$'", "'^[0-9]+$'"), answer, "exec: [cat, /f]", ("cat", "/f")) == found


def test_one_line_is_for_the_shell() -> None:
    world = with_service()
    world.answers[("sh", "-c", "cat /f | wc -l")] = {"exitCode": 2, "stderr": "no such file"}
    result = Grader(asks(what="exec: cat /f | wc -l"), world).look()
    assert result.messages[0].params == {"target": "cat /f | wc -l", "actual": "2"}
    assert [(d.path, d.actual) for d in result.differences] == [("exitCode", 2), ("stderr", "no such file")]


def test_what_is_expected_of_a_page_is_never_shown() -> None:
    world = with_service()
    world.answers[URL] = {"status": 200, "body": "It works!"}
    result = Grader(asks("{bodyContains: secret-word}"), world).look()
    assert codes(result) == ["probe-wrong-body"]
    assert [(d.path, d.expected, d.actual) for d in result.differences] == [("body", None, "It works!")]
    assert "secret-word" not in repr(result)


def test_a_probe_is_repeated_more_and_more_seldom_until_the_deadline() -> None:
    grader = Grader(asks(), with_service())
    assert grader.look().again_at == NOW + 0.25
    assert grader.look(after=4).again_at == NOW + 5
    assert grader.look(after=25.5).again_at == NOW + 30
    late = grader.look(after=0.5)
    assert (late.verdict, codes(late)) == ("fail", ["timed-out", "probe-no-answer"])


def test_the_pod_that_asks_has_to_run() -> None:
    result = Grader(asks(), FakeWorld()).look()
    assert (result.verdict, codes(result)) == ("fail", ["probe-source-missing"])
    starting = FakeWorld(pod("client", ready=False))
    result = Grader(asks(), starting).look()
    assert (result.verdict, codes(result), starting.asked) == ("waiting", ["probe-source-not-ready"], [])


def test_the_container_that_asks_has_to_run() -> None:
    assert Grader(asks(more=", container: main").replace("}, container", "}, container"), with_service()).look()
    text = "- {id: a, probe: {from: client, container: helper, http: 'http://localhost/'}}"
    assert codes(Grader(text, with_service()).look()) == ["probe-source-not-ready"]


def test_a_cluster_that_cannot_ask_is_no_wrong_answer() -> None:
    world = with_service()
    world.broken = "probe"
    assert Grader(asks(), world).look().verdict == "error"


def test_no_probe_before_the_rest_holds() -> None:
    world = with_service()
    text = asks().replace("id: a,", "id: a, object: {apiVersion: v1, kind: Pod, name: nobody},")
    assert Grader(text, world).look().verdict == "fail"
    assert world.asked == []


def test_a_service_that_is_missing_fails_at_once() -> None:
    result = Grader(asks(), FakeWorld(pod("client"))).look()
    assert (result.verdict, codes(result)) == ("fail", ["probe-no-answer", "service-missing"])


def test_a_wrong_selector_is_explained_and_fails_at_once() -> None:
    world = FakeWorld(pod("client", labels={"run": "client"}), service({"app": "wbe"}), pod("web-1"))
    result = Grader(asks(), world).look()
    assert result.verdict == "fail"
    assert codes(result) == ["probe-no-answer", "selector-fits-nothing", "selector-nearest"]


def test_a_wrong_port_of_the_service_fails_at_once() -> None:
    result = Grader(asks(), with_service(service(port=80))).look()
    assert (result.verdict, codes(result)) == ("fail", ["probe-no-answer", "service-port"])
    assert result.messages[1].params == {"object": "Service/web", "port": 9090, "ports": "80"}


def test_a_target_port_that_no_container_declares_is_pointed_out() -> None:
    result = Grader(asks(), with_service(service(target=80))).look()
    assert (result.verdict, codes(result)) == ("waiting", ["probe-no-answer", "target-port"])
    assert result.messages[1].params == {"object": "Service/web", "port": 80, "ports": "8080"}


@pytest.mark.parametrize("url", ["http://localhost:80/", "http://10.0.0.1/", "http://example.com/", "http://client/"])
def test_other_hosts_are_no_services_of_the_namespace(url: str) -> None:
    result = Grader(asks(what=f"http: '{url}'"), FakeWorld(pod("client"))).look()
    assert codes(result) == ["probe-no-answer"]


def test_the_full_name_of_a_service_is_known() -> None:
    url = "http://web.lab-1.svc.cluster.local:9090/"
    assert "service-missing" in codes(Grader(asks(what=f"http: '{url}'"), FakeWorld(pod("client"))).look())
