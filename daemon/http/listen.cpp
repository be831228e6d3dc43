#include "http/listen.h"

#include <array>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HostEntry.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>

namespace crm::http {
namespace {

using Poco::Net::IPAddress;
using Poco::Net::ServerSocket;
using Poco::Net::SocketAddress;

constexpr int backlog = 512;
constexpr int attempts_for_a_common_port = 16;

std::string unbracketed(const std::string& host) {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  return bracketed ? host.substr(1, host.size() - 2) : host;
}

std::string reason(const Poco::Exception& error) {
  if (error.code() == 0) return error.displayText();
  std::string text = std::generic_category().message(error.code());
  if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

std::runtime_error cannot_listen(const std::string& host, std::uint16_t port, const std::string& why) {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return std::runtime_error(fmt::format("cannot listen on {}:{}: {}", is_ipv6 ? "[" + host + "]" : host, port, why));
}

// Poco's two-argument bind() would set SO_REUSEPORT as well, and a second daemon would silently share the port.
ServerSocket bound(const IPAddress& address, std::uint16_t port) {
  const bool only_ipv6 = !address.isWildcard();
  ServerSocket socket;
  if (address.family() == IPAddress::IPv6) {
    socket.bind6(SocketAddress(address, port), true, false, only_ipv6);
  } else {
    socket.bind(SocketAddress(address, port), true, false);
  }
  socket.listen(backlog);
  return socket;
}

Descriptor own(const ServerSocket& socket) {
  const int number = ::fcntl(socket.impl()->sockfd(), F_DUPFD_CLOEXEC, 0);
  if (number < 0) throw std::system_error(errno, std::generic_category(), "cannot listen");
  Descriptor descriptor(number);
  ::fcntl(number, F_SETFL, ::fcntl(number, F_GETFL) | O_NONBLOCK);
  return descriptor;
}

Listening bind_one(const IPAddress& address, const std::string& host, std::uint16_t port) {
  try {
    const ServerSocket socket = bound(address, port);
    Listening listening;
    listening.sockets.push_back(own(socket));
    listening.port = socket.address().port();
    return listening;
  } catch (const Poco::Exception& error) {
    throw cannot_listen(host, port, reason(error));
  }
}

bool machine_lacks(const IPAddress& address) {
  try {
    bound(address, 0);
    return false;
  } catch (const Poco::Exception&) {
    return true;
  }
}

// All addresses on one port. With port 0 the first one chooses, and if another has that port taken, they choose again.
Listening bind_all(const std::vector<IPAddress>& addresses, const std::string& host, std::uint16_t port) {
  for (int attempt = 1;; ++attempt) {
    Listening all = bind_one(addresses.front(), addresses.front().toString(), port);
    try {
      for (std::size_t i = 1; i < addresses.size(); ++i) {
        Listening one = bind_one(addresses[i], addresses[i].toString(), all.port);
        all.sockets.push_back(std::move(one.sockets.front()));
      }
      return all;
    } catch (const std::runtime_error&) {
      if (port != 0) throw;
      if (attempt == attempts_for_a_common_port)
        throw cannot_listen(host, port, "no port is free on all its addresses");
    }
  }
}

std::vector<IPAddress> addresses_of(const std::string& host, std::uint16_t port) {
  if (host == "localhost") {
    std::vector<IPAddress> addresses{IPAddress("127.0.0.1")};
    if (const IPAddress v6("::1"); !machine_lacks(v6)) addresses.push_back(v6);
    return addresses;
  }
  if (IPAddress address; IPAddress::tryParse(host, address)) return {address};
  try {
    const auto entry = Poco::Net::DNS::hostByName(host);
    if (!entry.addresses().empty()) return entry.addresses();
  } catch (const Poco::Exception&) {
    // Said below: whatever the resolver's reason, the name gave no address.
  }
  throw cannot_listen(host, port, "the host has no address; give an address, or a name that this machine can resolve");
}

}  // namespace

Listening listen_on(const std::string& host, std::uint16_t port) {
  const std::string name = unbracketed(host);
  return bind_all(addresses_of(name, port), name, port);
}

Peer peer_of(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return {text.data(), text.data()};
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  std::array<unsigned char, 16> bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    ::inet_ntop(AF_INET, bytes.data() + 12, text.data(), text.size());
    return {text.data(), text.data()};
  }
  ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  return {text.data(), std::string(bytes.begin(), bytes.begin() + 8)};
}

}  // namespace crm::http
