#pragma once
// A server that answers whoever connects with prepared bytes, at its own pace, whatever it is asked.

#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <fmt/format.h>

namespace crm::testing {

class HostileServer {
 public:
  // Says `greeting`, then `more` again and again, each after a pause, until the peer goes.
  explicit HostileServer(std::string greeting, std::chrono::milliseconds pause = {}, std::string more = {})
      : socket_(Poco::Net::SocketAddress("127.0.0.1", 0)),
        thread_([this, greeting = std::move(greeting), pause, more = std::move(more)](const std::stop_token& stop) {
          while (!stop.stop_requested()) {
            if (!socket_.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) continue;
            Poco::Net::StreamSocket peer = socket_.acceptConnection();
            serve(peer, stop, greeting, pause, more);
          }
        }) {}

  std::string url(const std::string& scheme) const {
    return fmt::format("{}://127.0.0.1:{}", scheme, socket_.address().port());
  }

 private:
  static void serve(Poco::Net::StreamSocket& peer, const std::stop_token& stop, const std::string& greeting,
                    std::chrono::milliseconds pause, const std::string& more) {
    try {
      peer.sendBytes(greeting.data(), static_cast<int>(greeting.size()), MSG_NOSIGNAL);
      while (!stop.stop_requested()) {
        const bool readable = peer.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ);
        char asked[4'096];
        if (readable && peer.receiveBytes(asked, sizeof asked) <= 0) return;
        if (more.empty()) continue;
        std::this_thread::sleep_for(pause);
        peer.sendBytes(more.data(), static_cast<int>(more.size()), MSG_NOSIGNAL);
      }
    } catch (const Poco::Exception&) {
      return;  // the peer has had enough
    }
  }

  Poco::Net::ServerSocket socket_;
  std::jthread thread_;  // last: joined before the socket is gone
};

}  // namespace crm::testing
