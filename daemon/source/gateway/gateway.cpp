#include "source/gateway/gateway.h"

#include <algorithm>
#include <utility>

#include <Poco/Net/IPAddress.h>
#include <fmt/format.h>

#include "source/gateway/fetch.h"

namespace crm::source {
namespace {

using std::chrono::steady_clock;

std::string without_slashes(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string url_of(const GatewayOptions& options, const Dialect& dialect) {
  return without_slashes(options.url.empty() ? std::string(dialect.origin) : options.url);
}

// One that is none of the URL's own characters would be another URL.
std::string with_phone(std::string_view path, const std::string& phone) {
  std::string all(path);
  const std::size_t at = all.find("{phone}");
  if (at != std::string::npos) all.replace(at, std::string_view("{phone}").size(), phone);
  return all;
}

bool is_loopback(const std::string& origin) {
  const std::size_t begin = origin.find("://") + 3;
  const std::string host = origin.substr(begin, origin.rfind(':') - begin);
  if (host == "localhost" || host == "[::1]") return true;
  Poco::Net::IPAddress address;
  return Poco::Net::IPAddress::tryParse(host, address) && address.isLoopback();
}

std::string masked(std::string text, const std::string& secret) {
  if (secret.empty()) return text;
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
    text.replace(at, secret.size(), "***");
  }
  return text;
}

}  // namespace

Gateway::Gateway(GatewayOptions options, GatewayObserver observer)
    : options_(std::move(options)),
      dialect_(dialect(options_.kind)),
      url_(url_of(options_, dialect_)),
      place_(fmt::format("{} at {}", dialect_.title, origin_of(url_))),
      observer_(std::move(observer)),
      shared_(fmt::format("the answer of gateway {}", options_.name), options_.every),
      backoff_(options_.first_backoff, options_.last_backoff) {}

bool Gateway::exposes_token() const {
  const std::string origin = origin_of(url_);
  return !options_.token.empty() && origin.starts_with("http:") && !is_loopback(origin);
}

std::vector<GatewaySession> Gateway::read(Deadline deadline, const std::stop_token& stop) {
  return *shared_.read(deadline, stop, [&] { return sample(deadline, stop); });
}

Gateway::Sessions Gateway::sample(Deadline deadline, const std::stop_token& stop) {
  if (backoff_.waits(steady_clock::now())) throw SourceUnavailable(last_failure_);
  const std::vector<std::string> phones = dialect_.one_by_one() ? options_.phone_ids : std::vector<std::string>{""};
  Sessions sessions;
  bool any = false;
  std::string failure;
  for (const std::string& phone : phones) {
    try {
      Sessions told = ask(phone, deadline, stop);
      const Instant now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
      for (GatewaySession& session : told) {
        session.told = now;
        sessions.push_back(std::move(session));
      }
      any = true;
      tell(phone, {});
    } catch (const SourceUnavailable& unavailable) {
      if (stop.stop_requested()) throw;  // a run that was stopped says nothing of the gateway
      failure = fmt::format("gateway {} ({}): {}", options_.name, place_, unavailable.what());
      tell(phone, unavailable.what());
    }
  }
  tell_up();
  if (!any && !phones.empty()) {
    last_failure_ = failure;
    backoff_.failed(steady_clock::now());
    throw SourceUnavailable(failure);
  }
  backoff_.succeeded();
  return sessions;
}

Gateway::Sessions Gateway::ask(const std::string& phone, Deadline deadline, const std::stop_token& stop) const {
  HttpRequest request{.url = url_ + with_phone(dialect_.path, phone)};
  if (!options_.token.empty()) {
    request.headers.emplace_back(dialect_.header, std::string(dialect_.scheme) + options_.token);
  }
  const Patience patience = patience_for("gateway " + options_.name, options_.timeout, deadline, stop);
  const HttpResponse answer = fetch(request, {.ca_file = options_.ca_file}, patience);
  if (answer.status < 200 || answer.status > 299) throw SourceUnavailable(refusal(answer.status, answer.body));
  return dialect_.read(answer.body);
}

std::string Gateway::refusal(int status, const std::string& body) const {
  const std::string said = masked(dialect_.error(body), options_.token);
  const std::string words = said.empty() ? std::string() : ": " + said;
  if (status == 401 || status == 403) {
    return fmt::format("it refuses {} (HTTP {}{})", options_.token.empty() ? "to answer without a token" : "the token",
                       status, words);
  }
  if (status == 404) return fmt::format("it knows no {} (HTTP 404{})", dialect_.path, words);
  if (status >= 300 && status < 400) {
    return fmt::format("it sends to another address (HTTP {}), which is not followed", status);
  }
  return fmt::format("it answers with HTTP {}{}", status, words);
}

void Gateway::tell(const std::string& phone, const std::string& why) {
  const auto [told, first] = told_.try_emplace(phone, why);
  if (!first && std::exchange(told->second, why) == why) return;
  if (observer_.readable) observer_.readable(options_.name, phone, why);
}

void Gateway::tell_up() {
  const bool up = std::all_of(told_.begin(), told_.end(), [](const auto& told) { return told.second.empty(); });
  if (std::exchange(up_, up) == up) return;
  if (observer_.up) observer_.up(options_.name, up);
}

std::vector<GatewaySession> Gateways::read(Deadline deadline, const std::stop_token& stop) const {
  std::vector<GatewaySession> sessions;
  std::exception_ptr failure;
  bool any = false;
  for (const auto& gateway : all_) {
    try {
      for (GatewaySession& session : gateway->read(deadline, stop)) {
        if (all_.size() > 1) session.id = gateway->name() + "/" + session.id;
        sessions.push_back(std::move(session));
      }
      any = true;
    } catch (const SourceUnavailable&) {
      failure = std::current_exception();
    } catch (const DeadlineExceeded&) {
      failure = std::current_exception();
    }
  }
  if (!any && failure) std::rethrow_exception(failure);
  return sessions;
}

}  // namespace crm::source
