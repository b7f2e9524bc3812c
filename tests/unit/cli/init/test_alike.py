"""Which names mean the same service."""

import pytest

from oncall_tui.cli.init.alike import Known, aliases_of, production_like


@pytest.mark.parametrize(
    ("other", "services", "service"),
    [
        ("Checkout API", ["checkout", "payments"], "checkout"),
        ("checkout", ["checkout-service"], "checkout-service"),
        ("api", ["api-service", "auth-service"], "api-service"),
        ("CheckoutService", ["checkout"], "checkout"),
        ("Checkout (production)", ["checkout"], "checkout"),
        ("check_out", ["checkout"], "checkout"),
        ("Checkout", ["checkout"], "checkout"),
        ("payment-gateway", ["payments-gateway"], "payments-gateway"),
        ("order-web", ["order-api"], None),
        ("border", ["order"], None),
        ("Landing page", ["checkout"], None),
        ("checkout", ["checkout-api", "checkout-service"], None),
        ("!!!", ["checkout"], None),
        ("checkout", [], None),
    ],
)
def test_a_name_means_the_one_service_that_it_looks_like(other: str, services: list[str], service: str | None) -> None:
    assert Known(services).meant(other) == service


def test_the_same_words_go_before_the_same_core() -> None:
    assert Known(["checkout-api", "checkout"]).meant("checkout api") == "checkout-api"


def test_aliases_are_one_for_every_spelling_and_none_for_the_name_itself() -> None:
    others = ["Checkout API", "checkout api", "checkout", "payments", "Payments", "site"]
    assert aliases_of(["checkout", "payments"], others) == {
        "checkout": ("Checkout API",),
        "payments": ("Payments",),
    }


@pytest.mark.parametrize(
    ("name", "is_production"),
    [
        ("production", True),
        ("prod-eu", True),
        ("eu_prod", True),
        ("live", True),
        ("PRD", True),
        ("staging", False),
        ("non-prod", False),
        ("pre-production", False),
        ("product", False),
        ("delivery", False),
    ],
)
def test_production_is_known_by_its_name(name: str, is_production: bool) -> None:
    assert production_like(name) is is_production


def test_a_thousand_names_are_held_against_a_thousand_others() -> None:
    services = [f"service-{number:04}-{'abcdefgh'[number % 8]}lpha" for number in range(1_000)]
    others = [f"Service {number:04} {'abcdefgh'[number % 8]}lpha API" for number in range(1_000)]
    found = aliases_of(services, others)
    assert len(found) == 1_000
    assert found[services[7]] == (others[7],)
