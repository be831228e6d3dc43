#pragma once
// Listening sockets.

#include <cstdint>
#include <string>
#include <vector>

#include <sys/socket.h>

#include "http/descriptor.h"

namespace crm::http {

struct Listening {
  std::vector<Descriptor> sockets;  // non-blocking
  std::uint16_t port = 0;
};

// `host` is an IPv4 or IPv6 address ("::1" or "[::1]"; "::" takes IPv4 too), or a name, of which all addresses are
// bound; "localhost" is 127.0.0.1, and ::1 where there is IPv6. Port 0 takes a free one. Throws std::runtime_error:
// "cannot listen on 127.0.0.1:9464: address already in use".
Listening listen_on(const std::string& host, std::uint16_t port);

// The peer of an accepted socket: its address, and the key under which connections are counted (an IPv6 client owns a
// /64).
struct Peer {
  std::string address;
  std::string key;
};
Peer peer_of(const sockaddr_storage& address);

}  // namespace crm::http
