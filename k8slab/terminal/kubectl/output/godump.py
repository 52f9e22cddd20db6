"""Values as Go's encoding/json and fmt print them."""

from __future__ import annotations

import json
from typing import Any

import orjson

_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def json_lines(value: Any, indent: int = 4, *, sort: bool = True) -> str:
    """Indented JSON, by default with sorted keys; `<`, `>` and `&` are escaped, as json.Marshal does."""
    if value == {} or value == []:
        return "{}" if value == {} else "[]"
    text = json.dumps(value, indent=indent, sort_keys=sort, ensure_ascii=False, separators=(",", ": "))
    return text.translate(_HTML)


def json_line(value: Any, *, html: bool = True, sort: bool = True) -> str:
    """JSON on one line."""
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS if sort else 0).decode()
    return text.translate(_HTML) if html else text


def go_value(value: Any) -> str:
    """fmt's %v: `map[a:1 b:[x y]]`, `<nil>`."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return go_float(value)
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{go_value(value[key])}" for key in sorted(value)) + "]"
    if isinstance(value, list):
        return "[" + " ".join(go_value(each) for each in value) + "]"
    return str(value)


def go_float(value: float) -> str:
    """%v of a float64: the shortest form, with an exponent outside 1e-4 … 1e21."""
    if value != 0 and not 1e-4 <= abs(value) < 1e21:
        mantissa, _, exponent = f"{value!r}".partition("e")
        if not exponent:
            mantissa, _, exponent = f"{value:e}".partition("e")
            mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa.removesuffix('.0')}e{int(exponent):+03d}"
    return str(int(value)) if value == int(value) else repr(value)
