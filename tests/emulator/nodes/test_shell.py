from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.emulator.world import World, open_world

LINES = [
    ("echo hello", "hello\n"),
    ("echo 'a  b' \"c  d\" e  f", "a  b c  d e f\n"),
    ("X=1; echo $X ${X} ${Y:-none} ${#X}", "1 1 none 1\n"),
    ("X='a b'; for w in $X; do echo [$w]; done", "[a]\n[b]\n"),
    ('X="a b"; for w in "$X"; do echo "[$w]"; done', "[a b]\n"),
    ("echo $((2 + 3 * 4)) $(echo in $(echo side))", "14 in side\n"),
    ("i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done", "1\n2\n3\n"),
    ("true && echo yes || echo no; false && echo yes || echo no", "yes\nno\n"),
    ("if grep -q root /etc/passwd; then echo found; else echo lost; fi", "found\n"),
    ("case abc in a*) echo a;; *) echo other;; esac", "a\n"),
    ("f() { echo got $1; return 3; }; f x; echo $?", "got x\n3\n"),
    ("printf '%s-%s\\n' a b; seq 3 | tail -n 1", "a-b\n3\n"),
    ("printf 'b\\na\\nb\\n' | sort | uniq -c | wc -l", "2\n"),
    ("echo one,two,three | cut -d, -f2; echo abc | tr a-z A-Z", "two\nABC\n"),
    ("echo x > /tmp/f; echo y >> /tmp/f; cat /tmp/f; wc -l < /tmp/f", "x\ny\n2\n"),
    ("mkdir -p /tmp/d/e; touch /tmp/d/e/f; ls /tmp/d; ls -d /tmp/d/*", "e\n/tmp/d/e\n"),
    (
        "for i in 1 2 3; do for j in a b; do [ $j = b ] && continue 2; [ $i = 3 ] && break 9; echo $i$j; done; done",
        "1a\n2a\n",
    ),
    ("break; echo on; until false; do echo once; break; done", "on\nonce\n"),
    ("cat <<END\nhi $((1+1))\nEND", "hi 2\n"),
    ("(cd /etc; pwd); pwd", "/etc\n/\n"),
    ("echo err >&2 2>/dev/null; echo out", "err\nout\n"),
    ("nosuch; echo $?", "sh: nosuch: not found\n127\n"),
    ("cat /nope; echo $?", "cat: can't open '/nope': No such file or directory\n1\n"),
    ("set -e; false; echo never", ""),
    ("echo 'a=1' | sed 's/1/2/'; echo 'x y z' | awk '{print $2}'", "a=2\ny\n"),
    ("yes | head -n 2", "y\ny\n"),
    ("test -f /etc/passwd && echo file; [ -d /etc ] && echo dir", "file\ndir\n"),
    ("echo a b c | xargs -n 1 echo", "a\nb\nc\n"),
    ("X=hello; echo ${X%lo} ${X#he} ${X/l/L}", "hel llo heLlo\n"),
    ("export A=1; env | grep ^A=", "A=1\n"),
    ("if", "sh: syntax error: unexpected end of file\n"),
    ("echo $(", 'sh: syntax error: unexpected end of file (expecting ")")\n'),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with open_world(1) as opened:
        await opened.pod("p", command=["sleep", "3600"])
        yield opened


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("line", "printed"), LINES)
async def test_a_line_prints_what_a_shell_prints(world: World, line: str, printed: str) -> None:
    assert await world.sh("p", line) == printed


@pytest.mark.asyncio(loop_scope="module")
async def test_codes_come_back(world: World) -> None:
    assert (await world.run("p", "sh", "-c", "exit 7"))[0] == 7
    assert (await world.run("p", "false"))[0] == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_what_the_system_says(world: World) -> None:
    assert await world.sh("p", "hostname; cat /etc/hostname; id") == ("p\np\nuid=0(root) gid=0(root) groups=0(root)\n")
    assert "sleep 3600" in await world.sh("p", "ps")
    assert "search t.svc.cluster.local svc.cluster.local cluster.local" in await world.sh("p", "cat /etc/resolv.conf")
