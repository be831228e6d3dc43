#pragma once
// WhatsApp gateways, asked over HTTP which sessions they have: seldom, within limits, and given up on quickly.

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <crm/sdk/instant.h>

#include "source/backoff.h"
#include "source/gateway/dialect.h"
#include "source/shared_sample.h"

namespace crm::source {

struct GatewayOptions {
  std::string name;  // as the configuration calls it
  GatewayKind kind = GatewayKind::crm;
  std::string url = {};    // http:// or https://, without the dialect's path; empty: the dialect's origin
  std::string token = {};  // a secret; empty: none is sent
  std::vector<std::string> phone_ids = {};   // of a gateway that is asked phone by phone
  std::chrono::milliseconds timeout{3'000};  // for each request as a whole
  std::chrono::milliseconds every{15'000};   // it is asked no more often
  std::optional<std::filesystem::path> ca_file = {};
  std::chrono::milliseconds first_backoff{1'000};
  std::chrono::milliseconds last_backoff{60'000};
};

// Told what happens; called from the threads of the runs. May be empty.
struct GatewayObserver {
  // The gateway, or one phone of it, cannot be read, or, without a reason, can be (again). When it changes, and once at
  // first.
  std::function<void(const std::string& gateway, const std::string& phone, const std::string& why)> readable;
  // All of it can be read, or not. When it changes, and once at first.
  std::function<void(const std::string& gateway, bool up)> up;
};

// Thread-safe.
class Gateway {
 public:
  // std::invalid_argument for a malformed URL. Connects only when first asked.
  explicit Gateway(GatewayOptions options, GatewayObserver observer = {});

  // All its sessions, at most `every` old, and shared by those who ask at once. Each request takes at most `timeout`
  // and at most half of what is left until the deadline. A phone that cannot be read is left out; SourceUnavailable,
  // with the gateway's words but never the token, if none can be; DeadlineExceeded. While it is away everybody hears so
  // at once, until the next attempt is due.
  std::vector<GatewaySession> read(Deadline deadline, const std::stop_token& stop = {});

  const std::string& name() const { return options_.name; }
  // "WAHA at http://127.0.0.1:3000"
  const std::string& place() const { return place_; }
  // Does a token go over the network as plain text?
  bool exposes_token() const;

 private:
  using Sessions = std::vector<GatewaySession>;

  Sessions sample(Deadline deadline, const std::stop_token& stop);
  Sessions ask(const std::string& phone, Deadline deadline, const std::stop_token& stop) const;
  std::string refusal(int status, const std::string& body) const;
  void tell(const std::string& phone, const std::string& why);
  void tell_up();

  const GatewayOptions options_;
  const Dialect& dialect_;
  const std::string url_;
  const std::string place_;
  const GatewayObserver observer_;

  SharedSample<Sessions> shared_;
  // Touched by whoever takes the sample.
  Backoff backoff_;
  std::string last_failure_;
  std::map<std::string, std::string> told_;  // phone → why it cannot be read; empty: it can
  std::optional<bool> up_;
};

// Several of them as one. Thread-safe.
class Gateways {
 public:
  explicit Gateways(std::vector<std::unique_ptr<Gateway>> gateways) : all_(std::move(gateways)) {}

  // The sessions of all, one gateway after the other. Of several gateways ids are "gateway/id", because each may have a
  // session "default". A gateway that cannot be read is left out; what it threw if none can be.
  std::vector<GatewaySession> read(Deadline deadline, const std::stop_token& stop = {}) const;

  const std::vector<std::unique_ptr<Gateway>>& all() const { return all_; }

 private:
  std::vector<std::unique_ptr<Gateway>> all_;
};

}  // namespace crm::source
