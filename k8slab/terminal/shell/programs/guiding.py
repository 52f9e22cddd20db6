"""help, and what a terminal elsewhere would have: the way to the same thing here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .registry import Call, all_programs, program

HELP = (
    _("This terminal knows kubectl and a small shell around it; kubectl acts as you in your namespace."),
    _("Pipes, ; && ||, > >> <, here-documents (<<EOF), $VAR, $(command), for … do … done and the alias k work."),
    _("Keys: Tab completes, Up and Down go through the history, Ctrl-R searches it, Ctrl-C ends a command."),
    _("`kubectl help` lists kubectl's commands, `kubectl explain pod.spec` the fields of a kind."),
)
OUTSIDE = _("this terminal stands outside the cluster's network. Ask from inside:")
OR_LINK = _("or open a link to it:")
STAYS = _("this terminal stays; close its pane, or the page")
ELSEWHERE = {
    "docker": _("images are built elsewhere; the cluster pulls them: kubectl run NAME --image=IMAGE"),
    "helm": _("not part of this terminal; kubectl apply -f FILE applies manifests"),
    "minikube": _("the cluster is there already: kubectl cluster-info"),
    "kubeadm": _("the cluster is there already: kubectl cluster-info"),
    "systemctl": _("nodes cannot be entered here; kubectl describe node NAME tells of one"),
    "ssh": _("nodes cannot be entered here; a container can: kubectl exec -it POD -- sh"),
    "sudo": _("nobody is root here; what you may do: kubectl auth can-i --list"),
    "jq": _("not part of this terminal; kubectl get … -o jsonpath='{.status}' takes a value out of an object"),
    "ping": _("this terminal is outside the cluster's network; ask from a pod: kubectl exec POD -- wget -qO- URL"),
    "nslookup": _("ask the cluster's DNS from a pod: kubectl exec POD -- nslookup NAME"),
}


@program("help", summary=_("This list"))
def help_(call: Call) -> None:
    shown = {name: each.summary for name, each in sorted(all_programs().items()) if each.summary}
    rows = "".join(f"  {name:<9} {summary}\n" for name, summary in shown.items())
    first, *rest = HELP
    call.out(f"{first}\n\n{rows}\n" + "".join(f"{line}\n" for line in rest))


@program("curl", "wget")
def curl(call: Call) -> int:
    url = next((word for word in call.args if not word.startswith("-")), "http://NAME")
    call.streams.err(
        f"{call.name}: {OUTSIDE}\n"
        "  kubectl run client --image=busybox --restart=Never -- sleep 3600\n"
        f"  kubectl exec client -- wget -qO- {url}\n"
        f"{OR_LINK}\n  kubectl port-forward service/NAME 8080:PORT\n"
    )
    return 6


@program(*ELSEWHERE)
def elsewhere(call: Call) -> int:
    call.streams.err(f"{call.name}: {ELSEWHERE[call.name]}\n")
    return 127


@program("exit", "logout")
def exit_(call: Call) -> None:
    call.streams.err(f"exit: {STAYS}\n")


@program("vi", "vim", "nano", "code", "emacs", "edit", summary=_("Opens a file in the editor"))
def edit(call: Call) -> int:
    names = [word for word in call.args if not word.startswith("-")]
    if len(names) != 1:
        raise call.fail("usage: vi FILE")
    if call.streams.edit is None:
        raise call.fail("there is no editor here")
    text = call.streams.files.read(names[0]) or ""
    changed = call.streams.edit(names[0], text)
    if changed is None or changed == text:
        return 0
    call.streams.files.write(names[0], changed)
    return 0
