"""Questions about the terminal: tty, stty."""

from __future__ import annotations

from k8slab.emulator.nodes.process import Process, command


@command("tty")
async def tty(process: Process) -> int:
    await process.out("/dev/pts/0\n" if process.terminal is not None else "not a tty\n")
    return 0 if process.terminal is not None else 1


@command("stty")
async def stty(process: Process) -> int:
    """Only the size can be asked for; how lines are edited cannot be changed."""
    if process.terminal is None:
        words = (
            "'standard input': Inappropriate ioctl for device" if "Debian" in process.box.image.os else "standard input"
        )
        return await process.fail(words)
    columns, rows = process.terminal.size
    if process.args == ["size"]:
        await process.out(f"{rows} {columns}\n")
    elif process.args in ([], ["-a"]):
        await process.out(f"speed 38400 baud; rows {rows}; columns {columns}; line = 0;\n")
    return 0
