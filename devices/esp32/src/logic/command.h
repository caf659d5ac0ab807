// A command as it arrives: parsed, checked against its expiry, answered.
#pragma once

#include <optional>
#include <string>

#include "json_value.h"
#include "json_writer.h"

namespace hearth {

constexpr size_t kMaxCommandBytes = 2048;
constexpr size_t kMaxCommandIdLength = 64;
constexpr size_t kMaxReasonLength = 200;

struct Command {
  std::string name;
  std::string id;
  JsonValue args;
};

/// Nothing for a command that is malformed or past its expiry. `nowMs` is nothing while the time of day is unknown.
inline std::optional<Command> readCommand(const std::string& name, const std::string& payload,
                                          std::optional<int64_t> nowMs) {
  if (payload.size() > kMaxCommandBytes) return std::nullopt;
  const std::optional<JsonValue> table = JsonParser::parse(payload);
  if (!table || !table->isObject()) return std::nullopt;
  const JsonValue* id = table->find("id");
  const JsonValue* args = table->find("args");
  const JsonValue* expires = table->find("expiresAt");
  if (id == nullptr || !id->isText() || id->text.size() > kMaxCommandIdLength) return std::nullopt;
  if (args == nullptr || !args->isObject()) return std::nullopt;
  if (expires == nullptr || !expires->isNumber()) return std::nullopt;
  if (nowMs && expires->number <= static_cast<double>(*nowMs)) return std::nullopt;
  return Command{name, id->text, *args};
}

inline std::string encodeResponse(const Command& command, const char* status,
                                  const std::string& reason = "") {
  JsonWriter json;
  json.beginObject().key("id").value(command.id).key("status").value(status);
  if (!reason.empty()) json.key("reason").value(reason.substr(0, kMaxReasonLength));
  return json.endObject().text();
}

}  // namespace hearth
