"""`kubectl apply --server-side`."""

from __future__ import annotations

from k8slab.kube.client import Obj
from k8slab.kube.errors import Conflict

from ..failures import doing
from ..invocation import Failed, Invocation
from ..requests import patch, validation, writing
from ..resources import Target

MANAGER = "kubectl"
CONFLICT = """{error}
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts"""


def apply_object(invocation: Invocation, target: Target) -> Obj:
    """Raises Failed with advice where others manage the fields."""
    assert target.obj is not None
    if not target.name:
        raise Failed("error: metadata.name is required for server-side apply")
    query = [*writing(invocation, manager=MANAGER), ("fieldValidation", validation(invocation))]
    query.append(("force", "true" if invocation.flags.on("force-conflicts") else "false"))
    try:
        with doing("patching", target.source):
            return patch(invocation, target.resource, target.namespace, target.name, target.obj, "apply", query)
    except Conflict as error:
        words = error.message.removeprefix(f'error when patching "{target.source}": ')
        raise Failed("error: " + CONFLICT.format(error=words)) from None
