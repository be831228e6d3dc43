#pragma once
// A client that sends exactly the bytes it is given, and reads answers as a strict client would.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace crm::http::testing {

struct Answer {
  int status = 0;                              // 0: the connection ended before a whole answer had come
  std::map<std::string, std::string> headers;  // names in lower case; a repeated one has its values joined by ", "
  std::string body;

  bool has(const std::string& name) const { return headers.contains(name); }
  std::string header(const std::string& name) const;  // "" if absent
};

// Every call waits 10 s at most.
class Client {
 public:
  explicit Client(std::uint16_t port, const std::string& address = "127.0.0.1");
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool send(std::string_view bytes);  // false: the other side has closed
  void finish_sending();

  Answer read(bool head_only = false);  // head_only: the answer to a HEAD
  bool closed_by_server();              // waits for the end; any byte before it is a no
  std::string read_to_end();

 private:
  bool fill();

  int socket_ = -1;
  std::string buffered_;
};

// One request on a connection of its own.
Answer ask(std::uint16_t port, std::string_view bytes);
Answer get(std::uint16_t port, const std::string& target);

// Polls until `holds` or 10 s have passed; returns whether it held.
bool eventually(const std::function<bool()>& holds);

}  // namespace crm::http::testing
