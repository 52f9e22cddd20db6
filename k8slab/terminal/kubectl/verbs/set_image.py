"""kubectl set image."""

from __future__ import annotations

from ..changing import change_each, found, nothing_selected, words_and_changes
from ..flagsets import manager
from ..invocation import Failed, Invocation
from ..registry import verb
from ..resources import Item, Selection
from ..setting.templates import SETTING, Map, chosen, edit_pod


@verb(
    "set image",
    SETTING,
    manager("kubectl-set"),
    summary="Update the image of a pod template",
    usage="(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N",
    examples="  kubectl set image deployment/web nginx=nginx:1.27",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    words, changes = words_and_changes(list(invocation.args))
    nothing_selected(invocation, words)
    selection = Selection(invocation, words, local=invocation.flags.on("local"))
    if not changes:
        found(selection)
    images = _images(changes)

    def edit(item: Item) -> Map:
        return edit_pod(item, lambda pod: _set(pod, images))

    change_each(invocation, selection, edit, "image updated", "kubectl-set")


def _images(changes: list[str]) -> dict[str, str]:
    images: dict[str, str] = {}
    for word in changes:
        name, equals, image = word.partition("=")
        if not equals or not name or not image:
            raise Failed(f"error: Invalid argument syntax {word}, expected CONTAINER_NAME=CONTAINER_IMAGE")
        images[name] = image
    if not images:
        raise Failed("error: at least one image update is required")
    if "*" in images and len(images) > 1:
        raise Failed(
            "error: all containers are already specified by *, but saw more than one container_name=container_image "
            "pairs"
        )
    return images


def _set(pod: Map, images: dict[str, str]) -> None:
    for name, image in images.items():
        containers = chosen(pod, name)
        if not containers and name != "*":
            raise Failed(f'error: unable to find container named "{name}"')
        for container in containers:
            container["image"] = image
