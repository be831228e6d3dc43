#pragma once
// One connection to a Redis: plain or TLS, with a limit to every exchange as a whole.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <Poco/Net/StreamSocket.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/sources.h>

#include "source/patience.h"
#include "source/redis/address.h"

namespace crm::source {

// The peer hung up: a connection that was kept for long may only have grown old.
class RedisHungUp final : public SourceUnavailable {
 public:
  using SourceUnavailable::SourceUnavailable;
};

// Used by one thread at a time.
class RedisConnection {
 public:
  // Connects and says who asks (AUTH, SELECT). SourceUnavailable, with Redis's words and never the password.
  RedisConnection(const RedisAddress& address, const std::optional<std::filesystem::path>& ca_file,
                  const Patience& patience);

  // One round trip; as many replies as commands. After SourceUnavailable the connection is not to be used again: the
  // replies may still be on their way.
  std::vector<RedisReply> exchange(std::span<const RedisCommand> pipeline, const Patience& patience);

 private:
  void introduce(const RedisAddress& address, const Patience& patience);
  void send(const std::string& bytes, const Patience& patience);
  void receive(std::string& buffer, const Patience& patience);

  Poco::Net::StreamSocket socket_;
};

}  // namespace crm::source
