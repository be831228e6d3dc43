#include "support/neighbour.h"

#include <memory>
#include <stdexcept>
#include <vector>

#include <libpq-fe.h>

#include "support/pgbouncer.h"

namespace crm::testing {
namespace {

using Session = std::unique_ptr<PGconn, decltype(&PQfinish)>;

constexpr const char* disorder = R"sql(
DISCARD TEMP;
CREATE TEMP TABLE agents (lie text);
CREATE TEMP TABLE team_members (lie text);
CREATE TEMP TABLE agent_status (lie text);
CREATE TEMP TABLE contacts (lie text);
CREATE TEMP TABLE conversations (lie text);
CREATE TEMP TABLE messages (lie text);
CREATE TEMP TABLE tickets (lie text);
CREATE TEMP TABLE campaigns (lie text);
CREATE TEMP TABLE campaign_recipients (lie text);
CREATE TEMP TABLE bot_intents (lie text);
CREATE TEMP TABLE whatsapp_sessions (lie text);
DEALLOCATE ALL;
PREPARE statement AS SELECT 'not yours';
DECLARE held CURSOR WITH HOLD FOR SELECT 'not yours';
LISTEN something;
SELECT pg_advisory_lock(pg_backend_pid());
SET TimeZone = 'Asia/Tokyo';
SET DateStyle = 'German';
SET IntervalStyle = 'sql_standard';
SET extra_float_digits = -10;
SET bytea_output = 'escape';
SET transform_null_equals = on;
SET search_path = pg_temp, public;
SET default_transaction_isolation = 'serializable';
SET default_transaction_read_only = on;
SET default_transaction_deferrable = on;
SET row_security = off;
SET lock_timeout = '1ms';
SET ROLE pg_monitor;
)sql";

// What comes behind these has a millisecond, so they come last: in the message that ends the transaction, for the
// connection is the neighbour's until that has been answered.
constexpr const char* haste = "COMMIT; SET idle_in_transaction_session_timeout = '1ms'; SET statement_timeout = '1ms'";

void execute(const Session& session, const char* sql) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(session.get(), sql), &PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(PQerrorMessage(session.get()));
}

}  // namespace

void leave_session_state(const std::string& pooler_url) {
  std::vector<Session> sessions;
  for (int i = 0; i < PgBouncer::pool_size; ++i) {
    const Session& session = sessions.emplace_back(PQconnectdb(pooler_url.c_str()), &PQfinish);
    if (PQstatus(session.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(session.get()));
    // Takes a server connection, and so not that of another; from whoever was here before.
    execute(session, "BEGIN READ WRITE; RESET ALL; RESET ROLE");
  }
  for (const Session& session : sessions) execute(session, disorder);
  for (const Session& session : sessions) execute(session, haste);
}

}  // namespace crm::testing
