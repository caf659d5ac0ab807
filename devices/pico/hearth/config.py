# What a board must be told. Everything is checked here, so that a typing error is named at boot and not met at night.
import json

SENSOR_KINDS = ("contact", "motion", "leak", "climate")
MAX_INTERVAL_SECONDS = 3600
ID_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"


class ConfigError(ValueError):
    pass


def _value(table, path, kind, default=None):
    for name in path.split("."):
        table = table.get(name) if isinstance(table, dict) else None
    if table is None:
        table = default
    if table is None:
        raise ConfigError("config: %s is missing" % path)
    # In Python a truth value is a number too; in a configuration it is a mistake.
    if not isinstance(table, kind) or (kind is not bool and isinstance(table, bool)):
        raise ConfigError("config: %s has the wrong type" % path)
    return table


def _between(value, path, low, high):
    if not low <= value <= high:
        raise ConfigError("config: %s must be from %d to %d" % (path, low, high))
    return value


def _device_id(text):
    good = 1 <= len(text) <= 63 and all(c in ID_CHARACTERS for c in text)
    if not good or text[0] == "-" or text[-1] == "-":
        raise ConfigError("config: device_id has lower-case letters, digits and hyphens only")
    return text


class Config:
    def __init__(self, table):
        self.device_id = _device_id(_value(table, "device_id", str))
        self.secret = _value(table, "secret", str)
        self.wifi_ssid = _value(table, "wifi.ssid", str)
        self.wifi_password = _value(table, "wifi.password", str, "")
        self.wifi_country = _value(table, "wifi.country", str, "XX")
        self.broker_host = _value(table, "broker.host", str)
        self.broker_port = _between(_value(table, "broker.port", int, 1883), "broker.port", 1, 65535)
        # With a CA file the connection is TLS and the server must show a certificate of that CA.
        self.ca_file = _value(table, "broker.ca_file", str, "")
        # The name in the server's certificate, where it is not the host.
        self.server_name = _value(table, "broker.server_name", str, "") or self.broker_host
        self.ntp_host = _value(table, "ntp.host", str, "pool.ntp.org")
        self.ntp_port = _between(_value(table, "ntp.port", int, 123), "ntp.port", 1, 65535)
        self.sensor_kind = _value(table, "sensor.kind", str)
        if self.sensor_kind not in SENSOR_KINDS:
            raise ConfigError("config: sensor.kind is one of %s" % ", ".join(SENSOR_KINDS))
        self.sensor_pin = _between(_value(table, "sensor.pin", int), "sensor.pin", 0, 28)
        interval = _value(table, "interval_seconds", int, 60)
        self.interval_seconds = _between(interval, "interval_seconds", 1, MAX_INTERVAL_SECONDS)
        self.sleeps = _value(table, "sleeps", bool, False)


def read_config(path):
    try:
        with open(path) as file:
            table = json.load(file)
    except OSError:
        raise ConfigError("config: copy config.example.json to %s and fill it in" % path)
    except ValueError:
        raise ConfigError("config: %s is not JSON" % path)
    return Config(table)
