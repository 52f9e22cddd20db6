"""Shell text to tokens. A word keeps its quoted parts apart, because quoting decides what is expanded and split."""

from __future__ import annotations

from dataclasses import dataclass

OPERATORS = ("&&", "||", ";;", ">>", "<<", "&>", ">&", "<&", "|", "&", ";", "(", ")", "<", ">", "\n")


class ShellSyntaxError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Part:
    """`kind`: text, var (the expression between braces), command, arith."""

    kind: str
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    parts: tuple[Part, ...]

    @property
    def literal(self) -> str | None:
        """The text of a word that is plain and unquoted, as keywords and operators must be."""
        if len(self.parts) == 1 and self.parts[0].kind == "text" and not self.parts[0].quoted:
            return self.parts[0].text
        return None


@dataclass(frozen=True, slots=True)
class Operator:
    text: str


@dataclass(frozen=True, slots=True)
class HereDocument:
    """Stands after the << operator's word."""

    body: Word


Token = Word | Operator | HereDocument


class Scanner:
    def __init__(self, text: str) -> None:
        self._text = text.replace("\\\n", "")
        self._at = 0
        self._pending: list[tuple[int, str, bool, bool]] = []  # here-documents: token place, end, expand, strip tabs

    def tokens(self) -> list[Token]:
        found: list[Token] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            if char in " \t\r":
                self._at += 1
            elif char == "#":
                self._skip_comment()
            elif operator := self._operator():
                self._at += len(operator)
                found.append(Operator(operator))
                if operator == "<<":
                    self._start_document(found)
                elif operator == "\n":
                    self._read_documents(found)
            else:
                found.append(self._word())
        return found

    def _operator(self) -> str:
        return next((o for o in OPERATORS if self._text.startswith(o, self._at)), "")

    def _skip_comment(self) -> None:
        end = self._text.find("\n", self._at)
        self._at = len(self._text) if end < 0 else end

    def _start_document(self, found: list[Token]) -> None:
        strip = self._text.startswith("-", self._at)
        self._at += strip
        while self._text[self._at : self._at + 1] in (" ", "\t"):
            self._at += 1
        word = self._word()
        end = "".join(part.text for part in word.parts)
        expand = not any(part.quoted for part in word.parts)
        self._pending.append((len(found), end, expand, strip))
        found.append(HereDocument(Word(())))

    def _read_documents(self, found: list[Token]) -> None:
        for place, end, expand, strip in self._pending:
            lines = []
            while self._at < len(self._text):
                line, _, _ = self._text[self._at :].partition("\n")
                self._at += len(line) + 1
                line = line.lstrip("\t") if strip else line
                if line == end:
                    break
                lines.append(line + "\n")
            text = "".join(lines)
            parts = parts_of_quoted(text) if expand else (Part("text", text, True),)
            found[place] = HereDocument(Word(parts))
        self._pending.clear()

    def _word(self) -> Word:
        parts: list[Part] = []
        plain = ""

        def flush() -> None:
            nonlocal plain
            if plain:
                parts.append(Part("text", plain))
                plain = ""

        while self._at < len(self._text):
            char = self._text[self._at]
            if char in " \t\r" or self._operator():
                break
            if char == "\\":
                flush()
                parts.append(Part("text", self._text[self._at + 1 : self._at + 2], True))
                self._at += 2
            elif char == "'":
                flush()
                end = self._find("'", self._at + 1)
                parts.append(Part("text", self._text[self._at + 1 : end], True))
                self._at = end + 1
            elif char == '"':
                flush()
                end = self._quote_end(self._at + 1)
                inside = parts_of_quoted(self._text[self._at + 1 : end])
                parts.extend(inside or (Part("text", "", True),))
                self._at = end + 1
            elif char in "$`":
                part, length = expansion(self._text, self._at, quoted=False)
                if part is None:
                    plain += char
                    self._at += 1
                else:
                    flush()
                    parts.append(part)
                    self._at += length
            else:
                plain += char
                self._at += 1
        flush()
        return Word(tuple(parts))

    def _find(self, char: str, start: int) -> int:
        end = self._text.find(char, start)
        if end < 0:
            raise ShellSyntaxError("unterminated quoted string")
        return end

    def _quote_end(self, at: int) -> int:
        while at < len(self._text):
            char = self._text[at]
            if char == '"':
                return at
            if char == "\\":
                at += 2
            elif char in "$`":
                part, length = expansion(self._text, at, quoted=True)
                at += length if part is not None else 1
            else:
                at += 1
        raise ShellSyntaxError("unterminated quoted string")


def parts_of_quoted(text: str) -> tuple[Part, ...]:
    """The inside of double quotes."""
    parts: list[Part] = []
    plain, at = "", 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text) and text[at + 1] in '$`"\\\n':
            plain += text[at + 1]
            at += 2
            continue
        part, length = expansion(text, at, quoted=True) if char in "$`" else (None, 0)
        if part is None:
            plain += char
            at += 1
            continue
        if plain:
            parts.append(Part("text", plain, True))
            plain = ""
        parts.append(part)
        at += length
    if plain:
        parts.append(Part("text", plain, True))
    return tuple(parts)


def expansion(text: str, at: int, *, quoted: bool) -> tuple[Part | None, int]:
    """The expansion that starts here, and its length; None where a `$` stands for itself."""
    if text[at] == "`":
        end = text.find("`", at + 1)
        if end < 0:
            raise ShellSyntaxError("unterminated backquote")
        return Part("command", text[at + 1 : end], quoted), end + 1 - at
    if text.startswith("$((", at):
        end = _closing(text, at + 1)
        return Part("arith", text[at + 3 : end - 1], quoted), end + 1 - at
    if text.startswith("$(", at):
        end = _closing(text, at + 1)
        return Part("command", text[at + 2 : end], quoted), end + 1 - at
    if text.startswith("${", at):
        end = _closing(text, at + 1, "{", "}")
        return Part("var", text[at + 2 : end], quoted), end + 1 - at
    end = at + 1
    if end < len(text) and (text[end] in "?#@*$!-" or text[end].isdigit()):
        return Part("var", text[end], quoted), 2
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return (Part("var", text[at + 1 : end], quoted), end - at) if end > at + 1 else (None, 0)


def _closing(text: str, at: int, opening: str = "(", closing: str = ")") -> int:
    depth, quote = 0, ""
    while at < len(text):
        char = text[at]
        if char == "\\" and quote != "'":
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == opening:
            depth += 1
        elif char == closing:
            depth -= 1
            if not depth:
                return at
        at += 1
    raise ShellSyntaxError(f'syntax error: unexpected end of file (expecting "{closing}")')
