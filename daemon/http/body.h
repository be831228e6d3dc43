#pragma once
// The body of a request, taken from the connection to its last byte, so that none of it can pose as the next request.

#include <cstddef>
#include <string>
#include <string_view>

#include "http/head.h"

namespace crm::http {

class Body {
 public:
  // A body of `length` bytes, or chunks.
  static Body of_length(std::size_t length);
  static Body of_chunks(const Limits& limits);

  // Takes what belongs to the body from the front of `bytes` and says how much that was. Throws Refused: 400 for broken
  // chunks, 413 when they exceed max_body.
  std::size_t take(std::string_view bytes);

  bool complete() const { return state_ == State::complete; }
  std::string release() { return std::move(content_); }

 private:
  enum class State { fixed, size, extension, size_lf, data, data_cr, data_lf, trailer, trailer_lf, complete };

  void take_framing(char c);
  void take_size(char c);
  void end_size_line();
  void take_trailer(char c);
  std::size_t take_data(std::string_view bytes);
  void count_overhead();

  State state_ = State::complete;
  std::size_t left_ = 0;        // of the fixed body or of this chunk
  int size_digits_ = 0;         // of the chunk size being read
  std::size_t line_bytes_ = 0;  // of the trailer line being read
  std::size_t overhead_ = 0;    // extensions and trailers so far
  std::size_t max_content_ = 0;
  std::size_t max_overhead_ = 0;
  std::string content_ = {};
};

}  // namespace crm::http
