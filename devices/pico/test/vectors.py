# The examples that all implementations of the contract share.
import json

folder = ""


def load(name):
    with open("%s/%s.json" % (folder, name)) as file:
        return json.load(file)


def equal(actual, expected):
    assert actual == expected, "%r is not %r" % (actual, expected)


def raises(kind, function, *arguments):
    try:
        function(*arguments)
    except kind as error:
        return str(error)
    raise AssertionError("nothing raised")
