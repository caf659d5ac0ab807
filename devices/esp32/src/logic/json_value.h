// Reads JSON that came from the network: strict, and bounded in depth and number of values, whatever is sent.
#pragma once

#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hearth {

struct JsonValue {
  enum class Kind { kNull, kBool, kNumber, kText, kArray, kObject };

  Kind kind = Kind::kNull;
  bool truth = false;
  double number = 0;
  std::string text;
  std::vector<JsonValue> items;
  /// Keys of an object; `items` has their values in the same order.
  std::vector<std::string> keys;

  bool isObject() const { return kind == Kind::kObject; }
  bool isText() const { return kind == Kind::kText; }
  bool isNumber() const { return kind == Kind::kNumber; }

  /// The value of a key of an object; null when there is none. Of two equal keys the last counts, as in JavaScript.
  const JsonValue* find(const std::string& key) const {
    for (size_t i = keys.size(); i > 0; --i) {
      if (keys[i - 1] == key) return &items[i - 1];
    }
    return nullptr;
  }
};

struct JsonLimits {
  int maxDepth = 8;
  size_t maxValues = 64;
};

class JsonParser {
 public:
  /// Nothing for anything that is not exactly one JSON value within the limits.
  static std::optional<JsonValue> parse(const std::string& text, JsonLimits limits = {}) {
    JsonParser parser(text, limits);
    JsonValue value;
    if (!parser.readValue(value, 0)) return std::nullopt;
    parser.skipSpace();
    if (parser.at_ != text.size()) return std::nullopt;
    return value;
  }

 private:
  JsonParser(const std::string& text, JsonLimits limits) : text_(text), limits_(limits) {}

  bool readValue(JsonValue& value, int depth) {
    if (depth > limits_.maxDepth || ++values_ > limits_.maxValues) return false;
    skipSpace();
    switch (peek()) {
      case '{':
        return readObject(value, depth);
      case '[':
        return readArray(value, depth);
      case '"':
        value.kind = JsonValue::Kind::kText;
        return readText(value.text);
      case 't':
        value.kind = JsonValue::Kind::kBool;
        value.truth = true;
        return readWord("true");
      case 'f':
        value.kind = JsonValue::Kind::kBool;
        return readWord("false");
      case 'n':
        return readWord("null");
      default:
        return readNumber(value);
    }
  }

  bool readObject(JsonValue& value, int depth) {
    value.kind = JsonValue::Kind::kObject;
    ++at_;
    skipSpace();
    if (take('}')) return true;
    do {
      skipSpace();
      std::string key;
      if (!readText(key)) return false;
      skipSpace();
      if (!take(':')) return false;
      value.keys.push_back(std::move(key));
      value.items.emplace_back();
      if (!readValue(value.items.back(), depth + 1)) return false;
      skipSpace();
    } while (take(','));
    return take('}');
  }

  bool readArray(JsonValue& value, int depth) {
    value.kind = JsonValue::Kind::kArray;
    ++at_;
    skipSpace();
    if (take(']')) return true;
    do {
      value.items.emplace_back();
      if (!readValue(value.items.back(), depth + 1)) return false;
      skipSpace();
    } while (take(','));
    return take(']');
  }

  bool readText(std::string& out) {
    if (!take('"')) return false;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        out += c;
      } else if (!readEscape(out)) {
        return false;
      }
    }
    return false;
  }

  bool readEscape(std::string& out) {
    if (at_ >= text_.size()) return false;
    const char c = text_[at_++];
    static const std::string names = "\"\\/bfnrt";
    static const std::string meanings = "\"\\/\b\f\n\r\t";
    const size_t which = names.find(c);
    if (which != std::string::npos) {
      out += meanings[which];
      return true;
    }
    if (c != 'u') return false;
    uint32_t code = 0;
    if (!readHex(code)) return false;
    if (code >= 0xd800 && code <= 0xdbff) {
      uint32_t low = 0;
      if (!take('\\') || !take('u') || !readHex(low) || low < 0xdc00 || low > 0xdfff) return false;
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else if (code >= 0xdc00 && code <= 0xdfff) {
      return false;
    }
    appendUtf8(out, code);
    return true;
  }

  bool readHex(uint32_t& code) {
    if (at_ + 4 > text_.size()) return false;
    for (int i = 0; i < 4; ++i) {
      const unsigned char c = static_cast<unsigned char>(text_[at_++]);
      if (std::isxdigit(c) == 0) return false;
      const int digit = std::isdigit(c) != 0 ? c - '0' : std::tolower(c) - 'a' + 10;
      code = code * 16 + static_cast<uint32_t>(digit);
    }
    return true;
  }

  static void appendUtf8(std::string& out, uint32_t code) {
    const auto byte = [&out](uint32_t value) { out += static_cast<char>(value); };
    if (code < 0x80) {
      byte(code);
    } else if (code < 0x800) {
      byte(0xc0 | (code >> 6));
      byte(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
      byte(0xe0 | (code >> 12));
      byte(0x80 | ((code >> 6) & 0x3f));
      byte(0x80 | (code & 0x3f));
    } else {
      byte(0xf0 | (code >> 18));
      byte(0x80 | ((code >> 12) & 0x3f));
      byte(0x80 | ((code >> 6) & 0x3f));
      byte(0x80 | (code & 0x3f));
    }
  }

  bool readNumber(JsonValue& value) {
    const size_t from = at_;
    take('-');
    // JSON allows no zero before another digit.
    if (!take('0') && !readDigits()) return false;
    if (take('.') && !readDigits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!readDigits()) return false;
    }
    value.kind = JsonValue::Kind::kNumber;
    value.number = std::strtod(text_.substr(from, at_ - from).c_str(), nullptr);
    return std::isfinite(value.number);
  }

  bool readDigits() {
    const size_t from = at_;
    while (std::isdigit(static_cast<unsigned char>(peek())) != 0) ++at_;
    return at_ > from;
  }

  bool readWord(const std::string& word) {
    if (text_.compare(at_, word.size(), word) != 0) return false;
    at_ += word.size();
    return true;
  }

  void skipSpace() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take(char wanted) {
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  const std::string& text_;
  JsonLimits limits_;
  size_t at_ = 0;
  size_t values_ = 0;
};

}  // namespace hearth
