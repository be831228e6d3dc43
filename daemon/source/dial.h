#pragma once
// Connections over TCP, plain or with TLS, with a limit to all of it.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <Poco/Net/StreamSocket.h>
#include <Poco/Timespan.h>

#include "source/patience.h"

namespace crm::source {

struct Place {
  std::string host;  // a name or an address, IPv6 without brackets
  std::uint16_t port = 0;
  bool tls = false;
  std::optional<std::filesystem::path> ca_file = {};  // whom to trust; by default the authorities of the system
};

// The first of the host's addresses that answers, and with TLS proves to be that host. Resolving the name takes as long
// as the system's resolver does. SourceUnavailable, with the reason of the last one tried.
Poco::Net::StreamSocket dial(const Place& place, const Patience& patience);

Poco::Timespan timespan(std::chrono::steady_clock::duration duration);

}  // namespace crm::source
