"""What is in hostile requests, and the honest objects that they meet."""

from __future__ import annotations

from typing import Any

METHODS = (*("POST",) * 8, *("PATCH",) * 10, *("PUT",) * 4, *("GET",) * 5, "DELETE", "HEAD", "YELL")
NAMES = ("a", "b", "default", "team", "kube-system", "web-0")
ODD_NAMES = ("", ".", "..", "A", "a" * 300, "ä", "a/b", "%2e%2e", "\x00", "a b", "-", "system:admin", "a.b.c", "0")
DEEPEST = 9
SHARES_OF_HOSTILE = (0.0, 0.0, 0.01, 0.05)  # of an object's values; each request has one of these

SCALARS: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, -(2**63), 10**30, 1.5, -0.0, 1e308, "", " ", "\x00", "\n", "🐙",
    "\u202e", "a" * 70_000, "9" * 5_000, "1e999999999", "1e-999999999", "0x10", "NaN", "true", "../../etc",
    "{{.}}", "%s",
    [], {}, [[]], [None], {"": ""}, {"\x00": None}, {"a": {"b": [{"c": {}}]}}, [{}] * 300,
)  # fmt: skip
STRINGS: tuple[str, ...] = (
    "a", "b", "default", "team", "web", "nginx", "TCP", "UDP", "ClusterIP", "NodePort", "ExternalName", "None",
    "Always",
    "Never", "In", "NotIn", "Exists", "Equal", "Gt", "DoesNotExist", "NoSchedule", "Delete", "Retain", "Immediate",
    "WaitForFirstConsumer", "ReadWriteOnce", "10.96.0.10", "10.244.0.0/16", "::1", "999.1.1.1", "0.0.0.0/33",
    "*/5 * * * *", "60 24 32 13 8", "@reboot", "Etc/UTC", "v1", "apps/v1", "Pod", "Deployment",
    "object.spec.replicas > 1",
    "has(object.x) ? 1 : ''", "((((((((((", "self.all(x, x.all(y, y == y))", "(a+)+$", "[", "https://x/{",
    "metadata.name",
    "app.kubernetes.io/name", "x/y/z", "spec.nodeName", "/data", "..", "a=b", "kubernetes.io/hostname",
    "RollingUpdate",
    "Recreate", "OnDelete", "Parallel", "Indexed", "NonIndexed", "Guaranteed", "pods", "count/pods",
    "requests.cpu", "foo",
    "0644", "restricted", "runtime/default", "kubernetes.io/tls", "kubernetes.io/service-account-token",
)  # fmt: skip
QUANTITIES = (
    "1",
    "100m",
    "64Mi",
    "1.5Gi",
    "-1",
    "0",
    "1e3",
    "1E",
    "1e99999",
    "1e999999999",
    ".",
    "1.1.1",
    "Mi",
    "9" * 50,
)
TIMES = ("2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-13-45T99:99:99Z", "now", "")
BYTES = ("", "YQ==", "a", "====", "\u00e4", "A" * 10_000)
QUERIES: dict[str, tuple[str, ...]] = {
    "labelSelector": (
        "a=b",
        "a in (b,c)",
        "!a",
        "a in (",
        "=",
        ",,,",
        "a=b=c",
        "\x00",
        "a notin ()",
        "(" * 5_000,
        "ä=ö",
    ),
    "fieldSelector": (
        "metadata.name=a",
        "spec.nodeName!=",
        "status.phase=Running",
        "x=y",
        "=",
        "metadata.name",
        "a\\,b=c",
    ),
    "limit": ("1", "0", "-1", "9" * 40, "x", "", "1.5"),
    "continue": ("x", "", "e30=", "eyJydiI6MX0", "bnVsbA==", "W10=", "\u00e4", "A" * 10_000),
    "resourceVersion": ("0", "1", "-1", "9" * 30, "x", "", "1e3", " 1", "\u0661"),
    "resourceVersionMatch": ("Exact", "NotOlderThan", "x", ""),
    "watch": ("1", "true", "x", ""),
    "sendInitialEvents": ("true", "false", "x"),
    "allowWatchBookmarks": ("true", "x"),
    "timeoutSeconds": ("1", "0", "-1", "x", "9" * 40),
    "fieldManager": ("a", "", "m" * 200, "\x00", "\n"),
    "fieldValidation": ("Strict", "Warn", "Ignore", "x"),
    "force": ("true", "x", ""),
    "dryRun": ("All", "x", ""),
    "gracePeriodSeconds": ("0", "-1", "x", "9" * 40),
    "propagationPolicy": ("Foreground", "Orphan", "Background", "x"),
    "includeObject": ("None", "Metadata", "Object", "x"),
    "container": ("a", "x", ""),
    "tailLines": ("1", "-1", "x", "--1", "9" * 40, "\u0661"),
    "sinceSeconds": ("1", "-1", "x", "\u00b2"),
    "limitBytes": ("1", "-1", "x"),
    "path": ("/", "..", "x"),
    "pretty": ("true",),
    "x": ("y",),
    "": ("",),
}
CONTENT_TYPES = (
    "application/json", "application/yaml", "application/merge-patch+json", "application/strategic-merge-patch+json",
    "application/json-patch+json", "application/apply-patch+yaml", "application/vnd.kubernetes.protobuf",
    "application/apply-patch+cbor", "application/cbor", "text/plain", "", "application/json; charset=latin-1",
    ";;", "ä",
)  # fmt: skip
ACCEPTS = (
    "application/json", "application/yaml", "*/*", "", "application/json;as=Table;v=v1;g=meta.k8s.io",
    "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io", "application/vnd.kubernetes.protobuf",
    "text/html",
    "application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io", "application/json;as=Table;v=v9",
    ";;;", ",",
    "application/com.github.proto-openapi.spec.v3.v1.0+protobuf", "application/json;as=",
)  # fmt: skip
USERS = ("", "a", "system:serviceaccount:team:default", "ä", ":", "a" * 5_000)
RAW: tuple[bytes, ...] = (
    b"", b"null", b"[]", b"1", b'"', b"{", b"\xff\xfe", b"\x00" * 100, b'{"kind":1}', b'{"metadata":[]}',
    b'{"metadata":null}',
    b'{"metadata":{"labels":{"a":1}}}', b"[" * 100_000, b'{"a":' * 50_000, b'{"a":' * 9_999 + b"1" + b"}" * 9_999,
    b"[" * 900 + b"]" * 900, b'{"a":1,"a":2}', b'{"a":"\\ud800"}', b'{"a":1e400}', b'{"a":NaN}', b"a: &a [*a]",
    b"a: *b",
    b"a: &a {b: &b [1,2]}\nc: [*a,*a]", b"? [a]\n: b", b"!!python/object:os.system {}", b"a: 2026-01-01", b"=: =",
    b"<<: 1",
    b"- " * 5_000, b"---\n---\n", b"%YAML 9.9", b"k8s\x00", b"k8s\x00\x0a\xff\xff\xff\xff\x0f",
    b"k8s\x00\x0a\x02\x0a\x00\x12\x00",
    b"k8s\x00" + b"\x0b" * 5_000, b'[{"op":"add"}]', b'[{"op":"add","path":"/metadata/labels/-","value":1}]',
    b'[{"op":"remove","path":"/metadata"}]', b'[{"op":"test","path":"/kind","value":{}}]',
    b'[{"op":"copy","from":"","path":"/a"}]',
    b'[{"op":"move","from":"/spec","path":"/spec/spec"}]', b'[{"op":"replace","path":"","value":null}]',
    b'[{"op":[],"path":1}]',
    b'[{"op":"add","path":"/spec/containers/99999999999999999999","value":1}]',
    b'[{"op":"replace","path":"/~2","value":1}]',
    b'{"spec":{"$patch":"delete"}}', b'{"$patch":"replace"}', b'{"metadata":{"$retainKeys":["a"]}}',
    b'{"$setElementOrder/a":[1]}',
    b'{"spec":{"containers":[{"$patch":"delete"}]}}', b'{"spec":{"$setElementOrder/containers":[{"name":[]}]}}',
    b'{"spec":{"containers":[[]]}}', b'{"metadata":{"$deleteFromPrimitiveList/finalizers":[{}]}}', b'{"spec":null}',
    b'{"metadata":{"managedFields":[{"manager":1}]}}', b'{"metadata":{"managedFields":[{"fieldsV1":{"f:a":1}}]}}',
)  # fmt: skip
PLACES = (
    "/", "/api", "/apis", "/api/v1", "/apis/apps", "/apis/apps/v1", "/apis/x/y/z", "/version", "/healthz/x",
    "/livez", "/metrics",
    "/openapi/v2", "/openapi/v3", "/openapi/v3/apis/apps/v1", "/openapi/v3/..", "/api/v1/namespaces/team/", "//",
    "/api//v1",
    "/api/v1/watch/pods", "/api/v1/namespaces/team/finalize", "/.well-known/openid-configuration", "/logs",
    "/emulator",
    "/emulator/clock", "/emulator/nodes/x/fail", "/apis/apps/v1/namespaces/team/deployments/a/scale/x/y", "",
    "/a" * 3_000,
)  # fmt: skip


POD_SPEC: dict[str, Any] = {
    "containers": [
        {"name": "a", "image": "nginx", "ports": [{"containerPort": 80}], "env": [{"name": "a", "value": "b"}]}
    ],
    "volumes": [{"name": "a", "emptyDir": {}}],
}
TEMPLATE: dict[str, Any] = {"metadata": {"labels": {"a": "b"}}, "spec": POD_SPEC}
SELECTED: dict[str, Any] = {"selector": {"matchLabels": {"a": "b"}}, "template": TEMPLATE}
HONEST: dict[str, dict[str, Any]] = {  # what there is to be changed, by its key
    "pods": {"spec": POD_SPEC},
    "deployments.apps": {"spec": SELECTED},
    "replicasets.apps": {"spec": SELECTED},
    "daemonsets.apps": {"spec": SELECTED},
    "statefulsets.apps": {"spec": {**SELECTED, "serviceName": "a"}},
    "replicationcontrollers": {"spec": {"selector": {"a": "b"}, "template": TEMPLATE}},
    "jobs.batch": {"spec": {"template": {"spec": {**POD_SPEC, "restartPolicy": "Never"}}}},
    "cronjobs.batch": {
        "spec": {
            "schedule": "* * * * *",
            "jobTemplate": {"spec": {"template": {"spec": {**POD_SPEC, "restartPolicy": "Never"}}}},
        }
    },
    "services": {"spec": {"selector": {"a": "b"}, "ports": [{"port": 80}]}},
    "configmaps": {"data": {"a": "b"}},
    "secrets": {"data": {"a": "Yg=="}},
    "persistentvolumeclaims": {
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    },
    "persistentvolumes": {
        "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/data"}}
    },
    "resourcequotas": {"spec": {"hard": {"pods": "10"}}},
    "limitranges": {"spec": {"limits": [{"type": "Container", "default": {"cpu": "1"}}]}},
    "networkpolicies.networking.k8s.io": {"spec": {"podSelector": {}}},
    "ingresses.networking.k8s.io": {"spec": {"defaultBackend": {"service": {"name": "a", "port": {"number": 80}}}}},
    "poddisruptionbudgets.policy": {"spec": {"minAvailable": 1, "selector": {"matchLabels": {"a": "b"}}}},
    "horizontalpodautoscalers.autoscaling": {
        "spec": {"maxReplicas": 3, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"}}
    },
    "roles.rbac.authorization.k8s.io": {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]},
    "serviceaccounts": {},
    "nodes": {},
    "namespaces": {},
}
