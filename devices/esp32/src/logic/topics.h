// The topics of one device, contract v1. The only file here that spells them.
#pragma once

#include <optional>
#include <string>

namespace hearth {

class Topics {
 public:
  explicit Topics(const std::string& deviceId) : own_("hearth/" + deviceId + "/") {}

  std::string telemetry() const { return own_ + "telemetry"; }
  std::string status() const { return own_ + "status"; }
  std::string info() const { return own_ + "info"; }
  std::string state() const { return own_ + "state"; }
  std::string response() const { return own_ + "response"; }
  std::string commands() const { return own_ + "command/+"; }

  /// Name of the command that came on this topic; nothing for another topic.
  std::optional<std::string> commandName(const std::string& topic) const {
    const std::string prefix = own_ + "command/";
    if (topic.compare(0, prefix.size(), prefix) != 0) return std::nullopt;
    const std::string name = topic.substr(prefix.size());
    if (name.empty() || name.find('/') != std::string::npos) return std::nullopt;
    return name;
  }

 private:
  std::string own_;
};

}  // namespace hearth
