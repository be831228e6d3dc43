#pragma once
// What can go wrong in a run, told apart because the host answers each differently. Everything derives from
// std::runtime_error; what() is one line that a user can act on.

#include <stdexcept>
#include <string>
#include <utility>

namespace crm {

// A bad option. The host adds file and line of `key` (relative to the collector's own section, "queue.prefix").
class ConfigError : public std::runtime_error {
 public:
  ConfigError(std::string key, const std::string& message) : std::runtime_error(message), key_(std::move(key)) {}
  const std::string& key() const { return key_; }

 private:
  std::string key_;
};

// A backend is away or refused: the answer is stale data or 503, and the host tries again.
class SourceUnavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The deadline of the run passed and the work was cancelled: 504. `what()` names the statement.
class DeadlineExceeded : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The source does not keep its contract: a view without a column, a type that cannot be used. Names both.
class ContractError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The caller may not ask this (a subject that is no agent id, for instance): 403.
class Forbidden : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The caller gave a parameter that cannot be used: out of range, a cursor that no page gave, an id of another type. 400
// with the parameter's name.
class BadParameter : public std::runtime_error {
 public:
  BadParameter(std::string parameter, const std::string& message)
      : std::runtime_error(message), parameter_(std::move(parameter)) {}
  const std::string& parameter() const { return parameter_; }

 private:
  std::string parameter_;
};

// A cell that cannot be read as what was asked for. Rows::each skips and counts the row.
class BadValue : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The collector used the SDK against its rules (an undeclared statement, a missing argument). A defect of the plugin.
class UsageError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace crm
