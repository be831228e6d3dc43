#pragma once
// What stands at the other end of the connection, and who the daemon is there: for `check`.

#include <string>

#include <crm/sdk/instant.h>

#include "source/snapshot.h"

namespace crm::source {

struct Server {
  std::string version;  // "15.6 (Debian 15.6-0+deb12u1)"
  std::int64_t version_number = 0;
  std::string encoding;
  bool standby = false;
  std::string role;
  bool superuser = false;
  bool bypasses_rls = false;
  bool creates_roles = false;
  bool creates_schemas = false;
  bool has_schema = false;
  bool may_use_schema = false;
  std::int64_t writable = 0;   // tables and views that the role may change
  std::string first_writable;  // some of their names
  bool writes_own = false;     // the daemon's own tables, which are not among them
  Duration clock_ahead{};      // of this machine's; negative: behind. Good to half the round trip
  Duration round_trip{};
};

Server ask_server(Snapshot& snapshot, const std::string& schema, const std::string& own_schema);

}  // namespace crm::source
