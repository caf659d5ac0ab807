#include <random>

#include "../src/logic/thermostat.h"
#include "check.h"

using namespace hearth;

namespace {

constexpr uint64_t kLong = 10000000;

ClimateSettings in(Mode mode, double target = 21) { return {mode, target, 20, 25}; }

/// The drive that a rested thermostat comes to at a temperature.
Drive driveAt(Mode mode, double celsius) {
  Thermostat thermostat(Protection{}, 0);
  thermostat.sense(celsius, kLong);
  thermostat.step(in(mode), kLong);
  return thermostat.drive();
}

}  // namespace

TEST("heats and cools by the mode") {
  TRUE(driveAt(Mode::kHeat, 20.6) == Drive::kHeating);
  TRUE(driveAt(Mode::kHeat, 20.8) == Drive::kOff);
  TRUE(driveAt(Mode::kHeat, 30) == Drive::kOff);
  TRUE(driveAt(Mode::kCool, 21.4) == Drive::kCooling);
  TRUE(driveAt(Mode::kCool, 21.2) == Drive::kOff);
  TRUE(driveAt(Mode::kHeatCool, 19) == Drive::kHeating);
  TRUE(driveAt(Mode::kHeatCool, 22) == Drive::kOff);
  TRUE(driveAt(Mode::kHeatCool, 26) == Drive::kCooling);
  TRUE(driveAt(Mode::kOff, 12) == Drive::kOff);
}

TEST("heats against frost in mode off, and says so") {
  Thermostat thermostat(Protection{}, 0);
  thermostat.sense(4, kLong);
  TRUE(thermostat.step(in(Mode::kOff), kLong));
  TRUE(thermostat.drive() == Drive::kHeating);
  EQUAL(thermostat.reason(), "frost protection");
}

TEST("rests after a boot, and says for how long") {
  Thermostat thermostat(Protection{}, 0);
  thermostat.sense(10, 60000);
  TRUE(!thermostat.step(in(Mode::kHeat), 60000));
  EQUAL(thermostat.reason(), "compressor rest, 120 s");
}

TEST("runs its least time although it is switched off") {
  Thermostat thermostat(Protection{}, 0);
  thermostat.sense(10, kLong);
  thermostat.step(in(Mode::kHeat), kLong);
  TRUE(!thermostat.step(in(Mode::kOff), kLong + 100000));
  EQUAL(thermostat.reason(), "compressor must run 80 s more");
  TRUE(thermostat.step(in(Mode::kOff), kLong + 180000));
  EQUAL(thermostat.reason(), "");
}

TEST("switches off when the sensor is silent") {
  Thermostat thermostat(Protection{}, 0);
  TRUE(!thermostat.step(in(Mode::kHeat), kLong));
  EQUAL(thermostat.reason(), "the sensor is silent");
  thermostat.sense(10, kLong);
  TRUE(thermostat.step(in(Mode::kHeat), kLong));
  TRUE(thermostat.step(in(Mode::kHeat), kLong + 300001));
  TRUE(thermostat.drive() == Drive::kOff);
  EQUAL(thermostat.reason(), "the sensor is silent");
}

TEST("never short-cycles, whatever the room does and people command") {
  const Protection protection;
  std::mt19937 random(20);
  const Mode modes[] = {Mode::kOff, Mode::kHeat, Mode::kCool, Mode::kHeatCool};
  for (int run = 0; run < 200; ++run) {
    Thermostat thermostat(protection, 0);
    uint64_t now = 0;
    uint64_t since = 0;
    for (int i = 0; i < 200; ++i) {
      now += 1 + random() % 200000;
      if (random() % 10 != 0) thermostat.sense(static_cast<double>(random() % 40), now);
      const Drive before = thermostat.drive();
      const bool changed = thermostat.step(in(modes[random() % 4], 7 + static_cast<double>(random() % 24)), now);
      EQUAL(changed, thermostat.drive() != before);
      if (!changed) continue;
      const uint64_t least = before == Drive::kOff ? protection.minOffMs : protection.minOnMs;
      TRUE(now - since >= least);
      TRUE(before == Drive::kOff || thermostat.drive() == Drive::kOff);
      since = now;
    }
  }
}
