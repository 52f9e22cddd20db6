"""`manage.py wire`: the websockets' messages as TypeScript, so that the page and the server cannot drift apart."""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import json
import tokenize
from argparse import ArgumentParser
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

# Read as data, by name: the rooms that they belong to do not know each other.
MODULES = {"wire.ts": "k8slab.live.messages", "terminal-wire.ts": "k8slab.terminal.messages"}
HEADER = "// Written by `manage.py wire` from {}.py. Change it there.\n"
PLAIN: dict[Any, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    NoneType: "null",
    Any: "unknown",
}


class Command(BaseCommand):
    help = "Writes frontend/src/wire.ts and terminal-wire.ts from the rooms' messages.py."
    requires_system_checks: list[str] = []  # it reads two files, and must work while others are half written

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when a file is stale instead of writing it")

    def handle(self, *args: Any, **options: Any) -> None:
        for file, module in MODULES.items():
            target = Path(settings.BASE_DIR) / "frontend" / "src" / file
            text = typescript(importlib.import_module(module))
            if not options["check"]:
                target.write_text(text, encoding="utf-8")
            elif not target.exists() or target.read_text(encoding="utf-8") != text:
                raise CommandError(f"frontend/src/{file} is stale: run `manage.py wire`")


def typescript(module: ModuleType) -> str:
    """Every type that the module defines, in its order."""
    names = _aliases(module)
    remarks = _remarks(inspect.getsource(module))
    parts = [HEADER.format(module.__name__.replace(".", "/"))]
    for name, value in vars(module).items():
        if is_typeddict(value) and value.__name__ == name:
            parts.append(_interface(value, names, remarks.get(name, {})))
        elif _is_alias(module, name, value):
            shape = (
                value.__name__ if is_typeddict(value) else _type(value, {k: v for k, v in names.items() if v != name})
            )
            parts.append(f"export type {name} = {shape};\n")
    return "\n".join(parts)


def _is_alias(module: ModuleType, name: str, value: Any) -> bool:
    if is_typeddict(value):
        return bool(value.__module__ == module.__name__)  # `FromPage = Resync`
    return name[0].isupper() and get_origin(value) in (Literal, Union, UnionType)


def _aliases(module: ModuleType) -> dict[Any, str]:
    """Literal types by value: get_type_hints() forgets the names that they were written with."""
    return {value: name for name, value in vars(module).items() if get_origin(value) is Literal}


def _interface(cls: type, names: dict[Any, str], remarks: dict[str, str]) -> str:
    doc = inspect.cleandoc(cls.__dict__.get("__doc__") or "")
    lines = [f"/** {doc} */"] if doc else []
    lines.append(f"export interface {cls.__name__} {{")
    for field, hint in get_type_hints(cls, include_extras=True).items():
        optional = get_origin(hint) is NotRequired
        kind = _type(get_args(hint)[0] if optional else hint, names)
        if field in remarks:
            lines.append(f"  /** {remarks[field]} */")
        lines.append(f"  {field}{'?' if optional else ''}: {kind};")
    return "\n".join([*lines, "}", ""])


def _type(hint: Any, names: dict[Any, str]) -> str:
    if hint in PLAIN:
        return PLAIN[hint]
    if is_typeddict(hint):
        return str(hint.__name__)
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return names.get(hint) or " | ".join(json.dumps(arg) for arg in args)
    if origin in (Union, UnionType):
        return " | ".join(_type(arg, names) for arg in args)
    if origin is list:
        inner = _type(args[0], names)
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if origin is dict:
        return f"Record<{_type(args[0], names)}, {_type(args[1], names)}>"
    raise CommandError(f"messages.py uses a type that has no TypeScript form yet: {hint}")


def _remarks(source: str) -> dict[str, dict[str, str]]:
    """The comment behind each field: {class: {field: comment}}."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}
    return {
        node.name: {
            field.target.id: comments[field.lineno]
            for field in node.body
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and field.lineno in comments
        }
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef)
    }
