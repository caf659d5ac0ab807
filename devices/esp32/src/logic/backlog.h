// Readings that wait to be acknowledged: a ring of fixed size. When it is full the oldest goes and is counted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "telemetry.h"

namespace hearth {

template <size_t Capacity>
class Backlog {
 public:
  size_t size() const { return static_cast<size_t>(end_ - first_); }
  uint32_t dropped() const { return dropped_; }

  void add(const Entry& entry) {
    if (size() == Capacity) {
      ++first_;
      ++dropped_;
    }
    slots_[end_ % Capacity] = entry;
    ++end_;
  }

  /// Up to `most` entries, the oldest first. They stay until `removeBefore` is told the position that this answers.
  std::vector<Entry> oldest(size_t most, uint64_t& endPosition) const {
    std::vector<Entry> entries;
    uint64_t at = first_;
    for (; at < end_ && entries.size() < most; ++at) entries.push_back(slots_[at % Capacity]);
    endPosition = at;
    return entries;
  }

  /// Takes off what lies before a position. What was pushed out meanwhile is not missed.
  void removeBefore(uint64_t position) {
    if (position > end_) position = end_;
    if (position > first_) first_ = position;
  }

  const Entry* newest() const { return size() == 0 ? nullptr : &slots_[(end_ - 1) % Capacity]; }

  void removeNewest() {
    if (size() > 0) --end_;
  }

 private:
  std::array<Entry, Capacity> slots_{};
  // Positions count up for ever: 64 bits do not come round.
  uint64_t first_ = 0;
  uint64_t end_ = 0;
  uint32_t dropped_ = 0;
};

}  // namespace hearth
