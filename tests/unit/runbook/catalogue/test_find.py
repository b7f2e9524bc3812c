"""From an alert to its file: each rule, in their order, with its words; nothing outside of the roots."""

from dataclasses import replace
from pathlib import Path

import pytest

from oncall_tui.runbook.catalogue.find import Rule, search, subject_of
from tests.unit.builders import PAGERDUTY, alert, record
from tests.unit.runbook.catalogue.library import entries, found, names, places, written

NATIVE = "---\noncall: 1\ntitle: {title}\nmatch:\n{match}---\n# x\n"


def native(title: str, *match: str) -> str:
    return NATIVE.format(title=title, match="".join(f"  - {one}\n" for one in match))


@pytest.fixture
def team(tmp_path: Path) -> Path:
    return written(
        tmp_path / "team",
        {
            "latency.md": native("Latency", "alertname: APILatencyHigh", "{alertname: ~Api.*, team: a}"),
            "alerts/KubePodCrashLooping.md": "# Pods\n## Diagnosis\n",
            "alerts/node/NodeDown.md": "# Nodes\n",
            "alerts/index.md": "# All\n## Alert Name: DiskFull\ntext\n## Alert Name: Other\n",
            "etcd-members-down.md": "# etcd\n",
            "README.md": "# DiskFull\n",
        },
    )


class TestMatch:
    def test_it_rules_over_the_name_and_says_what_fits(self, tmp_path: Path) -> None:
        text = native("A", "{alertname: X, team: ~a|b}")
        where = places(written(tmp_path, {"a.md": text, "X.md": "# x\n"}))
        finding = found(where, "X", {"team": "b"})
        assert (finding.rule, names(finding)) == (Rule.MATCH, ["a.md"])
        assert finding.candidates[0].why == "its match fits: alertname X, team ~a|b"

    @pytest.mark.parametrize(
        ("name", "labels", "fits"),
        [
            ("APILatencyHigh", {}, True),
            ("ApiSlow", {"team": "a"}, True),
            ("ApiSlow", {"team": "b"}, False),
            ("ApiSlow", {}, False),
            ("XApiSlow", {"team": "a"}, False),
            ("apilatencyhigh", {}, False),
            ("Api" + "x" * 2_000, {"team": "a"}, False),
        ],
    )
    def test_every_label_of_an_entry_has_to_fit_in_full(
        self, team: Path, name: str, labels: dict[str, str], fits: bool
    ) -> None:
        assert (found(places(team), name, labels).rule is Rule.MATCH) is fits

    def test_several_are_told_the_most_exact_first(self, tmp_path: Path) -> None:
        files = {"a.md": native("A", "alertname: X"), "b.md": native("B", "{alertname: X, team: a}")}
        finding = found(places(written(tmp_path, files)), "X", {"team": "a"})
        assert names(finding) == ["b.md", "a.md"]


class TestAnnotation:
    @pytest.mark.parametrize(
        ("address", "file", "how"),
        [
            ("alerts/node/NodeDown.md", "alerts/node/NodeDown.md", "is the path alerts/node/NodeDown.md"),
            ("./alerts/node/NodeDown", "alerts/node/NodeDown.md", "is the path alerts/node/NodeDown"),
            (
                "https://github.com/team/runbooks/blob/main/alerts/node/NodeDown.md?plain=1#meaning",
                "alerts/node/NodeDown.md",
                "is the path alerts/node/NodeDown.md",
            ),
            (
                "https://runbooks.example.com/x/kubepodcrashlooping/",
                "alerts/KubePodCrashLooping.md",
                "ends in the name",
            ),
            ("https://runbooks.example.com/x/NodeDown.html", "alerts/node/NodeDown.md", "ends in the name NodeDown"),
            ("https://example.com/alerts%2Fnode%2FNodeDown.md", "alerts/node/NodeDown.md", "is the path"),
            ("NodeDown", "alerts/node/NodeDown.md", "ends in the name NodeDown"),
            ("alerts/", "alerts/index.md", "is the path alerts"),
        ],
    )
    @pytest.mark.parametrize("annotation", ["runbook_url", "runbook"])
    def test_a_path_or_an_address(self, team: Path, annotation: str, address: str, file: str, how: str) -> None:
        finding = found(places(team), "Unknown", annotations={annotation: address})
        assert (finding.rule, names(finding)) == (Rule.ANNOTATION, [file])
        assert finding.candidates[0].why.startswith(f"annotation {annotation} {how}")

    def test_a_prefix_names_its_folder(self, team: Path, tmp_path: Path) -> None:
        wiki = written(tmp_path / "wiki", {"a/NodeDown.md": "# wiki\n"})
        prefixes = {"https://wiki/": team, "https://wiki/ops/": wiki}
        where = places(team, wiki, prefixes=prefixes)
        finding = found(where, "Unknown", annotations={"runbook_url": "https://wiki/ops/a/NodeDown#top"})
        assert [one.entry.root for one in finding.candidates] == ["wiki"]
        assert finding.candidates[0].why == "annotation runbook_url begins with https://wiki/ops/"

    @pytest.mark.parametrize(
        ("address", "anchor"),
        [
            ("x/KubePodCrashLooping#diagnosis", "diagnosis"),
            ("x/KubePodCrashLooping#Diagnosis", "diagnosis"),
            ("x/KubePodCrashLooping#nowhere", ""),
            ("alerts/index.md#alert-name-other", "alert-name-other"),
            ("alerts/index.md", "alert-name-diskfull"),
        ],
    )
    def test_an_anchor_leads_to_a_section(self, team: Path, address: str, anchor: str) -> None:
        assert found(places(team), "DiskFull", annotations={"runbook_url": address}).candidates[0].anchor == anchor

    @pytest.mark.parametrize(
        ("address", "why"),
        [
            ("../secret.md", "leads out of the runbook folders"),
            ("alerts/../../secret.md", "leads out of the runbook folders"),
            ("https://x/%2e%2e/secret.md", "leads out of the runbook folders"),
            ("..\\secret.md", "backslashes"),
            ("file:///etc/passwd", "addresses of the kind file are not followed"),
            ("javascript:alert(1)", "addresses of the kind javascript"),
            ("http://[", "no address"),
            ("a\x1b[31m", "control characters"),
            ("a%00b", "control characters"),
            ("x" * 3_000, "too long"),
        ],
    )
    def test_what_leads_elsewhere_is_refused_and_told(self, team: Path, address: str, why: str) -> None:
        written(team.parent, {"secret.md": "# secret\n"})
        finding = found(places(team), "Unknown", annotations={"runbook": address})
        assert (finding.rule, finding.candidates) == (Rule.NONE, ())
        assert why in finding.refused[0]
        assert finding.refused[0].isprintable()

    def test_an_address_that_leads_to_no_file_leaves_it_to_the_next_rule(self, team: Path) -> None:
        assert found(places(team), "NodeDown", annotations={"runbook_url": "https://x/y/z"}).rule is Rule.NAME


class TestNames:
    @pytest.mark.parametrize("name", ["NodeDown", "nodedown", "EtcdMembersDown", "etcd_members_down"])
    def test_the_file_has_the_name_of_the_alert(self, team: Path, name: str) -> None:
        finding = found(places(team), name)
        assert finding.rule is Rule.NAME
        assert finding.candidates[0].why == "the file has the name of the alert"

    def test_one_file_in_two_folders_is_told_twice_the_first_folder_first(self, tmp_path: Path) -> None:
        folders = [written(tmp_path / name, {"X.md": "# x\n"}) for name in ("one", "two")]
        assert [one.entry.root for one in found(places(*folders), "X").candidates] == ["one", "two"]

    def test_a_heading_has_it(self, team: Path) -> None:
        finding = found(places(team), "DiskFull")
        assert (finding.rule, names(finding)) == (Rule.HEADING, ["alerts/index.md"])
        assert finding.candidates[0].anchor == "alert-name-diskfull"

    @pytest.mark.parametrize("name", ["Disk", "DiskFul", "Full", "", "(", "[a"])
    def test_a_part_of_a_word_is_no_name(self, team: Path, name: str) -> None:
        finding = found(places(team), name)
        assert (finding.rule, finding.search) == (Rule.NONE, name)


def test_a_search_takes_every_word_and_tells_names_first(team: Path) -> None:
    everything = entries(places(team))
    assert [one.relative for one in search("alert diskfull", everything)] == ["alerts/index.md"]
    assert search("node", everything)[0].relative == "alerts/node/NodeDown.md"
    assert search("node nothing", everything) == []


def test_an_alert_of_the_screen_is_asked_about_by_all_its_records() -> None:
    one = replace(record(labels={"alertname": "X", "service": "api"}), runbook="https://x/y")
    two = record(PAGERDUTY, labels={"service": "web", "team": "t"})
    subject = subject_of(alert(one, two))
    assert (subject.alertname, subject.labels["service"], subject.labels["team"]) == ("X", "api", "t")
    assert subject.annotations == {"runbook_url": "https://x/y"}


def test_annotations_of_all_records_are_known_and_the_leading_one_rules() -> None:
    one = replace(record(), annotations={"runbook": "Slow", "team": "web"}, runbook="Slow")
    two = replace(record(PAGERDUTY), annotations={"team": "api", "dashboard": "d"})
    assert subject_of(alert(one, two)).annotations == {"runbook": "Slow", "team": "web", "dashboard": "d"}
