"""Accounts at providers: how each fares, its credit there, and its options, which are shown to nobody again."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sidecar.domain.refused import Refused
from sidecar.keeping import accounts as keeping
from sidecar.ledger import pages
from sidecar.providers.base import CheckFailed
from sidecar.storage import accounts
from sidecar.storage.accounts import Account
from sidecar.web.admin.desk import AdminDesk
from sidecar.web.admin.language import _
from sidecar.web.problems import Problem

ANSWERS_STOP = ("unknown", "yes", "no")
FASTEST = 10_000


def install(bp: Blueprint, desk: AdminDesk) -> None:
    _looking(bp, desk)
    _adding(bp, desk)
    _checking(bp, desk)
    _changing(bp, desk)


def _looking(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/providers")
    def providers() -> str:
        with desk.database.read() as connection:
            lines = pages.provider_lines(connection)
        return render_template("admin/providers/list.html", lines=lines, kinds=keeping.kinds())

    @bp.get("/providers/<account_id>")
    def provider(account_id: str) -> str:
        return _page(desk, account_id)


def _adding(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/add-provider")
    def add_provider() -> str:
        return _form(request.args.get("kind", ""))

    @bp.post("/add-provider")
    def open_account() -> AnyResponse | tuple[str, int]:
        form = request.form
        kind, name, channel = form.get("kind", ""), form.get("name", ""), form.get("channel") or None
        try:
            with desk.database.write() as connection:
                made = keeping.create(connection, desk.vault, kind, name, _given(kind), channel, desk.clock())
                desk.record(connection, "provider.add", made, kind=kind)
        except Refused as refused:
            return _form(kind, fault=str(refused)), 422
        flash(_("The account is added. Ask it for its balance to see that its keys are right."), "good")
        return redirect(url_for("admin.provider", account_id=made), 303)


def _checking(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.post("/providers/<account_id>/check")
    def check_provider(account_id: str) -> AnyResponse:
        """A call to the provider, outside any transaction."""
        account = _account(desk, account_id)
        try:
            told = keeping.checked(desk.provider_of(account.id))
        except CheckFailed as problem:
            flash(_("It did not work: %(problem)s.", problem=str(problem).rstrip(".")), "bad")
        else:
            flash(_("It answered: %(words)s.", words=" ".join(told.values())), "good")
        with desk.database.write() as connection:
            desk.record(connection, "provider.check", account.id)
        return redirect(url_for("admin.provider", account_id=account.id), 303)


def _changing(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.post("/providers/<account_id>")
    def change_provider(account_id: str) -> AnyResponse | tuple[str, int]:
        account = _account(desk, account_id)
        try:
            changes = _changes()
        except ValueError as fault:
            return _page(desk, account.id, fault=str(fault)), 422
        if changes:
            with desk.database.write() as connection:
                keeping.change_use(connection, account.id, changes, {})
                desk.record(connection, "provider.change", account.id, changed=sorted(changes))
        flash(_("Saved.") if changes else _("Nothing was changed."), "good")
        return redirect(url_for("admin.provider", account_id=account.id), 303)

    @bp.post("/providers/<account_id>/options")
    def change_options(account_id: str) -> AnyResponse | tuple[str, int]:
        account = _account(desk, account_id)
        given = _changed_options(account.kind)
        try:
            with desk.database.write() as connection:
                keeping.change_options(connection, desk.vault, account, given)
                desk.record(connection, "provider.options", account.id, options=sorted(given))
        except Refused as refused:
            return _page(desk, account.id, fault=str(refused)), 422
        flash(_("Saved. Every process uses them within a quarter of a minute."), "good")
        return redirect(url_for("admin.provider", account_id=account.id), 303)


def _changes() -> dict[str, Any]:
    """Only what differs from what the page showed, which comes back with it: what somebody else saved meanwhile
    stays."""
    readers = {"rate": _rate, "low_balance": _amount, "answers_stop": _answers_stop}
    typed = {name: request.form.get(name, "").strip() for name in readers}
    return {name: readers[name](word) for name, word in typed.items() if word != request.form.get(f"was-{name}")}


def _rate(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and int(typed) <= FASTEST):
        raise ValueError(_("Messages a second: a number from 0 to %(most)s; 0 is as many as it takes.", most=FASTEST))
    return int(typed)


def _amount(typed: str) -> Decimal | None:
    if not typed:
        return None
    try:
        amount = Decimal(typed.replace(",", "."))
        if amount.is_finite():
            return amount.quantize(Decimal("0.0001"))
    except InvalidOperation:
        pass
    raise ValueError(_("Warn below: write an amount such as 20 or 12.50."))


def _answers_stop(typed: str) -> str:
    return typed if typed in ANSWERS_STOP else "unknown"


def _page(desk: AdminDesk, account_id: str, fault: str = "") -> str:
    account = _account(desk, account_id)
    with desk.database.read() as connection:
        line = next(line for line in pages.provider_lines(connection) if line.account.id == account.id)
        token = accounts.token(connection, desk.vault, account.id)
        kept = accounts.options(connection, desk.vault, account.id)
    options = keeping.options_of(account.kind)
    shown = {option.name: kept.get(option.name, "") for option in options if not option.secret}
    return render_template(
        "admin/providers/provider.html",
        line=line,
        account=account,
        options=options,
        shown=shown,
        kept=set(kept),
        callbacks=f"{desk.public_url}/callbacks/{account.id}/{token}",
        can=keeping.abilities_of(account.kind),
        fault=fault,
    )


def _form(kind: str, fault: str = "") -> str:
    chosen = kind if kind in keeping.kinds() else ""
    return render_template(
        "admin/providers/add.html",
        kind=chosen,
        kinds=keeping.kinds(),
        options=keeping.options_of(chosen) if chosen else [],
        channels=keeping.channels_of(chosen) if chosen else [],
        fault=fault,
    )


def _given(kind: str) -> dict[str, str]:
    """The options that were typed in; what was left empty is not given."""
    return {name: value for name, value in _options(kind, "option").items() if value}


def _changed_options(kind: str) -> dict[str, str]:
    """Those that differ from what the page showed; one that was shown and is emptied is taken away."""
    given, shown = _options(kind, "option"), _options(kind, "was-option")
    emptied = dict.fromkeys((name for name, was in shown.items() if was and not given.get(name)), "")
    return {**{name: value for name, value in given.items() if value and value != shown.get(name)}, **emptied}


def _options(kind: str, begin: str) -> dict[str, str]:
    """Those that stand in the form."""
    names = [option.name for option in keeping.options_of(kind)] if kind in keeping.kinds() else []
    typed = {name: request.form.get(f"{begin}-{name}") for name in names}
    return {name: value.replace("\r\n", "\n").strip() for name, value in typed.items() if value is not None}


def _account(desk: AdminDesk, account_id: str) -> Account:
    with desk.database.read() as connection:
        found = accounts.several(connection, {account_id})
    if not found:
        raise Problem(404, "unknown_account", _("There is no such account."))
    return found[0]
