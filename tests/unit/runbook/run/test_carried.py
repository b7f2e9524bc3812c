"""What earlier steps left: shown with its value and the step it is from, part of the phrase, never a secret."""

import pytest

from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.plan import Floor, carried_beside
from oncall_tui.runbook.run.replay import LOST
from oncall_tui.runbook.run.run import NotStarted, Run
from tests.unit.runbook.run.helpers import RUN, Bench, confirmed, do, ok, runbook

TEXT = """\
# Fix

```bash
NAMESPACE=production
```

```bash
destroy pod web -n $NAMESPACE
```

```bash
destroy pod web -n staging
```
"""
SECRET = TEXT.replace("NAMESPACE=production", "NAMESPACE=production; API_TOKEN=1; OWNER=2")
LEFT = {"NAMESPACE": "production", "AWS_PROFILE": "prod"}


async def opened(bench: Bench, left: dict[str, str], text: str = TEXT) -> Run:
    run = await bench.opened(runbook(text))
    bench.script.says("NAMESPACE=production", ok("", left_behind=left))
    await do(run, "s1")
    return run


async def test_a_plan_shows_what_its_text_names_and_what_goes_with_it_beside(bench: Bench) -> None:
    plan = (await opened(bench, LEFT)).plan("s2")
    assert [(one.name, one.shown, one.origin) for one in plan.values] == [
        ("NAMESPACE", "production", "carried from step s1")
    ]
    assert carried_beside(plan) == "AWS_PROFILE=prod (carried from step s1)"


async def test_the_phrase_holds_what_the_command_names_or_has_as_its_target(bench: Bench) -> None:
    run = await opened(bench, LEFT)
    plan = run.plan("s2")
    assert (plan.danger, plan.floor, plan.phrase) == (Danger.DESTROY, Floor.PHRASE, "destroy production")
    for typed in ("destroy s2", "destroy staging", ""):
        with pytest.raises(NotStarted, match="what was typed"):
            await run.start(plan, confirmed(plan, typed=typed))
    assert run.plan("s3").phrase == "destroy web staging"
    await do(run, "s2")
    assert bench.script.started[-1].carried == LEFT


@pytest.mark.parametrize(
    ("command", "phrase"),
    [
        ("destroy -r -f /var/lib/orders", "destroy /var/lib/orders"),
        ('destroy namespace "prod" --wait=false', "destroy namespace prod"),
        ("show pods | destroy orders", "destroy orders"),
        ("destroy", "destroy s1"),
        ("destroy --all", "destroy s1"),
        ('destroy "$(show target)"', "destroy target"),
    ],
)
async def test_without_a_value_the_phrase_is_what_the_command_says(bench: Bench, command: str, phrase: str) -> None:
    run = await bench.opened(runbook(f"# Fix\n\n```bash\n{command}\n```\n"))
    assert run.plan("s1").phrase == phrase


async def test_a_value_that_nobody_would_type_is_not_in_the_phrase(bench: Bench) -> None:
    run = await opened(bench, LEFT)
    for left in ("x" * 81, "two\nlines", ""):
        bench.script.says("NAMESPACE=production", ok("", left_behind={"NAMESPACE": left}))
        await do(run, "s1", again=True)
        assert run.plan("s2").phrase == "destroy pod web"


async def test_a_value_that_changes_after_the_question_voids_it(bench: Bench) -> None:
    run = await opened(bench, LEFT)
    shown = run.plan("s2")
    bench.script.says("NAMESPACE=production", ok("", left_behind={**LEFT, "AWS_PROFILE": "other"}))
    await do(run, "s1", again=True)
    assert run.plan("s2").phrase == shown.phrase, "what was typed would still fit"
    with pytest.raises(NotStarted, match="changed since it was shown"):
        await run.start(shown, confirmed(shown))
    assert not [one for one in bench.script.started if "destroy" in one.body]


async def test_secrets_are_not_shown_typed_or_written_and_work_all_the_same(bench: Bench) -> None:
    text = SECRET.replace("$NAMESPACE", "$API_TOKEN $OWNER")
    run = await opened(bench, {"API_TOKEN": "swordfish9", "OWNER": "ada@example.com"}, text)
    plan = run.plan("s2")
    assert [(one.name, one.shown) for one in plan.values] == [("API_TOKEN", LOST), ("OWNER", LOST)]
    assert plan.phrase == "destroy pod web"
    await do(run, "s2")
    assert bench.script.started[-1].carried == {"API_TOKEN": "swordfish9", "OWNER": "ada@example.com"}
    written = str([one.payload for one in await bench.journals[0].read(f"run:{RUN}")])
    assert "swordfish9" not in written and "ada@example.com" not in written


async def test_whoever_takes_a_run_up_takes_anew_what_no_journal_holds_and_the_text_names(bench: Bench) -> None:
    text = SECRET.replace("$NAMESPACE", "$API_TOKEN")
    await opened(bench, {"API_TOKEN": "swordfish9"}, text)
    other = (await bench.resumed(runbook(text))).run
    assert other.plan("s2").blocked == ("API_TOKEN: the journal does not hold it, since it was redacted. Run s1 again",)
    assert other.plan("s3").can_start, "it names nothing of it"
    await other.claim()
    await do(other, "s1", again=True)
    assert other.plan("s2").can_start


async def test_the_intent_says_what_was_carried_and_from_where(bench: Bench) -> None:
    run = await opened(bench, LEFT)
    await do(run, "s2")
    events = await bench.journals[0].read(f"run:{RUN}")
    payload = [one for one in events if one.kind == words.INTENT][-1].payload
    assert payload["values"] == {"NAMESPACE": "production"}
    assert payload["origins"] == {"NAMESPACE": "carried from step s1"}
    assert payload["carried"] == "AWS_PROFILE, NAMESPACE"
