#pragma once
// What is wrong with a configuration, said so that the person who wrote it can mend it.

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace crm::config {

// Where something stands. Lines count from 1; 0: nowhere in particular (a default, a whole file).
struct Place {
  std::string file;
  int line = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

struct Problem {
  std::string file;
  int line = 0;
  std::string key;  // with dots: "collectors.kpi.every"; empty when the file as a whole is meant
  std::string message;

  // "file:line: key: message", without the parts that are not known.
  std::string text() const;
  friend bool operator==(const Problem&, const Problem&) = default;
};

// A configuration that cannot be used. what() is one line for each problem.
class Invalid : public std::runtime_error {
 public:
  static constexpr std::size_t most = 20;

  // Sorted by file and line; of more than `most`, the first are kept and the rest is counted.
  explicit Invalid(std::vector<Problem> all);

  std::vector<Problem> problems;
  std::size_t left_out = 0;
};

}  // namespace crm::config
