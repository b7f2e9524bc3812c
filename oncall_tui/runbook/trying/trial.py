"""One case of a test file, tried through the engine that runs runbooks."""

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.model import Runbook, StepKind
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.known import units_of
from oncall_tui.runbook.run.opening import open_run
from oncall_tui.runbook.run.plan import Confirmation, Floor
from oncall_tui.runbook.run.run import NotStarted, Run
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.run.undoing import step_of
from oncall_tui.runbook.trying.cases import GUARDS, Case, Deed, Verb
from oncall_tui.runbook.trying.fuzz import fuzzed
from oncall_tui.runbook.trying.stage import Stage
from oncall_tui.runbook.values.known import Known, Told
from oncall_tui.runbook.values.resolve import resolve


async def tried(runbook: Runbook, case: Case) -> tuple[str, ...]:
    """What is not as the case expects; nothing when all is. Nothing is spawned, asked or written."""
    stage = Stage(case)
    run = await open_run(runbook, stage.desk(), "test", {})
    trial = _Trial(run, case, stage)
    problems = [*await trial.given(), *await trial.looked()]
    for deed in case.deeds:
        if problem := await trial.done(deed):
            problems.append(f"{deed}: {problem}")
    problems += [*trial.ended(), *(f"{unit} was started and has no fixture" for unit in stage.missing)]
    for name in case.fuzz:
        problems += await fuzzed(run, name)
    return tuple(clean_line(one, 600) for one in dict.fromkeys(problems))


class _Trial:
    def __init__(self, run: Run, case: Case, stage: Stage) -> None:
        self._run, self._case, self._stage = run, case, stage

    async def given(self) -> list[str]:
        """Give the values of the case; those that are refused are a problem."""
        case, run = self._case, self._run
        records = (Told("test", case.labels),) if case.labels else ()
        known = Known(records=records, config=case.config, typed=case.params)
        problems = []
        for name, value in resolve(run.runbook.params, known).items():
            if value.problem:
                problems.append(f"given {name}: {value.problem}")
            elif value.text is not None and value.origin != "default":
                await run.give(name, value.text, value.origin)
        return problems

    async def looked(self) -> list[str]:
        """Ask the checks and the guards, as opening the runbook does; what they should recommend and do not."""
        run = self._run
        for step in run.runbook.steps:
            if step.kind is StepKind.PROMQL and step.commands and run.plan(step.commands[0].id, True).prepared:
                self._stage.turn = step.id
                await run.check(step)
        self._stage.turn = GUARDS
        await run.ask_guards()
        wanted = self._case.expected.recommended
        return [] if wanted is None else self._recommended(wanted)

    def _recommended(self, wanted: tuple[str, ...]) -> list[str]:
        problems = []
        for step in self._run.runbook.steps:
            if not step.commands or step.options.is_undo_only:
                continue
            plan = self._run.plan(step.commands[-1].id, True)
            is_recommended = plan.advice.startswith("recommended")
            if step.id in wanted and not is_recommended:
                problems.append(f"expect.recommended: {step.id} is not ({plan.advice or 'no condition says so'})")
            # A step that only reads comes along with its section: it needs no mention.
            if step.id not in wanted and is_recommended and plan.danger > Danger.READ:
                problems.append(f"expect.recommended: {step.id} is as well ({plan.advice})")
        return problems

    async def done(self, deed: Deed) -> str:
        """Do one thing; why it could not be done."""
        step = self._run.runbook.step(deed.step) or step_of(self._run.runbook, deed.step)
        assert step is not None
        units = (deed.step,) if deed.step in units_of(step) else units_of(step)
        try:
            if deed.verb is Verb.PICK:
                await self._run.pick(step.id, deed.row)
            for unit in units if deed.verb is not Verb.PICK else ():
                if problem := await self._do(deed.verb, unit, not step.commands):
                    return problem
        except (Refused, NotStarted) as error:
            return str(error)
        return ""

    async def _do(self, verb: Verb, unit: str, is_manual: bool) -> str:
        run = self._run
        if verb is Verb.SKIP:
            await run.skip(unit, "left out by the test")
            return ""
        if is_manual:
            await run.tick(unit)
            return ""
        plan = run.plan(unit)
        if plan.of_guards:
            # It has an environment or a folder of its own, or an earlier step has left one.
            self._stage.turn = GUARDS
            await run.ask_guards(plan)
            plan = run.plan(unit)
        if plan.blocked:
            return "; ".join(plan.blocked)
        if verb is Verb.RUN and plan.floor > Floor.KEY:
            return f"it asks for more than the run key: write `confirm {unit}`"
        self._stage.turn = unit
        approval = "somebody" if plan.role else ""
        live = await run.start(plan, Confirmation(plan.floor, plan.digest, plan.phrase, approval))
        ended = await live.ended()
        wanted = plan.step.options.verify
        if wanted is not None and run.record.unit(unit).state is State.UNVERIFIED:
            self._stage.turn = wanted.step
            await run.verify(unit)
        return ended.unwritten

    def ended(self) -> list[str]:
        """What is not as it should be in the end."""
        expected, run = self._case.expected, self._run
        problems = []
        for (step_id, name), value in expected.env.items():
            started = self._stage.started.get(step_id, [])
            got = [one.values.get(name) for one in started]
            if not got:
                problems.append(f"expect.env: {step_id} was not started")
            elif wrong := [one for one in got if one != value]:
                problems.append(f"expect.env: {step_id}.{name} was {wrong[0]!r}, not {value!r}")
        for name, state in expected.state.items():
            unit = run.record.unit(name)
            if unit.state is not state:
                reason = f" ({unit.result.reason})" if unit.result is not None and unit.result.reason else ""
                problems.append(f"expect.state: {name} is {unit.state.value}{reason}, not {state.value}")
        for name in expected.blocked:
            step = run.runbook.step(name)
            ids = units_of(step) if step is not None and step.commands else (name,)
            if not all(run.plan(one).blocked for one in ids):
                problems.append(f"expect.blocked: {name} could be started")
        return problems
