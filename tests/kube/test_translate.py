"""What API servers say, in their own words, as problems at the right line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from k8slab.kube.documents import Document, parse
from k8slab.kube.errors import UnknownKind
from k8slab.kube.problems import CODES, Problem
from k8slab.kube.statuses import error_of
from k8slab.kube.translate import problems_of

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replica: 3
  replicas: three
  template:
    spec:
      serviceAccountName: robot
      containers:
        - name: a
          image: nginx
        - name: b
          imge: nginx
          env:
            - name: PORT
              value: 8080
          resources:
            requests:
              cpu: many
"""


def document() -> Document:
    return parse(DEPLOYMENT).documents[0]


def problems(code: int, message: str, causes: list[dict[str, str]] | None = None, reason: str = "") -> list[Problem]:
    status: dict[str, Any] = {"kind": "Status", "status": "Failure", "code": code, "message": message, "reason": reason}
    if causes:
        status["details"] = {"causes": causes}
    found = problems_of(error_of(code, json.dumps(status).encode()), document(), lambda path: "replicas")
    for problem in found:
        assert set(problem.params) == set(CODES[problem.code]), problem
        assert problem.detail
    return list(found)


def brief(found: list[Problem]) -> list[tuple[str, int]]:
    return [(problem.code, problem.line) for problem in found]


def cause(reason: str, field: str, message: str) -> dict[str, str]:
    return {"reason": reason, "field": field, "message": message}


def test_it_works() -> None:
    (problem,) = problems(
        400,
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: '
        'unknown field "spec.replica"',
    )
    assert (problem.code, problem.line, problem.column) == ("unknown-field", 6, 3)
    assert problem.params == {"path": "spec.replica", "field": "replica", "suggestion": "replicas"}


def test_every_unknown_field_of_a_strict_answer_is_told() -> None:
    message = (
        'X in version "v1" cannot be handled as a X: strict decoding error: unknown field '
        '"spec.replica", unknown field "spec.template.spec.containers[1].imge", duplicate field "metadata.name"'
    )
    assert brief(problems(400, message)) == [("unknown-field", 6), ("unknown-field", 15), ("duplicate-field", 4)]


def test_server_side_apply_answers_500_though_the_yaml_is_wrong() -> None:
    message = (
        "failed to create typed patch object (lab/web; apps/v1, Kind=Deployment): errors:\n"
        "  .spec.replica: field not declared in schema\n"
        "  .spec.replicas: expected numeric (int or float), got string\n"
        '  .spec.template.spec.containers[name="b"].imge: field not declared in schema\n'
        '  .spec.template.spec.containers[name="b"].env[name="PORT"].value: expected string, got &value.valueU{8080}'
    )
    found = problems(500, message)
    assert brief(found) == [("unknown-field", 6), ("ill-typed", 7), ("unknown-field", 15), ("ill-typed", 18)]
    assert found[1].params == {"path": "spec.replicas", "expected": "number", "found": "text"}
    assert found[3].params["found"] == "number"


def test_a_single_wrong_field_of_server_side_apply() -> None:
    message = (
        "failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.replica: "
        "field not declared in schema"
    )
    assert brief(problems(500, message)) == [("unknown-field", 6)]


def test_a_list_element_without_its_key() -> None:
    message = (
        "failed to create typed patch object (lab/web; apps/v1, Kind=Deployment): .spec.template.spec.containers: "
        'element 1: associative list with keys has an element that omits key field "name"'
    )
    (problem,) = problems(500, message)
    assert (problem.code, problem.line) == ("required", 14)
    assert problem.params["path"] == "spec.template.spec.containers[1].name"


@pytest.mark.parametrize(
    ("message", "line", "params"),
    [
        (
            "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
            7,
            {"path": "spec.replicas", "expected": "integer", "found": "text"},
        ),
        (
            "json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value "
            "of type string",
            18,
            {"path": "spec.template.spec.containers.env.value", "expected": "text", "found": "number"},
        ),
    ],
)
def test_a_go_decoder_names_fields_without_indices(message: str, line: int, params: dict[str, str]) -> None:
    (problem,) = problems(400, f'Deployment in version "v1" cannot be handled as a Deployment: {message}')
    assert (problem.code, problem.line, problem.params) == ("ill-typed", line, params)


def test_server_side_apply_may_answer_in_the_decoder_s_words() -> None:
    words = "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"
    found = problems(500, f"failed to create typed patch object (lab/web; apps/v1, Kind=Deployment): {words}")
    assert brief(found) == [("ill-typed", 7)]


def test_a_bad_quantity_is_looked_for() -> None:
    message = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    (problem,) = problems(400, f'Deployment in version "v1" cannot be handled as a Deployment: {message}')
    assert (problem.code, problem.line, problem.params["value"]) == ("bad-quantity", 21, "many")


def test_each_cause_is_one_problem() -> None:
    found = problems(
        422,
        'Deployment.apps "web" is invalid: [...]',
        [
            cause("FieldValueRequired", "spec.selector", "Required value"),
            cause("FieldValueInvalid", "spec.replicas", 'Invalid value: "three": must be a number'),
            cause(
                "FieldValueNotSupported",
                "spec.template.spec.containers[0].imagePullPolicy",
                'Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
            ),
            cause("FieldValueDuplicate", "spec.template.spec.containers[1].name", 'Duplicate value: "a"'),
            cause("FieldValueForbidden", "spec.strategy", "Forbidden: may not be specified"),
            cause("FieldValueInvalid", "spec.selector", 'Invalid value: {"a":"b"}: field is immutable'),
        ],
    )
    assert brief(found) == [
        ("required", 5),
        ("invalid", 7),
        ("not-supported", 12),
        ("duplicate-value", 14),
        ("not-allowed", 5),
        ("immutable", 5),
    ]
    assert found[1].params["value"] == "three"
    assert found[2].params["supported"] == "Always, IfNotPresent, Never"
    assert found[5].params == {"kind": "Deployment", "name": "web", "path": "spec.selector"}


@pytest.mark.parametrize(
    ("code", "message", "expected", "params"),
    [
        (
            403,
            'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=20, limited: pods=20',
            ("quota", 1),
            {"quota": "q", "requested": "pods=1", "used": "pods=20", "limited": "pods=20"},
        ),
        (
            403,
            'pods "a" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c',
            ("quota-unset", 5),
            {"quota": "q", "missing": "limits.memory for: c; requests.cpu for: c"},
        ),
        (
            403,
            'pods "b" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
            ("pod-security", 5),
            {"level": "baseline", "violations": "host namespaces (hostPID=true)"},
        ),
        (
            403,
            'pods "p" is forbidden: maximum cpu usage per Container is 1, but limit is 2',
            ("limit-range", 5),
            {},
        ),
        (
            403,
            'pods "p" is forbidden: error looking up service account lab/robot: serviceaccount "robot" not found',
            ("no-service-account", 5),
            {"name": "robot"},
        ),
        (
            403,
            'roles.rbac.authorization.k8s.io "r" is forbidden: User "u" cannot patch resource "roles" in API group "x"',
            ("forbidden", 2),
            {"verb": "patch", "resource": "roles"},
        ),
        (
            422,
            "configmaps \"bad\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no",
            ("policy", 1),
            {"policy": "p", "message": "no"},
        ),
        (404, 'namespaces "lab" not found', ("namespace-gone", 1), {"namespace": "lab"}),
        (
            403,
            'secrets "s" is forbidden: unable to create new content in namespace lab because it is being terminated',
            ("namespace-gone", 1),
            {"namespace": "lab"},
        ),
        (
            409,
            'Apply failed with 1 conflict: conflict with "kubectl": .spec.replicas',
            ("conflict", 4),
            {"kind": "Deployment", "name": "web"},
        ),
        (400, "something nobody has seen yet", ("refused", 1), {}),
        (503, "etcd is away", ("cluster-unavailable", 1), {}),
        (500, "internal error", ("cluster-unavailable", 1), {}),
    ],
)
def test_refusals(code: int, message: str, expected: tuple[str, int], params: dict[str, str]) -> None:
    causes = [{"message": message}] if "denied request" in message else None
    (problem,) = problems(code, message, causes)
    assert ((problem.code, problem.line), problem.params) == (expected, params)


def test_an_old_api_version_is_told_the_new_one() -> None:
    error = UnknownKind("extensions/v1beta1", "Deployment", elsewhere=["apps/v1"])
    (problem,) = problems_of(error, document())
    assert (problem.code, problem.line, problem.params["suggestion"]) == ("old-api-version", 1, "apps/v1")


def test_a_misspelt_kind_is_told_the_nearest() -> None:
    error = UnknownKind("apps/v1", "Deploymant", similar=["Deployment"])
    (problem,) = problems_of(error, document())
    assert (problem.code, problem.line, problem.params["suggestion"]) == ("unknown-kind", 2, "Deployment")


def test_an_answer_that_is_no_status_is_told_too() -> None:
    (problem,) = problems_of(error_of(404, b"404 page not found\n"), document())
    assert (problem.code, problem.detail) == ("refused", "404 page not found")
