from __future__ import annotations

from k8slab.grading.substitution import bind, names_in, substitute

from .fake_world import checks


def test_it_works() -> None:
    assert substitute("http://${name}:${port}/", {"name": "web", "port": "80"}) == "http://web:80/"


def test_names_that_are_not_there_stay() -> None:
    assert substitute("echo ${HOME} $name ${}", {"name": "web"}) == "echo ${HOME} $name ${}"


def test_a_value_is_not_read_again() -> None:
    assert substitute("${a}", {"a": "${b}", "b": "x"}) == "${b}"


def test_it_goes_into_every_part_but_the_id() -> None:
    (check,) = checks("""
    - id: a
      object: {apiVersion: v1, kind: Pod, labels: {app: '${app}'}}
      match: {spec: {containers: [{name: '${app}'}]}}
      probe: {from: '${app}', exec: [cat, '/${app}'], expect: {stdoutContains: '${app}'}}
      disturb: {delete: {kind: Pod, labels: {app: '${app}'}}}
      hints: [{when: {cel: "vars.app == '${app}'"}, say: '${app}'}]
    """)
    assert names_in(check) == {"app"}
    bound = bind(check, {"app": "web"})
    assert names_in(bound) == frozenset()
    assert bound.probe is not None
    assert bound.probe.target == ("cat", "/web")
    assert bound.match == {"spec": {"containers": [{"name": "web"}]}}
    assert bind(check, {}) is check
