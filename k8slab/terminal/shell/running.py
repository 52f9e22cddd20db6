"""Runs scripts: `;`, `&&`, `||`, pipes, redirects and loops around the programs."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..streams import Streams, Text
from . import parser
from .expansion import Expander
from .pipes import CollectSink, FileText, FilterSink, PipeClosed, Sink
from .programs import registry
from .programs.registry import Call, Filter, Filtering, Program
from .state import ShellError, State
from .tree import Command, Incomplete, Loop, Pipeline, Redirect, Script, Simple, SyntaxProblem, Word

DEEPEST = 8  # substitutions and watches inside each other
MOST_ROUNDS = 1000  # of one loop
MOST_COMMANDS = 20_000  # that one line runs, loops in loops included
BROKEN_PIPE = 141
NOT_FOUND = 127


class TooMuch(Exception):
    """A line runs more commands than any person means; it ends all of it."""


@dataclass(slots=True)
class _Ready:
    """A command after expansion, with its streams."""

    streams: Streams
    words: list[str]
    files: list[tuple[str, FileText]]  # written when it is over
    loop: Loop | None = None
    reads: bool = False  # its input is redirected


class Shell:
    """One terminal's. Not thread-safe: one line runs at a time."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._depth = 0
        self._ran = 0

    def run_line(self, script: Script, streams: Streams) -> int:
        """Runs what was typed: the exit code. Raises Interrupted at the stop."""
        self._ran = 0
        try:
            return self.run(script, streams)
        except TooMuch:
            streams.err("bash: too many commands in one line\n")
            self.state.code = 1
            return 1

    def run(self, script: Script, streams: Streams) -> int:
        for step in script.steps:
            streams.stop.check()
            if step.when == ";" or (step.when == "&&") == (self.state.code == 0):
                self.state.code = self._pipeline(step.pipeline, streams)
        return self.state.code

    def run_text(self, text: str, streams: Streams) -> int:
        """A line of the shell inside another one: of `watch`, `xargs`, `$(…)`, an alias."""
        if self._depth >= DEEPEST:
            raise ShellError("bash: commands inside commands too deep")
        self._depth += 1
        try:
            return self.run(parser.parse(text), streams)
        except SyntaxProblem as problem:
            raise ShellError(str(problem), 2) from problem
        except Incomplete:
            raise ShellError("bash: syntax error: unexpected end of file", 2) from None
        finally:
            self._depth -= 1

    # --- pipelines --------------------------------------------------------------------------------------------------
    def _pipeline(self, pipeline: Pipeline, streams: Streams) -> int:
        code = self._guarded(lambda: self._first(list(pipeline.commands), streams), streams)
        return int(not code) if pipeline.negated else code

    def _guarded(self, run: Callable[[], int], streams: Streams) -> int:
        try:
            return run()
        except PipeClosed:
            return BROKEN_PIPE
        except ShellError as error:
            streams.err(f"{error.message}\n")
            return error.code

    def _first(self, commands: list[Command], streams: Streams) -> int:
        rest = self._rest(commands[1:], streams)
        here = replace(streams, out=rest.write, tty=False) if rest else streams
        code = self._guarded(lambda: self._command(commands[0], here), streams)
        return rest.close() if rest else code

    def _rest(self, commands: list[Command], streams: Streams) -> Sink | None:
        """What the first command's output goes into; None where that is the screen."""
        if not commands:
            return None
        after = self._rest(commands[1:], streams)
        here = replace(streams, out=after.write, tty=False) if after else streams

        def end(code: int) -> int:
            return after.close() if after else code

        ready = self._prepare(commands[0], here)
        filtering = None if ready.reads else self._filtering(ready)
        if filtering and not filtering.files:

            def finish(code: int) -> int:
                self._write_files(ready)
                return end(code)

            return FilterSink(filtering.begin(""), finish)

        def run(text: str) -> int:
            if not ready.reads:
                ready.streams.stdin = Text(text)
            return end(self._guarded(lambda: self._run(ready), streams))

        return CollectSink(run)

    # --- commands ---------------------------------------------------------------------------------------------------
    def _command(self, command: Command, streams: Streams) -> int:
        return self._run(self._prepare(command, streams))

    def _prepare(self, command: Command, streams: Streams) -> _Ready:
        """Expands words and opens redirects. Its streams are its own from here on."""
        self._ran += 1
        if self._ran > MOST_COMMANDS:
            raise TooMuch
        own = replace(streams)
        if isinstance(command, Loop):
            return _Ready(own, [], [], command)
        expander = self._expander(own)
        for name, word in command.assignments:
            self.state.assign(name, expander.text(word))
        words = self._without_alias(command, expander)
        ready = _Ready(own, words, [])
        for redirect in command.redirects:
            self._redirect(ready, redirect, expander)
        return ready

    def _without_alias(self, command: Simple, expander: Expander) -> list[str]:
        """The words, an alias in front replaced by what it stands for."""
        words, seen = command.words, set[str]()
        while words and (name := words[0].plain) in self.state.aliases and name not in seen:
            seen.add(name)
            words = (*self._alias(name), *words[1:])
        return expander.words(words)

    def _alias(self, name: str) -> tuple[Word, ...]:
        found = parser.parse(self.state.aliases[name]).steps
        commands = found[0].pipeline.commands if len(found) == 1 else ()
        if len(commands) != 1 or not isinstance(commands[0], Simple) or commands[0].redirects:
            raise ShellError(f"bash: alias {name}: only a single command can have a short name here")
        return commands[0].words

    def _expander(self, streams: Streams) -> Expander:
        def substitute(script: str) -> str:
            kept = FileText()
            inside = replace(streams, out=kept.write, tty=False, stdin=Text(), screen=None)
            self.state.code = self.run_text(script, inside)
            return kept.text

        return Expander(self.state, streams.files.names, substitute)

    def _redirect(self, ready: _Ready, redirect: Redirect, expander: Expander) -> None:
        streams, target = ready.streams, expander.text(redirect.target)
        if redirect.how == "text":
            streams.stdin, ready.reads = Text(target), True
        elif redirect.how == "<":
            text = "" if target == "/dev/null" else streams.files.read(target)
            if text is None:
                raise ShellError(f"bash: {target}: No such file or directory")
            streams.stdin, ready.reads = Text(text), True
        elif target == "&1":
            streams.err = streams.out
        elif target == "&2":
            streams.out, streams.tty = streams.err, False
        else:
            self._write_to(ready, redirect, target)

    def _write_to(self, ready: _Ready, redirect: Redirect, target: str) -> None:
        if target == "/dev/null":
            write: Callable[[str], None] = lambda text: None  # noqa: E731  # a name for it would say no more
        else:
            before = (ready.streams.files.read(target) or "") if redirect.how == ">>" else ""
            file = FileText(before)
            ready.files.append((target, file))
            write = file.write
        if redirect.stream in (1, 3):
            ready.streams.out, ready.streams.tty = write, False
        if redirect.stream in (2, 3):
            ready.streams.err = write

    def _run(self, ready: _Ready) -> int:
        try:
            return self._loop(ready) if ready.loop else self._program(ready)
        finally:
            self._write_files(ready)

    def _write_files(self, ready: _Ready) -> None:
        for name, file in ready.files:
            ready.streams.files.write(name, file.text)

    def _loop(self, ready: _Ready) -> int:
        assert ready.loop
        words = self._expander(ready.streams).words(ready.loop.words)
        if len(words) > MOST_ROUNDS:
            raise ShellError(f"bash: for: more than {MOST_ROUNDS} rounds")
        code = 0
        for word in words:
            self.state.assign(ready.loop.name, word)
            code = self.run(ready.loop.body, ready.streams)
        return code

    def _program(self, ready: _Ready) -> int:
        if not ready.words:
            return self.state.code if not ready.files else 0
        program = self._find(ready)
        call = self._call(ready)
        if program.run:
            return program.run(call) or 0
        assert program.make
        return self._feed(program.make(call), call)

    def _find(self, ready: _Ready) -> Program:
        name = ready.words[0]
        found = registry.find(name)
        if found is None:
            raise ShellError(_unknown(name), NOT_FOUND)
        return found

    def _call(self, ready: _Ready) -> Call:
        return Call(ready.words[0], ready.words[1:], ready.streams, self.state, self.run_text)

    def _filtering(self, ready: _Ready) -> Filtering | None:
        """The filter that a command is, if it is one."""
        if ready.loop or not ready.words:
            return None
        program = self._find(ready)
        return program.make(self._call(ready)) if program.make else None

    # --- filters that stand first -----------------------------------------------------------------------------------
    def _feed(self, filtering: Filtering, call: Call) -> int:
        if not filtering.files:
            return _through(filtering.begin(""), call.streams.stdin.chunks())
        texts = [(name, call.read(name)) for name in filtering.files]
        if filtering.together:
            return _through(filtering.begin(""), (text for _, text in texts))
        codes = [_through(filtering.begin(name), [text]) for name, text in texts]
        return min(codes) if call.name == "grep" else max(codes)


def _through(filter_: Filter, texts: Sequence[str] | Iterator[str]) -> int:
    sink = FilterSink(filter_, lambda code: code)
    for text in texts:
        try:
            sink.write(text)
        except PipeClosed:
            break
    return sink.close()


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name[:100], registry.names(), n=1, cutoff=0.6)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"bash: {name[:200]}: command not found\n({hint}help lists what there is)"
