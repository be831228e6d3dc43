#pragma once
// The guard's verdict on a request that never reaches a handler. The connection is closed after the answer, because
// what follows on it can no longer be told apart from the refused request.

#include <stdexcept>
#include <string>

namespace crm::http {

class Refused : public std::runtime_error {
 public:
  Refused(int status, std::string code, const std::string& message)
      : std::runtime_error(message), status_(status), code_(std::move(code)) {}

  int status() const { return status_; }
  const std::string& code() const { return code_; }

 private:
  int status_;
  std::string code_;
};

inline Refused bad_request(const std::string& message) {
  return Refused(400, "bad_request", message);
}

}  // namespace crm::http
