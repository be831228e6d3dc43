#include "support/postgres_cluster.h"

#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <signal.h>
#include <unistd.h>

namespace crm::testing {
namespace {

std::string binary(const std::string& name) {
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql")) {
    if (const auto file = version.path() / "bin" / name; std::filesystem::exists(file)) return file.string();
  }
  throw std::runtime_error("PostgreSQL's " + name + " is not installed (package postgresql)");
}

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

Result query(const std::string& url, const std::string& sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()), &PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
  PQclear(PQexec(connection.get(), "SET client_min_messages = warning"));
  Result result(PQexec(connection.get(), sql.c_str()), &PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
    throw std::runtime_error(PQerrorMessage(connection.get()));
  }
  return result;
}

// Several statements of one call are one transaction, in which CONCURRENTLY may not be said.
std::string without_concurrently(std::string sql) {
  const std::string word = " CONCURRENTLY";
  for (auto at = sql.find(word); at != std::string::npos; at = sql.find(word, at)) sql.erase(at, word.size());
  return sql;
}

std::string owner() {
  return ::geteuid() == 0 ? "postgres" : "";
}

}  // namespace

PostgresCluster::PostgresCluster() : folder_("crm-postgres"), port_(free_port()) {
  const auto data = folder_.path() / "data";
  if (::geteuid() == 0) {
    if (run({"chown", "postgres:postgres", folder_.path().string()}).status != 0)
      throw std::runtime_error("chown failed");
  }
  Process initdb({.command = {binary("initdb"), "-D", data.string(), "-U", "postgres", "-A", "trust", "-E", "UTF8",
                              "--locale=C", "--no-sync", "--no-instructions"},
                  .output = folder_.path().string() + ".initdb",
                  .user = owner()});
  const auto status = initdb.wait(std::chrono::minutes(1));
  if (status != 0) throw std::runtime_error("initdb failed: " + initdb.output());
  std::filesystem::remove(folder_.path().string() + ".initdb");
  start();
}

PostgresCluster::~PostgresCluster() {
  if (!server_) return;
  server_->signal(SIGCONT);
  server_->signal(SIGQUIT);
  server_->wait(std::chrono::seconds(10));
  server_.reset();
  std::filesystem::remove(folder_.path().string() + ".log");
}

void PostgresCluster::start() {
  const std::string socket_folder = folder_.path().string();
  server_ = std::make_unique<Process>(Process::Options{.command = {binary("postgres"),
                                                                   "-D",
                                                                   (folder_.path() / "data").string(),
                                                                   "-p",
                                                                   std::to_string(port_),
                                                                   "-k",
                                                                   socket_folder,
                                                                   "-c",
                                                                   "listen_addresses=127.0.0.1",
                                                                   "-c",
                                                                   "fsync=off",
                                                                   "-c",
                                                                   "wal_level=replica",
                                                                   "-c",
                                                                   "full_page_writes=off",
                                                                   "-c",
                                                                   "shared_buffers=64MB",
                                                                   "-c",
                                                                   "max_connections=200",
                                                                   "-c",
                                                                   "timezone=Asia/Tokyo"},
                                                       .output = socket_folder + ".log",
                                                       .user = owner()});
  const bool up = eventually([&] { return PQping(url("postgres").c_str()) == PQPING_OK || !server_->running(); },
                             std::chrono::seconds(60));
  if (!up || !server_->running()) throw std::runtime_error("PostgreSQL did not start: " + server_->output());
}

void PostgresCluster::kill() {
  server_->signal(SIGCONT);
  server_->signal(SIGQUIT);
  server_->wait(std::chrono::seconds(10));
}

std::string PostgresCluster::url(const std::string& database) const {
  return fmt::format("postgresql://postgres@127.0.0.1:{}/{}", port_, database);
}

std::string PostgresCluster::create_database() {
  const std::string name = fmt::format("test_{}", ++databases_);
  execute(url("postgres"), "CREATE DATABASE " + name);
  return url(name);
}

std::string PostgresCluster::create_reference_database() {
  const std::filesystem::path folder = std::filesystem::path(CRM_SOURCE_DIR) / "config/source/reference";
  return create_database_like("reference", {folder / "tables.sql", folder / "indexes.sql", folder / "views.sql"});
}

std::string PostgresCluster::create_database_like(const std::string& like,
                                                  const std::vector<std::filesystem::path>& files) {
  if (!templates_.contains(like)) {
    execute(url("postgres"), "CREATE DATABASE " + like);
    for (const auto& file : files) execute(url(like), without_concurrently(read_text(file)));
    templates_.insert(like);
  }
  const std::string name = fmt::format("test_{}", ++databases_);
  execute(url("postgres"), "CREATE DATABASE " + name + " TEMPLATE " + like);
  return url(name);
}

void execute(const std::string& url, const std::string& sql) {
  query(url, sql);
}

std::string scalar(const std::string& url, const std::string& sql) {
  const Result result = query(url, sql);
  if (PQntuples(result.get()) == 0) return {};
  return PQgetvalue(result.get(), 0, 0);
}

}  // namespace crm::testing
