"""The small shell: what bash would say to the same lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from k8slab.terminal.shell.parser import parse
from k8slab.terminal.shell.programs import registry
from k8slab.terminal.shell.running import Shell
from k8slab.terminal.shell.state import State
from k8slab.terminal.shell.tree import Incomplete, SyntaxProblem
from k8slab.terminal.streams import Interrupted, MemoryFiles, Stop, Streams, Text

PODS = "NAME   READY   STATUS\nweb-1  1/1     Running\nweb-2  0/1     Pending\ndb-1   1/1     Running\n"


class Room:
    """A shell with a kubectl that says what it was asked, or lists some pods."""

    def __init__(self) -> None:
        self.files = MemoryFiles({"pods.txt": PODS, "web.yaml": "kind: Pod\n"})
        self.asked: list[tuple[list[str], str]] = []
        self.shell = Shell(State(self.kubectl))
        self.stop = Stop()

    def kubectl(self, words: Sequence[str], streams: Streams) -> int:
        self.asked.append((list(words), streams.stdin.read() if "-" in words else ""))
        if list(words[:2]) == ["get", "pods"]:
            for line in PODS.splitlines(keepends=True):
                streams.out(line)
        elif list(words[:1]) == ["fail"]:
            streams.err("Error from server (NotFound)\n")
            return 1
        elif list(words[:1]) == ["forever"]:
            while True:
                streams.stop.check()
                streams.out("again\n")
        return 0

    def __call__(self, text: str, stdin: str = "") -> tuple[str, str, int]:
        out, err = list[str](), list[str]()
        streams = Streams(out.append, err.append, Text(stdin), self.files, self.stop, True)
        code = self.shell.run_line(parse(text), streams)
        return "".join(out), "".join(err), code


@pytest.fixture
def room() -> Room:
    return Room()


def test_it_works(room: Room) -> None:
    assert room("k get pods | grep -v NAME | wc -l") == ("3\n", "", 0)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("echo a   b", "a b\n"),
        ("echo 'a   b' \"c  d\" e\\ f", "a   b c  d e f\n"),
        ("X=1; echo $X ${X}2 '$X' \"$X\" ${Y:-none}", "1 12 $X 1 none\n"),
        ("echo $(echo a b | tr a-z A-Z)", "A B\n"),
        ("echo `echo back`", "back\n"),
        ('echo "$(echo "a  b")"', "a  b\n"),
        ("A='1 2'; for x in $A 3; do echo -n $x,; done", "1,2,3,"),
        ("for i in {1..3}\ndo echo p-$i\ndone", "p-1\np-2\np-3\n"),
        ("false || echo or; true && echo and; false && echo never", "or\nand\n"),
        ("false; echo $?", "1\n"),
        ("! false; echo $?", "0\n"),
        ("echo a # echo b", "a\n"),
        ("echo a#b", "a#b\n"),
        ("echo one \\\n two", "one two\n"),
        ("cat <<EOF\nX is $HOME\n\tkept\nEOF", "X is /home/student\n\tkept\n"),
        ("cat <<-'EOF'\n\t$HOME\n\tEOF", "$HOME\n"),
        ("cat <<< word", "word\n"),
        ("cat <<EOF | grep b\na\nb\nEOF", "b\n"),
        ("cat < web.yaml", "kind: Pod\n"),
        ("echo *.yaml '*.yaml' *.none", "web.yaml *.yaml *.none\n"),
        ("ls -1", "pods.txt\nweb.yaml\n"),
        ("alias e='echo said'; e it", "said it\n"),
        ("alias kgp='k get pods'; kgp | head -n 1", "NAME   READY   STATUS\n"),
        ("printf '%s=%d\\n' a 1 b 2", "a=1\nb=2\n"),
        ("echo -n hello | base64", "aGVsbG8=\n"),
        ("echo aGVsbG8= | base64 -d", "hello"),
        ("seq 3 | sort -rn | head -2", "3\n2\n"),
        ("kubectl get pods | awk '{print $1}' | tail -n +2 | xargs echo got", "got web-1 web-2 db-1\n"),
        ("cut -d: -f2 <<< a:b:c", "b\n"),
        ("echo aXbXc | sed 's/X/-/g'", "a-b-c\n"),
        ("kubectl get pods | sort -k3 -r | head -1 | awk '{print $NF, NR}'", "STATUS 1\n"),
        ("echo 'a\na\nb' | uniq -c", "      2 a\n      1 b\n"),
        ("[ 2>/dev/null; echo after", "after\n"),
    ],
)
def test_what_it_says(room: Room, line: str, said: str) -> None:
    assert room(line)[0] == said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("Running", "web-1  1/1     Running\ndb-1   1/1     Running\n"),
        ("-i running -c", "2\n"),
        ("-n Pending", "3:web-2  0/1     Pending\n"),
        ("-E 'web-(1|3)'", "web-1  1/1     Running\n"),
        ("'web-\\(1\\|3\\)'", "web-1  1/1     Running\n"),
        ("-o 'web-[0-9]'", "web-1\nweb-2\n"),
        ("-w db", "db-1   1/1     Running\n"),
        ("-A1 web-2", "web-2  0/1     Pending\ndb-1   1/1     Running\n"),
        ("-B1 Pending", "web-1  1/1     Running\nweb-2  0/1     Pending\n"),
        ("-m1 web", "web-1  1/1     Running\n"),
        ("-q web", ""),
        ("^db", "db-1   1/1     Running\n"),
    ],
)
def test_grep(room: Room, options: str, said: str) -> None:
    assert room(f"grep {options} pods.txt") == (said, "", 0)
    assert room(f"kubectl get pods | grep {options}") == (said, "", 0)


def test_grep_says_by_its_code_that_nothing_was_found(room: Room) -> None:
    assert room("grep nothing pods.txt") == ("", "", 1)


def test_a_pattern_that_python_would_not_end_with_is_harmless(room: Room) -> None:
    room.files.write("a.txt", "a" * 5000 + "\n")
    assert room("grep -E '(a+)+$' a.txt | wc -l") == ("1\n", "", 0)
    assert room("grep -E '(a|aa)+b' a.txt")[2] == 1


def test_what_is_written_goes_into_the_files(room: Room) -> None:
    room("k get pods > out.txt; echo more >> out.txt; echo x | tee y.txt")
    assert room.files.read("out.txt") == PODS + "more\n"
    assert room.files.read("y.txt") == "x\n"


def test_errors_can_be_sent_elsewhere(room: Room) -> None:
    assert room("kubectl fail")[1:] == ("Error from server (NotFound)\n", 1)
    assert room("kubectl fail 2>/dev/null || echo failed") == ("failed\n", "", 0)
    assert room("kubectl fail 2>&1 | grep -c NotFound")[0] == "1\n"
    room("kubectl fail 2> why.txt")
    assert room.files.read("why.txt") == "Error from server (NotFound)\n"


def test_a_here_document_reaches_kubectl(room: Room) -> None:
    room("kubectl apply -f - <<EOF\nkind: Pod\nname: $USER\nEOF")
    room("cat web.yaml | kubectl apply -f -")
    assert [text for _, text in room.asked] == ["kind: Pod\nname: student\n", "kind: Pod\n"]


def test_who_has_read_enough_ends_who_writes(room: Room) -> None:
    assert room("kubectl forever | head -3") == ("again\nagain\nagain\n", "", 0)


def test_ctrl_c_ends_everything(room: Room) -> None:
    room.stop.set()
    with pytest.raises(Interrupted):
        room("kubectl forever; echo never")


def test_an_unknown_command(room: Room) -> None:
    out, err, code = room("kubeclt get pods")
    assert (out, code) == ("", 127)
    assert err.startswith("bash: kubeclt: command not found")
    assert "did you mean kubectl?" in err


@pytest.mark.parametrize(
    "line", ["echo 'a", 'echo "a', "cat <<EOF\na", "echo a \\", "a |", "a &&", "for x in a", "$(a"]
)
def test_a_line_that_goes_on(line: str) -> None:
    with pytest.raises(Incomplete):
        parse(line)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("| a", "bash: syntax error near unexpected token `|'"),
        ("a ;; b", "bash: syntax error near unexpected token `;'"),
        ("a >", "bash: syntax error near unexpected token `newline'"),
        ("a &", "commands in the background"),
        ("(a)", "subshells"),
        ("if a; then b; fi", "not part of this terminal"),
        ("echo $((1+1))", "arithmetic"),
        ("done", "bash: syntax error near unexpected token `done'"),
    ],
)
def test_what_is_not_of_its_language(line: str, problem: str) -> None:
    with pytest.raises(SyntaxProblem) as raised:
        parse(line)
    assert problem in str(raised.value)


@pytest.mark.parametrize(
    "line",
    [
        "x=$(seq 9999); x=$x$x; for i in {1..900}; do x=$x$x; done",
        "echo $(echo $(echo $(echo $(echo $(echo $(echo $(echo $(echo $(echo deep)))))))))",
        "for i in {1..5000}; do true; done",
        "for i in {1..999999}; do true; done",
        "alias a='a a'; watch_me() { true; }",
        "kubectl forever | sort",
        "cat pods.txt pods.txt | tee a/b | xargs -n1 xargs -n1 xargs -n1 xargs -n1 echo",
        "grep -E '[' pods.txt",
        "head -n x pods.txt",
        "sort -k0 pods.txt",
        "tr z-a b < pods.txt",
        "sed s pods.txt",
        "cut -f1-x pods.txt",
        "awk 'BEGIN{while(1){}}' pods.txt",
        "printf '%999d' 1",
        "date '+%s%%\udcff'",
    ],
)
def test_whatever_is_typed_comes_to_an_end(room: Room, line: str) -> None:
    try:
        out, err, _ = room(line)
    except SyntaxProblem:
        return
    assert len(out) + len(err) < 2 * 1024 * 1024


def test_every_program_is_of_one_kind() -> None:
    kinds: list[Callable[[registry.Program], bool]] = [lambda p: bool(p.run), lambda p: bool(p.make)]
    for program in registry.all_programs().values():
        assert sum(kind(program) for kind in kinds) == 1


def test_help_names_what_there_is(room: Room) -> None:
    said = room("help")[0]
    assert all(f"  {name} " in said for name, each in registry.all_programs().items() if each.summary)


def test_history_keeps_lines_once(room: Room) -> None:
    for line in ("ls", "ls", " secret", "pwd"):
        room.shell.state.remember(line)
    assert room("history")[0] == "    1  ls\n    2  pwd\n"


def test_loops_in_loops_end(room: Room) -> None:
    out, err = list[str](), list[str]()
    streams = Streams(out.append, err.append, Text(), room.files, room.stop)
    script = parse("for i in {1..999}; do for j in {1..999}; do for k in {1..999}; do true; done; done; done; echo no")
    assert room.shell.run_line(script, streams) == 1
    assert (out, err) == ([], ["bash: too many commands in one line\n"])
