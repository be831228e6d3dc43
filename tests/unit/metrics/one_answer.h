#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace crm::metrics::testing {

// An HTTP server on a free port of loopback that answers one request and is done.
class OneAnswer {
 public:
  OneAnswer(const std::string& headers, const std::string& body)
      : answer_("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                headers + "\r\n" + body),
        socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, generic, size) != 0 || ::listen(socket_, 1) != 0 ||
        ::getsockname(socket_, generic, &size) != 0) {
      throw std::runtime_error("no free port on loopback");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { serve(); });
  }
  ~OneAnswer() {
    ::shutdown(socket_, SHUT_RDWR);  // ends an accept that nobody answered
    thread_.join();
    ::close(socket_);
  }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  void serve() const {
    const int client = ::accept(socket_, nullptr, nullptr);
    if (client < 0) return;
    std::string request;
    std::array<char, 1024> buffer{};
    while (request.find("\r\n\r\n") == std::string::npos) {
      const auto read = ::recv(client, buffer.data(), buffer.size(), 0);
      if (read <= 0) break;
      request.append(buffer.data(), static_cast<std::size_t>(read));
    }
    for (std::size_t sent = 0; sent < answer_.size();) {
      const auto more = ::send(client, answer_.data() + sent, answer_.size() - sent, MSG_NOSIGNAL);
      if (more <= 0) break;
      sent += static_cast<std::size_t>(more);
    }
    ::close(client);
  }

  std::string answer_;
  int socket_;
  int port_ = 0;
  std::jthread thread_;
};

}  // namespace crm::metrics::testing
