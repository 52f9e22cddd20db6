"""From a waiting container to a running one: image, configuration, creation, start; each step may say why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from k8slab.emulator.clock import Clock
from k8slab.emulator.controllers.events import Events
from k8slab.emulator.controllers.quantity import parse
from k8slab.emulator.nodes.backoff import BackOff, in_words
from k8slab.emulator.nodes.container import Container, waiting
from k8slab.emulator.nodes.environment import ConfigError, Environments, expand, user_of
from k8slab.emulator.nodes.files import Dir, File, FileSystem, Mount
from k8slab.emulator.nodes.images import (
    BadReference,
    Image,
    PullFailed,
    Reference,
    find_image,
    image_id,
    parse_reference,
)
from k8slab.emulator.nodes.machine import CAPACITY
from k8slab.emulator.nodes.network import Host
from k8slab.emulator.nodes.process import Box, find_command
from k8slab.emulator.nodes.timing import Timing
from k8slab.emulator.nodes.volumes import mounts_of
from k8slab.emulator.ports import Obj

CREATE_FAILED = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
    "unable to start container process: exec: "
)


@dataclass
class Place:
    """What a pod gives to its containers."""

    pod: Obj
    host: Host
    hostname: str
    domain: str
    volumes: Mapping[str, Dir | File]
    hosts_file: File
    changed: Callable[[], None]
    touched: Callable[[], None]
    box_of: Callable[[str], Box | None] = lambda name: None  # of a container of this pod that runs


class Delayed(Exception):
    """The container waits; look again after so many seconds."""

    def __init__(self, state: Mapping[str, Any], seconds: float) -> None:
        super().__init__(seconds)
        self.state, self.seconds = dict(state), seconds


@dataclass
class Launcher:
    """One per node."""

    clock: Clock
    events: Events
    environments: Environments
    timing: Timing
    restarts: BackOff = field(init=False)
    pulls: BackOff = field(init=False)
    _pull_errors: dict[str, tuple[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.restarts = BackOff(self.timing.back_off_first, self.timing.back_off_last)
        self.pulls = BackOff(self.timing.image_back_off_first, self.timing.image_back_off_last)

    def launch(self, container: Container, place: Place) -> float | None:
        """Starts it, or leaves it waiting; then the seconds after which to look again."""
        try:
            self._check_back_off(container, place.pod)
            image, reference = self._image(container, place.pod)
            env = self._configure(container, place, image)
            self._create(container, place, image, reference, env)
        except Delayed as delay:
            self._set_waiting(container, delay.state)
            return delay.seconds
        return None

    @staticmethod
    def _set_waiting(container: Container, state: dict[str, Any]) -> None:
        if "terminated" in container.state:
            container.last_state = container.state
        container.state = state

    def _check_back_off(self, container: Container, pod: Obj) -> None:
        since = container.known_exit
        if since is None:
            return
        meta, now = pod["metadata"], self.clock.now()
        key = f"{meta['uid']}/{container.name}/{hash(str(container.spec))}"
        left = self.restarts.left(key, since, now)
        if left <= 0:
            self.restarts.next(key, since, now)
            container.known_exit = None
            return
        name = f"{meta['name']}_{meta['namespace']}"
        text = f"Back-off restarting failed container {container.name} in pod {name}({meta['uid']})"
        self.events.warning(pod, "BackOff", text, container.field_path)
        container.known_exit = container.last_exit
        waits = in_words(self.restarts.seconds(key))
        message = f"back-off {waits} restarting failed container={container.name} pod={name}({meta['uid']})"
        raise Delayed(waiting("CrashLoopBackOff", message), min(left, self.timing.resync_seconds))

    # Images

    def _image(self, container: Container, pod: Obj) -> tuple[Image, Reference]:
        text = container.spec["image"]
        policy = container.spec.get("imagePullPolicy", "IfNotPresent")
        try:
            reference = parse_reference(text)
        except BadReference as error:
            message = f'Failed to apply default image tag "{text}": {error}'
            self.events.warning(pod, "InspectFailed", message, container.field_path)
            self.events.warning(pod, "Failed", "Error: InvalidImageName", container.field_path)
            raise Delayed(waiting("InvalidImageName", message), self.timing.image_resync_seconds) from error
        try:
            image = find_image(reference)
        except PullFailed as error:
            raise self._not_pulled(container, pod, policy, str(error)) from error
        if policy == "Always":
            self._tell_pull(container, pod, image)
        else:
            present = f'Container image "{text}" already present on machine and can be accessed by the pod'
            self._tell(container, pod, "Pulled", present)
        return image, reference

    def _tell_pull(self, container: Container, pod: Obj, image: Image) -> None:
        text = container.spec["image"]
        seconds = in_words_exact(image.size / self.timing.pull_bytes_per_second)
        self._tell(container, pod, "Pulling", f'Pulling image "{text}"')
        done = f'Successfully pulled image "{text}" in {seconds} ({seconds} including waiting). '
        self._tell(container, pod, "Pulled", f"{done}Image size: {image.size} bytes.")

    def _tell(self, container: Container, pod: Obj, reason: str, text: str) -> None:
        """What is news; a container that runs on after a restart of the emulator has told it before."""
        if container.resumed_at is None:
            self.events.normal(pod, reason, text, container.field_path)

    def _not_pulled(self, container: Container, pod: Obj, policy: str, why: str) -> Delayed:
        text, path, events = container.spec["image"], container.field_path, self.events
        if policy == "Never":
            message = f'Container image "{text}" is not present with pull policy of Never'
            events.warning(pod, "ErrImageNeverPull", message, path)
            events.warning(pod, "Failed", "Error: ErrImageNeverPull", path)
            return Delayed(waiting("ErrImageNeverPull", message), self.timing.image_resync_seconds)
        key, now = f"{pod['metadata']['uid']}/{text}", self.clock.now()
        last_error, since = self._pull_errors.get(key, ("", now))
        left = self.pulls.left(key, since, now)
        if last_error and left > 0:
            events.normal(pod, "BackOff", f'Back-off pulling image "{text}"', path)
            events.warning(pod, "Failed", "Error: ImagePullBackOff", path)
            message = f'Back-off pulling image "{text}": ErrImagePull: {last_error}'
            return Delayed(waiting("ImagePullBackOff", message), min(left, self.timing.resync_seconds + 2))
        self.pulls.next(key, since, now)
        self._pull_errors[key] = (why, now)
        events.normal(pod, "Pulling", f'Pulling image "{text}"', path)
        events.warning(pod, "Failed", f'Failed to pull image "{text}": {why}', path)
        events.warning(pod, "Failed", "Error: ErrImagePull", path)
        return Delayed(waiting("ErrImagePull", why), 1.0)

    # Configuration and start

    def _configure(self, container: Container, place: Place, image: Image) -> dict[str, str]:
        try:
            env = self.environments.make(place.pod, container.spec, image, place.hostname)
            self._check_user(container, place.pod, image)
        except ConfigError as error:
            self.events.warning(place.pod, "Failed", f"Error: {error}", container.field_path)
            raise Delayed(waiting("CreateContainerConfigError", str(error)), self.timing.resync_seconds) from error
        return env

    @staticmethod
    def _check_user(container: Container, pod: Obj, image: Image) -> None:
        contexts = (container.spec.get("securityContext") or {}, pod["spec"].get("securityContext") or {})
        demanded = next((c["runAsNonRoot"] for c in contexts if c.get("runAsNonRoot") is not None), False)
        if demanded and user_of(pod, container.spec, image) == 0:
            meta = pod["metadata"]
            about = f'(pod: "{meta["name"]}_{meta["namespace"]}({meta["uid"]})", container: {container.name})'
            given = any(c.get("runAsUser") == 0 for c in contexts)
            why = (
                "container's runAsUser breaks non-root policy"
                if given
                else ("container has runAsNonRoot and image will run as root")
            )
            raise ConfigError(f"{why} {about}")

    def _create(
        self, container: Container, place: Place, image: Image, reference: Reference, env: Mapping[str, str]
    ) -> None:
        pod = place.pod
        if "terminated" in container.state:
            container.last_state = container.state
        if container.last_state and container.resumed_at is None:
            container.restarts += 1
        container.new_id()
        container.image, container.image_id = reference.full, image_id(reference)
        self._tell(container, pod, "Created", "Container created")
        argv = self._argv(container, image, env)
        box = self._box(container, place, image, env)
        container.box = box
        problem = self._problem(box, argv)
        if problem:
            message = CREATE_FAILED + problem
            self.events.warning(pod, "Failed", f"Error: {message}", container.field_path)
            container.finish(128, "StartError", message, started="1970-01-01T00:00:00Z")
            place.changed()
            return
        self._tell(container, pod, "Started", "Container started")
        container.run(box, argv, container.spec.get("workingDir") or image.workdir, place.changed)

    @staticmethod
    def _argv(container: Container, image: Image, env: Mapping[str, str]) -> list[str]:
        given, args = container.spec.get("command"), container.spec.get("args")
        command = [expand(part, env) for part in given] if given else list(image.entrypoint)
        if args:
            return command + [expand(part, env) for part in args]
        return command if given else [*command, *image.cmd]

    @staticmethod
    def _problem(box: Box, argv: list[str]) -> str:
        if not argv:
            return '"": executable file not found in $PATH'
        program = argv[0]
        if find_command(box, program) is not None:
            return ""
        if "/" not in program:
            return f'"{program}": executable file not found in $PATH'
        if not box.files.exists(program):
            return f'"{program}": stat {program}: no such file or directory'
        return f'"{program}": permission denied'

    @staticmethod
    def _box(container: Container, place: Place, image: Image, env: Mapping[str, str]) -> Box:
        context = container.spec.get("securityContext") or {}
        mounts = mounts_of(container.spec, place.volumes, env, place.pod)
        mounts.setdefault("/etc/hosts", Mount(place.hosts_file))
        mounts["/etc/resolv.conf"] = Mount(File(place.host.resolver.text().encode()))
        mounts["/etc/hostname"] = Mount(File(f"{place.hostname}\n".encode()))
        read_only = bool(context.get("readOnlyRootFilesystem"))
        files = FileSystem(image.root, mounts, read_only=read_only, touched=place.touched)
        uid = user_of(place.pod, container.spec, image)
        group = context.get("runAsGroup", (place.pod["spec"].get("securityContext") or {}).get("runAsGroup"))
        gid = int(group if group is not None else 0 if uid == 0 or container.spec.get("securityContext") else uid)
        box = Box(image, files, place.host, env, place.hostname, place.domain, place.host.network.clock, uid, gid)
        limits = (container.spec.get("resources") or {}).get("limits") or {}
        target = place.box_of(container.spec.get("targetContainerName") or "")
        if target is not None:  # an ephemeral container that sees the processes of another
            box.processes, box.pids = target.processes, target.pids
        box.memory_limit = float(parse(limits.get("memory") or CAPACITY["memory"]))
        return box


def in_words_exact(seconds: float) -> str:
    """A short duration as Go prints it."""
    return f"{round(seconds * 1000)}ms" if seconds < 1 else f"{seconds:.3f}".rstrip("0").rstrip(".") + "s"
