#include "support/http_client.h"

#include <sstream>

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>

namespace crm::testing {

Reply ask(const std::string& method, int port, const std::string& target,
          const std::map<std::string, std::string>& headers) {
  Reply reply;
  try {
    Poco::Net::HTTPClientSession session("127.0.0.1", static_cast<Poco::UInt16>(port));
    session.setTimeout(Poco::Timespan(30, 0));
    Poco::Net::HTTPRequest request(method, target, Poco::Net::HTTPMessage::HTTP_1_1);
    for (const auto& [name, value] : headers) request.set(name, value);
    session.sendRequest(request);
    Poco::Net::HTTPResponse response;
    std::ostringstream body;
    body << session.receiveResponse(response).rdbuf();
    reply.status = response.getStatus();
    for (const auto& [name, value] : response) reply.headers[name] = value;
    reply.body = body.str();
  } catch (const Poco::Exception& error) {
    reply.body = error.displayText();
  }
  return reply;
}

}  // namespace crm::testing
