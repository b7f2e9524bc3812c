"""With somebody at the terminal: one step after the other is shown, and a line says what becomes of it."""

from collections.abc import Awaitable, Callable, Mapping

from oncall_tui.cli.runbook.running.asking import ask_for, ask_missing, give
from oncall_tui.cli.runbook.running.desk import Desk, Leaves
from oncall_tui.cli.runbook.running.overriding import overridable
from oncall_tui.cli.runbook.running.picking import pick
from oncall_tui.cli.runbook.running.proposing import tell_proposals
from oncall_tui.cli.runbook.running.showing import manual_lines, overview, step_lines
from oncall_tui.cli.runbook.running.starting import approval_for, start, verify
from oncall_tui.cli.runbook.running.undoing import undo
from oncall_tui.cli.session import READ_ONLY
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.model import Step
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.known import last_unit, units_of
from oncall_tui.runbook.run.picking import is_picked_from, rows_left
from oncall_tui.runbook.run.plan import Confirmation, Floor, Plan
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.run.undoing import step_of

HELP = """\
   s REASON      skip it                          m NOTE   it was done elsewhere, or is done
   v NAME=VALUE  give a value; a secret: v NAME   p N      pick row N
   o REASON      go on against its conditions     a        run again what is unknown
   w             wait again for what it changes   u        changes, and their undo
   g STEP        go to a step                     l        list all steps
   n TEXT        note                             q        leave; the run stays open"""
_PROMPTS = {Floor.KEY: "Enter runs it", Floor.DIALOG: "y runs it"}


class Walk:
    """Goes through steps."""

    def __init__(self, desk: Desk, steps: tuple[Step, ...]) -> None:
        self._desk = desk
        self._units = [unit for step in steps for unit in units_of(step)]
        self._at = 0
        self._again_for = ""
        """The unit that is to be run again, though nobody knows how it ended; only this one."""
        self._opened = ""
        """The unit that somebody went to, whatever is indicated."""
        self._words: Mapping[str, Callable[[str, str], Awaitable[None]]] = {
            "s": self._skip,
            "m": self._by_hand,
            "v": self._give,
            "p": self._pick,
            "o": self._open,
            "a": self._again,
            "w": self._wait,
            "u": self._undo,
            "g": self._go,
            "l": self._list,
            "n": self._note,
            "q": self._quit,
            "?": self._help,
        }

    async def go(self) -> None:
        """Every step, until the last one or somebody leaves. Raises ``Leaves``."""
        while self._at < len(self._units):
            unit = self._units[self._at]
            if self._is_passed(unit):
                self._at += 1
                continue
            tell_proposals(self._desk)
            await self._visit(unit)

    def _is_passed(self, unit: str) -> bool:
        """What is over, and what is not indicated: told, and folded."""
        state = self._desk.run.record.unit(unit).state
        if state.is_settled:
            return True
        step = step_of(self._desk.run.runbook, unit)
        # What is unknown is told apart from what was never begun, whatever is indicated by now.
        if step is None or not step.commands or unit == self._opened or state is State.UNKNOWN:
            return False
        advice = self._desk.run.plan(unit, unit == self._again_for).advice
        section = self._desk.run.runbook.section_of(step).slug
        is_opened = {f"when:{unit}", f"when:{section}"} & set(self._desk.run.record.overridden)
        if not advice.startswith("not indicated") or is_opened:
            return False
        self._desk.teller.say(f"── {unit}: {advice} (g {unit} opens it)")
        return True

    async def _visit(self, unit: str) -> None:
        desk = self._desk
        step = step_of(desk.run.runbook, unit)
        assert step is not None
        if not step.commands:
            for line in manual_lines(desk.run, step):
                desk.teller.say(line)
            await self._answer(unit, None, await desk.ask("   Enter: done · s skip · q leave · ? more: "))
            return
        await ask_missing(desk, step)
        plan = self._plan(unit)
        if plan.danger > Danger.READ and desk.run.runbook.guards and not desk.is_read_only:
            await desk.run.ask_guards(plan)
            plan = self._plan(unit)
        if plan.floor > Floor.KEY:
            plan = await desk.run.sealed(plan)
        for line in step_lines(desk.run, plan, desk.environment):
            desk.teller.say(line)
        if desk.is_read_only and plan.danger > Danger.READ:
            desk.teller.say(f"   {READ_ONLY}")
        if plan.floor > Floor.KEY and desk.console is not None:
            desk.console.forget()
        line = await desk.ask(f"   {self._prompt(plan)} · s skip · m by hand · q leave · ? more: ")
        await self._answer(unit, plan, line)

    def _plan(self, unit: str) -> Plan:
        run = self._desk.run
        plan = run.plan(unit, unit == self._again_for)
        return run.plan_dry(unit) if self._desk.is_dry and plan.danger > Danger.READ else plan

    def _prompt(self, plan: Plan) -> str:
        if plan.blocked or (self._desk.is_read_only and plan.danger > Danger.READ):
            return "it cannot be run now"
        again = " again" if self._desk.run.record.unit(plan.unit).state is State.UNVERIFIED else ""
        how = f'type "{plan.phrase}" to run it' if plan.floor is Floor.PHRASE else _PROMPTS[plan.floor]
        return f"{how}{again}"

    async def _answer(self, unit: str, plan: Plan | None, line: str) -> None:
        """Do what a line says. What confirms is held against the plan that was shown."""
        text = line.strip()
        if plan is not None and self._confirms(plan, line):
            await self._start(unit, plan, line)
            return
        if plan is None and not text:
            await self._desk.run.tick(unit)
            self._desk.teller.event("ticked", unit)
            self._at += 1
            return
        is_unverified = self._desk.run.record.unit(unit).state is State.UNVERIFIED
        if plan is not None and not text and is_unverified:
            # It stays so, and among the changes: it was done, and doing it again is another decision.
            self._at += 1
            return
        word, _, rest = text.partition(" ")
        act = self._words.get(word)
        if act is None:
            if text:
                self._desk.teller.say("   That is no answer here; ? tells them.")
            return
        try:
            await act(unit, rest.strip())
        except Refused as error:
            self._desk.teller.say(f"   {error}")

    def _confirms(self, plan: Plan, line: str) -> bool:
        if not plan.can_start or (self._desk.is_read_only and plan.danger > Danger.READ):
            return False
        if plan.floor is Floor.PHRASE:
            return line == plan.phrase
        return line.strip() == ("" if plan.floor is Floor.KEY else "y")

    async def _start(self, unit: str, plan: Plan, line: str) -> None:
        approval = await approval_for(self._desk, plan)
        typed = line if plan.floor is Floor.PHRASE else ""
        is_done = await start(self._desk, plan, Confirmation(plan.floor, plan.digest, typed, approval))
        self._again_for = ""
        (self._desk.failed.discard if is_done else self._desk.failed.add)(unit)
        if not is_done:
            return
        if unit == last_unit(plan.step) and is_picked_from(self._desk.run.known(), plan.step.id) and not plan.is_dry:
            await pick(self._desk, plan.step.id)
        self._opened = ""
        self._at += 1

    async def _skip(self, unit: str, reason: str) -> None:
        await self._desk.run.skip(unit, reason or await self._desk.ask("   Why? "))
        self._desk.teller.event("skipped", unit, text=reason)
        self._desk.failed.discard(unit)
        self._at += 1

    async def _by_hand(self, unit: str, note: str) -> None:
        run = self._desk.run
        step = step_of(run.runbook, unit)
        if step is None or not step.commands:
            await run.tick(unit, note)
        else:
            pasted = None
            if step.options.capture is not None and unit == last_unit(step):
                pasted = await self._pasted()
            await run.by_hand(unit, note, pasted)
        self._desk.teller.event("ticked", unit, text=note)
        self._desk.failed.discard(unit)
        self._at += 1

    async def _pasted(self) -> str:
        self._desk.teller.say("   Paste what it printed, and end with an empty line:")
        lines = []
        while line := await self._desk.ask("   > "):
            lines.append(line)
        return "".join(f"{one}\n" for one in lines)

    async def _give(self, unit: str, text: str) -> None:
        name, sign, value = (one.strip() for one in text.partition("="))
        parameter = self._desk.run.runbook.params.get(name)
        if parameter is None or not parameter.is_secret:
            await give(self._desk, name, value)
        elif sign:
            said = f"   {name} is a secret, and what is typed here can be read: it was not taken."
            self._desk.teller.say(f"{said} v {name} asks for it unseen.")
        else:
            await ask_for(self._desk, parameter)

    async def _pick(self, unit: str, text: str) -> None:
        step = step_of(self._desk.run.runbook, unit)
        names = step.uses.values() if step is not None else ()
        params = [one for name in names if (one := self._desk.run.runbook.params.get(name)) is not None and one.pick]
        sources = dict.fromkeys(one.pick.step for one in params if one.pick is not None)
        if step is not None and is_picked_from(self._desk.run.known(), step.id):
            sources[step.id] = None
        if not sources:
            self._desk.teller.say("   Nothing is picked from rows here.")
        for source in sources:
            if rows_left(self._desk.run.known(), source).table is None:
                self._desk.teller.say(f"   run {source} first: its rows are not there")
            else:
                await pick(self._desk, source, text)

    async def _open(self, unit: str, reason: str) -> None:
        step = step_of(self._desk.run.runbook, unit)
        what = overridable(self._desk.run, unit) if step is not None and step.commands else ""
        if not what:
            self._desk.teller.say("   Nothing stands against it that could be overridden.")
            return
        await self._desk.run.override(what, reason or await self._desk.ask("   Why? "))
        self._desk.teller.event("overridden", unit, text=what)

    async def _again(self, unit: str, text: str) -> None:
        if self._desk.run.record.unit(unit).state is not State.UNKNOWN:
            self._desk.teller.say("   Nothing about it is unknown.")
        else:
            self._again_for = unit

    async def _wait(self, unit: str, text: str) -> None:
        if self._desk.run.record.unit(unit).state is not State.UNVERIFIED:
            self._desk.teller.say("   There is nothing to wait for.")
        elif await verify(self._desk, unit):
            self._desk.failed.discard(unit)

    async def _undo(self, unit: str, number: str) -> None:
        await undo(self._desk, number)

    async def _go(self, unit: str, name: str) -> None:
        step = self._desk.run.runbook.step(name) or step_of(self._desk.run.runbook, name)
        if step is None:
            self._desk.teller.say(f"   there is no step {name}; l lists them")
            return
        target = name if name in units_of(step) else units_of(step)[0]
        if target not in self._units:
            self._units.insert(self._at, target)
        self._at, self._opened = self._units.index(target), target
        if self._desk.run.record.unit(target).state.is_settled:
            await self._visit(target)

    async def _list(self, unit: str, text: str) -> None:
        for line in overview(self._desk.run):
            self._desk.teller.say(line)

    async def _note(self, unit: str, text: str) -> None:
        await self._desk.run.note(text or await self._desk.ask("   What? "))

    async def _quit(self, unit: str, text: str) -> None:
        raise Leaves("")

    async def _help(self, unit: str, text: str) -> None:
        self._desk.teller.say(HELP)
