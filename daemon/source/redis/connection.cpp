#include "source/redis/connection.h"

#include <algorithm>
#include <array>

#include <Poco/Net/Context.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/NetSSL.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <fmt/format.h>

#include "source/redis/resp.h"

namespace crm::source {
namespace {

using Poco::Net::StreamSocket;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds look_at_stop{100};  // how often a wait looks whether the run was stopped

Poco::Timespan timespan(steady_clock::duration duration) {
  return {std::chrono::duration_cast<std::chrono::microseconds>(duration).count()};
}

// What is left, or SourceUnavailable.
steady_clock::duration left(const Patience& patience, const char* doing) {
  if (patience.stop.stop_requested()) throw SourceUnavailable(fmt::format("stopped while {}", doing));
  const auto left = patience.until - steady_clock::now();
  if (left <= milliseconds(0)) throw SourceUnavailable(fmt::format("timed out while {}", doing));
  return std::max<steady_clock::duration>(left, milliseconds(1));
}

std::vector<Poco::Net::IPAddress> addresses_of(const std::string& host) {
  Poco::Net::IPAddress literal;
  if (Poco::Net::IPAddress::tryParse(host, literal)) return {literal};
  return Poco::Net::DNS::resolve(host).addresses();
}

Poco::Net::Context::Ptr trusting(const std::optional<std::filesystem::path>& ca_file) {
  Poco::Net::initializeSSL();  // counts its callers
  Poco::Net::Context::Params params;
  params.verificationMode = Poco::Net::Context::VERIFY_STRICT;  // host name too, also on the loopback
  params.loadDefaultCAs = !ca_file;
  if (ca_file) params.caLocation = ca_file->string();
  return new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, params);
}

StreamSocket open(const RedisAddress& address, const std::optional<std::filesystem::path>& ca_file) {
  if (!address.tls) return {};
  Poco::Net::SecureStreamSocket socket(trusting(ca_file));
  socket.setPeerHostName(address.host);
  return socket;
}

// The first of the host's addresses that answers.
StreamSocket connect(const RedisAddress& address, const std::optional<std::filesystem::path>& ca_file,
                     const Patience& patience) {
  std::string why = "the host has no address";
  for (const auto& ip : addresses_of(address.host)) {
    try {
      StreamSocket socket = open(address, ca_file);
      socket.connect({ip, address.port}, timespan(left(patience, "connecting")));
      socket.setNoDelay(true);
      return socket;
    } catch (const Poco::Exception& error) {
      why = error.displayText();
    }
  }
  throw SourceUnavailable(why);
}

}  // namespace

RedisConnection::RedisConnection(const RedisAddress& address, const std::optional<std::filesystem::path>& ca_file,
                                 const Patience& patience) {
  try {
    socket_ = connect(address, ca_file, patience);
  } catch (const Poco::Exception& error) {
    throw SourceUnavailable(error.displayText());
  }
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
