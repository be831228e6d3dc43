#include "support/gateway_server.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <fmt/format.h>

#include "support/certificates.h"

namespace crm::testing {
namespace {

using Poco::Net::Context;

std::unique_ptr<Poco::Net::ServerSocket> listen(const TemporaryFolder& folder, bool tls) {
  const Poco::Net::SocketAddress any("127.0.0.1", 0);
  if (!tls) return std::make_unique<Poco::Net::ServerSocket>(any);
  make_certificates(folder);
  Context::Params params;
  params.privateKeyFile = (folder.path() / "server.key").string();
  params.certificateFile = (folder.path() / "server.pem").string();
  params.verificationMode = Context::VERIFY_NONE;
  const Context::Ptr context(new Context(Context::TLS_SERVER_USE, params));
  return std::make_unique<Poco::Net::SecureServerSocket>(any, 8, context);
}

std::string head_of(Poco::Net::StreamSocket& peer) {
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    char bytes[4'096];
    const int count = peer.receiveBytes(bytes, sizeof bytes);
    if (count <= 0) break;
    head.append(bytes, static_cast<std::size_t>(count));
  }
  return head;
}

}  // namespace

std::string json_answer(const std::string& body, const std::string& status, const std::string& headers) {
  return fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n{}", status,
      body.size(), headers, body);
}

GatewayServer::GatewayServer(Answer answer, bool tls)
    : folder_("crm-gateway"),
      tls_(tls),
      socket_(listen(folder_, tls)),
      port_(socket_->address().port()),
      answer_(std::move(answer)),
      thread_([this](const std::stop_token& stop) { serve(stop); }) {}

GatewayServer::GatewayServer(const std::string& answer, bool tls)
    : GatewayServer([answer](const std::string&) { return answer; }, tls) {}

GatewayServer::~GatewayServer() {
  thread_.request_stop();
  thread_.join();
}

void GatewayServer::answers(const std::string& answer) {
  const std::lock_guard lock(mutex_);
  answer_ = [answer](const std::string&) { return answer; };
}

std::string GatewayServer::url(const std::string& host) const {
  return fmt::format("{}://{}:{}", tls_ ? "https" : "http", host, port_);
}

std::vector<std::string> GatewayServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void GatewayServer::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!socket_->poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) continue;
    try {
      answer(socket_->acceptConnection());
    } catch (const Poco::Exception&) {
      continue;  // a client that trusts nobody
    }
  }
}

void GatewayServer::answer(Poco::Net::StreamSocket peer) {
  peer.setReceiveTimeout(Poco::Timespan(5, 0));
  const std::string head = head_of(peer);
  if (head.empty()) return;
  std::string bytes;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(head);
    bytes = answer_(head);
  }
  for (std::size_t sent = 0; sent < bytes.size();) {
    const int count = peer.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent), MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
  peer.shutdown();
}

}  // namespace crm::testing
