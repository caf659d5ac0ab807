// How long to wait before the next connection: 1, 2, 4 … 60 s, each strayed by up to 30 %, so that a whole house does
// not come back in the same instant after a power failure.
#pragma once

#include <algorithm>
#include <cstdint>

namespace hearth {

class BackOff {
 public:
  static constexpr uint32_t kFirstMs = 1000;
  static constexpr uint32_t kLongestMs = 60000;
  static constexpr uint32_t kJitterPercent = 30;

  /// `chance` is any random number.
  uint32_t nextMs(uint32_t chance) {
    const uint32_t wait = next_;
    next_ = std::min(kLongestMs, next_ * 2);
    const uint32_t percent = 100 - kJitterPercent + chance % (2 * kJitterPercent + 1);
    return wait * percent / 100;
  }

  void reset() { next_ = kFirstMs; }

 private:
  uint32_t next_ = kFirstMs;
};

}  // namespace hearth
