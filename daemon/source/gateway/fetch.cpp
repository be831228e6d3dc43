#include "source/gateway/fetch.h"

#include <array>
#include <istream>
#include <stdexcept>

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/URI.h>
#include <fmt/format.h>

#include "source/cut_off.h"
#include "source/dial.h"

namespace crm::source {
namespace {

constexpr int most_headers = 200;

Poco::URI parse(const std::string& url) {
  try {
    Poco::URI uri(url);
    if ((uri.getScheme() != "http" && uri.getScheme() != "https") || uri.getHost().empty()) {
      throw std::invalid_argument("it is no http:// or https:// URL");
    }
    return uri;
  } catch (const Poco::Exception& error) {
    throw std::invalid_argument(error.displayText());
  }
}

Place place_of(const Poco::URI& uri, const FetchOptions& options) {
  return {uri.getHost(), uri.getPort(), uri.getScheme() == "https", options.ca_file};
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

std::string body_of(std::istream& stream, std::size_t most) {
  std::string body;
  std::array<char, 16'384> piece{};
  while (stream.read(piece.data(), piece.size()), stream.gcount() > 0) {
    body.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
    if (body.size() > most) throw SourceUnavailable(fmt::format("its answer is longer than {} bytes", most));
  }
  return body;
}

HttpResponse exchange(Poco::Net::HTTPClientSession& session, Poco::Net::HTTPRequest& request, const std::string& body,
                      std::size_t most) {
  session.sendRequest(request) << body;
  Poco::Net::HTTPResponse response;
  response.setFieldLimit(most_headers);
  std::istream& stream = session.receiveResponse(response);
  HttpResponse answer{.status = static_cast<int>(response.getStatus()), .body = body_of(stream, most)};
  if (response.hasContentLength() && static_cast<std::uint64_t>(response.getContentLength64()) > answer.body.size()) {
    throw SourceUnavailable("it closed the connection in the middle of its answer");
  }
  for (const auto& [name, value] : response) answer.headers.emplace_back(name, value);
  return answer;
}

}  // namespace

std::string origin_of(const std::string& url) {
  const Poco::URI uri = parse(url);
  return fmt::format("{}://{}:{}", uri.getScheme(), bracketed(uri.getHost()), uri.getPort());
}

HttpResponse fetch(const HttpRequest& asked, const FetchOptions& options, const Patience& patience) {
  const Poco::URI uri = parse(asked.url);
  Poco::Net::StreamSocket socket = dial(place_of(uri, options), patience);
  const CutOff cut_off(socket.impl()->sockfd(), patience);
  try {
    Poco::Net::HTTPClientSession session(socket);
    const std::string path = uri.getPathAndQuery();
    Poco::Net::HTTPRequest request(asked.method, path.empty() ? "/" : path, Poco::Net::HTTPMessage::HTTP_1_1);
    request.setHost(uri.getHost(), uri.getPort());
    request.setKeepAlive(false);
    request.set("Accept", "application/json");
    request.set("User-Agent", "crm-metricsd");
    for (const auto& [name, value] : asked.headers) request.set(name, value);
    if (!asked.body.empty()) request.setContentLength64(static_cast<Poco::Int64>(asked.body.size()));
    HttpResponse answer = exchange(session, request, asked.body, options.most);
    left(patience, "waiting for its answer");  // what was cut off may look like an end
    return answer;
  } catch (const Poco::Exception& error) {
    left(patience, "waiting for its answer");
    if (dynamic_cast<const Poco::TimeoutException*>(&error) != nullptr) {
      throw SourceUnavailable("timed out while waiting for its answer");
    }
    if (dynamic_cast<const Poco::Net::NoMessageException*>(&error) != nullptr) {
      throw SourceUnavailable("it closed the connection without an answer");
    }
    if (dynamic_cast<const Poco::Net::MessageException*>(&error) != nullptr) {
      throw SourceUnavailable("it does not speak HTTP");
    }
    throw SourceUnavailable(error.displayText());
  }
}

}  // namespace crm::source
