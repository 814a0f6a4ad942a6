"""Numbers catch typing errors; codes forgive look-alikes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.number import check_digit, find_number, normalise_code, ticket_number, tracking_code

NUMBERS = st.integers(min_value=1, max_value=999_999)
DIGITS = st.text("0123456789", min_size=1, max_size=12)


def test_the_number_has_prefix_year_six_digits_and_a_check_digit():
    assert ticket_number("BKS", 2026, 123) == f"BKS-26-000123-{check_digit('26000123')}"
    assert check_digit("572") == 4  # H. M. Damm's own example


@given(DIGITS, st.data())
def test_any_wrong_digit_is_caught(digits: str, data: st.DataObject):
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[place]]))
    assert check_digit(digits[:place] + other + digits[place + 1 :]) != check_digit(digits)


@given(DIGITS)
def test_any_swap_of_neighbours_is_caught(digits: str):
    whole = digits + str(check_digit(digits))
    for place in range(len(whole) - 1):
        swapped = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
        if swapped != whole:
            assert check_digit(swapped) != 0
    assert check_digit(whole) == 0


@given(NUMBERS, st.sampled_from(["BKS", "JMB"]))
def test_every_number_is_found_again(n: int, prefix: str):
    number = ticket_number(prefix, 2026, n)
    for typed in (number, number.lower(), number.replace("-", ""), number.replace("-", " "), f"tolong {number} ya"):
        assert find_number(typed, prefix) == number


@given(NUMBERS, st.data())
def test_a_number_with_a_wrong_digit_is_not_found(n: int, data: st.DataObject):
    number = ticket_number("BKS", 2026, n)
    place = data.draw(st.sampled_from([i for i, sign in enumerate(number) if sign.isdigit()]))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    assert find_number(number[:place] + other + number[place + 1 :], "BKS") is None


CHECK = str(check_digit("26000123"))


@pytest.mark.parametrize(
    "typed",
    [
        f"bks26 123 {CHECK}",
        f"BKS-26-123-{CHECK}",
        f"BKS 26 000123 {CHECK}",
        f"bks26000123{CHECK}",
        f"b k s 26-000123-{CHECK}",
        f"/tiket BKS–26–000123–{CHECK}",
        f"(BKS-26-000123-{CHECK})",
        f"nomornya BKS.26.000123.{CHECK}, kapan?",
        f"#BKS/26/000123/{CHECK}",
        f"BKS-26-000123-0{CHECK}"[:-2] + CHECK,
    ],
)
def test_typed_numbers_are_understood(typed: str):
    assert find_number(typed, "BKS") == f"BKS-26-000123-{CHECK}"


@pytest.mark.parametrize(
    "typed",
    ["", "BKS", "BKS-26", f"XBKS-26-000123-{CHECK}", f"JMB-26-000123-{CHECK}", "26 000123 1", "BKS-26-000000-0",
     f"BKS-26-000123-{CHECK}9", "bks " * 500, "BKS-26-" + "1" * 200],
)  # fmt: skip
def test_what_is_no_number_is_not_found(typed: str):
    assert find_number(typed, "BKS") is None


def test_the_first_valid_number_counts():
    good = ticket_number("BKS", 2026, 5)
    assert find_number(f"BKS-26-000123-{(int(CHECK) + 1) % 10} atau {good}", "BKS") == good


def test_a_ticket_number_begins_with_one():
    with pytest.raises(ValueError, match="begin with 1"):
        ticket_number("BKS", 2026, 0)


@given(st.binary(min_size=5, max_size=32))
def test_codes_have_eight_signs_nobody_confuses(digest: bytes):
    code = tracking_code(digest)
    assert len(code) == 8
    assert not set(code) - set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert normalise_code(f" {code[:4].lower()}-{code[4:].lower()} ") == code


def test_all_forty_bits_are_in_the_code():
    assert tracking_code(bytes(5)) == "00000000"
    assert tracking_code(b"\xff" * 5) == "ZZZZZZZZ"
    assert len({tracking_code(bytes([0, 0, 0, 0, n])) for n in range(256)}) == 256


def test_a_code_forgives_look_alikes_and_refuses_others():
    assert normalise_code("oO1l-iLuu") == "001111VV"
    assert normalise_code("1234567") == ""
    assert normalise_code("1234567*") == ""
    with pytest.raises(ValueError, match="5 bytes"):
        tracking_code(b"1234")
