from datetime import UTC, datetime, timedelta

import pytest

from connectors.woocommerce.normalise import Fault, read
from tests.connectors.woo_recording import SAO_PAULO, address, body_of, event, fault, order, payload, read_delivery

NO_ZONE = "Nowhere/At_All"


class TestDates:
    @pytest.mark.parametrize(
        ("text", "hour"),
        [
            ("2026-11-22T12:49:16", 12),
            ("2026-11-22 12:49:16", 12),
            ("2026-11-22T12:49:16Z", 12),
            ("2026-11-22T12:49:16.000000Z", 12),
            ("2026-11-22T12:49:16+00:00", 12),
            ("2026-11-22T12:49:16-03:00", 15),
            ("2026-11-22T12:49:16+0530", 7),
        ],
    )
    def test_ways_to_write_a_moment(self, text: str, hour: int) -> None:
        told = order(date_modified_gmt=text).modified_at
        assert (told.hour, told.tzinfo) == (hour, UTC)

    @pytest.mark.parametrize(
        "text", ["0000-00-00T00:00:00", "-0001-11-30T00:00:00", "2026-11-22", "yesterday", 1795305600]
    )
    def test_what_is_no_date_is_said(self, text: object) -> None:
        refused = fault(payload(date_modified_gmt=text, date_modified=text))
        assert refused.code == Fault.BAD_DATE
        assert "date_modified_gmt" in refused.sentence

    def test_a_bad_gmt_date_gives_way_to_a_good_local_one(self) -> None:
        assert order(date_modified_gmt="0000-00-00T00:00:00") == order()

    @pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
    def test_the_ends_of_the_calendar_are_no_dates(self, text: str) -> None:
        assert fault(payload(date_modified_gmt=text, date_modified="")).code == Fault.BAD_DATE

    @pytest.mark.parametrize("nothing", [None, "", " ", False, [], {"date": "2026-11-22 12:49:16"}])
    def test_an_order_without_a_time_cannot_be_placed_among_the_others(self, nothing: object) -> None:
        refused = fault(payload(date_modified_gmt=nothing, date_modified=nothing))
        assert refused.code == Fault.MISSING_FIELD

    @pytest.mark.parametrize("text", ["", None, "0000-00-00T00:00:00", "soon"])
    def test_an_order_without_a_beginning_is_read(self, text: object) -> None:
        assert order(date_created_gmt=text, date_created=text).created_at is None

    @pytest.mark.parametrize("zone", [NO_ZONE, "", "America", "../etc/passwd", "UTC+3", "\0", "x" * 5000])
    def test_an_unknown_time_zone_is_said_when_it_is_needed(self, zone: str) -> None:
        refused = fault(payload(date_modified_gmt=""), timezone=zone)
        assert refused.code == Fault.BAD_TIMEZONE
        assert "time zone" in refused.sentence
        assert order(timezone=zone, date_created_gmt="").created_at is None
        by_offset = order(timezone=zone, date_modified_gmt="", date_modified="2026-11-22T09:49:16-03:00")
        assert by_offset.modified_at == order().modified_at

    def test_the_hour_that_summer_time_skips_is_read(self) -> None:
        skipped = order("Europe/Paris", date_modified_gmt="", date_modified="2026-03-29T02:30:00").modified_at
        assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)

    def test_the_hour_that_summer_time_repeats_is_its_first_pass(self) -> None:
        repeated = order("Europe/Paris", date_modified_gmt="", date_modified="2026-10-25T02:30:00").modified_at
        assert repeated == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    def test_around_a_change_of_hour_moments_stay_in_order(self) -> None:
        texts = [f"2026-10-25T{hour:02}:59:59" for hour in range(24)]
        moments = [order("Europe/Paris", date_modified_gmt="", date_modified=text).modified_at for text in texts]
        assert moments == sorted(moments)
        assert moments[-1] - moments[0] == timedelta(hours=24)


class TestFields:
    @pytest.mark.parametrize(("written", "told"), [(25, "25"), ("25", "25"), ("0025", "25"), (2**63, str(2**63))])
    def test_an_id_is_a_number_or_its_digits(self, written: object, told: str) -> None:
        assert event(payload(id=written)).order_id == told
        assert event({"id": written}, "order.deleted").order_id == told

    @pytest.mark.parametrize("written", [None, "", 0, -25, 25.5, True, "25a", "٢٥", " 25", [25], {"id": 25}, "9" * 21])
    def test_anything_else_is_no_id(self, written: object) -> None:
        for topic in ("order.updated", "order.deleted"):
            refused = fault(payload(id=written), topic)
            assert refused.code == Fault.BAD_FIELD
            assert refused.sentence.startswith("The order's `id` is wrong: not a number above zero.")

    @pytest.mark.parametrize("field", ["id", "status"])
    def test_a_missing_field_is_named(self, field: str) -> None:
        without = payload()
        del without[field]
        refused = fault(without)
        assert refused.code == Fault.MISSING_FIELD
        assert f"`{field}`" in refused.sentence

    @pytest.mark.parametrize("status", [None, "", "wc-", [], {}, True, "\0"])
    def test_an_order_without_a_status_is_said(self, status: object) -> None:
        assert fault(payload(status=status)).code == Fault.BAD_FIELD

    @pytest.mark.parametrize(
        ("written", "told"),
        [("-29.90", "-29.90"), ("34,90", "34,90"), (34.9, "34.9"), (35, "35"), (None, ""), ([], "")],
    )
    def test_a_total_is_kept_as_the_shop_wrote_it(self, written: object, told: str) -> None:
        assert order(total=written).total == told

    @pytest.mark.parametrize(
        ("written", "told"),
        [(11912345678, "11912345678"), (11912345678.0, "11912345678"), (None, ""), (False, ""), ([], ""), ("\t", "")],
    )
    def test_a_phone_may_be_a_number_or_nothing(self, written: object, told: str) -> None:
        assert order(billing=address(phone=written), shipping=None).phone == told

    def test_the_number_given_for_texts_comes_before_the_billing_phone(self) -> None:
        given = [{"key": "_recado_mobile", "value": "11 91234-5678"}]
        assert order(billing=address(phone="11 4002-8922"), meta_data=given).phone == "11 91234-5678"
        assert order(billing=address(phone="11 4002-8922"), meta_data=[]).phone == "11 4002-8922"

    @pytest.mark.parametrize("written", ["Brazil", "B", "B1", "ß", "", None, 55, ["BR"]])
    def test_what_is_no_country_code_is_no_country(self, written: object) -> None:
        assert order(billing=address(phone="1", country=written), shipping=None).country == ""

    def test_long_texts_are_bounded(self) -> None:
        long = "x" * 100_000
        told = order(status=long, number=long, total=long, currency=long, billing=address(first_name=long, phone=long))
        lengths = [
            len(text) for text in (told.status, told.number, told.first_name, told.phone, told.total, told.currency)
        ]
        assert lengths == [64, 64, 64, 64, 32, 8]

    def test_nul_and_lone_surrogates_do_not_travel_on(self) -> None:
        told = order(
            status="pro\ud800cessing", number="1\0 2", billing=address(first_name="Jo\udfff\0ão\n", phone="\0" + "1")
        )
        assert (told.status, told.number, told.first_name, told.phone) == ("processing", "1 2", "Jo ão", "1")

    def test_a_pair_of_surrogates_is_one_character(self) -> None:
        assert order(shipping=None, billing=address(first_name="Zoé 😀")).first_name == "Zoé 😀"

    def test_a_no_break_space_is_a_space_for_it_doubles_the_price_of_a_text(self) -> None:
        assert order(shipping=None, billing=address(first_name="Ana\u00a0Lia")).first_name == "Ana Lia"


class TestBodies:
    @pytest.mark.parametrize("body", [b"", b"{", b'{"id":25', b"\xff", b'{"id":"\xff"}', b"webhook_id=2", b"<html>"])
    def test_what_is_no_json_is_said(self, body: bytes) -> None:
        assert fault(body).code == Fault.NOT_JSON

    def test_a_delivery_cut_anywhere_is_no_json(self) -> None:
        body = body_of(1)
        for length in range(len(body)):
            assert fault(body[:length]).code == Fault.NOT_JSON

    @pytest.mark.parametrize("body", [b"[]", b"null", b"25", b'"order"', b"[{}]", b"true"])
    def test_what_is_no_object_is_said(self, body: bytes) -> None:
        for topic in ("order.updated", "order.deleted"):
            assert fault(body, topic).code == Fault.NOT_AN_OBJECT

    def test_a_big_order_is_read(self) -> None:
        line = {"id": 1, "name": "Å" * 3000, "price": 1e308, "meta_data": []}
        assert order(line_items=[line] * 500).id == "25"

    @pytest.mark.parametrize(
        "value", [b"NaN", b"-Infinity", b"1e999", b"9" * 5000, b'"\\ud800"', b"[" * 500 + b"]" * 500]
    )
    def test_an_oddity_in_a_field_nobody_reads_costs_no_order(self, value: bytes) -> None:
        body = body_of(1).replace(b'"version":"10.0.2"', b'"version":' + value)
        assert value in body
        assert read("order.updated", body, SAO_PAULO) == read_delivery(1)

    @pytest.mark.parametrize("value", [b"NaN", b"Infinity", b"1e999", b"9" * 5000])
    def test_endless_numbers_are_nothing(self, value: bytes) -> None:
        body = body_of(1).replace(b'"total":"34.90","total_tax"', b'"total":' + value + b',"total_tax"', 1)
        told = event(body).order
        assert told and told.total == ""

    def test_nesting_without_end_is_no_json(self) -> None:
        assert fault(b'{"id":' * 100_000).code == Fault.NOT_JSON

    def test_sentences_quote_nothing_personal(self) -> None:
        secret = "Maria Souza 11 91234-5678"
        changes = ({"id": secret}, {"status": [secret]}, {"date_modified_gmt": secret, "date_modified": secret})
        for change in changes:
            assert "Souza" not in fault(payload(**change)).sentence
        assert "Souza" not in fault(f'{{"id": "{secret}'.encode()).sentence
