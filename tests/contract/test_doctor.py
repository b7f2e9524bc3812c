"""What every source promises the doctor: findings that say what they are about, in clean words, whatever is wrong."""

import pytest

from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.text import clean
from oncall_tui.sources.base import CheckState, KnowsAlertRules, NamesServices, Source, Topic
from oncall_tui.sources.errors import SourceError
from tests.contract.kinds import TOKEN, Kind
from tests.contract.test_source_contract import HOSTILE
from tests.contract.vendor_server import Behaviour, VendorServer, echo, json_of, page, status

WRONG = {
    "401": status(401),
    "403": status(403),
    "500": status(500),
    "page": page(),
    "list": json_of([{"id": None}]),
    "object": json_of({"unexpected": True}),
    "null": json_of(None),
    "echo": echo(400),
    "hostile": status(400, body='{"error": "\\u001b]0;PWNED\\u0007 \\u202e"}'),
}


async def test_the_first_thing_that_is_said_is_that_the_credential_is_good(source: Source) -> None:
    first, *_ = await source.check()
    assert (first.state, first.topic) == (CheckState.OK, Topic.CREDENTIAL)


@pytest.mark.parametrize("behaviour", WRONG.values(), ids=WRONG)
async def test_what_is_wrong_is_said_in_clean_words_with_what_to_do(
    source: Source, vendor: VendorServer, behaviour: Behaviour
) -> None:
    vendor.behaviour = behaviour
    found = await source.check()
    assert any(one.state is CheckState.FAILED for one in found)
    for one in found:
        assert one.topic is not Topic.GENERAL
        assert clean(one.what) == one.what and clean(one.advice) == one.advice
        assert TOKEN not in repr(one)
        assert one.advice or one.state is CheckState.OK


async def test_hostile_text_of_a_vendor_that_answers_comes_out_clean(
    source: Source, vendor: VendorServer, kind: Kind
) -> None:
    vendor.answers = kind.answers(HOSTILE)
    for one in await source.check():
        assert clean(one.what, 10_000) == one.what and clean(one.advice, 10_000) == one.advice


UNASKABLE = {name: one for name, one in WRONG.items() if name != "list"}


@pytest.mark.parametrize("behaviour", UNASKABLE.values(), ids=UNASKABLE)
async def test_a_vendor_that_cannot_be_asked_gives_no_names_of_services(
    source: Source, vendor: VendorServer, behaviour: Behaviour
) -> None:
    vendor.behaviour = behaviour
    if isinstance(source, NamesServices):
        with pytest.raises((SourceError, LookupError, TypeError, ValueError)):
            await source.service_names()


@pytest.mark.parametrize("behaviour", UNASKABLE.values(), ids=UNASKABLE)
async def test_a_vendor_that_cannot_be_asked_gives_no_alert_rules(
    source: Source, vendor: VendorServer, behaviour: Behaviour
) -> None:
    vendor.behaviour = behaviour
    if isinstance(source, KnowsAlertRules):
        with pytest.raises((SourceError, LookupError, TypeError, ValueError)):
            await source.alert_rules()


async def test_hostile_alert_rules_come_out_clean(source: Source, vendor: VendorServer) -> None:
    rule = {"name": HOSTILE, "type": "alerting", "labels": {HOSTILE: HOSTILE}, "annotations": {HOSTILE: HOSTILE}}
    vendor.behaviour = json_of({"status": "success", "data": {"groups": [{"rules": [rule, {"type": "recording"}]}]}})
    if isinstance(source, KnowsAlertRules):
        [found] = await source.alert_rules()
        texts = [found.name, *found.labels, *found.labels.values(), *found.annotations, *found.annotations.values()]
        assert len(texts) == 5 and all(text and clean(text) == text for text in texts)


async def test_a_service_without_a_name_is_no_name(source: Source, vendor: VendorServer) -> None:
    vendor.behaviour = json_of({"services": [{"id": "P1", "name": None}]})
    if source.kind is SourceKind.SENTRY:
        vendor.behaviour = json_of([{"id": "1", "slug": None}])
    if isinstance(source, NamesServices) and source.kind is not SourceKind.PROMETHEUS:
        assert await source.service_names() == frozenset()
