import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.privacy.numbers import cards, emails, ip_addresses, luhn, my_number_check, my_numbers, urls


def texts(finder, text):
    return [text[a:b] for a, b in finder(text)]


@given(st.integers(0, 10**15 - 1))
def test_one_check_digit_of_luhn_fits_each_number(number):
    assert sum(luhn(f"{number:015d}{check}") for check in range(10)) == 1


@given(st.text("0123456789", min_size=15, max_size=15), st.integers(0, 14), st.integers(1, 9))
def test_luhn_sees_every_wrong_digit(body, place, by):
    number = next(body + str(check) for check in range(10) if luhn(body + str(check)))
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert not luhn(wrong)


@given(st.text("0123456789", min_size=11, max_size=11))
def test_one_check_digit_fits_each_my_number(body):
    assert sum(my_number_check(body + str(check)) for check in range(10)) == 1


@pytest.mark.parametrize(
    "number", ["4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005", "4111.1111.1111.1111"]
)
def test_cards(number):
    assert texts(cards, f"card {number} declined") == [number]


@pytest.mark.parametrize(
    "number", ["4111 1111 1111 1112", "0000 0000 0000 0000", "4901234567894", "1234 5678 9012 3456"]
)
def test_what_is_no_card(number):
    assert texts(cards, f"card {number} declined") == []


def test_my_number_by_its_name_or_its_check_digit():
    assert texts(my_numbers, "マイナンバーは123456789012です") == ["123456789012"]
    assert texts(my_numbers, "1234-5678-9018と書いた") == ["1234-5678-9018"]
    assert texts(my_numbers, "123456789012と書いた") == []


@pytest.mark.parametrize(
    "mail",
    ["taro@example.jp", "o'neil@example.ie", "taro.@docomo.example.jp", "a(at)example.com",
     "jane dot doe at example dot com",
     "a [at] example [dot] com", "rio★example.jp", "x アットマーク example ドット com"],
)  # fmt: skip
def test_e_mail_addresses(mail):
    assert set(texts(emails, f"連絡は {mail} へ")) == {mail}


@pytest.mark.parametrize("text", ["meet @ 5pm", "I shop at walmart.com", "look at example pages", "@cosme", "a@b"])
def test_what_is_no_e_mail_address(text):
    assert texts(emails, text) == []


def test_links_that_open_something_private():
    assert texts(urls, "see https://example.com/reset?token=abc.") == ["https://example.com/reset?token=abc"]
    assert texts(urls, "https://taro:himitsu@example.jp/a です") == ["https://taro:himitsu@example.jp/a"]
    assert texts(urls, "https://example.com/help と https://example.jp/products/123") == []


def test_ip_addresses_are_no_versions():
    assert texts(ip_addresses, "from 198.51.100.23 and 2001:db8::1f") == ["198.51.100.23", "2001:db8::1f"]
    assert texts(ip_addresses, "version 1.2.3.4, バージョン1.2.3.4, 10:30:00") == []
