// Decides whether the compressor runs, and protects it: once on it stays on for a while, once off it rests, whatever
// anybody commands. A silent sensor switches off; frost switches on.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "climate.h"

namespace hearth {

enum class Drive { kOff, kHeating, kCooling };

struct Protection {
  uint64_t minOnMs = 180000;
  uint64_t minOffMs = 180000;
  /// The temperature may stray this far from the target before anything happens, °C.
  double hysteresis = 0.3;
  /// Below this it heats in every mode, `off` included, °C.
  double frostFloor = 5;
  /// How far above the frost floor frost protection heats, °C.
  double frostMargin = 1;
  /// A temperature older than this is not believed.
  uint64_t staleMs = 300000;
};

class Thermostat {
 public:
  /// The compressor's past is unknown after a boot: it rests first.
  Thermostat(const Protection& protection, uint64_t nowMs) : protection_(protection), since_(nowMs) {}

  Drive drive() const { return drive_; }

  /// Why it is not doing what the settings ask for; empty when it does.
  const std::string& reason() const { return reason_; }

  void sense(double celsius, uint64_t nowMs) {
    celsius_ = celsius;
    sensedAt_ = nowMs;
    sensed_ = true;
  }

  bool isStale(uint64_t nowMs) const {
    return !sensed_ || nowMs - sensedAt_ > protection_.staleMs;
  }

  /// Call it about once a second. True when the drive changed.
  bool step(const ClimateSettings& settings, uint64_t nowMs) {
    const Drive wanted = isStale(nowMs) ? Drive::kOff : wantedDrive(settings);
    const uint64_t elapsed = nowMs - since_;
    if (wanted == drive_) {
      reason_ = explain(nowMs);
      return false;
    }
    if (drive_ == Drive::kOff && elapsed < protection_.minOffMs) {
      reason_ = "compressor rest, " + seconds(protection_.minOffMs - elapsed) + " s";
      return false;
    }
    if (drive_ != Drive::kOff && elapsed < protection_.minOnMs) {
      reason_ = "compressor must run " + seconds(protection_.minOnMs - elapsed) + " s more";
      return false;
    }
    // From heating to cooling only through a rest.
    drive_ = drive_ == Drive::kOff ? wanted : Drive::kOff;
    since_ = nowMs;
    reason_ = explain(nowMs);
    return true;
  }

 private:
  Drive wantedDrive(const ClimateSettings& settings) const {
    const double floor = protection_.frostFloor;
    const bool heats = drive_ == Drive::kHeating;
    if (celsius_ < floor || (heats && celsius_ < floor + protection_.frostMargin)) return Drive::kHeating;
    constexpr double never = std::numeric_limits<double>::infinity();
    switch (settings.mode) {
      case Mode::kHeat:
        return band(settings.target, never);
      case Mode::kCool:
        return band(-never, settings.target);
      case Mode::kHeatCool:
        return band(settings.targetLow, settings.targetHigh);
      case Mode::kOff:
        break;
    }
    return Drive::kOff;
  }

  Drive band(double low, double high) const {
    const double stray = protection_.hysteresis;
    if (celsius_ < low - stray) return Drive::kHeating;
    if (celsius_ > high + stray) return Drive::kCooling;
    if (drive_ == Drive::kHeating && celsius_ < low + stray) return Drive::kHeating;
    if (drive_ == Drive::kCooling && celsius_ > high - stray) return Drive::kCooling;
    return Drive::kOff;
  }

  std::string explain(uint64_t nowMs) const {
    if (isStale(nowMs)) return "the sensor is silent";
    const bool frost = celsius_ < protection_.frostFloor + protection_.frostMargin;
    return frost && drive_ == Drive::kHeating ? "frost protection" : "";
  }

  static std::string seconds(uint64_t ms) { return std::to_string((ms + 999) / 1000); }

  Protection protection_;
  Drive drive_ = Drive::kOff;
  uint64_t since_;
  std::string reason_;
  double celsius_ = 0;
  uint64_t sensedAt_ = 0;
  bool sensed_ = false;
};

}  // namespace hearth
