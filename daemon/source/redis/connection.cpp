#include "source/redis/connection.h"

#include <algorithm>
#include <array>

#include <Poco/Net/NetException.h>

#include "source/dial.h"
#include "source/redis/resp.h"

namespace crm::source {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds look_at_stop{100};  // how often a wait looks whether the run was stopped

}  // namespace

RedisConnection::RedisConnection(const RedisAddress& address, const std::optional<std::filesystem::path>& ca_file,
                                 const Patience& patience)
    : socket_(dial({address.host, address.port, address.tls, ca_file}, patience)) {
  introduce(address, patience);
}

void RedisConnection::introduce(const RedisAddress& address, const Patience& patience) {
  std::vector<RedisCommand> pipeline;
  if (!address.password.empty()) {
    pipeline.push_back(address.user.empty() ? RedisCommand{{"AUTH", address.password}}
                                            : RedisCommand{{"AUTH", address.user, address.password}});
  }
  if (address.database != 0) pipeline.push_back({{"SELECT", std::to_string(address.database)}});
  for (const RedisReply& reply : exchange(pipeline, patience)) {
    if (reply.is_error) throw SourceUnavailable(std::get<std::string>(reply.value));
  }
}

std::vector<RedisReply> RedisConnection::exchange(std::span<const RedisCommand> pipeline, const Patience& patience) {
  try {
    send(encode(pipeline), patience);
    ReplyReader reader([&](std::string& buffer) { receive(buffer, patience); });
    std::vector<RedisReply> replies;
    for (std::size_t i = 0; i < pipeline.size(); ++i) replies.push_back(reader.read());
    return replies;
  } catch (const BadReply& bad) {
    throw SourceUnavailable(bad.what());
  } catch (const Poco::TimeoutException&) {
    throw SourceUnavailable("timed out while waiting for its answer");
  } catch (const Poco::Exception& error) {
    throw RedisHungUp(error.displayText());
  }
}

void RedisConnection::send(const std::string& bytes, const Patience& patience) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    socket_.setSendTimeout(timespan(left(patience, "sending")));
    const int count = socket_.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent));
    if (count > 0) sent += static_cast<std::size_t>(count);
  }
}

void RedisConnection::receive(std::string& buffer, const Patience& patience) {
  constexpr const char* doing = "waiting for its answer";
  // Bytes that TLS has taken from the socket already do not make it readable.
  while (socket_.available() == 0) {
    const auto slice = std::min<steady_clock::duration>(left(patience, doing), look_at_stop);
    if (socket_.poll(timespan(slice), Poco::Net::Socket::SELECT_READ)) break;
  }
  std::array<char, 16'384> bytes{};
  socket_.setReceiveTimeout(timespan(left(patience, doing)));
  const int count = socket_.receiveBytes(bytes.data(), static_cast<int>(bytes.size()));
  if (count <= 0) throw RedisHungUp("it closed the connection");
  buffer.append(bytes.data(), static_cast<std::size_t>(count));
}

}  // namespace crm::source
