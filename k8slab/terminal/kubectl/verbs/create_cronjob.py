"""kubectl create cronjob."""

from __future__ import annotations

from ..creating.objects import container, metadata, typed
from ..creating.submit import CREATING, one_name, required, submit
from ..flags import Flag
from ..invocation import Invocation
from ..registry import verb


@verb(
    "create cronjob",
    CREATING,
    Flag("image", help="Image name to run."),
    Flag("schedule", help="A schedule in the Cron format the job should be run with."),
    Flag("restart", help="Job's restart policy. Supported values: OnFailure, Never"),
    summary="Create a cron job with the specified name",
    usage="NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...]",
    examples="  kubectl create cronjob hello --image=busybox --schedule='*/1 * * * *' -- date",
    aliases=("create cj",),
)
def run(invocation: Invocation) -> None:
    required(invocation, "image", "schedule")
    flags, name = invocation.flags, one_name(invocation)
    made = container(name, flags.text("image"), command=list(invocation.after_dashes or ()))
    pod = {"containers": [made], "restartPolicy": flags.text("restart") or "OnFailure"}
    job = {"metadata": metadata(name), "spec": {"template": {"metadata": metadata(), "spec": pod}}}
    spec = {"schedule": flags.text("schedule"), "jobTemplate": job}
    submit(
        invocation,
        {**typed("batch/v1", "CronJob", name), "spec": spec, "status": {}},
        prefix="failed to create cronjob:",
    )
