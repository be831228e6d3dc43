#include "support/redis_server.h"

#include <filesystem>
#include <regex>
#include <stdexcept>

#include <Poco/Redis/Array.h>
#include <Poco/Redis/Client.h>
#include <fmt/format.h>
#include <signal.h>

#include "support/certificates.h"

namespace crm::testing {
namespace {

namespace redis = Poco::Redis;

std::string text_of(const redis::RedisType::Ptr& reply) {
  if (reply->isInteger()) return std::to_string(reply.cast<redis::Type<Poco::Int64>>()->value());
  if (reply->isSimpleString()) return reply.cast<redis::Type<std::string>>()->value();
  if (reply->isBulkString()) {
    const auto text = reply.cast<redis::Type<redis::BulkString>>()->value();
    return text.isNull() ? "" : text.value();
  }
  if (reply->isError()) throw std::runtime_error(reply.cast<redis::Type<redis::Error>>()->value().getMessage());
  const auto list = reply.cast<redis::Type<redis::Array>>()->value();
  std::string joined;
  if (list.isNull()) return joined;
  for (const auto& element : list) joined += (joined.empty() ? "" : " ") + text_of(element);
  return joined;
}

}  // namespace

RedisServer::RedisServer() : folder_("crm-redis"), port_(free_port()), tls_port_(free_port()) {
  make_certificates(folder_);
  start();
}

RedisServer::~RedisServer() {
  kill();
}

void RedisServer::start() {
  const auto file = [&](const char* name) { return (folder_.path() / name).string(); };
  server_ = std::make_unique<Process>(Process::Options{.command = {"redis-server",
                                                                   "--port",
                                                                   std::to_string(port_),
                                                                   "--bind",
                                                                   "127.0.0.1",
                                                                   "--dir",
                                                                   folder_.path().string(),
                                                                   "--save",
                                                                   "",
                                                                   "--appendonly",
                                                                   "no",
                                                                   "--tls-port",
                                                                   std::to_string(tls_port_),
                                                                   "--tls-cert-file",
                                                                   file("server.pem"),
                                                                   "--tls-key-file",
                                                                   file("server.key"),
                                                                   "--tls-ca-cert-file",
                                                                   file("ca.pem"),
                                                                   "--tls-auth-clients",
                                                                   "no"},
                                                       .output = folder_.path() / "log"});
  const auto answers = [&] {
    try {
      return command({"PING"}) == "PONG";
    } catch (const std::exception&) {
      return false;
    }
  };
  if (!eventually([&] { return answers() || !server_->running(); }) || !server_->running()) {
    throw std::runtime_error("Redis did not start: " + server_->output());
  }
}

void RedisServer::kill() {
  server_->signal(SIGCONT);
  server_->signal(SIGKILL);
  server_->wait(std::chrono::seconds(10));
}

std::string RedisServer::url(const std::string& user_and_password) const {
  return fmt::format("redis://{}{}127.0.0.1:{}", user_and_password, user_and_password.empty() ? "" : "@", port_);
}

std::string RedisServer::place() const {
  return fmt::format("127.0.0.1:{}/0", port_);
}

std::string RedisServer::command(const std::vector<std::string>& words) const {
  redis::Client client;
  client.connect("127.0.0.1", port_, Poco::Timespan(5, 0));
  client.setReceiveTimeout(Poco::Timespan(20, 0));
  redis::Array array;
  for (const std::string& word : words) array << word;
  return text_of(client.sendCommand(array));
}

int RedisServer::calls(const std::string& name) const {
  const std::string statistics = command({"INFO", "commandstats"});
  std::smatch found;
  const std::regex line("cmdstat_" + name + ":calls=([0-9]+)");
  return std::regex_search(statistics, found, line) ? std::stoi(found[1]) : 0;
}

int RedisServer::all_calls() const {
  const std::string statistics = command({"INFO", "commandstats"});
  const std::regex line("cmdstat_([^:]+):calls=([0-9]+)");
  int calls = 0;
  for (std::sregex_iterator at(statistics.begin(), statistics.end(), line), end; at != end; ++at) {
    if ((*at)[1] != "info" && (*at)[1] != "config|resetstat") calls += std::stoi((*at)[2]);
  }
  return calls;
}

}  // namespace crm::testing
