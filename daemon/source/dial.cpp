#include "source/dial.h"

#include <vector>

#include <Poco/Net/Context.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/NetSSL.h>
#include <Poco/Net/SecureStreamSocket.h>

#include "source/cut_off.h"

namespace crm::source {
namespace {

using Poco::Net::StreamSocket;

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

StreamSocket with_tls(const StreamSocket& socket, const Place& place, const Patience& patience) {
  const CutOff cut_off(socket.impl()->sockfd(), patience);
  try {
    return Poco::Net::SecureStreamSocket::attach(socket, place.host, trusting(place.ca_file));
  } catch (const Poco::Exception&) {
    left(patience, "agreeing on TLS");  // says so if it was cut off
    throw;
  }
}

StreamSocket connect(const Poco::Net::IPAddress& ip, const Place& place, const Patience& patience) {
  StreamSocket socket;
  socket.connect({ip, place.port}, timespan(left(patience, "connecting")));
  socket.setNoDelay(true);
  if (!place.tls) return socket;
  socket.setReceiveTimeout(timespan(left(patience, "connecting")));
  return with_tls(socket, place, patience);
}

}  // namespace

Poco::Timespan timespan(std::chrono::steady_clock::duration duration) {
  return {std::chrono::duration_cast<std::chrono::microseconds>(duration).count()};
}

Poco::Net::StreamSocket dial(const Place& place, const Patience& patience) {
  std::string why = "the host has no address";
  try {
    for (const auto& ip : addresses_of(place.host)) {
      try {
        return connect(ip, place, patience);
      } catch (const Poco::Exception& error) {
        why = error.displayText();
      }
    }
  } catch (const Poco::Exception& error) {
    why = error.displayText();
  }
  throw SourceUnavailable(why);
}

}  // namespace crm::source
