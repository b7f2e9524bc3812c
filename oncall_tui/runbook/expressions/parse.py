"""The parser: ``or`` binds loosest, then ``and``, ``not``, one comparison, ``+ -``, ``*``, a sign."""

from oncall_tui.runbook.expressions.tokens import ExpressionError, Token, tokens_of, unquoted
from oncall_tui.runbook.expressions.tree import (
    Arithmetic,
    Comparison,
    Constant,
    Expression,
    Joined,
    Named,
    Negative,
    Node,
    Not,
)

DEEPEST = 50
"""Parentheses, and words before what they are said of."""
_COMPARING = frozenset({"==", "!=", "<", "<=", ">", ">="})
_WORDS = frozenset({"and", "or", "not"})


def parse(text: str) -> Expression:
    """The tree of an expression.

    Raises:
        ExpressionError: it cannot be read; with the column, and what to write instead.
    """
    return Expression(text, _Parser(text).whole())


class _Parser:
    """Reads tokens from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens_of(text)
        self._place = 0
        self._depth = 0

    def whole(self) -> Node:
        if not self._tokens:
            raise self._error("there is nothing to evaluate")
        node = self._either()
        if self._next is not None:
            raise self._error(f"{self._next.text!r} follows where the expression could end")
        return node

    @property
    def _next(self) -> Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _error(self, problem: str, token: Token | None = None) -> ExpressionError:
        at = token or self._next
        return ExpressionError(self._text, at.column if at else len(self._text) + 1, problem)

    def _takes(self, *texts: str) -> Token | None:
        """The next token when it is one of these words or signs."""
        token = self._next
        if token is None or token.sort == "text" or token.text not in texts:
            return None
        self._place += 1
        return token

    def _either(self) -> Node:
        return self._joined(is_and=False)

    def _joined(self, is_and: bool) -> Node:
        part = self._negated if is_and else lambda: self._joined(is_and=True)
        first = part()
        parts = [first]
        while self._takes("and" if is_and else "or"):
            parts.append(part())
        return Joined(is_and, tuple(parts), first.column) if len(parts) > 1 else first

    def _negated(self) -> Node:
        token = self._takes("not")
        if token is None:
            return self._comparison()
        self._deeper(token)
        node = Not(self._negated(), token.column)
        self._depth -= 1
        return node

    def _comparison(self) -> Node:
        left = self._sum()
        token = self._takes(*_COMPARING)
        if token is None:
            return left
        node = Comparison(token.text, left, self._sum(), token.column)
        again = self._takes(*_COMPARING)
        if again is not None:
            raise self._error("comparisons cannot be chained: write a < b and b < c", again)
        return node

    def _sum(self) -> Node:
        node = self._product()
        while token := self._takes("+", "-"):
            node = Arithmetic(token.text, node, self._product(), token.column)
        return node

    def _product(self) -> Node:
        node = self._signed()
        while token := self._takes("*"):
            node = Arithmetic(token.text, node, self._signed(), token.column)
        return node

    def _signed(self) -> Node:
        token = self._takes("-")
        if token is None:
            return self._atom()
        self._deeper(token)
        node = Negative(self._signed(), token.column)
        self._depth -= 1
        return node

    def _atom(self) -> Node:
        token = self._next
        if token is None:
            raise self._error("a value is missing at the end")
        self._place += 1
        if token.sort == "number":
            is_whole = token.text.isdigit()
            return Constant(int(token.text) if is_whole else float(token.text), token.column)
        if token.sort == "text":
            return Constant(unquoted(token.text), token.column)
        if token.sort == "name" and token.text not in _WORDS:
            return self._name(token)
        if token.text == "(":
            return self._inner(token)
        raise self._error(f"a value is missing before {token.text!r}", token)

    def _name(self, token: Token) -> Node:
        if token.text in ("true", "false"):
            return Constant(token.text == "true", token.column)
        following = self._next
        if following is not None and following.text == "(" and following.sort == "sign":
            raise self._error("there are no functions", following)
        return Named(token.text, token.column)

    def _inner(self, opened: Token) -> Node:
        self._deeper(opened)
        node = self._either()
        if not self._takes(")"):
            raise self._error("a ) is missing")
        self._depth -= 1
        return node

    def _deeper(self, token: Token) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._error("nested too deeply", token)
