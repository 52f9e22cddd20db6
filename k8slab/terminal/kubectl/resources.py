"""What a command's arguments mean: `pods`, `deploy,svc`, `pod web`, `deploy/web svc/web`, `-l app=web`, `-f a.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from k8slab.kube.client import Obj
from k8slab.kube.discovery import Resource
from k8slab.kube.errors import UnknownKind

from .failures import Failures
from .invocation import Failed, Invocation
from .manifests import Manifest, decoding_problem, has_files, not_valid, read_manifests, type_problem
from .requests import get, list_all

NOTHING_NAMED = """error: You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'"""
CORE = "v1"  # where a kind is looked for that is given without an apiVersion
FILES_AND_WORDS = (
    "error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well"
)
ONLY_FILES = """error: you must specify resources by --filename when --local is set.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'"""
MIXED = """error: there is no need to specify a resource type as a separate argument when passing arguments in \
resource/name form (e.g. 'kubectl get resource/<resource_name>' \
instead of 'kubectl get resource resource/<resource_name>'"""


@dataclass(frozen=True, slots=True)
class Target:
    """One object by its name, or, without a name, all of a kind that the selectors choose."""

    resource: Resource
    namespace: str | None  # None: cluster-scoped, or all namespaces
    name: str = ""
    obj: Obj | None = None  # as a file says it
    source: str = ""

    def placed(self) -> Target:
        """With its namespace written into the object of the file."""
        if self.obj is None or self.namespace is None:
            return self
        metadata = self.obj.get("metadata")
        metadata = {**metadata, "namespace": self.namespace} if isinstance(metadata, dict) else metadata
        return replace(self, obj={**self.obj, "metadata": metadata or {"namespace": self.namespace}})


@dataclass(frozen=True, slots=True)
class Item:
    """An object of the cluster, found by a target."""

    resource: Resource
    namespace: str | None
    name: str
    obj: Obj
    source: str = ""

    @property
    def label(self) -> str:
        """`deployment.apps/web`, as kubectl names it in messages."""
        return label(self.resource, self.name)

    def now(self, obj: Obj) -> Item:
        return replace(self, obj=obj)


def label(resource: Resource, name: str) -> str:
    return f"{kind_word(resource)}/{name}"


def kind_word(resource: Resource) -> str:
    """`deployment.apps`, `pod`."""
    return f"{resource.kind.lower()}.{resource.group}" if resource.group else resource.kind.lower()


def find_resource(invocation: Invocation, word: str) -> Resource:
    """The resource of a type's name. Raises Failed as kubectl does where there is none."""
    found = invocation.client.discovery.named(word) if word else None
    if found is None:
        raise Failed(f'error: the server doesn\'t have a resource type "{word.partition(".")[0]}"')
    return found


def resource_of(invocation: Invocation, obj: Obj, source: str = "") -> Resource:
    """The resource of an object that somebody wrote down. Raises Failed."""
    api_version, kind = str(obj.get("apiVersion") or CORE), str(obj.get("kind", ""))
    try:
        return invocation.client.resource(api_version, kind)
    except UnknownKind:
        metadata = obj.get("metadata") if isinstance(obj.get("metadata"), dict) else {}
        name, namespace = (metadata or {}).get("name", ""), (metadata or {}).get("namespace", "")
        origin = f'from "{source}"' if source else ""
        raise Failed(
            f'error: resource mapping not found for name: "{name}" namespace: "{namespace}" {origin}: '
            f'no matches for kind "{kind}" in version "{api_version}"\nensure CRDs are installed first'
        ) from None


def several_types(args: Sequence[str]) -> bool:
    """Whether the arguments name more than one type, so that each name is printed with its type."""
    words = [word for arg in args[:1] for word in arg.split(",")]
    if any("/" in arg for arg in args):
        return len({arg.partition("/")[0] for arg in args}) > 1
    return len(words) > 1


class Selection:
    """The arguments, -f, -l, --all, -A of one command, read once. Raises Failed where they make no sense together."""

    def __init__(
        self,
        invocation: Invocation,
        args: Sequence[str] | None = None,
        *,
        all_if_bare: bool = False,
        all_selects: bool = False,
        local: bool = False,
    ) -> None:
        self.invocation = invocation
        self.args = list(invocation.args if args is None else args)
        values = invocation.flags.values
        self.labels = str(values.get("selector") or "")
        self.fields = str(values.get("field-selector") or "")
        self.all = bool(values.get("all"))
        self.everywhere = bool(values.get("all-namespaces"))
        self.bare = all_if_bare or self.all
        self.selecting = bool(self.labels or self.fields or (self.all and all_selects))  # and so no names
        self.local = local
        self.multiple = several_types(self.args)
        self.singular = False  # whether exactly one object was named

    # --- from words to targets ------------------------------------------------------------------------------------
    def targets(self) -> Iterator[Target]:
        """In the order in which they were named. Types are looked up one by one, so that an early error stops all."""
        if self.local and not has_files(self.invocation):
            raise Failed(ONLY_FILES)
        if has_files(self.invocation):
            if self.args:
                raise Failed(FILES_AND_WORDS)
            failures = Failures()
            yield from self.tolerant_targets(failures)
            failures.finish()
            return
        if not self.args:
            raise Failed(NOTHING_NAMED)
        slashes = [arg for arg in self.args if "/" in arg]
        if slashes and len(slashes) < len(self.args):
            raise Failed(MIXED)
        yield from list(self._slashed()) if slashes else list(self._plain())

    def _slashed(self) -> Iterator[Target]:
        if self.selecting:
            raise Failed("error: selectors and the all flag cannot be used when passing resource/name arguments")
        for arg in self.args:
            if arg.count("/") != 1:
                raise Failed("error: arguments in resource/name form may not have more than one slash")
            words, _, name = arg.partition("/")
            if not words or not name or "," in words:
                raise Failed("error: arguments in resource/name form must have a single resource and name")
            yield self._named(find_resource(self.invocation, words), name)
        self.singular = len(self.args) == 1

    def _plain(self) -> Iterator[Target]:
        types, names = self._types(self.args[0]), self.args[1:]
        if not names:
            yield from self._bare(types)
            return
        if self.selecting:
            raise Failed("error: name cannot be provided when a selector is specified")
        if self.everywhere and types[0].namespaced:
            raise Failed("error: a resource cannot be retrieved by name across all namespaces")
        self.singular = len(names) == 1 and len(types) == 1
        for resource in types:
            for name in names:
                yield self._named(resource, name)

    def _bare(self, types: Sequence[Resource]) -> Iterator[Target]:
        if not (self.labels or self.fields or self.bare):
            raise Failed("error: resource(s) were provided, but no name was specified")
        for resource in types:
            yield Target(resource, self._namespace(resource))

    def _types(self, words: str) -> list[Resource]:
        types: list[Resource] = []
        for word in words.split(","):
            category = self.invocation.client.discovery.category(word)
            types += category or [find_resource(self.invocation, word)]
            self.multiple = self.multiple or len(category) > 1
        return list(dict.fromkeys(types))

    def _named(self, resource: Resource, name: str) -> Target:
        return Target(resource, self.invocation.namespace if resource.namespaced else None, name)

    def _namespace(self, resource: Resource) -> str | None:
        return self.invocation.namespace if resource.namespaced and not self.everywhere else None

    # --- from files -------------------------------------------------------------------------------------------------
    def file_target(self, manifest: Manifest) -> Target:
        """Raises Failed where the object says too little of itself, or another namespace than -n."""
        obj, source = manifest.obj, manifest.source
        resource = resource_of(self.invocation, obj, source)
        metadata = obj.get("metadata") if isinstance(obj.get("metadata"), dict) else {}
        own = str((metadata or {}).get("namespace") or "")
        asked = self.invocation.flags.text("namespace")
        if resource.namespaced and own and asked and own != asked:
            raise Failed(
                f'error: the namespace from the provided object "{own}" does not match the namespace "{asked}". '
                f"You must pass '--namespace={own}' to perform this operation."
            )
        namespace = (own or self.invocation.namespace) if resource.namespaced else None
        return Target(resource, namespace, str((metadata or {}).get("name") or ""), obj, source)

    def tolerant_targets(self, failures: Failures) -> Iterator[Target]:
        """Goes on after an object of a file that cannot be looked up; ends at text that cannot be read."""
        if not has_files(self.invocation) or self.args:
            yield from self.targets()
            return
        broken = Failures()
        for manifest in read_manifests(self.invocation, broken):
            with broken.kept():
                self._readable(manifest)
                resource_of(self.invocation, manifest.obj, manifest.source)
                with failures.kept():
                    yield self.file_target(manifest)
        failures.errors += broken.as_one() if failures else broken.errors

    def _readable(self, manifest: Manifest) -> None:
        """Raises Failed where the object says too little of itself."""
        checked = self.invocation.flags.values.get("validate", "ignore") not in ("false", "ignore")
        problem = type_problem(manifest.obj) if checked else ""
        if problem:
            raise Failed(not_valid(manifest.source, problem))
        problem = decoding_problem(manifest.obj)
        if problem:
            raise Failed(f'error: unable to decode "{manifest.source}": {problem}')

    # --- from targets to objects --------------------------------------------------------------------------------------
    def items(self, failures: Failures) -> Iterator[Item]:
        """The objects as the cluster has them (with `local`, as the files say). Keeps errors of single ones."""
        for target in self.tolerant_targets(failures):
            found: list[Item] = []
            with failures.kept():
                found = list(self.items_of(target))
            yield from found

    def items_of(self, target: Target) -> Iterator[Item]:
        resource = target.resource
        if self.local and target.obj is not None:
            yield Item(resource, target.namespace, target.name, target.obj, target.source)
        elif target.name:
            obj = get(self.invocation, resource, target.namespace, target.name)
            yield Item(resource, target.namespace, target.name, obj, target.source)
        elif target.obj is not None:
            raise Failed("error: resource name may not be empty")
        else:
            listing = list_all(self.invocation, resource, target.namespace, labels=self.labels, fields=self.fields)
            for obj in listing["items"]:
                yield Item(resource, obj["metadata"].get("namespace"), obj["metadata"]["name"], obj)
