"""The life of one pod on its node: volumes, network, containers in their order, restarts, the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from k8slab.emulator.clock import timestamp
from k8slab.emulator.controllers.times import parse_timestamp
from k8slab.emulator.nodes.care import Care
from k8slab.emulator.nodes.container import Container, waiting
from k8slab.emulator.nodes.files import Dir, File
from k8slab.emulator.nodes.launch import Place
from k8slab.emulator.nodes.network import Host
from k8slab.emulator.nodes.podnet import domain_of, hostname_of, hosts_text, resolver_of
from k8slab.emulator.nodes.podstatus import status_of
from k8slab.emulator.nodes.process import Box
from k8slab.emulator.nodes.volumes import NotMounted
from k8slab.emulator.ports import Obj

if TYPE_CHECKING:  # a kubelet runs pods, and pods use its parts
    from k8slab.emulator.nodes.kubelet import Kubelet

DEADLINE = "Pod was active on the node longer than the specified deadline"


class PodRun:
    def __init__(self, pod: Obj, kubelet: Kubelet) -> None:
        self.pod, self.kubelet = pod, kubelet
        self.key = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        self.uid: str = pod["metadata"]["uid"]
        spec = pod["spec"]
        first = waiting("PodInitializing" if spec.get("initContainers") else "ContainerCreating")
        clock = kubelet.clock
        self.inits = [
            Container(c, "sidecar" if c.get("restartPolicy") == "Always" else "init", first, clock, self.uid)
            for c in spec.get("initContainers") or ()
        ]
        self.mains = [Container(c, "main", first, clock, self.uid) for c in spec["containers"]]
        self.debuggers: list[Container] = []
        self._meet_debuggers()
        self.phase = "Pending"
        self.reason = self.message = ""
        self.started_at = timestamp(clock.now())
        self.host: Host | None = None
        self.volumes: Mapping[str, Dir | File] | None = None
        self._hosts_file = File()
        self._cares: dict[str, Care] = {}
        self._mount_failures = 0
        self._launch_at = clock.now() + kubelet.timing.start_seconds
        self._again_at: dict[str, float] = {}
        self._ending = False
        self.done = False

    @property
    def containers(self) -> list[Container]:
        return [*self.inits, *self.mains, *self.debuggers]

    @property
    def policy(self) -> str:
        return str(self.pod["spec"].get("restartPolicy", "Always"))

    def container(self, name: str) -> Container | None:
        return next((c for c in self.containers if c.name == name), None)

    # One round

    def sync(self) -> None:
        """Looks at everything and does what is due. Called at every change and when a timer asks for it."""
        if self.done:
            return
        if "deletionTimestamp" in self.pod["metadata"]:
            self._end(float(self.pod["metadata"].get("deletionGracePeriodSeconds") or 0))
        elif self.phase in ("Succeeded", "Failed"):
            self._end(self._grace())
        elif not self._passed_deadline() and self._is_due() and self._mounted() and self._networked():
            self._advance()
        self.write_status()
        self._finish()

    def _is_due(self) -> bool:
        left = self._launch_at - self.kubelet.clock.now()
        if left > 0:
            self._look_again(left)
        return left <= 0

    def _look_again(self, seconds: float) -> None:
        self.kubelet.queue.add_after(self.key, seconds)

    def _changed(self) -> None:
        self.kubelet.queue.add(self.key)

    def _grace(self) -> float:
        seconds = self.pod["spec"].get("terminationGracePeriodSeconds")
        return 30.0 if seconds is None else float(seconds)

    def _passed_deadline(self) -> bool:
        seconds = self.pod["spec"].get("activeDeadlineSeconds")
        if seconds is None:
            return False
        left = parse_timestamp(self.started_at) + float(seconds) - self.kubelet.clock.now()
        if left > 0:
            self._look_again(left)
            return False
        self.phase, self.reason, self.message = "Failed", "DeadlineExceeded", DEADLINE
        self.kubelet.events.normal(self.pod, "DeadlineExceeded", DEADLINE)
        self._end(self._grace())
        return True

    def _mounted(self) -> bool:
        if self.volumes is not None:
            return True
        try:
            self.volumes = self.kubelet.volumes.make(self.pod, {})
        except NotMounted as error:
            timing = self.kubelet.timing
            wait = min(timing.mount_retry_last, timing.mount_retry_first * 2**self._mount_failures)
            if self._mount_failures == 0 or self.kubelet.clock.now() >= self._again_at.get("", 0.0):
                self.kubelet.events.warning(self.pod, error.reason, error.message)
                self._mount_failures += 1
                self._again_at[""] = self.kubelet.clock.now() + wait
            self._look_again(max(0.001, self._again_at[""] - self.kubelet.clock.now()))
            return False
        return True

    def refresh_volumes(self) -> None:
        """Shows changed ConfigMaps and Secrets in the files; what is missing now leaves the old files."""
        if self.volumes is None:
            self._changed()
            return
        try:
            self.volumes = self.kubelet.volumes.make(self.pod, self.volumes)
        except NotMounted:
            return

    def _networked(self) -> bool:
        if self.host is None:
            self.host = self.kubelet.attach(self.pod)
            self.host.resolver = resolver_of(self.pod)
            self._hosts_file.data = hosts_text(self.pod, self.host.ip).encode()
            # The address is known before the environment is made: status.podIP may be asked for.
            if not any(c.resumed_at for c in self.containers):
                self.write_status()
        return True

    def _place(self) -> Place:
        assert self.host is not None and self.volumes is not None  # noqa: PT018 - both come before containers
        return Place(
            self.pod,
            self.host,
            hostname_of(self.pod),
            domain_of(self.pod),
            self.volumes,
            self._hosts_file,
            self._changed,
            self.kubelet.volumes.touched,
            self._box_of,
        )

    # Containers in their order

    def _advance(self) -> None:
        self._meet_debuggers()
        self._redefine()
        for container in self.debuggers:
            self._keep(container, "Never")
        if self._initialize():
            for container in self.mains:
                self._keep(container, self.policy)
            if all(self._is_over(c) for c in self.mains):
                self._complete()
            elif any(c.is_running or c.last_state or "terminated" in c.state for c in self.mains):
                self.phase = "Running"

    def _meet_debuggers(self) -> None:
        """Ephemeral containers: they come while the pod runs, run once, and never go."""
        known = {c.name for c in self.debuggers}
        for spec in self.pod["spec"].get("ephemeralContainers") or ():
            if spec["name"] not in known:
                first = waiting("ContainerCreating")
                self.debuggers.append(Container(spec, "ephemeral", first, self.kubelet.clock, self.uid))

    def _box_of(self, name: str) -> Box | None:
        container = self.container(name)
        return container.box if container is not None and container.is_running else None

    def _redefine(self) -> None:
        """A container whose definition was changed (its image may be) begins anew at once, whatever it waited for."""
        spec = self.pod["spec"]
        fields = ("initContainers", "containers", "ephemeralContainers")
        defined = {c["name"]: c for field in fields for c in spec.get(field) or ()}
        for container in self.containers:
            new = defined[container.name]
            if new == container.spec:
                continue
            container.spec = new
            self._again_at.pop(container.name, None)
            text = f"Container {container.name} definition changed, will be restarted"
            self._stop(container, text, self._grace())

    def _initialize(self) -> bool:
        """Whether all init containers are through. One that fails for good fails the pod."""
        for container in self.inits:
            if container.kind == "sidecar":
                self._keep(container, "Always")
                if not container.started:
                    return False
                continue
            if container.exit_code == 0 or any(c.id for c in self.mains):
                continue
            self._keep(container, "OnFailure" if self.policy == "Always" else self.policy)
            if container.exit_code not in (None, 0) and self.policy == "Never":
                self.phase = "Failed"
                self._changed()
            return False
        return True

    def _is_over(self, container: Container) -> bool:
        code = container.exit_code
        return code is not None and (self.policy == "Never" or (self.policy == "OnFailure" and code == 0))

    def _complete(self) -> None:
        self.phase = "Succeeded" if all(c.exit_code == 0 for c in self.mains) else "Failed"
        self._changed()

    def _keep(self, container: Container, policy: str) -> None:
        """Starts it if it should run and does not."""
        if container.is_running:
            return
        code = container.exit_code
        if code is not None:
            self._stop_care(container)
            if policy == "Never" or (policy == "OnFailure" and code == 0):
                return
        due = self._again_at.get(container.name, 0.0) - self.kubelet.clock.now()
        if due > 0 and code is None:
            self._look_again(due)
            return
        again = self.kubelet.launcher.launch(container, self._place())
        if again is not None:
            self._again_at[container.name] = self.kubelet.clock.now() + again
            self._look_again(again)
        elif container.is_running and container.kind != "ephemeral":
            self._care_for(container)

    def _care_for(self, container: Container) -> None:
        assert self.host is not None  # a container runs in its pod's network
        care = Care(
            container,
            lambda: self.pod,
            (self.host, self.kubelet.host),
            self.kubelet.clock,
            self.kubelet.events,
            self._changed,
            lambda text: self._stop(container, text, self._grace()),
        )
        self._cares[container.name] = care
        care.start()

    def _stop_care(self, container: Container) -> None:
        care = self._cares.pop(container.name, None)
        if care is not None:
            care.stop()

    # The end

    def _stop(self, container: Container, text: str, grace: float) -> None:
        """Tells why and ends the process; its end is noticed like any other."""
        if not container.is_running or container.stopping:
            return
        container.stopping = True
        self.kubelet.events.normal(self.pod, "Killing", text, container.field_path)
        care = self._cares.get(container.name)
        if care is None:
            container.terminate(grace)
        else:
            care.before_stop(grace, lambda: container.terminate(grace))

    def _end(self, grace: float) -> None:
        """Main containers first; sidecars when those have ended, the last one first."""
        self._ending = True
        running = [c for c in self.containers if c.is_running]
        first = [c for c in running if c.kind != "sidecar"] or running[-1:]
        for container in first:
            self._stop(container, f"Stopping container {container.name}", grace)
            if container.stopping and grace < self._grace():
                container.terminate(grace)

    def _finish(self) -> None:
        if not self._ending or any(c.is_running for c in self.containers):
            return
        for container in self.containers:
            self._stop_care(container)
        if self.host is not None:
            self.kubelet.detach(self.host, self.pod)
        if "deletionTimestamp" in self.pod["metadata"]:
            self.done = True
            self.kubelet.forget(self)
            self.kubelet.delete(self.pod)
        elif self.phase in ("Succeeded", "Failed"):
            self.write_status()

    def discard(self) -> None:
        """The object is gone, or the node: nothing is written any more."""
        self.done = True
        for container in self.containers:
            self._stop_care(container)
            container.discard()
        if self.host is not None:
            self.kubelet.detach(self.host, self.pod)

    # Status

    def write_status(self) -> None:
        status = status_of(self)
        if status != self.pod.get("status"):
            self.kubelet.write(self, {**self.pod, "status": status})
