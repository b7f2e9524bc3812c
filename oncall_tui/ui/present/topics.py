"""What the places of the screen are, for those who see them for the first time. A widget carries its topic."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """One place: its name, what it is, and what may be done there. Keys are written as ``{command.id}``."""

    name: str
    """With its article, as in ``Help: the list of alerts``."""
    text: str
    commands: tuple[str, ...] = ()
    """The commands that are for this place, the most likely first."""
    fixed: tuple[tuple[str, str], ...] = ()
    """Keys that are told together, commands among them by their ids, and what they do."""
    signs: tuple[str, ...] = ()
    """The groups of signs that are seen here (``present.legend``)."""


_ON_ALERTS = ("alert.acknowledge", "alert.open", "alert.mark", "alert.mark_range", "alert.mark_all")
_VERBS = ("alert.resolve", "alert.snooze", "alert.note", "alert.escalate", "alert.silence")
_IN_LIST = (
    ("{list.down} {list.up} ↑ ↓", "Next row, row before; pgup and pgdn go by the page."),
    ("{list.first} {list.last}", "First row, last row; so do home and end."),
    ("tab", "Next place: {screen.jump} goes to any with one key."),
)
_IN_TEXT = (
    ("{list.down} {list.up} ↑ ↓", "Scroll; pgup and pgdn go by the page."),
    ("{list.first} {list.last}", "Begin and end; so do home and end."),
    ("tab", "Next place: {screen.jump} goes to any with one key."),
)
_TAB = (("tab", "Next place: {screen.jump} goes to any with one key."),)

ALERTS = Topic(
    "the list of alerts",
    "One row is one trouble, however many tools see it: PagerDuty, Alertmanager, Prometheus and Sentry are merged. "
    "The worst stands first; what is acknowledged or silenced is dim. A page stays open while a silence covers its "
    "alert: the row says both. {alert.open} tells everything that is known of a row, with the rule that merged it. "
    "{alert.acknowledge} acknowledges the row under the cursor at once; with marks it lists the marked ones and asks. "
    "The line of a group, ▾ or ▸ when it is folded, is no alert: {alert.mark} marks all in it.",
    (
        *_ON_ALERTS,
        *_VERBS,
        "list.filter",
        "list.sort",
        "list.group",
        "list.fold",
        "alert.history",
        "alert.browse",
        "alert.copy",
    ),
    _IN_LIST,
    ("Alerts", "Severity"),
)
DEPLOYMENTS = Topic(
    "the list of deployments",
    "What changed, the newest first. A deployment that ended shortly before an alert on the same service is "
    "suspected of it, and both rows say so. It is a hint, not a proof.",
    ("alert.open", "alert.browse"),
    _IN_LIST,
    ("Deployments",),
)
ON_CALL = Topic(
    "who is on call",
    "Each escalation policy with its levels: who is called first, until when, and who comes then. Times are those of "
    "this screen. A level without anybody is passed over at once; a policy without anybody calls no one, and is told "
    "first. Below: how many pages there were on each day. A page is an incident that called somebody, however often.",
    ("screen.refresh",),
    _IN_TEXT,
)
RUNBOOKS = Topic(
    "the runbooks",
    "Open runs first, then every runbook, those before that cover an alert now, and last the alerts that none covers. "
    "{alert.open} goes on with a run, opens a runbook, or looks for one for the alert.",
    ("alert.open", "list.filter"),
    _IN_LIST,
)
DETAILS = Topic(
    "the details",
    "Everything known of the row under the cursor: its state, the suspects, when it fired before, every record behind "
    "it with the tool that told it, labels and links. What acts on the row acts on it from here as well.",
    ("alert.acknowledge", "alert.history", "alert.open", "alert.browse", "alert.copy"),
    _IN_TEXT,
    ("Alerts", "Severity"),
)
FILTER = Topic(
    "the filter",
    "Only alerts that hold every word are shown; -word leaves out what holds it. Fields narrow it: sev<=2  age>10m  "
    "status:firing  service:api  env=production  team:data (any label)  is:mine  is:silenced  has:runbook. All of the "
    "language is in docs/filters.md. Letters are typed here, so no letter is a command.",
    (),
    (("enter", "Keep the filter and go to the list."), ("esc", "Take the filter away.")),
    ("Alerts",),
)
SERVICES = Topic(
    "the service map",
    "Every service that Prometheus knows. What is not well has a line with the reason in words; what measures well "
    "while a P1 or P2 is about it has one with that alert. The others share lines, or are only counted where there is "
    "little room.",
    (),
    _TAB,
    ("Services",),
)
CHART = Topic(
    "the chart",
    "The configured lines over the last day, their newest values beside them. A horizontal line is the limit. Without "
    "room for it a line of bars tells the same.",
    (),
    _TAB,
)
OVERVIEW = Topic(
    "the overview",
    "From top to bottom: the state of everything in words, the services, what shouts, what changed. The eye finds the "
    "worst first.",
    ("view.alerts", "view.deployments"),
    _TAB,
    ("Services", "Alerts"),
)
