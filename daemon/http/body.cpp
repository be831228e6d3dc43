#include "http/body.h"

#include <algorithm>

#include <fmt/format.h>

#include "http/refused.h"

namespace crm::http {
namespace {

// A chunk size of more hex digits than this is beyond any limit that can be configured.
constexpr int most_size_digits = 15;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void expect(bool holds) {
  if (!holds)
    throw bad_request("the chunked body is broken: a chunk is its size in hex digits, CR LF, its bytes, CR LF");
}

void refuse_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  expect((byte >= 0x20 && byte != 0x7f) || c == '\t');
}

}  // namespace

Body Body::of_length(std::size_t length) {
  Body body;
  body.left_ = length;
  body.state_ = length == 0 ? State::complete : State::fixed;
  return body;
}

Body Body::of_chunks(const Limits& limits) {
  Body body;
  body.max_content_ = limits.max_body;
  body.max_overhead_ = limits.max_header_bytes;
  body.state_ = State::size;
  return body;
}

std::size_t Body::take(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ != State::complete) {
    if (state_ == State::fixed || state_ == State::data) {
      taken += take_data(bytes.substr(taken));
    } else {
      take_framing(bytes[taken]);
      ++taken;
    }
  }
  return taken;
}

std::size_t Body::take_data(std::string_view bytes) {
  const std::size_t now = std::min(left_, bytes.size());
  content_.append(bytes.substr(0, now));
  left_ -= now;
  if (left_ == 0) state_ = state_ == State::fixed ? State::complete : State::data_cr;
  return now;
}

void Body::take_framing(char c) {
  switch (state_) {
    case State::size:
      return take_size(c);
    case State::extension:
      count_overhead();
      if (c == '\r') {
        state_ = State::size_lf;
      } else {
        refuse_control(c);
      }
      return;
    case State::size_lf:
      expect(c == '\n');
      return end_size_line();
    case State::data_cr:
      expect(c == '\r');
      state_ = State::data_lf;
      return;
    case State::data_lf:
      expect(c == '\n');
      state_ = State::size;
      return;
    case State::trailer:
    case State::trailer_lf:
      return take_trailer(c);
    case State::fixed:
    case State::data:
    case State::complete:
      return;
  }
}

void Body::take_size(char c) {
  const int digit = hex_digit(c);
  if (digit >= 0) {
    expect(++size_digits_ <= most_size_digits);
    left_ = left_ * 16 + static_cast<std::size_t>(digit);
    return;
  }
  expect(size_digits_ > 0 && (c == '\r' || c == ';'));
  state_ = c == ';' ? State::extension : State::size_lf;
}

void Body::end_size_line() {
  size_digits_ = 0;
  state_ = left_ == 0 ? State::trailer : State::data;
  if (left_ > max_content_ - content_.size()) {
    throw Refused(413, "body_too_large", fmt::format("the body is larger than {} bytes", max_content_));
  }
}

// Trailers are read to their end and dropped: nothing here has a use for them.
void Body::take_trailer(char c) {
  count_overhead();
  if (state_ == State::trailer_lf) {
    expect(c == '\n');
    state_ = line_bytes_ == 0 ? State::complete : State::trailer;
    line_bytes_ = 0;
  } else if (c == '\r') {
    state_ = State::trailer_lf;
  } else {
    refuse_control(c);
    ++line_bytes_;
  }
}

void Body::count_overhead() {
  if (++overhead_ > max_overhead_) {
    throw Refused(431, "headers_too_large", "the chunk extensions and trailers are too large");
  }
}

}  // namespace crm::http
