"""Every sentence that grading can say: its code, its parameters and an English wording.

A report carries codes and parameters only. The page words them in the student's language; the English here serves
command lines and tests.
"""

from __future__ import annotations

from string import Formatter

from .report import Message

WORDING = {
    # what is there
    "missing": "{object} does not exist.",
    "none-fit": "There is no {kind} {labels}.",
    "not-made-yet": "No {kind} {labels} has been made yet.",
    "terminating": "{object} is being deleted.",
    "differs": "{object} is not as it should be.",
    "expression-false": "{object} does not meet the requirement yet.",
    "condition-false": "The requirement is not met yet.",
    # settling down
    "not-observed": "The controller has not seen the newest {object} yet.",
    "rollout": "{object}: {ready} of {wanted} ready.",
    "old-pods": "{object}: {count} pods of the previous version are still there.",
    "pod-not-ready": "{object} is not ready: {reason}.",
    "pod-failed": "{object} has failed: {reason}.",
    "restarting": "{object}: container {container} was restarted {restarts} times and has only just started again.",
    "job-running": "{object}: {succeeded} of {wanted} completed.",
    "job-failed": "{object} has failed: {reason}.",
    "not-bound": "{object} is not bound yet: {phase}.",
    "volume-lost": "{object} has lost its volume.",
    "namespace-not-active": "{object} is not active: {phase}.",
    "no-address": "{object} has no address yet.",
    "no-endpoints": "{object} has no endpoints.",
    "endpoints-unready": "{object}: none of its {count} endpoints is ready.",
    "selector-fits-nothing": "{object} selects {selector}, but no pod carries these labels.",
    "selector-nearest": "{pod} carries {labels}.",
    "endpoint-port": "{object}: no container of its pods has a port named {port}.",
    # asked from inside the namespace
    "probe-source-missing": "{object}, which asks, does not exist.",
    "probe-source-not-ready": "{object}, which asks, is not running.",
    "probe-no-answer": "{target} does not answer: {error}.",
    "probe-answered": "{target} answers, but should not.",
    "probe-wrong-status": "{target} answers with status {actual}.",
    "probe-wrong-body": "{target} answers with another page than expected.",
    "probe-wrong-addresses": "{target} leads to {actual}.",
    "probe-wrong-exit": "`{target}` ends with exit code {actual}.",
    "probe-wrong-output": "`{target}` prints something else than expected.",
    "service-missing": "{object} does not exist.",
    "service-port": "{object} offers port {ports}, not {port}.",
    "target-port": "{object} passes requests on to port {port}, but its pods declare port {ports}.",
    # the grader deletes something
    "disturbed-waiting": "{count} of {kind} were deleted to see what happens: {back} of {wanted} are back.",
    "disturb-too-few": "Waits until {wanted} of {kind} can be deleted; there are {found}.",
    "disturb-unowned": "Nothing keeps {object}: deleted, it would not come back.",
    # between checks, and the end of patience
    "needs-waiting": "Waits for {check}.",
    "needs-failed": "{check} has to pass first.",
    "needs-error": "{check} could not be decided.",
    "timed-out": "Not reached within {seconds} s.",
    # our fault or the cluster's
    "cluster-error": "The cluster did not answer as it should: {detail}",
    "check-broken": "This check cannot be evaluated: {detail}",
}


def parameters(code: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(WORDING[code]) if name)


def say(code: str, **params: str | int) -> Message:
    return Message(code, params)


def english(message: Message) -> str:
    return WORDING[message.code].format(**message.params)
