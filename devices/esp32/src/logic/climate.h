// The settings of a thermostat and how a command changes them: all of it, or nothing with a reason.
#pragma once

#include <array>
#include <cmath>
#include <optional>
#include <string>

#include "json_value.h"

namespace hearth {

enum class Mode { kOff, kHeat, kCool, kHeatCool };

constexpr std::array<const char*, 4> kModeNames = {"off", "heat", "cool", "heat_cool"};

inline const char* nameOf(Mode mode) { return kModeNames[static_cast<size_t>(mode)]; }

inline std::optional<Mode> modeNamed(const std::string& name) {
  for (size_t i = 0; i < kModeNames.size(); ++i) {
    if (name == kModeNames[i]) return static_cast<Mode>(i);
  }
  return std::nullopt;
}

struct ClimateLimits {
  double minTarget = 7;
  double maxTarget = 30;
  double step = 0.5;
  double deadband = 1;
};

/// Temperatures in °C.
struct ClimateSettings {
  Mode mode = Mode::kOff;
  double target = 20;
  double targetLow = 19;
  double targetHigh = 24;
};

/// The settings after a change; or an empty `settings` and the reason in words.
struct ClimateOutcome {
  std::optional<ClimateSettings> settings;
  std::string reason;
};

namespace climate_detail {

inline ClimateOutcome rejected(const std::string& reason) { return {std::nullopt, reason}; }

/// True when the field was set; `reason` tells why not.
inline bool setTarget(double& target, const JsonValue& value, const std::string& field,
                      const ClimateLimits& limits, std::string& reason) {
  if (!value.isNumber()) {
    reason = field + " must be a number";
    return false;
  }
  if (value.number < limits.minTarget || value.number > limits.maxTarget) {
    reason = field + " is out of range";
    return false;
  }
  target = value.number;
  return true;
}

}  // namespace climate_detail

/// Applies the arguments of a climate command. Unknown fields are refused: to ignore one would be to obey half.
inline ClimateOutcome changeClimate(const ClimateSettings& before, const JsonValue& args,
                                    const ClimateLimits& limits) {
  using climate_detail::rejected;
  if (args.keys.empty()) return rejected("give at least one of mode, target, target_low, target_high");
  ClimateSettings after = before;
  std::string reason;
  for (size_t i = 0; i < args.keys.size(); ++i) {
    const std::string& field = args.keys[i];
    const JsonValue& value = args.items[i];
    if (field == "mode") {
      const std::optional<Mode> mode = modeNamed(value.text);
      if (!value.isText() || !mode) return rejected("mode is none of off, heat, cool, heat_cool");
      after.mode = *mode;
      continue;
    }
    double* target = field == "target"        ? &after.target
                     : field == "target_low"  ? &after.targetLow
                     : field == "target_high" ? &after.targetHigh
                                              : nullptr;
    if (target == nullptr) return rejected("unknown field " + field);
    if (!climate_detail::setTarget(*target, value, field, limits, reason)) return rejected(reason);
  }
  if (after.targetLow > after.targetHigh - limits.deadband) {
    return rejected("target_low is too near to target_high");
  }
  return {after, ""};
}

}  // namespace hearth
