// Writes JSON into a string. Knows when a comma is due; what is nested is the caller's affair.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>

namespace hearth {

class JsonWriter {
 public:
  JsonWriter& beginObject() { return open('{'); }
  JsonWriter& endObject() { return close('}'); }
  JsonWriter& beginArray() { return open('['); }
  JsonWriter& endArray() { return close(']'); }

  JsonWriter& key(const std::string& name) {
    comma();
    quote(name);
    text_ += ':';
    first_ = true;
    return *this;
  }

  JsonWriter& value(const std::string& text) {
    comma();
    quote(text);
    return *this;
  }

  JsonWriter& value(const char* text) { return value(std::string(text)); }

  JsonWriter& value(bool truth) {
    comma();
    text_ += truth ? "true" : "false";
    return *this;
  }

  JsonWriter& value(int64_t number) {
    comma();
    text_ += std::to_string(number);
    return *this;
  }

  JsonWriter& null() {
    comma();
    text_ += "null";
    return *this;
  }

  /// At most `decimals` digits after the point, without zeros at the end. What is no number is null: JSON has no NaN.
  JsonWriter& value(double number, int decimals) {
    if (!std::isfinite(number)) return null();
    char buffer[40];
    const int length = std::snprintf(buffer, sizeof buffer, "%.*f", decimals, number);
    if (length < 0 || length >= static_cast<int>(sizeof buffer)) return null();
    std::string digits(buffer);
    if (digits.find('.') != std::string::npos) {
      digits.erase(digits.find_last_not_of('0') + 1);
      if (digits.back() == '.') digits.pop_back();
    }
    comma();
    text_ += digits == "-0" ? "0" : digits;
    return *this;
  }

  const std::string& text() const { return text_; }

 private:
  JsonWriter& open(char bracket) {
    comma();
    text_ += bracket;
    first_ = true;
    return *this;
  }

  JsonWriter& close(char bracket) {
    text_ += bracket;
    first_ = false;
    return *this;
  }

  void comma() {
    if (!first_) text_ += ',';
    first_ = false;
  }

  void quote(const std::string& text) {
    text_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        text_ += '\\';
        text_ += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
        text_ += escape;
      } else {
        text_ += c;
      }
    }
    text_ += '"';
  }

  std::string text_;
  bool first_ = true;
};

}  // namespace hearth
