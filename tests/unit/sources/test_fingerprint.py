"""Fingerprints as prometheus/common computes them."""

from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.sources.fingerprint import fingerprint

LABELS = st.dictionaries(st.text(), st.text(), max_size=8)


def test_no_labels_give_the_offset_of_fnv_1a() -> None:
    assert fingerprint({}) == "cbf29ce484222325"


def test_the_examples_of_the_prometheus_project() -> None:
    # prometheus/common model/signature_test.go, TestLabelsToSignature, 5799056148416392346 for these two labels.
    assert fingerprint({"name": "garland, briggs", "fear": "love is not enough"}) == f"{5799056148416392346:016x}"


@given(LABELS)
def test_the_order_of_labels_does_not_matter(labels: dict[str, str]) -> None:
    assert fingerprint(labels) == fingerprint(dict(reversed(labels.items())))
    assert len(fingerprint(labels)) == 16


@given(LABELS, st.text(min_size=1))
def test_names_and_values_do_not_run_into_each_other(labels: dict[str, str], value: str) -> None:
    assert fingerprint({**labels, "a": f"b{value}"}) != fingerprint({**labels, f"ab{value}": ""})
