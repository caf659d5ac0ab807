# A Wi-Fi that is there unless a file says otherwise.
STA_IF = 0


def country(code):
    pass


class WLAN:
    def __init__(self, interface):
        self._active = False

    def active(self, on):
        self._active = on

    def config(self, **options):
        pass

    def connect(self, ssid, password):
        pass

    def disconnect(self):
        pass

    def isconnected(self):
        try:
            with open("wifi-down"):
                return False
        except OSError:
            return self._active

    def status(self, what):
        assert what == "rssi"
        return -61
