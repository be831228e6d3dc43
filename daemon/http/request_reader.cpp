#include "http/request_reader.h"

#include <utility>

#include "http/request_id.h"

namespace crm::http {

std::optional<Incoming> RequestReader::next() {
  if (!head_) {
    head_ = take_head();
    if (!head_) return std::nullopt;
    body_ = head_->chunked ? Body::of_chunks(*limits_) : Body::of_length(head_->content_length);
  }
  bytes_.erase(0, body_.take(bytes_));
  continue_due_ = head_->expects_continue && !body_.complete() && bytes_.empty();
  if (!body_.complete()) return std::nullopt;
  return finish();
}

std::optional<Head> RequestReader::take_head() {
  // RFC 9112 2.2: one empty line before a request is forgiven; some clients end a body with it.
  if (!skipped_empty_line_ && scanned_ == 0 && bytes_.substr(0, 2) == "\r\n") {
    bytes_.erase(0, 2);
    skipped_empty_line_ = true;
  }
  if (!skipped_empty_line_ && bytes_ == "\r") return std::nullopt;
  const auto end = find_head_end(bytes_, scanned_, *limits_);
  if (!end) return std::nullopt;
  Head head = parse_head(std::string_view(bytes_).substr(0, *end), *limits_);
  bytes_.erase(0, *end);
  scanned_ = 0;
  skipped_empty_line_ = false;
  return head;
}

Incoming RequestReader::finish() {
  Head head = std::exchange(head_, std::nullopt).value();
  Incoming incoming;
  incoming.keep_alive = head.keep_alive;
  incoming.http_1_0 = head.http_1_0;
  incoming.request.method = std::move(head.method);
  incoming.request.path = std::move(head.target.path);
  incoming.request.query = std::move(head.target.query);
  incoming.request.id = request_id_for(head.headers);
  incoming.request.headers = std::move(head.headers);
  incoming.request.body = body_.release();
  body_ = Body();
  continue_due_ = false;
  return incoming;
}

RequestReader::Stage RequestReader::stage() const {
  if (head_) return Stage::body;
  return bytes_.empty() && !skipped_empty_line_ ? Stage::between : Stage::head;
}

bool RequestReader::take_continue() {
  if (!continue_due_) return false;
  head_->expects_continue = false;
  continue_due_ = false;
  return true;
}

}  // namespace crm::http
