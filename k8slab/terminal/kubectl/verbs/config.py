"""kubectl config: the session's one context can be looked at, and its namespace changed."""

from __future__ import annotations

from ..contexts import CLUSTER, CONTEXT, USER, kubeconfig
from ..flags import Flag
from ..flagsets import OUTPUT
from ..invocation import Failed, Invocation
from ..output.columns import Columns
from ..output.printers import WRITING, object_printer
from ..output.yamltext import to_yaml
from ..registry import verb

NO_OTHER = "is not available in this terminal: it has one context, whose namespace can be changed with"
HINT = "kubectl config set-context --current --namespace=NAME"
HEADERS = ["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"]


@verb(
    "config view",
    OUTPUT,
    Flag("minify", kind="bool", help="Remove all information not used by current-context from the output."),
    Flag("raw", kind="bool", help="Display raw byte data (there is none here)."),
    Flag("flatten", kind="bool", help="Flatten the resulting kubeconfig file into self-contained output."),
    summary="Display merged kubeconfig settings",
    usage="[flags]",
)
def run(invocation: Invocation) -> None:
    printer = object_printer(invocation, WRITING, typed=False)
    config = kubeconfig(invocation)
    invocation.streams.out(printer(config) if printer else to_yaml(config))


@verb("config current-context", summary="Display the current-context")
def current_context(invocation: Invocation) -> None:
    invocation.say(CONTEXT)


@verb(
    "config get-contexts",
    Flag("output", "o", values=("name",), help="Output format. One of: (name)."),
    Flag("no-headers", kind="bool", help="When using the default output format, don't print headers."),
    summary="Describe one or many contexts",
    usage="[(-o|--output=)name)]",
)
def get_contexts(invocation: Invocation) -> None:
    wanted = [name for name in invocation.args if name == CONTEXT] if invocation.args else [CONTEXT]
    if invocation.flags.text("output") == "name":
        for name in wanted:
            invocation.say(name)
    else:
        context = kubeconfig(invocation)["contexts"][0]["context"]
        rows = [["*", name, CLUSTER, USER, context["namespace"]] for name in wanted]
        headers = [] if invocation.flags.on("no-headers") else [HEADERS]
        invocation.streams.out(Columns().lines([*headers, *rows]))
    for name in invocation.args:
        if name != CONTEXT:
            raise Failed(f"error: context {name} not found")


@verb("config get-clusters", summary="Display clusters defined in the kubeconfig")
def get_clusters(invocation: Invocation) -> None:
    invocation.say(f"NAME\n{CLUSTER}")


@verb("config get-users", summary="Display users defined in the kubeconfig")
def get_users(invocation: Invocation) -> None:
    invocation.say(f"NAME\n{USER}")


@verb(
    "config set-context",
    Flag("current", kind="bool", help="Modify the current context"),
    summary="Set a context entry in kubeconfig: here, the current one's namespace",
    usage="[NAME | --current] [--namespace=namespace]",
    examples=f"  {HINT}",
)
def set_context(invocation: Invocation) -> None:
    current, args = invocation.flags.on("current"), invocation.args
    if len(args) > 1 or (args and current):
        raise Failed("error: unexpected args: " + str(list(args)).replace("'", "").replace(",", ""))
    if not args and not current:
        raise Failed("error: you must specify a non-empty context name or --current")
    if args and args[0] != CONTEXT:
        raise Failed(f"error: another context {NO_OTHER}\n  {HINT}")
    if invocation.flags.was_given("namespace"):
        invocation.streams.kept["namespace"] = invocation.flags.text("namespace")
    invocation.say(f'Context "{CONTEXT}" modified.')


@verb("config use-context", summary="Set the current-context in a kubeconfig file", usage="CONTEXT_NAME")
def use_context(invocation: Invocation) -> None:
    if len(invocation.args) != 1:
        raise Failed(f"error: unexpected args: [{' '.join(invocation.args)}]")
    if invocation.args[0] != CONTEXT:
        raise Failed(f'error: no context exists with the name: "{invocation.args[0]}"')
    invocation.say(f'Switched to context "{CONTEXT}".')
