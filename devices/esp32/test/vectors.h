// The examples that all implementations of the contract share, read by the firmware's own parser.
#pragma once

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "../src/logic/json_value.h"
#include "../src/logic/json_writer.h"

inline std::string& vectorFolder() {
  static std::string folder;
  return folder;
}

inline hearth::JsonValue loadVectors(const std::string& name) {
  std::ifstream file(vectorFolder() + "/" + name + ".json");
  std::stringstream text;
  text << file.rdbuf();
  const auto value = hearth::JsonParser::parse(text.str(), {16, 10000});
  if (!value) throw std::runtime_error("cannot read the vectors " + name);
  return *value;
}

inline const hearth::JsonValue& at(const hearth::JsonValue& object, const std::string& key) {
  const hearth::JsonValue* found = object.find(key);
  if (found == nullptr) throw std::runtime_error("no " + key);
  return *found;
}

/// Its value would die with the temporary.
const hearth::JsonValue& at(const hearth::JsonValue&& object, const std::string& key) = delete;

/// A value in one spelling, whatever the order of its keys was.
inline std::string spell(const hearth::JsonValue& value) {
  using Kind = hearth::JsonValue::Kind;
  hearth::JsonWriter json;
  switch (value.kind) {
    case Kind::kNull:
      return json.null().text();
    case Kind::kBool:
      return json.value(value.truth).text();
    case Kind::kNumber:
      return json.value(value.number, 6).text();
    case Kind::kText:
      return json.value(value.text).text();
    case Kind::kArray:
    case Kind::kObject:
      break;
  }
  std::vector<std::string> parts;
  for (size_t i = 0; i < value.items.size(); ++i) {
    const std::string key = value.isObject() ? value.keys[i] + "=" : "";
    parts.push_back(key + spell(value.items[i]));
  }
  if (value.isObject()) std::sort(parts.begin(), parts.end());
  std::string text = value.isObject() ? "{" : "[";
  for (const std::string& part : parts) text += part + ";";
  return text + (value.isObject() ? "}" : "]");
}
