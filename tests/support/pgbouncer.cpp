#include "support/pgbouncer.h"

#include <stdexcept>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <signal.h>
#include <unistd.h>

#include "support/postgres_cluster.h"

namespace crm::testing {
namespace {

// Users that the file does not name are looked up in the database, so that tests may create roles as they like.
constexpr const char* settings = R"ini([databases]
* = host=127.0.0.1 port={server} auth_user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
auth_query = SELECT usename, passwd FROM pg_catalog.pg_shadow WHERE usename = $1
admin_users = postgres
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 200
server_login_retry = 1
server_idle_timeout = 20
{more})ini";

}  // namespace

PgBouncer::PgBouncer(int server_port, const std::string& more_settings)
    : folder_("crm-pgbouncer"), server_port_(server_port), port_(free_port()) {
  const std::string folder = folder_.path().string();
  folder_.write("users", "\"postgres\" \"\"\n");
  folder_.write("pgbouncer.ini", fmt::format(settings, fmt::arg("server", server_port_), fmt::arg("port", port_),
                                             fmt::arg("folder", folder), fmt::arg("pool_size", pool_size),
                                             fmt::arg("more", more_settings)));
  if (::geteuid() == 0 && run({"chown", "-R", "postgres:postgres", folder}).status != 0)
    throw std::runtime_error("chown failed");
  start();
}

PgBouncer::~PgBouncer() {
  if (process_) kill();
  process_.reset();
}

void PgBouncer::start() {
  process_ = std::make_unique<Process>(
      Process::Options{.command = {"/usr/sbin/pgbouncer", (folder_.path() / "pgbouncer.ini").string()},
                       .output = folder_.path() / "log",
                       .user = ::geteuid() == 0 ? "postgres" : ""});
  const bool up = eventually([&] { return PQping(console().c_str()) == PQPING_OK || !process_->running(); });
  if (!up || !process_->running())
    throw std::runtime_error("PgBouncer (package pgbouncer) did not start: " + process_->output());
}

void PgBouncer::kill() {
  process_->signal(SIGCONT);
  process_->signal(SIGKILL);
  process_->wait(std::chrono::seconds(10));
}

std::string PgBouncer::url(const std::string& server_url) const {
  const std::string server = fmt::format("@127.0.0.1:{}/", server_port_);
  const auto at = server_url.find(server);
  if (at == std::string::npos) throw std::invalid_argument(server_url + " is not of the server behind this pooler");
  std::string through = server_url;
  return through.replace(at, server.size(), fmt::format("@127.0.0.1:{}/", port_));
}

std::string PgBouncer::console() const {
  return fmt::format("postgresql://postgres@127.0.0.1:{}/pgbouncer", port_);
}

void PgBouncer::command(const std::string& command) const {
  execute(console(), command);
}

}  // namespace crm::testing
