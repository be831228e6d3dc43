#pragma once
// A WhatsApp gateway of the test's own: answers each request as it is told, on a free port of the loopback.

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <Poco/Net/ServerSocket.h>

#include "support/temporary_folder.h"

namespace crm::testing {

// A whole HTTP answer with a JSON body.
std::string json_answer(const std::string& body, const std::string& status = "200 OK", const std::string& headers = "");

class GatewayServer {
 public:
  // The bytes to answer with, given the request up to its empty line: "GET /path HTTP/1.1\r\n…".
  using Answer = std::function<std::string(const std::string& request)>;

  explicit GatewayServer(Answer answer, bool tls = false);
  // The same answer to everybody.
  explicit GatewayServer(const std::string& answer, bool tls = false);
  ~GatewayServer();

  // With another one, from the next request on.
  void answers(const std::string& answer);

  int port() const { return port_; }
  std::string url(const std::string& host = "127.0.0.1") const;
  // With TLS: the authority that signed its certificate, which is for 127.0.0.1 and localhost.
  std::string ca_file() const { return (folder_.path() / "ca.pem").string(); }
  std::vector<std::string> requests() const;

 private:
  void serve(const std::stop_token& stop);
  void answer(Poco::Net::StreamSocket peer);

  TemporaryFolder folder_;
  const bool tls_;
  std::unique_ptr<Poco::Net::ServerSocket> socket_;
  int port_ = 0;
  mutable std::mutex mutex_;
  Answer answer_;
  std::vector<std::string> requests_;
  std::jthread thread_;  // last: joined before the others are gone
};

}  // namespace crm::testing
