import json

from vectors import equal, raises

from hearth.config import Config, ConfigError, read_config


def table(**changes):
    with open("config.example.json") as file:
        example = json.load(file)
    example.update(changes)
    return example


def test_reads_the_example():
    config = Config(table())
    equal(config.device_id, "front-door")
    equal(config.broker_port, 1883)
    equal(config.ca_file, "")
    equal(config.server_name, config.broker_host)


def test_has_defaults():
    config = Config(
        {
            "device_id": "a",
            "secret": "s",
            "wifi": {"ssid": "x"},
            "broker": {"host": "h", "ca_file": "ca.pem", "server_name": "hearth.local"},
            "sensor": {"kind": "leak", "pin": 2},
        }
    )
    equal((config.interval_seconds, config.sleeps, config.ntp_port), (60, False, 123))
    equal((config.ca_file, config.server_name), ("ca.pem", "hearth.local"))


def test_names_what_is_wrong():
    cases = [
        ({"device_id": "Front Door"}, "device_id"),
        ({"device_id": "-a"}, "device_id"),
        ({"device_id": None}, "device_id is missing"),
        ({"secret": 5}, "secret has the wrong type"),
        ({"wifi": {}}, "wifi.ssid is missing"),
        ({"wifi": "home"}, "wifi.ssid is missing"),
        ({"broker": {"host": "h", "port": 70000}}, "broker.port"),
        ({"broker": {"host": "h", "port": True}}, "broker.port has the wrong type"),
        ({"sensor": {"kind": "radar", "pin": 1}}, "sensor.kind is one of contact"),
        ({"sensor": {"kind": "leak", "pin": 99}}, "sensor.pin"),
        ({"interval_seconds": 0}, "interval_seconds"),
        ({"sleeps": 1}, "sleeps has the wrong type"),
    ]
    for changes, words in cases:
        message = raises(ConfigError, Config, table(**changes))
        assert words in message, "%s: %s" % (changes, message)


def test_says_what_to_do_without_a_file():
    assert "copy config.example.json" in raises(ConfigError, read_config, "no-such-file.json")
    assert "is not JSON" in raises(ConfigError, read_config, "main.py")
