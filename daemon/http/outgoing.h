#pragma once
// A response on its way to the socket.

#include <cstddef>
#include <memory>
#include <string>

#include "http/message.h"

namespace crm::http {

// What the head of an answer must know of its request.
struct Framing {
  bool head_only = false;  // HEAD: the length is told, the body is not sent
  bool close = false;
  bool http_1_0 = false;
};

class Outgoing {
 public:
  Outgoing() = default;

  // `response` has passed check() of answer.cpp, or is the listener's own.
  Outgoing(const Response& response, const std::string& request_id, Framing framing);

  // Sends what the socket takes without waiting.
  enum class Progress { done, blocked, broken };
  Progress send(int socket);

  bool closes() const { return close_; }
  std::size_t body_bytes() const { return body_ ? body_->size() : 0; }

 private:
  std::string head_ = {};
  std::shared_ptr<const std::string> body_ = {};
  std::size_t sent_ = 0;
  bool close_ = false;
};

}  // namespace crm::http
