"""One-time codes, from the wish to the confirmed number."""

import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from sidecar.codes import Asked, CodeRefused, NotSent, NumberRefused
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.outcome import Found, OutcomeUnknown, TemporarilyFailed
from sidecar.domain.status import MessageState
from sidecar.policy.switch import Sending, Switch
from sidecar.storage import verifications as storage
from sidecar.storage.consents import Saying
from sidecar.storage.tables import messages, metadata, tariffs
from sidecar.storage.verifications import Verification
from tests.world import World

MARIA = "+5511912345678"
ASKED = Asked(to=MARIA, ip="203.0.113.7", subject="session-1", domain="loja.example")


def ask(world: World, **changes: Any) -> Verification:
    return world.codes.ask(world.shop, replace(ASKED, **changes))


def arrived(world: World) -> list[str]:
    """The codes that reached the phone."""
    world.dispatch()
    return [re.findall(r"\b[0-9]{6}\b", message.text)[0] for message in world.provider.sent]


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(CodeRefused) as refused:
        act()
    return refused.value.code


def check(world: World, verification: Verification, code: str, subject: str | None = None) -> Verification:
    return world.codes.check(world.shop, verification.id, code, subject)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_code_in_the_text_confirms_the_number_once(world: World) -> None:
    asked = ask(world)
    (code,) = arrived(world)
    text = world.provider.sent[0].text
    assert text.endswith(f"\n@loja.example #{code}") and "5 minutos" in text
    assert check(world, asked, code).confirmed_at == world.clock()
    assert refusal(lambda: check(world, asked, code)) == "code_used"
    assert refusal(lambda: world.codes.resend(world.shop, asked.id)) == "code_used"


def test_a_code_is_for_its_own_verification_shop_and_subject_only(world: World) -> None:
    other_shop = world.add_shop("shop_two")
    first = ask(world)
    (one,) = arrived(world)
    second = ask(world, subject="session-2", to="+5511998765432")
    two = arrived(world)[-1]
    assert one != two
    assert refusal(lambda: check(world, second, one)) == "code_wrong"
    assert refusal(lambda: world.codes.check(other_shop, first.id, one)) == "unknown_verification"
    assert refusal(lambda: check(world, first, one, subject="session-2")) == "code_wrong"
    assert check(world, first, one, subject="session-1").confirmed_at


def test_five_tries_and_no_more(world: World) -> None:
    asked = ask(world)
    (code,) = arrived(world)
    left = []
    for _ in range(5):
        with pytest.raises(CodeRefused) as refused:
            check(world, asked, wrong(code))
        assert refused.value.code == "code_wrong"
        left.append(refused.value.tries_left)
    assert left == [4, 3, 2, 1, 0]
    assert refusal(lambda: check(world, asked, code)) == "code_spent"
    world.clock.forward(seconds=31)
    assert refusal(lambda: world.codes.resend(world.shop, asked.id)) == "code_spent"


def test_the_fifth_try_may_still_be_right(world: World) -> None:
    asked = ask(world)
    (code,) = arrived(world)
    for _ in range(4):
        refusal(lambda: check(world, asked, wrong(code)))
    assert check(world, asked, code).confirmed_at


def test_however_many_try_at_once_there_are_five_tries(world: World) -> None:
    asked = ask(world)
    (code,) = arrived(world)
    told = at_once(world, 12, lambda codes: codes.check(world.shop, asked.id, wrong(code)))
    assert told == Counter(code_wrong=5, code_spent=7)


def test_however_many_have_the_right_code_one_confirms(world: World) -> None:
    asked = ask(world)
    (code,) = arrived(world)
    assert at_once(world, 4, lambda codes: codes.check(world.shop, asked.id, code)) == Counter(done=1, code_used=3)


def test_however_often_a_button_is_pressed_there_is_one_text(world: World) -> None:
    assert at_once(world, 6, lambda codes: codes.ask(world.shop, ASKED)) == Counter(done=6)
    assert len(arrived(world)) == 1


def test_however_many_ask_at_once_the_limit_holds(world: World) -> None:
    subjects = iter(f"s{number}" for number in range(9))
    asked = [replace(ASKED, subject=subject) for subject in subjects]
    told = at_once(world, 9, lambda codes: codes.ask(world.shop, asked.pop()))
    assert told == Counter(done=5, code_limit=4)


def at_once(world: World, times: int, act: Callable[[Any], object]) -> Counter[str]:
    """Each on connections of its own; what each was told."""
    told: list[str] = []
    gate = threading.Barrier(times)

    def one() -> None:
        gate.wait()
        try:
            act(world.codes)
            told.append("done")
        except CodeRefused as refused:
            told.append(refused.code)

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(told)


@pytest.mark.parametrize(("seconds", "fate"), [(299.999, "confirmed"), (300, "code_expired")])
def test_a_code_is_good_for_five_minutes(world: World, seconds: float, fate: str) -> None:
    asked = ask(world)
    (code,) = arrived(world)
    world.clock.forward(seconds=seconds)
    if fate == "confirmed":
        assert check(world, asked, code).state == fate
    else:
        assert refusal(lambda: check(world, asked, code)) == fate


def test_a_new_code_takes_the_place_of_the_one_before_and_each_wait_is_longer(world: World) -> None:
    asked = ask(world)
    for wait in (30, 60, 120, 240):
        world.clock.forward(seconds=wait - 0.5)
        with pytest.raises(CodeRefused) as refused:
            world.codes.resend(world.shop, asked.id)
        assert (refused.value.code, refused.value.wait) == ("code_too_soon", 1)
        world.clock.forward(seconds=0.5)
        world.codes.resend(world.shop, asked.id)
    world.clock.forward(minutes=8)
    assert refusal(lambda: world.codes.resend(world.shop, asked.id)) == "code_limit"


def test_after_a_new_code_the_old_one_is_wrong(world: World) -> None:
    asked = ask(world)
    (old,) = arrived(world)
    world.clock.forward(seconds=30)
    world.codes.resend(world.shop, asked.id)
    new = arrived(world)[-1]
    assert refusal(lambda: check(world, asked, old)) == "code_wrong"
    world.clock.forward(seconds=299)
    assert check(world, asked, new).tries == 2


def test_half_an_hour_later_it_takes_a_new_verification(world: World) -> None:
    asked = ask(world)
    world.clock.forward(minutes=30)
    assert refusal(lambda: world.codes.resend(world.shop, asked.id)) == "code_limit"
    assert ask(world).id != asked.id


def test_who_said_no_to_the_shop_gets_none_and_nobody_is_told(world: World) -> None:
    known = ask(world)
    said = Saying("shop_one", MARIA, Purpose.ORDERS, Standing.OUT, "reply")
    with world.database.write() as connection:
        world.consents.record(connection, [said], world.clock())
    world.clock.forward(minutes=1)
    asked = ask(world)
    assert replace(asked, id="", code_digest="", state="", created_at=known.created_at, sent_at=known.sent_at,
                   expires_at=known.expires_at) == replace(known, id="", code_digest="", state="")  # fmt: skip
    assert ask(world).id == asked.id
    assert len(arrived(world)) == 1
    assert world.all_messages()[1]["reason"] == "opted_out"
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(CodeRefused) as refused:
            check(world, asked, "000000")
        assert (refused.value.code, refused.value.tries_left) == ("code_wrong", left)
    assert refusal(lambda: check(world, asked, "000000")) == "code_spent"


def test_not_even_the_right_guess_confirms_a_code_that_was_not_sent(world: World) -> None:
    said = Saying("shop_one", MARIA, Purpose.ORDERS, Standing.OUT, "reply")
    with world.database.write() as connection:
        world.consents.record(connection, [said], world.clock())
    asked = ask(world)
    drawn = f"{world.draws[-1]:06}"
    assert asked.code_digest == world.fingerprints.of("one-time code", "shop_one", asked.id, MARIA, drawn)
    assert refusal(lambda: check(world, asked, drawn)) == "code_wrong"


@pytest.mark.parametrize(
    ("number", "reason"), [("11 4002-8922", "landline"), ("123", "invalid_number"), ("", "no_number")]
)
def test_what_cannot_be_texted_is_told_at_once(world: World, number: str, reason: str) -> None:
    with pytest.raises(NumberRefused) as refused:
        ask(world, to=number)
    assert refused.value.code == reason
    assert world.all_messages() == []


def test_what_the_shop_itself_lacks_is_told_and_kept(world: World) -> None:
    shop = world.add_shop("shop_off", mode=0)
    for _ in range(2):
        with pytest.raises(NotSent) as refused:
            world.codes.ask(shop, ASKED)
        assert refused.value.code == "mode_disabled"
    assert {(m["status"], m["reason"]) for m in world.all_messages()} == {("suppressed", "mode_disabled")}
    assert world.codes.overview(shop).sent == 0


def test_codes_leave_at_night_too_and_count_for_no_cap(world: World) -> None:
    night = world.add_shop("shop_night", transactional_window="03:00-03:01", cap_per_hour=1)
    world.codes.ask(night, ASKED)
    world.codes.ask(night, replace(ASKED, subject="session-2"))
    assert len(arrived(world)) == 2


class TestLimits:
    def test_a_number_gets_five_in_an_hour_and_ten_in_a_day(self, world: World) -> None:
        told = []
        for minute in range(0, 180, 5):
            try:
                ask(world, subject=f"s{minute}", ip=f"203.0.113.{minute}")
                told.append(minute)
            except CodeRefused as refused:
                assert (refused.code, refused.wait) == ("code_limit", 3600)
            world.clock.forward(minutes=5)
        assert told == [0, 5, 10, 15, 20, 60, 65, 70, 75, 80]

    def test_an_address_may_ask_for_ten_in_an_hour_and_a_network_is_one(self, world: World) -> None:
        for number in range(10):
            ask(world, to=f"+551191234{number:04}", ip=f"2001:db8:1:2::{number}")
        assert refusal(lambda: ask(world, to="+5511912349999", ip="2001:db8:1:2:ffff::1")) == "code_limit"
        ask(world, to="+5511912349999", ip="2001:db8:1:3::1")

    def test_the_shop_has_its_limit_and_half_of_it_for_numbers_alike(self, world: World) -> None:
        shop = world.add_shop("shop_small", code_limit_per_hour=12)

        def texted(start: str, number: int) -> None:
            asked = replace(ASKED, to=f"{start}1234{number:04}", ip=f"203.0.113.{number}")
            world.codes.ask(shop, asked)

        for number in range(6):
            texted("+55119", number)
        assert refusal(lambda: texted("+55119", 6)) == "code_limit"
        for number in range(6):
            texted("+55219", number)
        assert refusal(lambda: texted("+55319", 7)) == "code_limit"
        assert world.codes.overview(shop).sent == 12
        world.clock.forward(hours=1)
        texted("+55319", 7)

    def test_codes_sent_again_count_too(self, world: World) -> None:
        asked = ask(world)
        for wait in (30, 60, 120, 240):
            world.clock.forward(seconds=wait)
            world.codes.resend(world.shop, asked.id)
        world.clock.forward(minutes=10)
        assert refusal(lambda: ask(world, subject="another")) == "code_limit"

    def test_a_dear_country_uses_the_limit_up_faster(self, world: World) -> None:
        shop = world.add_shop("shop_wide", code_limit_per_hour=12, code_countries=["BR", "AZ"])
        with world.database.write() as connection:
            connection.execute(tariffs.insert(), [{"country": "", "credits": 1}, {"country": "AZ", "credits": 5}])
        for number in range(2):
            world.codes.ask(shop, replace(ASKED, to=f"+99440123456{number}"))
        assert refusal(lambda: world.codes.ask(shop, replace(ASKED, to="+994401234569"))) == "code_limit"
        world.codes.ask(shop, ASKED)

    def test_other_countries_than_the_shops_own_have_to_be_allowed(self, world: World) -> None:
        assert refusal(lambda: ask(world, to="+33612345678")) == "country_not_allowed"


class TestTrafficPumping:
    def fill(self, world: World, confirmed: int, sent: int = 50, first: int = 0) -> None:
        """Codes to numbers that begin alike, each long enough ago."""
        model = replace(ask(world, to="+5521987654321"), prefix="+55119", number="+5511900000000", ip="")
        with world.database.write() as connection:
            for number in range(sent):
                state = "confirmed" if number < confirmed else "sent"
                made = replace(model, id=f"vrf_{first + number}", state=state, created_at=world.clock())
                storage.add(connection, replace(made, sent_at=world.clock()))
        world.clock.forward(hours=2)

    @pytest.mark.parametrize(("confirmed", "stopped"), [(9, True), (10, False)])
    def test_codes_stop_where_fewer_than_a_fifth_come_back(self, world: World, confirmed: int, stopped: bool) -> None:
        self.fill(world, confirmed)
        found = world.codes.overview(world.shop).stopped
        assert [(prefix, s.sent, s.confirmed) for prefix, s in found.items()] == ([("+55119", 50, 9)] * stopped)
        if stopped:
            assert refusal(lambda: ask(world)) == "pumping_stop"
        else:
            ask(world)
        ask(world, to="+5521998765432", subject="elsewhere")

    def test_it_is_over_a_day_after(self, world: World) -> None:
        self.fill(world, 0)
        assert refusal(lambda: ask(world)) == "pumping_stop"
        world.clock.forward(hours=22)
        ask(world)

    def test_it_is_over_when_somebody_lifts_it_until_few_come_back_again(self, world: World) -> None:
        self.fill(world, 0)
        world.codes.lift(world.shop, "+55119")
        assert world.codes.overview(world.shop).stopped == {}
        ask(world)
        assert refusal(lambda: world.codes.lift(world.shop, "+55119")) == "not_stopped"
        world.clock.forward(minutes=1)
        self.fill(world, 0, first=100)
        assert refusal(lambda: ask(world, subject="later")) == "pumping_stop"
        world.codes.lift(world.shop, "+55119")
        ask(world, subject="later")

    def test_only_the_last_fifty_count(self, world: World) -> None:
        self.fill(world, 60, sent=60)
        model = ask(world, to="+5521987654322")
        with world.database.write() as connection:
            for number in range(45):
                storage.add(connection, replace(model, id=f"vrf_b{number}", prefix="+55119", ip="", number="+5"))
        assert world.codes.overview(world.shop).stopped == {}
        world.clock.forward(minutes=5)
        assert world.codes.overview(world.shop).stopped["+55119"].confirmed == 5

    def test_another_shop_is_not_stopped_by_it(self, world: World) -> None:
        other = world.add_shop("shop_two")
        self.fill(world, 0)
        world.codes.ask(other, ASKED)


class TestNobodySeesACode:
    """The text is sealed while it waits, and gone when it has left."""

    def test_nothing_in_the_database_holds_it(self, world: World) -> None:
        asked = ask(world)
        world.provider.outcomes = [TemporarilyFailed("provider_down"), OutcomeUnknown("answer_lost")]
        (code,) = set(arrived(world))
        assert code not in everything(world)
        world.clock.forward(seconds=20)
        world.settle()
        assert code not in everything(world)
        check(world, asked, code)
        assert code not in everything(world)
        (message,) = world.all_messages()
        assert "******" in message["text"] and code not in str(world.timeline(message))

    def test_a_look_up_goes_by_the_real_text_and_then_it_is_gone(self, world: World) -> None:
        ask(world)
        world.provider.outcomes = [OutcomeUnknown("answer_lost")]
        (code,) = arrived(world)
        world.provider.look_ups = [Found("P-1", MessageState.SENT)]
        world.clock.forward(minutes=1)
        world.look_ups.work()
        assert code in world.provider.asked[0].text
        assert world.all_messages()[0]["status"] == "sent"
        assert sealed(world) == [None]

    @pytest.mark.parametrize("fate", ["accepted", "expired"])
    def test_what_is_over_is_not_kept_sealed(self, world: World, fate: str) -> None:
        ask(world)
        assert len(sealed(world)[0] or "") > 50
        if fate == "expired":
            world.clock.forward(minutes=10)
        world.settle()
        assert (world.all_messages()[0]["status"], sealed(world)) == (fate, [None])


def everything(world: World) -> str:
    with world.database.read() as connection:
        return str([connection.execute(select(table)).all() for table in metadata.sorted_tables])


def sealed(world: World) -> list[str | None]:
    with world.database.read() as connection:
        return list(connection.scalars(select(messages.c.sealed)))


def test_in_a_dry_run_nothing_leaves_and_the_shop_is_told(database_url: str) -> None:
    world = World(database_url, Switch(Sending.DRY_RUN))
    with pytest.raises(NotSent) as refused:
        ask(world)
    assert refused.value.code == "dry_run"
    with world.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(messages)) == 1
    world.close()
