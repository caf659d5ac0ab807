# Tests of the logic: `python3 test/run.py VECTORS` or `micropython test/run.py VECTORS`, in devices/pico.
# Prints one line for each test; ends with 1 when one failed.
import sys

sys.path.insert(0, "test")
sys.path.insert(0, ".")

import test_buffering
import test_commands
import test_config
import test_mqtt_packets
import test_timing
import vectors

vectors.folder = sys.argv[1]
failed = count = 0
for module in (test_buffering, test_commands, test_config, test_mqtt_packets, test_timing):
    for name in sorted(dir(module)):
        if not name.startswith("test_"):
            continue
        count += 1
        try:
            getattr(module, name)()
            print("ok", name)
        except Exception as error:
            failed += 1
            print("not ok", name, type(error).__name__, error)
print("%d tests, %d failed" % (count, failed))
sys.exit(1 if failed else 0)
