# A command as it arrives: parsed, checked against its expiry, answered. Knows no hardware and no MQTT.
import json

MAX_REASON = 200


class Command:
    def __init__(self, name, id, args):
        self.name = name
        self.id = id
        self.args = args


def read_command(name, payload, now_ms):
    """The command; None for one that is malformed or past its expiry. now_ms is None while the time is unknown."""
    try:
        table = json.loads(payload)
    except ValueError:
        return None
    if not isinstance(table, dict):
        return None
    id, args, expires = table.get("id"), table.get("args"), table.get("expiresAt")
    if not isinstance(id, str) or len(id) > 64 or not isinstance(args, dict):
        return None
    if not isinstance(expires, int) or isinstance(expires, bool):
        return None
    if now_ms is not None and expires <= now_ms:
        return None
    return Command(name, id, args)


def response(command, status, reason=None):
    table = {"id": command.id, "status": status}
    if reason is not None:
        table["reason"] = reason[:MAX_REASON]
    return json.dumps(table)


class Rejected(Exception):
    """Raised by whoever runs a command that cannot be done; its text is the reason."""


def whole_number(args, name, low, high, default=None):
    value = args.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Rejected("%s must be a whole number from %d to %d" % (name, low, high))
    return value
