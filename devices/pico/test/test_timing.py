from vectors import equal

from hearth import ntp
from hearth.back_off import BackOff
from hearth.debounce import Debounce

NONCE = b"abcdefgh"


def answer(seconds, fraction=0, first=0x24, stratum=2, nonce=NONCE):
    head = bytes([first, stratum]) + bytes(22) + nonce + bytes(8)
    return head + seconds.to_bytes(4, "big") + fraction.to_bytes(4, "big")


def test_asks_for_the_time():
    packet = ntp.request(NONCE)
    equal(len(packet), 48)
    equal(packet[0], 0x23)
    equal(packet[40:], NONCE)


def test_reads_the_time():
    seconds = 1764000000 + ntp.SECONDS_1900_TO_1970
    equal(ntp.parse_response(answer(seconds, 1 << 31), NONCE), 1764000000500)


def test_goes_on_after_2036():
    seconds = (2200000000 + ntp.SECONDS_1900_TO_1970) % ntp.ERA_SECONDS
    equal(ntp.parse_response(answer(seconds), NONCE), 2200000000000)


def test_believes_nobody_else():
    seconds = 1764000000 + ntp.SECONDS_1900_TO_1970
    equal(ntp.parse_response(answer(seconds, nonce=b"12345678"), NONCE), None)
    equal(ntp.parse_response(answer(seconds, first=0x23), NONCE), None)
    equal(ntp.parse_response(answer(seconds, first=0xE4), NONCE), None)
    equal(ntp.parse_response(answer(seconds, stratum=0), NONCE), None)
    equal(ntp.parse_response(answer(seconds)[:47], NONCE), None)


def test_waits_longer_each_time_with_jitter():
    low, high = BackOff(lambda n: 0), BackOff(lambda n: n - 1)
    equal([low.next_ms() for _ in range(7)], [700, 1400, 2800, 5600, 11200, 22400, 42000])
    equal([high.next_ms() for _ in range(7)], [1300, 2600, 5200, 10400, 20800, 41600, 78000])
    low.reset()
    equal(low.next_ms(), 700)


def test_lets_a_contact_bounce():
    contact = Debounce(False)
    equal([contact.read(value) for value in (True, False, True, True)], [False] * 4)
    equal(contact.read(True), True)
    equal(contact.value, True)
    equal(contact.read(True), False)
