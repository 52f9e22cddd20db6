"""The shell's compound commands: if, while, until, for, case."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING

from k8slab.emulator.nodes.shell.control import Broken, Continued
from k8slab.emulator.nodes.shell.tree import Case, For, If, Node, While

if TYPE_CHECKING:  # a shell runs these, and they run in a shell
    from k8slab.emulator.nodes.shell.interpreter import Shell


async def run_if(shell: Shell, node: If) -> int:
    for test, body in node.arms:
        if await shell.run(test) == 0:
            return await shell.run(body)
    return await shell.run(node.otherwise) if node.otherwise else 0


async def run_while(shell: Shell, node: While) -> int:
    status, goes_on = 0, True
    while goes_on and (await shell.run(node.test) == 0) != node.until:
        status, goes_on = await _round(shell, node.body, status)
    return status


async def run_for(shell: Shell, node: For) -> int:
    status = 0
    values = list(shell.arguments) if node.words is None else await shell.expander.words(node.words)
    for value in values:
        shell.variables[node.name] = value
        status, goes_on = await _round(shell, node.body, status)
        if not goes_on:
            break
    return status


async def _round(shell: Shell, body: Node, status: int) -> tuple[int, bool]:
    """One round of a loop: its status (the last one's where it was left early), and whether the loop goes on."""
    await shell.breathe()
    shell.loop_depth += 1
    try:
        return await shell.run(body), True
    except Broken as jump:  # or Continued, which is one
        if jump.levels > 1:
            raise type(jump)(jump.levels - 1) from None
        return status, isinstance(jump, Continued)
    finally:
        shell.loop_depth -= 1


async def run_case(shell: Shell, node: Case) -> int:
    subject = await shell.expander.text(node.subject)
    for patterns, body in node.arms:
        for pattern in patterns:
            if fnmatch.fnmatchcase(subject, await shell.expander.pattern(pattern)):
                return await shell.run(body)
    return 0
