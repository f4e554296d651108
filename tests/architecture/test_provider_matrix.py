"""The comparison of providers says what their code declares, and each has its page."""

from sidecar.providers.registry import PROVIDERS, matrix
from tests.architecture.source import ROOT

DOCS = ROOT / "docs"


def test_the_matrix_is_as_declared() -> None:
    """`recado provider kinds --markdown` prints it anew."""
    assert matrix() in (DOCS / "providers.md").read_text(encoding="utf-8")


def test_every_provider_has_a_page_that_explains_its_options() -> None:
    for kind, provider in PROVIDERS.items():
        page = (DOCS / "providers" / f"{kind}.md").read_text(encoding="utf-8")
        for name, field in provider.Options.model_fields.items():
            assert f"`{field.alias or name}`" in page, f"{kind}: {name}"
