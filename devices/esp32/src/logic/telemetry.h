// Readings and the JSON that carries them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "json_writer.h"

namespace hearth {

/// One value. `name` must outlive it: a literal.
struct Metric {
  const char* name = "";
  double value = 0;
  /// Digits after the point; kTruth for true and false.
  int decimals = 0;

  static constexpr int kTruth = -1;
};

/// Everything measured at one moment. Of fixed size, so that a ring of them needs no heap.
struct Entry {
  static constexpr size_t kMaxMetrics = 10;

  /// Milliseconds since boot: the time of day may not be known yet.
  uint64_t monotonicMs = 0;
  uint32_t sequence = 0;
  size_t count = 0;
  std::array<Metric, kMaxMetrics> metrics{};

  void add(const char* name, double value, int decimals) {
    if (count < kMaxMetrics) metrics[count++] = Metric{name, value, decimals};
  }

  void add(const char* name, bool value) { add(name, value ? 1 : 0, Metric::kTruth); }
};

inline void writeEntry(JsonWriter& json, const Entry& entry, const int64_t* epochOffsetMs) {
  json.beginObject();
  for (size_t i = 0; i < entry.count; ++i) {
    const Metric& metric = entry.metrics[i];
    json.key(metric.name);
    if (metric.decimals == Metric::kTruth) {
      json.value(metric.value != 0);
    } else {
      json.value(metric.value, metric.decimals);
    }
  }
  json.key("seq").value(static_cast<int64_t>(entry.sequence));
  if (epochOffsetMs != nullptr) {
    json.key("ts").value(static_cast<int64_t>(entry.monotonicMs) + *epochOffsetMs);
  }
  json.endObject();
}

/// Payload of one message: an object, or an array as a backfill.
inline std::string encodeEntries(const std::vector<Entry>& entries, int64_t epochOffsetMs) {
  JsonWriter json;
  if (entries.size() != 1) json.beginArray();
  for (const Entry& entry : entries) writeEntry(json, entry, &epochOffsetMs);
  if (entries.size() != 1) json.endArray();
  return json.text();
}

/// Payload of a reading made just now while the time of day is unknown: the server stamps it on arrival.
inline std::string encodeUntimed(const Entry& entry) {
  JsonWriter json;
  writeEntry(json, entry, nullptr);
  return json.text();
}

}  // namespace hearth
