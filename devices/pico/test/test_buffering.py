import json

from vectors import equal, load

from hearth.backlog import Backlog, encode, encode_now, fragment


def filled(capacity, count):
    backlog = Backlog(capacity)
    for number in range(count):
        backlog.add(number, "e%d" % number)
    return backlog


def test_keeps_the_newest_and_counts_what_it_lost():
    backlog = filled(3, 5)
    equal(len(backlog), 3)
    equal(backlog.dropped, 2)
    equal([text for _, text in backlog.oldest(9)], ["e2", "e3", "e4"])


def test_gives_the_oldest_first_and_keeps_them_until_removed():
    backlog = filled(4, 3)
    entries = backlog.oldest(2)
    equal([text for _, text in entries], ["e0", "e1"])
    equal(len(backlog), 3)
    backlog.remove(entries)
    equal([text for _, text in backlog.oldest(9)], ["e2"])


def test_removes_nothing_that_was_pushed_out_meanwhile():
    backlog = filled(2, 2)
    entries = backlog.oldest(2)
    backlog.add(2, "e2")
    backlog.remove(entries)
    equal([text for _, text in backlog.oldest(9)], ["e2"])


def test_takes_the_newest_alone():
    backlog = filled(3, 3)
    newest = backlog.newest()
    equal(newest[1], "e2")
    backlog.add(3, "e3")
    backlog.remove_newest(newest)
    equal(len(backlog), 3)
    backlog.remove_newest(backlog.newest())
    equal([text for _, text in backlog.oldest(9)], ["e1", "e2"])


def test_goes_round_many_times():
    backlog = Backlog(7)
    sent = []
    for number in range(100):
        backlog.add(number, str(number))
        if number % 3 == 0:
            entries = backlog.oldest(3)
            sent += [at for at, _ in entries]
            backlog.remove(entries)
    equal(sent, list(range(100))[: len(sent)])
    equal(backlog.dropped, 0)


def test_encodes_telemetry_as_the_vectors_say():
    for vector in load("telemetry")["vectors"]:
        entries = [(e["ts"] - 1000, fragment(e["metrics"], e["seq"])) for e in vector["entries"]]
        equal(json.loads(encode(entries, 1000)), json.loads(vector["payload"]))


def test_leaves_out_the_time_while_it_is_unknown():
    equal(json.loads(encode_now((5, fragment({"motion": True}, 3)))), {"motion": True, "seq": 3})
    equal(json.loads(encode_now((5, fragment({}, 3)))), {"seq": 3})
