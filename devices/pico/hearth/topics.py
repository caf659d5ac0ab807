# The topics of one device, contract v1. The only file here that spells them.


class Topics:
    def __init__(self, device_id):
        own = "hearth/%s/" % device_id
        self.telemetry = own + "telemetry"
        self.status = own + "status"
        self.info = own + "info"
        self.response = own + "response"
        self._command = own + "command/"
        self.commands = self._command + "+"

    def command_name(self, topic):
        """Name of the command that came on this topic; None for another topic."""
        if not topic.startswith(self._command):
            return None
        name = topic[len(self._command) :]
        return name if name and "/" not in name else None
