#pragma once
// How each kind of WhatsApp gateway is asked for its sessions, and what its answer says. One row a kind: another
// gateway is another row. What its words for a state mean is configuration (sessions.*).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/instant.h>

namespace crm::source {

// As the configuration names them, in this order.
enum class GatewayKind { crm, waha, evolution, cloud };
inline constexpr std::array<std::string_view, 4> gateway_kind_names{"crm", "waha", "evolution", "cloud"};

// A session as its gateway tells it.
struct GatewaySession {
  std::string id;
  std::string phone_number = {};  // empty: not told
  std::string status = {};        // the gateway's own word; empty: not told
  std::optional<Instant> last_seen = {};
  Instant told = {};  // when the gateway said so
};

struct Dialect {
  std::string_view title;   // for people
  std::string_view origin;  // where the gateway is unless configured; empty: nobody can know
  std::string_view path;    // behind the configured URL; {phone} stands for the id of one phone, asked one by one
  std::string_view header;  // that carries the token
  std::string_view scheme;  // before the token, with its space
  // The sessions in an answer's body, in its order; what has no id is left out. SourceUnavailable for a body that is no
  // answer of this kind.
  std::vector<GatewaySession> (*read)(std::string_view body);
  // The gateway's own words in an answer that is an error; empty where there are none. Of one line.
  std::string (*error)(std::string_view body);

  bool one_by_one() const { return path.find("{phone}") != std::string_view::npos; }
};

const Dialect& dialect(GatewayKind kind);

}  // namespace crm::source
