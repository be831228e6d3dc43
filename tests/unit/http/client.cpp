#include "client.h"

#include <array>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "http/headers.h"

namespace crm::http::testing {
namespace {

constexpr std::chrono::seconds patience{10};

int connected(const std::string& address, std::uint16_t port) {
  const bool is_ipv6 = address.find(':') != std::string::npos;
  const int number = ::socket(is_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{.tv_sec = patience.count(), .tv_usec = 0};
  ::setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  int result = -1;
  if (is_ipv6) {
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(port);
    ::inet_pton(AF_INET6, address.c_str(), &to.sin6_addr);
    result = ::connect(number, reinterpret_cast<sockaddr*>(&to), sizeof to);
  } else {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    result = ::connect(number, reinterpret_cast<sockaddr*>(&to), sizeof to);
  }
  if (result == 0) return number;
  ::close(number);
  throw std::runtime_error("cannot connect to " + address);
}

void parse_head(std::string_view head, Answer& answer) {
  answer.status = std::stoi(std::string(head.substr(9, 3)));
  std::size_t start = head.find("\r\n") + 2;
  while (start < head.size()) {
    const std::size_t end = head.find("\r\n", start);
    const std::string_view line = head.substr(start, end - start);
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) throw std::runtime_error("the answer has a line that is no header");
    std::string& value = answer.headers[lower(line.substr(0, colon))];
    value += (value.empty() ? "" : ", ") + std::string(line.substr(colon + 2));
    start = end + 2;
  }
}

}  // namespace

std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

Client::Client(std::uint16_t port, const std::string& address) : socket_(connected(address, port)) {}

Client::~Client() {
  ::close(socket_);
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::finish_sending() {
  ::shutdown(socket_, SHUT_WR);
}

bool Client::fill() {
  std::array<char, 65536> bytes{};
  const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (got <= 0) return false;
  buffered_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

Answer Client::read(bool head_only) {
  std::size_t end = buffered_.find("\r\n\r\n");
  for (; end == std::string::npos; end = buffered_.find("\r\n\r\n")) {
    if (!fill()) return {};
  }
  Answer answer;
  parse_head(std::string_view(buffered_).substr(0, end + 2), answer);
  buffered_.erase(0, end + 4);
  const std::size_t length =
      head_only ? 0 : static_cast<std::size_t>(std::stoul("0" + answer.header("content-length")));
  while (buffered_.size() < length) {
    if (!fill()) return {};
  }
  answer.body = buffered_.substr(0, length);
  buffered_.erase(0, length);
  return answer;
}

bool Client::closed_by_server() {
  char byte = 0;
  return buffered_.empty() && ::recv(socket_, &byte, 1, 0) == 0;
}

std::string Client::read_to_end() {
  while (fill()) {
  }
  return std::exchange(buffered_, {});
}

Answer ask(std::uint16_t port, std::string_view bytes) {
  Client client(port);
  client.send(bytes);
  return client.read();
}

Answer get(std::uint16_t port, const std::string& target) {
  return ask(port, "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

bool eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < end) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return holds();
}

}  // namespace crm::http::testing
