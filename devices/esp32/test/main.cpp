// Runs all tests: `tests VECTORS`. Prints one line for each; ends with 1 when one failed.
#include <exception>
#include <iostream>

#include "check.h"
#include "vectors.h"

int main(int count, char** arguments) {
  vectorFolder() = count > 1 ? arguments[1] : ".";
  int failed = 0;
  for (const auto& [name, body] : Tests::all()) {
    const int before = Tests::failures();
    try {
      body();
    } catch (const std::exception& error) {
      ++Tests::failures();
      std::cout << error.what() << '\n';
    }
    const bool good = Tests::failures() == before;
    failed += good ? 0 : 1;
    std::cout << (good ? "ok " : "not ok ") << name << '\n';
  }
  std::cout << Tests::all().size() << " tests, " << failed << " failed\n";
  return failed == 0 ? 0 : 1;
}
