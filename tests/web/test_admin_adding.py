"""Adding a shop on the pages: every fault stands beside its field, in the language of who reads."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sidecar.domain.shop import Platform
from sidecar.keeping.opening import Application
from sidecar.wiring import Recado

from .pages import csrf_of, text_of

PORTUGUESE = {"Accept-Language": "pt-BR"}
GOOD = {"platform": "magento", "name": "Loja", "url": "https://loja.example", "sender": "Loja", "mode": "3"}


def add(inside: FlaskClient, **fields: str) -> TestResponse:
    form = {"csrf": csrf_of(inside.get("/admin/add-shop")), **GOOD, **fields}
    return inside.post("/admin/add-shop", data=form, headers=PORTUGUESE)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", " ", "Escreva um nome de no máximo 120 letras."),
        ("url", "loja", "https://shop.example.org"),
        ("country", "Brasil", "não é válido"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(inside: FlaskClient, field: str, typed: str, told: str) -> None:
    answer = add(inside, **{field: typed})
    assert answer.status_code == 422 and told in text_of(answer)
    page = answer.get_data(as_text=True)
    assert 'aria-invalid="true"' in page[page.index(f'id="{field}"') :][:400]
    assert "https://loja.example" in page or field == "url", "what was typed well stays"


def test_a_name_that_is_taken(inside: FlaskClient) -> None:
    assert add(inside).status_code == 303
    assert "Já existe uma loja com esse nome" in text_of(add(inside))


def test_two_shops_of_one_magento_installation(inside: FlaskClient, recado: Recado) -> None:
    """Whose keys were not tried: the address tells enough."""
    keys = {"access_token": "tok"}
    told: dict[str, Any] = {"settings": {}, "keys": keys, "unchecked": True}
    recado.opening.open(Application(Platform.MAGENTO, "Loja", "https://loja.example", **told))
    vars(recado.opening)["_about"] = lambda *_: None
    answer = add(inside, name="Store", access_token="tok")
    assert answer.status_code == 422 and "Outra loja é consultada na mesma instalação do Magento" in text_of(answer)
