"""What is sent for one incident at a time: snoozes, notes, merges; and incidents that somebody declares."""

from datetime import timedelta
from typing import Any

import pytest

from oncall_tui.domain.action import Action, Merge, Note, Snooze
from oncall_tui.domain.pager import NewIncident
from oncall_tui.sources.actors import ActOutcome, ActResult, Creates
from tests.unit.sources.pagerduty_desk import ANA, BOB, Desk, held, note, resolved
from tests.unit.sources.pagerduty_server import NOW, acknowledged, incident, serving, source_of

CONFIRMED, ALREADY, GONE, FAILED = ActOutcome.CONFIRMED, ActOutcome.ALREADY, ActOutcome.GONE, ActOutcome.FAILED
HOUR = timedelta(hours=1)


def sent(desk: Desk) -> list[tuple[str, Any]]:
    """Paths and bodies of the changes."""
    return [(one.path, one.body) for one in desk.requests if one.method != "GET"]


async def done(desk: Desk, action: Action, *ids: str, **settings: Any) -> dict[str, ActResult]:
    async with source_of(desk, **settings) as source:
        return dict(await source.act(action, ids))


class TestSnooze:
    async def test_it_sleeps_for_so_many_seconds(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA), acknowledged("P2"), resolved("P3"))
            results = await done(desk, Snooze(timedelta(minutes=15)), "P1", "P2", "P3")
        assert [one.outcome for one in results.values()] == [CONFIRMED, CONFIRMED, GONE]
        assert results["P2"].by is None, "who acknowledged it is not who snoozed it"
        assert "a snooze would open it again" in results["P3"].reason
        assert sorted(sent(desk)) == [(f"/incidents/{one}/snooze", {"duration": 900}) for one in ("P1", "P2")]

    @pytest.mark.parametrize(
        ("duration", "is_sent"),
        [
            (timedelta(), False),
            (timedelta(seconds=-5), False),
            (timedelta(milliseconds=999), False),
            (timedelta(seconds=1), True),
            (timedelta(days=7), True),
            (timedelta(days=7, seconds=1), False),
        ],
    )
    async def test_what_pagerduty_takes_for_a_snooze(self, duration: timedelta, is_sent: bool) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            result = (await done(desk, Snooze(duration), "P1"))["P1"]
        assert (result.outcome is CONFIRMED) is is_sent
        assert bool(desk.requests) is is_sent, "what cannot be done costs no request"
        if not is_sent:
            assert result.outcome is FAILED and "1 second to 7 days" in result.reason

    @pytest.mark.parametrize(
        ("wakes", "outcome"),
        [("04:00:20", ALREADY), ("03:59:10", ALREADY), ("03:30:00", CONFIRMED), ("05:00:00", CONFIRMED)],
    )
    async def test_one_whose_end_is_not_known_is_looked_for(self, wakes: str, outcome: ActOutcome) -> None:
        pending = [{"type": "resolve", "at": "2026-11-20T04:00:00Z"}, {"type": "unacknowledge"}]
        pending.append({"type": "unacknowledge", "at": f"2026-11-20T{wakes}Z"})
        async with serving(Desk()) as desk, source_of(desk) as source:
            desk.add(acknowledged("P1", pending_actions=pending))
            result = (await source.act(Snooze(HOUR), ["P1"], NOW))["P1"]
        assert result.outcome is outcome
        assert len(sent(desk)) == (outcome is CONFIRMED)

    async def test_a_new_one_takes_the_place_of_one_that_runs(self) -> None:
        pending = [{"type": "unacknowledge", "at": "2026-11-20T04:00:00Z"}]
        async with serving(Desk()) as desk:
            desk.add(acknowledged("P1", pending_actions=pending))
            assert (await done(desk, Snooze(HOUR), "P1"))["P1"].outcome is CONFIRMED


class TestNote:
    async def test_it_is_written_as_it_is_on_every_incident(self) -> None:
        text = "tried [rollback]\n  did not help \u2603"
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA), resolved("P2"))
            results = await done(desk, Note(text), "P1", "P2", "P1")
        assert results == {one: ActResult(one, CONFIRMED, by="Ana Smith") for one in ("P1", "P2")}
        assert sorted(sent(desk)) == [(f"/incidents/{one}/notes", {"note": {"content": text}}) for one in ("P1", "P2")]
        assert not [one for one in desk.requests if one.method == "GET" and "/incidents" in one.path]

    @pytest.mark.parametrize("text", ["", " \n", "x" * 25_001])
    async def test_what_cannot_be_a_note_is_refused_in_words(self, text: str) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            result = (await done(desk, Note(text), "P1"))["P1"]
        assert result.outcome is FAILED
        assert ("25,001 characters is too long" if text.strip() else "needs a text") in result.reason
        assert desk.requests == []

    async def test_two_that_are_alike_are_two(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            for _ in range(2):
                await done(desk, Note("again"), "P1")
        assert len(desk.notes["P1"]) == 2

    @pytest.mark.parametrize(
        ("found", "outcome"),
        [
            (note("why"), ALREADY),
            (note(" why\r\n"), ALREADY),
            (note("why  "), ALREADY),
            (note("why", at="2026-11-20T02:59:10Z"), ALREADY),
            (note("why", at="2026-11-20T02:58:50Z"), CONFIRMED),
            (note("why", BOB), CONFIRMED),
            (note("why not"), CONFIRMED),
            (note("why", at="no time"), CONFIRMED),
            ({"content": None, "created_at": "2026-11-20T03:00:00Z"}, CONFIRMED),
        ],
        ids=[
            "same",
            "other line end",
            "other blanks",
            "within a minute",
            "of before",
            "of Bob",
            "other text",
            "undated",
            "empty",
        ],
    )
    async def test_one_whose_end_is_not_known_is_looked_for(self, found: dict[str, Any], outcome: ActOutcome) -> None:
        async with serving(Desk(notes={"P1": [found]})) as desk, source_of(desk) as source:
            desk.add(held("P1", ANA))
            result = (await source.act(Note("why"), ["P1"], NOW))["P1"]
        assert result.outcome is outcome
        assert len(sent(desk)) == (outcome is CONFIRMED)
        if outcome is ALREADY:
            assert result.by == "Ana Smith"

    async def test_a_multi_line_text_is_the_same_with_other_line_ends(self) -> None:
        async with serving(Desk(notes={"P1": [note("a\r\nb")]})) as desk, source_of(desk) as source:
            desk.add(held("P1", ANA))
            assert (await source.act(Note("a\nb"), ["P1"], NOW))["P1"].outcome is ALREADY

    async def test_whose_token_it_is_not_known_and_the_text_decides(self) -> None:
        async with serving(Desk(me=None, notes={"P1": [note("why", BOB)]})) as desk, source_of(desk) as source:
            desk.add(held("P1", ANA))
            assert (await source.act(Note("why"), ["P1"], NOW))["P1"].outcome is ALREADY

    async def test_the_user_of_from_email_counts_as_we(self) -> None:
        async with (
            serving(Desk(me=None, notes={"P1": [note("why", BOB)]})) as desk,
            source_of(desk, from_email="BOB@acme.example") as source,
        ):
            desk.add(held("P1", ANA))
            assert (await source.act(Note("why"), ["P1"], NOW))["P1"].outcome is ALREADY

    async def test_when_it_cannot_be_looked_for_nothing_is_sent(self) -> None:
        async with serving(Desk()) as desk, source_of(desk) as source:
            desk.add(held("P1", ANA), held("P2", ANA))
            desk.fail("GET /incidents/P1/notes", 500)
            results = await source.act(Note("why"), ["P1", "P2", "PGHOST"], NOW)
        assert [one.outcome for one in results.values()] == [FAILED, CONFIRMED, GONE]
        assert [path for path, _ in sent(desk)] == ["/incidents/P2/notes"]
        assert (results["P1"].may_wait, results["P1"].may_have_arrived) == (True, False)

    @pytest.mark.parametrize("answer", [{}, {"notes": None}, {"notes": {}}])
    async def test_an_answer_that_names_no_notes_is_no_word_that_there_are_none(self, answer: object) -> None:
        async with serving(Desk()) as desk, source_of(desk) as source:
            desk.add(held("P1", ANA))
            desk.fail("GET /incidents/P1/notes", 200, answer)
            result = (await source.act(Note("why"), ["P1"], NOW))["P1"]
        assert (result.outcome, result.may_wait) == (FAILED, True)
        assert "did not say which notes there are" in result.reason
        assert sent(desk) == []

    async def test_an_answer_without_a_note_is_no_yes(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            desk.fail("POST /incidents/P1/notes", 200, {"status": "ok"})
            result = (await done(desk, Note("why"), "P1"))["P1"]
        assert (result.outcome, result.may_have_arrived) == (FAILED, True)


class TestMerge:
    async def test_the_sources_become_part_of_the_target(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("PT", ANA), held("P1", ANA), acknowledged("P2"))
            results = await done(desk, Merge("PT"), "P1", "P2")
        assert results == {one: ActResult(one, CONFIRMED) for one in ("P1", "P2")}
        sources = [{"id": one, "type": "incident_reference"} for one in ("P1", "P2")]
        assert sent(desk) == [("/incidents/PT/merge", {"source_incidents": sources})]

    async def test_sources_that_are_over_or_the_target_itself_are_left_out(self) -> None:
        into = {"type": "merge_resolve_reason", "incident": {"id": "PT"}}
        elsewhere = {"type": "merge_resolve_reason", "incident": {"id": "PX"}}
        async with serving(Desk()) as desk:
            desk.add(held("PT", ANA), held("P1", ANA), resolved("P2"), resolved("P3", resolve_reason=into))
            desk.add(resolved("P4", resolve_reason=elsewhere))
            results = await done(desk, Merge("PT"), "PT", "P1", "P2", "P3", "P4", "PGHOST")
        assert {one: result.outcome for one, result in results.items()} == {
            "PT": ALREADY,
            "P1": CONFIRMED,
            "P2": GONE,
            "P3": ALREADY,
            "P4": GONE,
            "PGHOST": GONE,
        }
        assert results["P3"].by == "Bob Jones"
        ((_, body),) = sent(desk)
        assert [one["id"] for one in body["source_incidents"]] == ["P1"]

    @pytest.mark.parametrize(
        ("target", "why"),
        [
            (resolved("PT"), "resolved: choose one that is open"),
            (None, "PagerDuty does not know this incident"),
            (held("PT", ANA, status="odd"), "did not say how"),
        ],
    )
    async def test_the_target_must_be_open(self, target: dict[str, Any] | None, why: str) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA), *([target] if target else []))
            result = (await done(desk, Merge("PT"), "P1"))["P1"]
        assert (result.outcome, result.may_have_arrived) == (FAILED, False)
        assert why in result.reason and result.reason.endswith("Nothing was sent.")
        assert sent(desk) == []

    async def test_what_was_merged_before_stays_so_though_the_target_is_over(self) -> None:
        into = {"type": "merge_resolve_reason", "incident": {"id": "PT"}}
        async with serving(Desk()) as desk:
            desk.add(resolved("PT"), resolved("P1", resolve_reason=into), held("P2", ANA))
            results = await done(desk, Merge("PT"), "P1", "P2", "PT")
        assert [one.outcome for one in results.values()] == [ALREADY, FAILED, ALREADY]
        assert sent(desk) == []

    async def test_a_target_that_nobody_knows_is_gone_itself(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            results = await done(desk, Merge("PT"), "P1", "PT")
        assert [one.outcome for one in results.values()] == [FAILED, GONE]

    async def test_a_refusal_is_narrowed_down_and_told_with_the_limit(self) -> None:
        ids = [f"P{n}" for n in range(8)]
        async with serving(Desk(stubborn={"P5"})) as desk:
            desk.add(held("PT", ANA), *(held(one, ANA) for one in ids))
            results = await done(desk, Merge("PT"), *ids)
        assert [one for one, result in results.items() if result.outcome is FAILED] == ["P5"]
        assert "Too many alerts" in results["P5"].reason and "1,000 alerts at most" in results["P5"].reason

    async def test_an_answer_about_another_incident_is_no_yes(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("PT", ANA), held("P1", ANA))
            desk.fail("PUT /incidents/PT/merge", 200, {"incident": {"id": "PX"}})
            result = (await done(desk, Merge("PT"), "P1"))["P1"]
        assert (result.outcome, result.may_have_arrived) == (FAILED, True)


WANTED = NewIncident("It burns", "PSERV", "key-1")


class TestCreate:
    async def test_everything_that_is_known_is_sent(self) -> None:
        wanted = NewIncident("It\n burns", "PSERV", "key-1", "low", "p2", "the disk\nis full")
        async with serving(Desk()) as desk, source_of(desk) as source:
            assert isinstance(source, Creates)
            assert await source.create(wanted) == ActResult("PNEW0", CONFIRMED)
        expected = {
            "type": "incident",
            "title": "It burns",
            "service": {"id": "PSERV", "type": "service_reference"},
            "incident_key": "key-1",
            "urgency": "low",
            "priority": {"id": "PPRIO2", "type": "priority_reference"},
            "body": {"type": "incident_body", "details": "the disk\nis full"},
        }
        assert sent(desk) == [("/incidents", {"incident": expected})]
        (post,) = desk.asked("POST", "/incidents")
        assert post.headers["From"] == "ana@acme.example"

    async def test_no_more_than_that_is_sent(self) -> None:
        async with serving(Desk()) as desk, source_of(desk) as source:
            await source.create(WANTED)
        ((_, body),) = sent(desk)
        assert body["incident"].keys() == {"type", "title", "service", "incident_key"}

    @pytest.mark.parametrize("is_known", [True, False])
    async def test_one_whose_end_is_not_known_is_looked_for_by_its_key(self, is_known: bool) -> None:
        async with serving(Desk()) as desk, source_of(desk) as source:
            desk.add(incident("P1", incident_key="key-1" if is_known else "key-2"))
            result = await source.create(WANTED, NOW)
        assert (result.id, result.outcome) == (("P1", ALREADY) if is_known else ("PNEW1", CONFIRMED))
        (read,) = desk.asked("GET", "/incidents")
        assert dict(read.query) == {"incident_key": "key-1", "service_ids[]": "PSERV", "date_range": "all"}
        assert len(sent(desk)) == (not is_known)

    async def test_a_key_that_is_taken_names_the_incident_that_has_it(self) -> None:
        async with serving(Desk()) as desk, source_of(desk) as source:
            desk.add(incident("P1", incident_key="key-1"))
            assert await source.create(WANTED) == ActResult("P1", ALREADY, "It was opened before.")

    async def test_a_key_on_another_service_is_another_incident(self) -> None:
        async with serving(Desk()) as desk, source_of(desk) as source:
            desk.add(incident("P1", incident_key="key-1", service={"id": "POTHER"}))
            result = await source.create(WANTED)
        assert (result.id, result.outcome) == ("", FAILED)
        assert "already exists" in result.reason

    async def test_a_refusal_is_told_when_nobody_can_look_whether_it_is_there(self) -> None:
        async with serving(Desk()) as desk, source_of(desk) as source:
            desk.add(incident("P1", incident_key="key-1"))
            desk.fail("GET /incidents", 500)
            result = await source.create(WANTED)
        assert (result.id, result.outcome) == ("", FAILED)
        assert "already exists" in result.reason

    @pytest.mark.parametrize(
        ("wanted", "why"),
        [
            (NewIncident(" ", "PSERV", "k"), "needs a title"),
            (NewIncident("t" * 1_025, "PSERV", "k"), "1,025 characters is too long"),
            (NewIncident("t", "", "k"), "a service"),
            (NewIncident("t", "PSERV", ""), "a key"),
            (NewIncident("t", "PSERV", "k", urgency="severe"), "high and low"),
            (NewIncident("t", "PSERV", "k", priority="P9"), "there are P1, P2, P3"),
        ],
    )
    async def test_what_makes_no_sense_is_not_sent(self, wanted: NewIncident, why: str) -> None:
        async with serving(Desk()) as desk, source_of(desk) as source:
            result = await source.create(wanted)
        assert (result.id, result.outcome, result.may_have_arrived) == ("", FAILED, False)
        assert why in result.reason
        assert sent(desk) == []

    async def test_an_answer_without_an_incident_is_no_yes(self) -> None:
        async with serving(Desk()) as desk, source_of(desk) as source:
            desk.fail("POST /incidents", 201, {"incident": {"title": "It burns"}})
            result = await source.create(WANTED)
        assert (result.id, result.outcome, result.may_have_arrived) == ("", FAILED, True)

    async def test_when_it_cannot_be_looked_for_nothing_is_sent(self) -> None:
        async with serving(Desk()) as desk, source_of(desk) as source:
            desk.fail("GET /incidents", 500)
            result = await source.create(WANTED, NOW)
        assert (result.outcome, result.may_have_arrived) == (FAILED, False)
        assert sent(desk) == []
