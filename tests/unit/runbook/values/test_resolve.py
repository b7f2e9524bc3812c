"""Values: the order of places, hostile labels, records that disagree, secrets."""

import pytest

from oncall_tui.runbook.options import Parameter, Pick, Type
from oncall_tui.runbook.values.known import Known, Told, flat
from oncall_tui.runbook.values.resolve import Value, given, resolve
from tests.unit.runbook.books import EXAMPLE, book, fenced

SERVICE = Parameter("service", origins=("labels.service",))


def value(parameter: Parameter, known: Known) -> Value:
    return resolve({parameter.name: parameter}, known)[parameter.name]


def labels(**found: str) -> Known:
    return Known(records=(Told("prometheus", labels=found),))


class TestOrder:
    everything = Parameter("x", origins=("config.a.x",), pick=Pick("rows", "x"), default="from-default")
    config = {"a.x": "from-config"}

    def test_typed_rules_over_all(self) -> None:
        known = Known(typed={"x": "from-me"}, picked={"x": "from-row"}, config=self.config)
        assert value(self.everything, known) == Value("x", "from-me", "typed")

    def test_then_the_picked_row(self) -> None:
        known = Known(picked={"x": "from-row"}, config=self.config)
        assert value(self.everything, known) == Value("x", "from-row", "picked from rows")

    def test_then_where_it_comes_from(self) -> None:
        assert value(self.everything, Known(config=self.config)) == Value("x", "from-config", "configuration a.x")

    def test_then_the_default(self) -> None:
        assert value(self.everything, Known()) == Value("x", "from-default", "default")

    def test_else_it_is_asked_for(self) -> None:
        assert value(SERVICE, Known()) == Value("service")

    @pytest.mark.parametrize(
        ("origin", "known", "words"),
        [
            ("labels.a", Known(records=(Told("p", labels={"a": "v1"}),)), "label a"),
            ("annotations.a", Known(records=(Told("p", annotations={"a": "v1"}),)), "annotation a"),
            ("deployment.version", Known(version="v1"), "version of the nearest deployment"),
            ("deployment.previous_version", Known(previous_version="v1"), "version before the nearest deployment"),
            ("config.a.b", Known(config={"a.b": "v1"}), "configuration a.b"),
            ("env.A", Known(environ={"A": "v1"}), "environment variable A"),
        ],
    )
    def test_every_place_is_named_in_words(self, origin: str, known: Known, words: str) -> None:
        parameter = Parameter("x", origins=(origin,))
        assert value(parameter, known) == Value("x", "v1", words)
        assert value(parameter, Known()).text is None


class TestHostile:
    @pytest.mark.parametrize(
        "text",
        [
            "$(touch x)",
            "`touch x`",
            "; rm -rf /",
            "--force",
            "-rf",
            "file:///etc/passwd",
            "a b",
            "a\nb",
            "a'b",
            'a"b',
            "a\\b",
            "\x1b[31m",
            "a\x00b",
            "../x",
            "*",
            "é",
            "a\u202eb",
            "x" * 129,
            "[@click=app.quit]",
        ],
    )
    def test_a_label_that_does_not_fit_is_not_used_and_says_why(self, text: str) -> None:
        found = value(SERVICE, labels(service=text))
        assert found.text is None
        assert found.problem.startswith("label service = ")
        assert "is not used: it " in found.problem
        assert found.problem.isprintable()

    def test_not_even_the_default_takes_its_place(self) -> None:
        parameter = Parameter("cluster", origins=("labels.cluster",), default="main")
        assert value(parameter, labels(cluster="$(x)")).text is None
        assert value(parameter, labels(other="x")).text == "main"

    def test_what_is_typed_has_to_fit_as_well(self) -> None:
        found = value(SERVICE, Known(typed={"service": "a b"}))
        assert (found.text, found.problem.split(":")[0]) == (None, "typed = a b is not used")

    @pytest.mark.parametrize(
        ("parameter", "good", "bad"),
        [
            (Parameter("x", Type.INT, min=1, max=5), "5", "6"),
            (Parameter("x", Type.INT), "-3", "3.5"),
            (Parameter("x", Type.FLOAT), "3.5", "1e9"),
            (Parameter("x", Type.BOOL), "true", "yes"),
            (Parameter("x", Type.DURATION), "1h30m", "5"),
            (Parameter("x", choices=("a b", "c")), "a b", "a"),
            (Parameter("x", pattern="[a-z ]+"), "a b", "a1"),
            (Parameter("x", pattern=".*"), "anything $()", "a\nb"),
            (Parameter("x", pattern="("), "", "x"),
            (Parameter("x"), "10.0.0.1", "10.0.0.1:9100"),
        ],
    )
    def test_types_choices_and_patterns(self, parameter: Parameter, good: str, bad: str) -> None:
        assert value(parameter, Known(typed={"x": bad})).problem
        if good:
            assert value(parameter, Known(typed={"x": good})).text == good


class TestRecords:
    def test_records_that_agree_or_say_nothing(self) -> None:
        known = Known(records=(Told("a"), Told("b", {"service": "api"}), Told("c", {"service": "api"})))
        assert value(SERVICE, known) == Value("service", "api", "label service")

    def test_records_that_disagree_are_asked_about_and_both_shown(self) -> None:
        known = Known(records=(Told("prom", {"service": "api"}), Told("pager", {"service": "web"})))
        found = value(SERVICE, known)
        assert found.text is None
        assert found.problem == "label service: prom says api, pager says web"
        assert found.offered == (("prom", "api"), ("pager", "web"))

    def test_what_does_not_fit_is_not_offered(self) -> None:
        known = Known(records=(Told("prom", {"service": "api"}), Told("pager", {"service": "$(x)"})))
        assert value(SERVICE, known).offered == (("prom", "api"),)

    def test_labels_of_imported_placeholders_go_by_their_usual_spellings(self) -> None:
        found = book(fenced("oc get pod <pod-name> <pvc>"))
        values = resolve(found.params, labels(pod_name="p1", persistentvolumeclaim="data"))
        assert (values["pod"].text, values["pvc"].text) == ("p1", "data")

    def test_native_parameters_go_by_the_exact_label(self) -> None:
        assert value(Parameter("pod", origins=("labels.pod",)), labels(pod_name="p1")).text is None


class TestSecrets:
    parameter = Parameter("token", Type.SECRET, ("env.TOKEN",))

    def test_a_secret_is_a_reference_and_masked(self) -> None:
        found = value(self.parameter, Known(environ={"TOKEN": "hunter2"}))
        assert found.text == "env:TOKEN"
        assert found.shown == "‹secret:token›"
        assert "hunter2" not in repr(found)

    def test_a_secret_of_the_configuration_stays_its_reference(self) -> None:
        found = value(Parameter("t", Type.SECRET, ("config.a",)), Known(config={"a": "keyring:x/y"}))
        assert (found.text, found.shown) == ("keyring:x/y", "‹secret:t›")

    def test_a_typed_secret_that_does_not_fit_is_not_repeated(self) -> None:
        found = value(self.parameter, Known(typed={"token": "hunter2\n"}))
        assert "hunter2" not in found.problem

    def test_nothing_that_is_known_shows_in_a_repr(self) -> None:
        assert "hunter2" not in repr(Known(environ={"A": "hunter2"}, typed={"b": "hunter2"}))


def test_nested_configuration_by_dotted_key() -> None:
    table = {"redis": {"cache": {"host": "r1"}}, "n": 5, "on": True, "list": [1]}
    assert flat(table) == {"redis.cache.host": "r1", "n": "5", "on": "true"}


def test_steps_become_runnable_with_the_values_of_the_alert() -> None:
    example = book(EXAMPLE.read_bytes())
    values = resolve(example.params, labels(service="api", env="prod", cluster="eu"))
    found = given(example, values)
    open_steps = {one.id: one.unresolved for one in found.steps if one.unresolved}
    assert open_steps == {
        "cancel_query": ("pid", "backend_start"),
        "terminate_backend": ("pid", "backend_start"),
        "bigkeys": ("redis_host",),
        "dbsize": ("redis_host",),
        "flushdb": ("redis_host",),
        "rollback": ("previous_version",),
        "health": ("base_url",),
    }
    assert values["cluster"].origin == "label cluster"
    assert values["max_tasks"].origin == "default"
