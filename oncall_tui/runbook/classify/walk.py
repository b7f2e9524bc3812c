"""Walks the whole tree of a body: every node is judged by its kind, wherever it stands."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oncall_tui.runbook.classify import constructs
from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.feeds import sends_input
from oncall_tui.runbook.classify.grammar import check_portable, parsed, text_of
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.printing import asks_for_credentials, prints, prints_unknown, says
from oncall_tui.runbook.classify.secret_files import mentions_credentials
from oncall_tui.runbook.classify.suspicion import hinted, precheck
from oncall_tui.runbook.classify.variables import origins_of
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, reveals, shown, worst
from oncall_tui.runbook.classify.words import Origins, Word, word_of
from oncall_tui.runbook.danger import Danger, Judgement

if TYPE_CHECKING:
    from tree_sitter import Node

DEEPEST_SHELL = 4
"""Shells within shells; deeper is not read by anybody."""
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.:/][A-Za-z0-9_.:/+@-]*")
_SYSTEM_FOLDERS = re.compile(r"/(?:usr/)?(?:local/)?s?bin/([A-Za-z0-9_.+-]+)")
_ARGUMENTS = names(
    """
    word number string raw_string ansi_c_string concatenation simple_expansion expansion command_substitution
    process_substitution arithmetic_expansion brace_expression
    """
)


@dataclass(frozen=True, slots=True)
class SimpleCommand:
    """One simple command of a body, wherever it stands in it."""

    text: str
    """Its source."""
    line: int
    """Of the body, from 1."""
    judgement: Judgement


class Walk:
    """Judges a body; also what its commands start (``Inner``)."""

    def __init__(self, rules: Mapping[str, Rule], carried: frozenset[str] = frozenset(), depth: int = 0) -> None:
        self._rules = rules
        self._carried = carried
        self._depth = depth
        self.commands: list[SimpleCommand] = []
        self.prints_unknown = False
        """Whether a file is printed whose name is only known when it runs."""

    def script(self, text: str, is_bash: bool = True) -> Judgement:
        """Text that a shell reads."""
        if self._depth > DEEPEST_SHELL:
            return change("shells within shells, too deep to be judged")
        inner = Walk(self._rules, self._carried, self._depth + 1)
        judged = inner.walked(text, is_bash)
        self.commands += inner.commands
        self.prints_unknown |= inner.prints_unknown
        return judged

    def walked(self, text: str, is_bash: bool = True) -> Judgement:
        """All of a body, node by node."""
        try:
            precheck(text)
            root = parsed(text)
            if not is_bash:
                check_portable(root)
        except Unjudged as error:
            return worst([change(str(error)), hinted(text)])
        origins = origins_of(root, self._carried)
        found: list[Judgement] = []
        waiting = [root]
        while waiting:
            node = waiting.pop()
            judged = self._node(node, origins)
            if judged is not READ:
                found.append(judged)
            waiting += reversed(node.children)
        if self.prints_unknown and mentions_credentials(text):
            found.append(reveals("prints files that it finds, those that hold credentials may be among them"))
        return worst(found)

    def command(self, words: Sequence[Word]) -> Judgement:
        """A command with its arguments, no shell between."""
        if not words:
            raise Unjudged("no command to judge")
        if self._depth > DEEPEST_SHELL:
            deep = change("commands within commands, too deep to be judged")
            return worst([deep, hinted(" ".join(word.text for word in words))])
        name = words[0]
        if not name.is_literal or not _PLAIN_NAME.fullmatch(name.text):
            return worst([change(f"the command {shown(name.text)} is no plain word"), hinted(name.text)])
        found = _SYSTEM_FOLDERS.fullmatch(name.text)
        plain = found[1] if found else name.text
        rule = self._rules.get(plain)
        if rule is None:
            text = " ".join(word.text for word in words)
            return worst([change(f"unknown command {shown(plain)}"), hinted(text), asks_for_credentials(words)])
        inner = Walk(self._rules, self._carried, self._depth + 1)
        self.prints_unknown |= prints_unknown(plain, words[1:])
        try:
            judged = rule(Call(plain, tuple(words[1:]), inner))
        except Unjudged as error:
            judged = worst([change(str(error)), hinted(" ".join(word.text for word in words))])
        self.prints_unknown |= inner.prints_unknown
        printed = prints(plain, words[1:])
        return judged if printed is READ else worst([judged, printed])

    def _node(self, node: "Node", origins: Origins) -> Judgement:
        if node.type == "&":
            return change("runs something in the background")
        if node.type == "command":
            return self._simple(node, origins)
        check: Callable[[Node, Origins], Judgement] | None = constructs.CHECKS.get(node.type)
        if check is None:
            return READ
        try:
            return check(node, origins)
        except Unjudged as error:
            return change(str(error))

    def _simple(self, node: "Node", origins: Origins) -> Judgement:
        try:
            words = _words(node, origins)
            judged = self.command(words)
            if (said := says(words[0].text, text_of(node))) is not READ:
                judged = worst([judged, said])
            if sends_input(node):
                judged = worst([judged, change("sends what it reads to the server")])
        except Unjudged as error:
            judged = worst([change(str(error)), hinted(text_of(node))])
        self.commands.append(SimpleCommand(text_of(node), node.start_point[0] + 1, judged))
        return READ if judged == READ else judged


def _words(node: "Node", origins: Origins) -> list[Word]:
    """The command's name and its arguments."""
    words: list[Word] = []
    for child in node.children:
        if child.type == "command_name":
            inner = child.children[0] if child.child_count == 1 else child
            if inner.type not in ("word", "number") or inner.child_count or "\\" in text_of(inner):
                raise Unjudged(f"the command {shown(text_of(child))} is no plain word")
            words.append(Word(text_of(inner), is_plain=True))
        elif child.type in _ARGUMENTS:
            words.append(word_of(child, origins))
        elif child.type not in ("variable_assignment", "file_redirect", "herestring_redirect", "heredoc_redirect"):
            raise Unjudged(f"{shown(text_of(child))} is no argument that is judged")
    return words


def is_read(judgement: Judgement) -> bool:
    """Whether it changes nothing."""
    return judgement.danger is Danger.READ
