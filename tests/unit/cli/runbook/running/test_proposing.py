"""An escalation that a runbook proposes is told once, with the command; nothing is sent."""

from tests.unit.cli.runbook.running.scene import Answers, Scene
from tests.unit.runbook.run.helpers import TEXT, do, runbook, value

ESCALATES = TEXT.replace("params:\n", 'escalate:\n  - {to: P1, when: "cpu.value > 90"}\nparams:\n', 1)
FACTS = "   P1 is indicated: cpu 91 > 90"


async def test_it_is_told_with_its_facts_and_the_command_once(scene: Scene) -> None:
    scene.bench.script.says("cpu", value(91.0))
    run = await scene.bench.opened(runbook(ESCALATES))
    await scene.drive(run, Answers("", "s no", "s no", "q"))
    assert scene.told.lines.count(FACTS) == 1
    assert "   The runbook proposes, you decide: `oncall-tui escalate a1 --level NUMBER` pages another level." in (
        scene.told.lines
    )
    assert [one["text"] for one in scene.told.events if one["event"] == "proposed"] == ["P1 is indicated: cpu 91 > 90"]


async def test_what_comes_to_be_indicated_on_the_way_is_told_then_and_again_after_a_pause(scene: Scene) -> None:
    scene.bench.script.says("cpu", value(85.0))
    run = await scene.bench.opened(runbook(ESCALATES))

    class Meanwhile(Answers):
        async def ask(self, prompt: str) -> str | None:
            if number := {3: 91.0, 2: 60.0, 1: 92.0}.get(len(self.lines)):
                scene.bench.script.says("cpu", value(number))
                await do_check()
            return await super().ask(prompt)

    async def do_check() -> None:
        step = run.runbook.step("cpu")
        assert step is not None
        await run.check(step)

    await scene.drive(run, Meanwhile("l", "l", "l", "l"))
    told = [one["text"] for one in scene.told.events if one["event"] == "proposed"]
    assert told == ["P1 is indicated: cpu 91 > 90", "P1 is indicated: cpu 92 > 90"]


async def test_without_a_terminal_it_is_told_too(scene: Scene) -> None:
    scene.bench.script.says("cpu", value(91.0))
    run = await scene.bench.opened(runbook(ESCALATES))
    await do(run, "count")
    await scene.drive(run, None, named=["count"])
    assert scene.told.lines.count(FACTS) == 1
