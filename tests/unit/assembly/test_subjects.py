"""What an alert tells a runbook: texts as their vendors have them, from every record."""

from dataclasses import replace

from oncall_tui.assembly.subjects import known_of
from oncall_tui.domain.alert import Record
from oncall_tui.domain.situation import Situation
from oncall_tui.runbook.options import Parameter
from oncall_tui.runbook.values.resolve import Value, resolve
from tests.unit.builders import NOW, PAGERDUTY, alert, record

SITUATION = Situation(1, NOW)


def _value(parameter: Parameter, *records: Record) -> Value:
    known = known_of(alert(*records), SITUATION, {}, {}, {})
    return resolve({parameter.name: parameter}, known)[parameter.name]


def _parameter(name: str) -> Parameter:
    return Parameter(name, origins=(f"annotations.{name}",))


def test_a_parameter_is_filled_from_an_annotation() -> None:
    one = replace(record(), annotations={"dashboard": "slow-1"})
    value = _value(_parameter("dashboard"), one)
    assert (value.text, value.origin) == ("slow-1", "annotation dashboard")


def test_records_that_disagree_are_both_offered() -> None:
    one, two = (replace(record(source), annotations={"team": source}) for source in (record().source, PAGERDUTY))
    value = _value(_parameter("team"), one, two)
    assert value.text is None
    assert [text for _, text in value.offered] == [str(one.source), str(two.source)]


def test_a_text_that_is_drawn_otherwise_is_judged_as_its_vendor_has_it() -> None:
    one = replace(record(), annotations={"team": "a\ufffdb"}, raw_annotations=(("team", "a\x1bb"),))
    value = _value(Parameter("team", origins=("annotations.team",), pattern="a.b"), one)
    assert value.text is None
    assert "is not used" in value.problem


def test_the_address_of_a_runbook_is_known_without_other_annotations() -> None:
    parameter = Parameter("runbook_url", origins=("annotations.runbook_url",), pattern="https://.*")
    assert _value(parameter, replace(record(), runbook="https://x/y")).text == "https://x/y"
