"""What is wrong with a submitted YAML, by the codes of `kube/problems.py`: what happened, then what to do."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

PROBLEMS = {
    # the text as a whole
    "empty": _("There is no YAML here yet. Write the object, then submit again."),
    "too-large": _("This text is too large: {size} bytes, at most {limit} are read."),
    "too-many-documents": _("These are {count} documents; at most {limit} are applied at once."),
    "too-many-values": _("This YAML has more than {limit} values. Hand in less at once."),
    # YAML
    "control-character": _("There is an invisible character ({character}) here. Delete it."),
    "odd-space": _("This space ({character}) is not a plain one: YAML does not take it as indentation. Retype it."),
    "tab": _("A tab stands here. YAML is indented by spaces only."),
    "yaml-syntax": _("This is not valid YAML from here on."),
    "yaml-colon": _("A value cannot go on like this: look for a second colon in the line, or for wrong indentation."),
    "yaml-missing-colon": _("A key needs a colon and a space after it, as in “name: web”."),
    "yaml-indentation": _("This line is not indented like the ones it belongs to."),
    "yaml-quote": _("The quote that opens in line {opened} is never closed."),
    "yaml-bracket": _("The bracket that opens in line {opened} is never closed."),
    "yaml-escape": _("This backslash sequence is unknown inside double quotes. Use single quotes for plain text."),
    "yaml-first-character": _("A value cannot begin with {character}. Put it into quotes."),
    "unknown-alias": _("*{name} refers to an anchor that does not exist."),
    "aliases": _("Anchors and aliases unfold to more than {limit} values here. Write less of it out by aliases."),
    "too-deep": _("This is nested more than {limit} levels deep."),
    "tag": _("The tag {tag} is not allowed here. Write a plain value."),
    "duplicate-key": _("“{key}” stands here twice; the first one is in line {first}. Keep one of them."),
    "bad-key": _("A key must be plain text."),
    # a document as a Kubernetes object
    "not-an-object": _("A Kubernetes object is expected here, with apiVersion, kind and metadata; this is a {found}."),
    "no-kind": _("“kind” is missing: which sort of object is this?"),
    "no-api-version": _("“apiVersion” is missing, for example v1 for a Pod or apps/v1 for a Deployment."),
    "no-metadata": _("“metadata” is missing: at least a name belongs into it."),
    "no-name": _("“metadata.name” is missing."),
    "not-a-string": _("“{path}” must be text, but {value} is read as a {found}. Put it into quotes."),
    # against the cluster
    "unknown-kind": _("The cluster knows no kind “{kind}” in {apiVersion}."),
    "old-api-version": _("{kind} is no longer served by {apiVersion}. Use apiVersion: {suggestion}."),
    "wrong-namespace": _("This object names the namespace “{namespace}”, but yours is “{own}”. Leave the line out."),
    "wrong-prefix": _("The whole cluster sees a {kind}: yours must have a name that begins with {prefix}, not {name}."),
    "cluster-scoped": _("A {kind} belongs to the whole cluster; in this exercise you work inside your namespace only."),
    "duplicate": _("{kind} “{name}” stands here twice; the first one begins in line {first}. Keep one of them."),
    "unknown-field": _("There is no field “{field}” here ({path})."),
    "duplicate-field": _("“{path}” stands here twice."),
    "ill-typed": _("“{path}” must be of type {expected}, but it is {found}."),
    "bad-quantity": _("“{value}” is not a quantity ({path}). Quantities look like 500m, 2 or 128Mi."),
    "required": _("“{path}” is missing."),
    "not-supported": _("“{value}” is not possible for “{path}”. Possible: {supported}."),
    "duplicate-value": _("“{value}” is used twice ({path}); it must be unique."),
    "not-allowed": _("“{path}” is not allowed here."),
    "invalid": _("“{value}” is not valid for “{path}”."),
    "immutable": _("“{path}” of {kind} “{name}” cannot be changed once it exists. Delete it, then submit again."),
    "quota": _("The quota “{quota}” of your namespace is used up: wanted {requested}, used {used}, limit {limited}."),
    "quota-unset": _("The quota “{quota}” asks every container to set {missing}."),
    "limit-range": _("This is outside the limits of your namespace."),
    "pod-security": _("The Pod Security level “{level}” of your namespace forbids this: {violations}"),
    "policy": _("The policy “{policy}” forbids this: {message}"),
    "no-service-account": _("There is no ServiceAccount “{name}” in your namespace."),
    "namespace-gone": _("Your namespace {namespace} is not there at the moment. Submit again: it is made anew."),
    "forbidden": _("You may not {verb} {resource} here."),
    "conflict": _("{kind} “{name}” was changed by somebody else at the same moment. Submit again."),
    "refused": _("The cluster did not accept this object."),
    "cluster-unavailable": _("The cluster did not answer for this object. Submit again."),
}

SUGGESTION = _("Did you mean “{suggestion}”?")
SUGGESTS = {"unknown-kind", "unknown-field"}  # an empty suggestion adds nothing

TYPES = {
    "text": _("text"),
    "list": _("list"),
    "map": _("map"),
    "number": _("number"),
    "boolean": _("true/false value"),
    "null": _("empty value"),
    "string": _("text"),
    "integer": _("whole number"),
    "object": _("map"),
    "array": _("list"),
}
