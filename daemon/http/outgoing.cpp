#include "http/outgoing.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "http/error.h"

namespace crm::http {
namespace {

bool sets(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [name](const auto& field) { return equal_ignoring_case(field.first, name); });
}

// 204 and 304 have no body, and 204 may not tell a length (RFC 9110 8.6).
bool bodiless(int status) {
  return status == 204 || status == 304;
}

std::string render_head(const Response& response, const std::string& request_id, Framing framing) {
  fmt::memory_buffer head;
  const auto out = fmt::appender(head);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  fmt::format_to(out, "Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", fmt::gmtime(std::time(nullptr)));
  if (!response.content_type.empty()) fmt::format_to(out, "Content-Type: {}\r\n", response.content_type);
  if (!bodiless(response.status)) {
    fmt::format_to(out, "Content-Length: {}\r\n", response.body ? response.body->size() : 0);
  }
  fmt::format_to(out, "X-Request-Id: {}\r\nX-Content-Type-Options: nosniff\r\n", request_id);
  if (!sets(response, "Cache-Control")) fmt::format_to(out, "Cache-Control: no-store\r\n");
  if (framing.close) {
    fmt::format_to(out, "Connection: close\r\n");
  } else if (framing.http_1_0) {
    fmt::format_to(out, "Connection: keep-alive\r\n");
  }
  for (const auto& [name, value] : response.headers) fmt::format_to(out, "{}: {}\r\n", name, value);
  fmt::format_to(out, "\r\n");
  return fmt::to_string(head);
}

}  // namespace

Outgoing::Outgoing(const Response& response, const std::string& request_id, Framing framing)
    : head_(render_head(response, request_id, framing)), close_(framing.close) {
  if (!framing.head_only && !bodiless(response.status)) body_ = response.body;
}

Outgoing::Progress Outgoing::send(int socket) {
  const std::size_t total = head_.size() + body_bytes();
  while (sent_ < total) {
    const std::size_t of_head = std::min(sent_, head_.size());
    const std::size_t of_body = sent_ - of_head;
    std::array<iovec, 2> parts{};
    parts[0] = {head_.data() + of_head, head_.size() - of_head};
    // sendmsg() does not write through the pointer; iovec has no const form.
    if (body_) parts[1] = {const_cast<char*>(body_->data()) + of_body, body_->size() - of_body};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = body_ ? 2 : 1;
    const ssize_t sent = ::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? Progress::blocked : Progress::broken;
    sent_ += static_cast<std::size_t>(sent);
  }
  return Progress::done;
}

}  // namespace crm::http
