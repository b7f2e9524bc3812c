"""The filter language of lists: words and fields, as in ``sev<=2 service:api status:firing -team:data age>10m``.

A word, or a ``"phrase in quotes"``, is found anywhere in an alert. ``field:text`` looks for the text in one field,
``field=text`` asks for all of it, ``field!=text`` for anything else; commas part alternatives; severities and ages are
compared with ``<``, ``<=``, ``>`` and ``>=``. A name that is no field is that of a label; ``label.age`` is the label of
a field's name. ``-`` before a term leaves out what it finds. All terms must hold; upper and lower case are the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.filter_fields import BadTerm, Test, label_test, test_of

_TERM = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
_FIELD = re.compile(r"([a-z_][a-z0-9_.]*)(<=|>=|!=|[:=<>])(.*)", re.DOTALL)
_LABEL = "label."


@dataclass(frozen=True, slots=True)
class Term:
    """One condition."""

    words: str
    """As written, in lower case, without quotes."""
    test: Test | None = None
    """Looks at one field; without it the words are found anywhere."""
    is_wanted: bool = True

    def narrows(self, other: "Term") -> bool:
        """Whether it finds nothing that ``other`` does not find, as far as words alone can tell."""
        if self.test is not None or other.test is not None or self.is_wanted is not other.is_wanted:
            return False
        return other.words in self.words if self.is_wanted else self.words in other.words


@dataclass(frozen=True, slots=True)
class Problem:
    """A term that was left out, as it was written, and why."""

    term: str
    reason: str

    def __str__(self) -> str:
        return f"{self.term}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was read. What could not be read of it finds everything."""

    text: str = ""
    terms: tuple[Term, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_everything(self) -> bool:
        return not self.terms

    @property
    def is_of_words(self) -> bool:
        """Whether it looks for words alone: of the same alerts it finds the same at every moment."""
        return all(term.test is None for term in self.terms)

    def narrows(self, terms: Sequence[Term]) -> bool:
        """Whether it finds nothing that ``terms`` do not find: it says the same and more, as when a word grows."""
        return all(any(own.narrows(term) for own in self.terms) for term in terms)

    def choose(
        self, alerts: Sequence[Alert], texts: Sequence[str], now: datetime, among: Sequence[int]
    ) -> Sequence[int]:
        """The places, of those in ``among``, of the alerts for which every term holds.

        ``texts`` has for every alert all that can be read of it, in lower case.
        """
        found = among
        for term in self.terms:
            words, test, is_wanted = term.words, term.test, term.is_wanted
            if test is None:
                found = [place for place in found if (words in texts[place]) is is_wanted]
            else:
                found = [place for place in found if test(alerts[place], now) is is_wanted]
        return found


def read_filter(text: str) -> Filter:
    """The filter that ``text`` writes; what is not finished, as while somebody types, is left out and told."""
    terms, problems = [], []
    for written in _TERM.findall(text):
        try:
            term = _term(written)
        except BadTerm as error:
            problems.append(Problem(written, str(error)))
        else:
            if term is not None:
                terms.append(term)
    return Filter(text, tuple(terms), tuple(problems))


def _term(written: str) -> Term | None:
    """One term; None for what says nothing, a dash alone for instance."""
    folded = written.casefold()
    is_wanted = not folded.startswith("-")
    body = folded if is_wanted else folded[1:]
    words = body.replace('"', "")
    found = None if body.startswith('"') else _FIELD.fullmatch(body)
    if found is None:
        return Term(words, None, is_wanted) if words else None
    name, operator, value = found[1], found[2], found[3].replace('"', "")
    is_wanted, operator = (not is_wanted, "=") if operator == "!=" else (is_wanted, operator)
    if name.startswith(_LABEL):
        return Term(words, label_test(name.removeprefix(_LABEL), operator, value), is_wanted)
    test = test_of(name, operator, value)
    if test is None and operator in (":", "=") and value:
        test = _label_or_title(label_test(name, operator, value), words)
    # ``p95<500`` and ``KeyError:`` are neither fields nor labels: they stand in titles.
    return Term(words, test, is_wanted)


def _label_or_title(label: Test, words: str) -> Test:
    """``code:500`` may be meant as the label or as it stands in a title."""
    return lambda alert, now: label(alert, now) or words in alert.title.casefold()
