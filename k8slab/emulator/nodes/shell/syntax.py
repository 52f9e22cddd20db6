"""Shell tokens to a tree: lists, pipelines, compound commands."""

from __future__ import annotations

from k8slab.emulator.nodes.shell.tree import (
    AndOr,
    Case,
    For,
    Function,
    Group,
    If,
    Node,
    Pipeline,
    Redirect,
    Sequence,
    Simple,
    While,
)
from k8slab.emulator.nodes.shell.words import HereDocument, Operator, Part, Scanner, ShellSyntaxError, Token, Word

RESERVED = {
    "if",
    "then",
    "elif",
    "else",
    "fi",
    "while",
    "until",
    "do",
    "done",
    "for",
    "case",
    "esac",
    "{",
    "}",
    "in",
    "!",
}
ENDS = {"then", "elif", "else", "fi", "do", "done", "esac", "}"}
REDIRECTS = {"<", ">", ">>", "<<", "&>", ">&", "<&"}


def parse(text: str) -> Sequence:
    parser = _Parser(Scanner(text).tokens())
    tree = parser.sequence()
    if parser.peek() is not None:
        raise parser.unexpected()
    return tree


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def unexpected(self, wanted: str = "") -> ShellSyntaxError:
        token = self.peek()
        if token is None:
            what = "end of file"
        elif isinstance(token, Operator):
            what = "newline" if token.text == "\n" else f'"{token.text}"'
        else:
            what = f'"{token.literal}"' if isinstance(token, Word) and token.literal in RESERVED else "word"
        return ShellSyntaxError(f"syntax error: unexpected {what}" + (f' (expecting "{wanted}")' if wanted else ""))

    def _is(self, *operators: str) -> bool:
        token = self.peek()
        return isinstance(token, Operator) and token.text in operators

    def _keyword(self) -> str:
        token = self.peek()
        literal = token.literal if isinstance(token, Word) else None
        return literal if literal in RESERVED else ""

    def _expect(self, keyword: str) -> None:
        if self._keyword() != keyword:
            raise self.unexpected(keyword)
        self._at += 1

    def _operator(self, text: str) -> None:
        if not self._is(text):
            raise self.unexpected(text)
        self._at += 1

    def _skip_newlines(self) -> None:
        while self._is("\n"):
            self._at += 1

    def sequence(self) -> Sequence:
        items: list[tuple[Node, bool]] = []
        self._skip_newlines()
        while self.peek() is not None and self._keyword() not in ENDS and not self._is(")", ";;"):
            node = self._and_or()
            background = self._is("&")
            items.append((node, background))
            if not self._is(";", "&", "\n"):
                break
            self._at += 1
            self._skip_newlines()
        return Sequence(items)

    def _body(self) -> Sequence:
        body = self.sequence()
        if not body.items:
            raise self.unexpected()
        return body

    def _and_or(self) -> Node:
        first = self._pipeline()
        rest = []
        while self._is("&&", "||"):
            operator = self._tokens[self._at]
            self._at += 1
            self._skip_newlines()
            rest.append((operator.text if isinstance(operator, Operator) else "", self._pipeline()))
        return AndOr(first, rest) if rest else first

    def _pipeline(self) -> Node:
        negated = self._keyword() == "!"
        self._at += negated
        stages = [self._command()]
        while self._is("|"):
            self._at += 1
            self._skip_newlines()
            stages.append(self._command())
        return Pipeline(stages, negated) if negated or len(stages) > 1 else stages[0]

    def _command(self) -> Node:
        keyword = self._keyword()
        compound = {"if": self._if, "while": self._while, "until": self._while, "for": self._for, "case": self._case}
        if keyword in compound:
            return self._with_redirects(compound[keyword]())
        if keyword == "{":
            self._at += 1
            body = self._body()
            self._expect("}")
            return self._with_redirects(Group(body, False))
        if self._is("("):
            self._at += 1
            body = self._body()
            self._operator(")")
            return self._with_redirects(Group(body, True))
        if keyword and keyword != "in":
            raise self.unexpected()
        return self._simple()

    def _with_redirects(self, node: Node) -> Node:
        redirects: list[Redirect] = []
        while (redirect := self._redirect()) is not None:
            redirects.append(redirect)
        if isinstance(node, Group):
            node.redirects = redirects
            return node
        return Group(node, False, redirects) if redirects else node

    def _if(self) -> Node:
        arms: list[tuple[Node, Node]] = []
        otherwise: Node | None = None
        while self._keyword() in ("if", "elif"):
            self._at += 1
            test = self._body()
            self._expect("then")
            arms.append((test, self._body()))
        if self._keyword() == "else":
            self._at += 1
            otherwise = self._body()
        self._expect("fi")
        return If(arms, otherwise)

    def _while(self) -> Node:
        until = self._keyword() == "until"
        self._at += 1
        test = self._body()
        return While(test, self._do(), until)

    def _do(self) -> Node:
        self._expect("do")
        body = self._body()
        self._expect("done")
        return body

    def _for(self) -> Node:
        self._at += 1
        token = self.peek()
        name = (token.literal if isinstance(token, Word) else None) or ""
        if not name.isidentifier():
            raise self.unexpected()
        self._at += 1
        words: list[Word] | None = None
        self._skip_newlines()
        if self._keyword() == "in":
            self._at += 1
            words = []
            while isinstance(token := self.peek(), Word):
                words.append(token)
                self._at += 1
        while self._is(";", "\n"):
            self._at += 1
        return For(name, words, self._do())

    def _case(self) -> Node:
        self._at += 1
        subject = self._take_word()
        self._skip_newlines()
        self._expect("in")
        self._skip_newlines()
        arms: list[tuple[list[Word], Node]] = []
        while self._keyword() != "esac":
            if self._is("("):
                self._at += 1
            patterns = [self._take_word()]
            while self._is("|"):
                self._at += 1
                patterns.append(self._take_word())
            self._operator(")")
            arms.append((patterns, self.sequence()))
            if self._is(";;"):
                self._at += 1
            self._skip_newlines()
        self._expect("esac")
        return Case(subject, arms)

    def _take_word(self) -> Word:
        token = self.peek()
        if not isinstance(token, Word):
            raise self.unexpected()
        self._at += 1
        return token

    def _redirect(self) -> Redirect | None:
        token = self.peek()
        following = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else None
        fd = -1
        literal = token.literal if isinstance(token, Word) else None
        if literal is not None and literal in ("0", "1", "2") and isinstance(following, Operator):
            if following.text not in REDIRECTS:
                return None
            fd = int(literal)
            self._at += 1
            token = following
        if not isinstance(token, Operator) or token.text not in REDIRECTS:
            return None
        self._at += 1
        target = self.peek()
        if isinstance(target, HereDocument):
            self._at += 1
            return Redirect(0, "<<", target.body)
        default = 0 if token.text.startswith("<") else 1
        return Redirect(default if fd < 0 else fd, token.text, self._take_word())

    def _simple(self) -> Node:
        made = Simple()
        while True:
            redirect = self._redirect()
            if redirect is not None:
                made.redirects.append(redirect)
                continue
            token = self.peek()
            if not isinstance(token, Word):
                break
            assignment = None if made.words else _assignment(token)
            if assignment is not None:
                made.assignments.append(assignment)
            else:
                made.words.append(token)
            self._at += 1
            if len(made.words) == 1 and self._is("(") and not made.assignments:
                return self._function(token)
        if not made.words and not made.assignments and not made.redirects:
            raise self.unexpected()
        return made

    def _function(self, name: Word) -> Node:
        self._at += 1
        self._operator(")")
        self._skip_newlines()
        return Function(name.literal or "", self._command())


def _assignment(word: Word) -> tuple[str, Word] | None:
    """`NAME=value`, where the name is plain."""
    if not word.parts or word.parts[0].kind != "text" or word.parts[0].quoted:
        return None
    name, equals, rest = word.parts[0].text.partition("=")
    if not equals or not name.isidentifier():
        return None
    first = (Part("text", rest),) if rest else ()
    return name, Word((*first, *word.parts[1:]))
