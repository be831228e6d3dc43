#pragma once
// The bytes of one connection, cut into requests. No sockets and no clock, like the guard that it is part of.

#include <optional>
#include <string>
#include <string_view>

#include "http/body.h"
#include "http/head.h"
#include "http/message.h"

namespace crm::http {

// A whole request, and what its answer must know of it.
struct Incoming {
  Request request;
  bool keep_alive = true;
  bool http_1_0 = false;
};

class RequestReader {
 public:
  // `limits` must outlive the reader.
  explicit RequestReader(const Limits& limits) : limits_(&limits) {}

  void feed(std::string_view bytes) { bytes_.append(bytes); }

  // The next whole request, its id chosen; the caller adds `remote` and `received`. Throws Refused, after which the
  // connection must be closed: the reader does not know where a next request would begin.
  std::optional<Incoming> next();

  // Where the connection stands after next() returned nothing.
  enum class Stage { between, head, body };
  Stage stage() const;

  // True once for a request whose client waits for "100 Continue" before it sends the body.
  bool take_continue();

 private:
  std::optional<Head> take_head();
  Incoming finish();

  const Limits* limits_;
  std::string bytes_ = {};
  std::size_t scanned_ = 0;
  bool skipped_empty_line_ = false;
  bool continue_due_ = false;
  std::optional<Head> head_ = {};
  Body body_ = {};
};

}  // namespace crm::http
