"""Databases as far as lessons look at them: they start with what they need, listen, greet, and remember nothing but
that they have been started."""

from __future__ import annotations

from datetime import UTC, datetime

from k8slab.emulator.nodes.listen import TcpServer
from k8slab.emulator.nodes.network import Refused, TimedOut
from k8slab.emulator.nodes.process import Process, command, find_command, forever, run_command

PASSWORDS = {
    "mysqld": ("MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"),
    "mariadbd": ("MARIADB_ROOT_PASSWORD", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "MARIADB_RANDOM_ROOT_PASSWORD",
                 "MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"),
}  # fmt: skip


def _stamp(process: Process) -> str:
    return datetime.fromtimestamp(process.box.clock.now(), UTC).strftime("%Y-%m-%d %H:%M:%S+00:00")


@command("docker-entrypoint.sh", "/docker-entrypoint.sh", "entrypoint.sh", "/entrypoint.sh")
async def entrypoint(process: Process) -> int:
    """The usual start script: prepares, then becomes the program."""
    args = process.args
    repository = process.box.image.repository.rpartition("/")[2]
    if args[:1] and args[0].startswith("-"):
        args = [{"mysql": "mysqld", "mariadb": "mariadbd", "postgres": "postgres", "redis": "redis-server",
                 "curl": "curl"}.get(repository, ""), *args]  # fmt: skip
    if repository == "curl" and args and args[0] not in process.box.image.commands:
        args = ["curl", *args]
    if not args:
        return 0
    if not await _is_prepared(process, args[0]):
        return 1
    found = find_command(process.box, args[0])
    if found is None:
        await process.err(f"{process.name}: exec: {args[0]}: not found\n")
        return 127
    return await run_command(process.child(args[0], args[1:], pid=process.pid), found)


async def _is_prepared(process: Process, program: str) -> bool:
    wanted = PASSWORDS.get(program, ())
    if wanted and not any(process.env.get(name) for name in wanted):
        named = "\n".join(f"    - {name}" for name in wanted[:3])
        await process.err(
            f"{_stamp(process)} [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n"
            f"    You need to specify one of the following as an environment variable:\n{named}\n"
        )
        return False
    if program == "postgres" and not process.env.get("POSTGRES_PASSWORD"):
        if process.env.get("POSTGRES_HOST_AUTH_METHOD") == "trust":
            return True
        await process.err(
            "Error: Database is uninitialized and superuser password is not specified.\n"
            "       You must specify POSTGRES_PASSWORD to a non-empty value for the\n"
            '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".\n'
        )
        return False
    return True


async def _listen(process: Process, port: int, server: TcpServer) -> int:
    if not process.box.host.listen(port, server):
        await process.err(f"could not bind port {port}: Address already in use\n")
        return 1
    try:
        return await forever()
    finally:
        process.box.host.stop_listening(port, server)


@command("mysqld", "mariadbd", on_term=0)
async def mysqld(process: Process) -> int:
    directory = "/var/lib/mysql"
    if not process.box.files.exists(f"{directory}/ibdata1"):
        process.box.files.make_dir(directory, parents=True)
        process.box.files.write(f"{directory}/ibdata1", b"", now=process.box.clock.now())
        await process.err(f"{_stamp(process)} [Note] [Entrypoint]: Initializing database files\n")
    await process.err(
        f"{_stamp(process)} 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. "
        "Socket: '/var/run/mysqld/mysqld.sock'  port: 3306\n"
    )
    return await _listen(process, 3306, TcpServer(process.box, b"J\x00\x00\x00\n8.4.7\x00", lambda _: b""))


@command("postgres", on_term=0)
async def postgres(process: Process) -> int:
    directory = process.env.get("PGDATA", "/var/lib/postgresql/data")
    process.box.files.make_dir(directory, parents=True)
    if not process.box.files.exists(f"{directory}/PG_VERSION"):
        process.box.files.write(f"{directory}/PG_VERSION", b"18\n", now=process.box.clock.now())
    await process.err(
        f'{_stamp(process)} [1] LOG:  listening on IPv4 address "0.0.0.0", port 5432\n'
        f"{_stamp(process)} [1] LOG:  database system is ready to accept connections\n"
    )
    return await _listen(process, 5432, TcpServer(process.box, b"", lambda _: b""))


class Store:
    """redis' strings, for SET, GET, INCR, DEL, KEYS and PING."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def run(self, words: list[str]) -> str:
        name, args = words[0].upper() if words else "", words[1:]
        match name, len(args):
            case "PING", _:
                return "PONG"
            case "SET", 2:
                self.values[args[0]] = args[1]
                return "OK"
            case "GET", 1:
                return f'"{self.values[args[0]]}"' if args[0] in self.values else "(nil)"
            case "INCR", 1:
                number = int(self.values.get(args[0], "0")) + 1
                self.values[args[0]] = str(number)
                return f"(integer) {number}"
            case "DEL", 1:
                return f"(integer) {int(self.values.pop(args[0], None) is not None)}"
            case "KEYS", 1:
                return "\n".join(f'{i}) "{key}"' for i, key in enumerate(sorted(self.values), 1)) or "(empty array)"
        return f"(error) ERR unknown command '{words[0] if words else ''}'"


@command("redis-server", on_term=0)
async def redis_server(process: Process) -> int:
    store = Store()
    when = datetime.fromtimestamp(process.box.clock.now(), UTC).strftime("%d %b %Y %H:%M:%S.000")
    await process.out(
        f"1:C {when} * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n1:M {when} * Ready to accept connections tcp\n"
    )
    port = next((int(v) for k, v in zip(process.args, process.args[1:], strict=False) if k == "--port"), 6379)

    def talk(data: bytes) -> bytes:
        return "".join(store.run(line.split()) + "\n" for line in data.decode(errors="replace").splitlines()).encode()

    return await _listen(process, port, TcpServer(process.box, b"", talk))


@command("redis-cli")
async def redis_cli(process: Process) -> int:
    args = list(process.args)
    host, port = "127.0.0.1", 6379
    while args and args[0] in ("-h", "-p", "-a"):
        if args[0] == "-h":
            host = args[1]
        elif args[0] == "-p":
            port = int(args[1])
        args = args[2:]
    source = process.box.host
    addresses = source.network.resolve(source, host)
    if not addresses:
        await process.err(f"Could not connect to Redis at {host}:{port}: Name or service not known\n")
        return 1
    try:
        server = source.network.connect(source, addresses[0], port)
    except Refused:
        await process.err(f"Could not connect to Redis at {host}:{port}: Connection refused\n")
        return 1
    except TimedOut:
        await process.box.clock.sleep(127)
        await process.err(f"Could not connect to Redis at {host}:{port}: Connection timed out\n")
        return 1
    await process.out(await server.talk(" ".join(args).encode()))
    return 0


@command("mysqladmin", "pg_isready")
async def is_ready(process: Process) -> int:
    """Whether the database of this pod listens."""
    port, name = (3306, "mysqld") if process.name == "mysqladmin" else (5432, "server")
    if port in process.box.host.ports:
        await process.out(
            f"{name} is alive\n" if port == 3306 else "/var/run/postgresql:5432 - accepting connections\n"
        )
        return 0
    await process.err(f"{process.name}: no {name} is running\n")
    return 1 if port == 3306 else 2


@command("mysql", "psql")
async def database_client(process: Process) -> int:
    await process.err(f"{process.name}: queries are not simulated on this node\n")
    return 1
