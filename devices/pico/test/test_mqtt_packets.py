from vectors import equal, raises

from hearth import mqtt_packets as packets


def test_connects_with_will_and_credentials():
    packet = packets.connect("d", "d", "s", 30, "t", "offline")
    equal(
        packet,
        b"\x10\x1f\x00\x04MQTT\x04\xee\x00\x1e" + b"\x00\x01d\x00\x01t\x00\x07offline\x00\x01d\x00\x01s",
    )


def test_counts_bytes_and_not_characters():
    equal(packets.publish("t", "21 °C", 1), b"\x32\x0b\x00\x01t\x00\x01" + "21 °C".encode())


def test_writes_long_lengths():
    for size, header in ((122, b"\x7f"), (123, b"\x80\x01"), (16378, b"\xff\x7f"), (16379, b"\x80\x80\x01")):
        packet = packets.publish("t", b"x" * size, 1, True)
        equal(packet[: 1 + len(header)], b"\x33" + header)
        equal(len(packet), 1 + len(header) + 5 + size)


def test_subscribes_and_acknowledges():
    equal(packets.subscribe("a/+", 258, 2), b"\x82\x08\x01\x02\x00\x03a/+\x02")
    equal(packets.acknowledgement(packets.PUBACK, 3), b"\x40\x02\x00\x03")
    equal(packets.acknowledgement(packets.PUBREL, 3), b"\x62\x02\x00\x03")


def test_never_uses_packet_identifier_0():
    ids = packets.PacketIds()
    seen = [ids.next() for _ in range(65537)]
    equal((seen[0], seen[65534], seen[65535]), (1, 65535, 1))
    assert 0 not in seen


def test_parses_what_comes():
    equal(packets.parse_publish(0x00, b"\x00\x01tx"), ("t", b"x", 0, None))
    equal(packets.parse_publish(0x02, b"\x00\x01t\x01\x02"), ("t", b"", 1, 258))
    equal(packets.parse_publish(0x0C, b"\x00\x01t\x00\x07xyz"), ("t", b"xyz", 2, 7))


def test_refuses_what_is_malformed():
    cases = [
        (0x06, b"\x00\x01t\x00\x01"),
        (0x00, b"\x00"),
        (0x00, b"\x00\x05t"),
        (0x02, b"\x00\x01t\x00"),
        (0x02, b"\x00\x01t\x00\x00"),
        (0x00, b"\x00\x01\xff"),
    ]
    for flags, body in cases:
        raises(packets.ProtocolError, packets.parse_publish, flags, body)
    raises(packets.ProtocolError, packets.parse_packet_id, b"\x01")
