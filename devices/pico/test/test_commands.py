import json

from vectors import equal, load, raises

from hearth.commands import Rejected, read_command, response, whole_number
from hearth.topics import Topics


def test_has_the_topics_of_the_vectors():
    table = load("topics")
    topics = Topics(table["deviceId"])
    for name, topic in table["topics"].items():
        if name != "state":
            equal(getattr(topics, name), topic)


def test_reads_commands_as_the_vectors_say():
    table = load("commands")
    topics = Topics(table["deviceId"])
    for vector in table["vectors"]:
        name = topics.command_name(vector["topic"])
        command = name and read_command(name, vector["payload"], table["nowMs"])
        if vector["expected"] is None:
            assert command is None, vector["name"]
        else:
            expected = vector["expected"]
            equal({"name": command.name, "id": command.id, "args": command.args}, expected)


def test_believes_a_command_while_the_time_is_unknown():
    payload = '{"id":"a","args":{},"expiresAt":1}'
    equal(read_command("x", payload, 2), None)
    equal(read_command("x", payload, None).id, "a")


def test_answers():
    command = read_command("x", '{"id":"a","args":{},"expiresAt":1}', None)
    equal(json.loads(response(command, "applied")), {"id": "a", "status": "applied"})
    long = json.loads(response(command, "rejected", "no" * 500))
    equal(len(long["reason"]), 200)


def test_checks_numbers_of_arguments():
    equal(whole_number({"seconds": 5}, "seconds", 1, 9), 5)
    equal(whole_number({}, "seconds", 1, 9, 7), 7)
    for bad in ({}, {"seconds": 0}, {"seconds": 10}, {"seconds": "5"}, {"seconds": True}, {"seconds": 1.5}):
        equal(
            raises(Rejected, whole_number, bad, "seconds", 1, 9),
            "seconds must be a whole number from 1 to 9",
        )
