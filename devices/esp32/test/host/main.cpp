// The board's program on a desk: `board PORT DEVICE-ID SECRET INTERVAL-SECONDS`. The sensor is a file `temperature`, the
// relays are lines on the terminal.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>

#include "../../src/logic/program.h"
#include "posix_link.h"

namespace {

class DeskBoard : public hearth::Board {
 public:
  std::optional<hearth::Climate> measure() override {
    std::ifstream file("temperature");
    double celsius = 0;
    if (!(file >> celsius)) return std::nullopt;
    return hearth::Climate{celsius, 45.5};
  }
  void drive(hearth::Drive drive) override {
    const char* const names[] = {"off", "heating", "cooling"};
    log(std::string("drive ") + names[static_cast<int>(drive)]);
  }
  void save(const hearth::ClimateSettings& settings) override { saved_ = settings; }
  std::optional<hearth::ClimateSettings> load() override { return saved_; }
  void identify(uint32_t seconds) override { log("identify " + std::to_string(seconds)); }
  int signal() override { return -55; }
  uint32_t freeHeap() override { return 200000; }
  uint32_t chance() override { return static_cast<uint32_t>(random_()); }
  void log(const std::string& line) override { std::cout << line << std::endl; }

 private:
  std::optional<hearth::ClimateSettings> saved_;
  std::mt19937 random_{1};
};

template <typename Clock>
uint64_t msOf() {
  const auto since = Clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) return 2;
  using Steady = std::chrono::steady_clock;
  PosixLink link(static_cast<uint16_t>(std::atoi(arguments[1])), arguments[2], arguments[3]);
  DeskBoard board;
  hearth::ProgramOptions options;
  options.deviceId = arguments[2];
  options.intervalSeconds = static_cast<uint32_t>(std::atoi(arguments[4]));
  // A test has no three minutes.
  options.protection.minOnMs = 1500;
  options.protection.minOffMs = 1500;
  hearth::Program program(options, link, board, msOf<Steady>());
  program.setEpochOffset(static_cast<int64_t>(msOf<std::chrono::system_clock>()) -
                         static_cast<int64_t>(msOf<Steady>()));
  link.onConnected = [&] { program.onConnected(msOf<Steady>()); };
  link.onDisconnected = [&](const std::string& why) { program.onDisconnected(msOf<Steady>(), why); };
  link.onPublished = [&](uint16_t id) { program.onPublished(id); };
  link.onMessage = [&](const std::string& topic, const std::string& payload) {
    program.onMessage(topic, payload, msOf<Steady>());
  };
  while (true) {
    program.tick(msOf<Steady>(), true);
    link.loop(20);
  }
}
