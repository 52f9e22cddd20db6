"""What a check says, by the codes of `grading/messages.py`."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

MESSAGES = {
    # what is there
    "missing": _("{object} does not exist."),
    "none-fit": _("There is no {kind} {labels}."),
    "not-made-yet": _("No {kind} {labels} has been made yet."),
    "terminating": _("{object} is being deleted."),
    "differs": _("{object} is not as it should be."),
    "expression-false": _("{object} does not meet the requirement yet."),
    "condition-false": _("The requirement is not met yet."),
    # settling down
    "not-observed": _("The controller has not seen the newest {object} yet."),
    "rollout": _("{object}: {ready} of {wanted} ready."),
    "old-pods": _("{object}: {count} pods of the previous version are still there."),
    "pod-not-ready": _("{object} is not ready: {reason}."),
    "pod-failed": _("{object} has failed: {reason}."),
    "restarting": _("{object}: container {container} was restarted {restarts} times and has only just started again."),
    "job-running": _("{object}: {succeeded} of {wanted} completed."),
    "job-failed": _("{object} has failed: {reason}."),
    "not-bound": _("{object} is not bound yet: {phase}."),
    "volume-lost": _("{object} has lost its volume."),
    "namespace-not-active": _("{object} is not active: {phase}."),
    "no-address": _("{object} has no address yet."),
    "no-endpoints": _("{object} has no endpoints."),
    "endpoints-unready": _("{object}: none of its {count} endpoints is ready."),
    "selector-fits-nothing": _("{object} selects {selector}, but no pod carries these labels."),
    "selector-nearest": _("{pod} carries {labels}."),
    "endpoint-port": _("{object}: no container of its pods has a port named {port}."),
    # asked from inside the namespace
    "probe-source-missing": _("{object}, which asks, does not exist."),
    "probe-source-not-ready": _("{object}, which asks, is not running."),
    "probe-no-answer": _("{target} does not answer: {error}."),
    "probe-answered": _("{target} answers, but should not."),
    "probe-wrong-status": _("{target} answers with status {actual}."),
    "probe-wrong-body": _("{target} answers with another page than expected."),
    "probe-wrong-addresses": _("{target} leads to {actual}."),
    "probe-wrong-exit": _("`{target}` ends with exit code {actual}."),
    "probe-wrong-output": _("`{target}` prints something else than expected."),
    "service-missing": _("{object} does not exist."),
    "service-port": _("{object} offers port {ports}, not {port}."),
    "target-port": _("{object} passes requests on to port {port}, but its pods declare port {ports}."),
    # the grader deletes something
    "disturbed-waiting": _("{count} of {kind} were deleted to see what happens: {back} of {wanted} are back."),
    "disturb-too-few": _("Waits until {wanted} of {kind} can be deleted; there are {found}."),
    "disturb-unowned": _("Nothing keeps {object}: deleted, it would not come back."),
    # between checks, and the end of patience
    "needs-waiting": _("Waits for {check}."),
    "needs-failed": _("{check} has to pass first."),
    "needs-error": _("{check} could not be decided."),
    "timed-out": _("Not reached within {seconds} s."),
    # our fault or the cluster's
    "cluster-error": _("The cluster did not answer as it should: {detail}"),
    "check-broken": _("This check cannot be evaluated: {detail}"),
}
