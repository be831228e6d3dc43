#include "source/postgres.h"

#include <algorithm>

#include "source/snapshot.h"

namespace crm::source {
namespace {

int whole_seconds_of(std::chrono::milliseconds time) {
  // libpq counts in seconds and takes less than two as two.
  return static_cast<int>(std::max<std::int64_t>(2, std::chrono::ceil<std::chrono::seconds>(time).count()));
}

std::string complete_url(const PostgresOptions& options) {
  return with_defaults(options.url, {whole_seconds_of(options.connect_timeout), options.application_name});
}

PoolOptions pool_options(const PostgresOptions& options) {
  PoolOptions pool;
  pool.url = complete_url(options);
  pool.size = options.pool;
  pool.acquire_timeout = options.acquire_timeout;
  return pool;
}

}  // namespace

Postgres::Postgres(PostgresOptions options, Settings settings, PostgresObserver observer)
    : options_(std::move(options)),
      settings_(std::move(settings)),
      settings_binding_(bind_settings(settings_)),
      observer_(std::move(observer)),
      place_(place_of(options_.url)),
      application_name_(application_name_of(complete_url(options_))),
      watchdog_(options_.cancel_grace),
      pool_(pool_options(options_)) {}

std::unique_ptr<Snapshot> Postgres::open(const SnapshotRequest& request) {
  const auto began = std::chrono::steady_clock::now();
  try {
    auto snapshot = Snapshot::begin(*this, request);
    available(true, {});
    return snapshot;
  } catch (const PoolExhausted&) {
    throw;  // says nothing of the server
  } catch (const Unanswered& unanswered) {
    // A deadline that was near says nothing either.
    const bool patient = std::chrono::steady_clock::now() - began >= options_.connect_timeout;
    if (patient && !request.stop.stop_requested()) available(false, unanswered.what());
    throw;
  } catch (const SourceUnavailable& unavailable) {
    if (!request.stop.stop_requested()) available(false, unavailable.what());
    throw;
  }
}

std::unique_ptr<Connection> Postgres::connect_apart() const {
  return std::make_unique<Connection>(pool_options(options_).url);
}

std::shared_ptr<const Catalog> Postgres::catalog() const {
  const std::lock_guard lock(mutex_);
  const bool old = std::chrono::steady_clock::now() - catalog_read_ > options_.catalog_refresh;
  return old ? nullptr : catalog_;
}

void Postgres::remember(Catalog catalog) {
  auto shared = std::make_shared<const Catalog>(std::move(catalog));
  const std::lock_guard lock(mutex_);
  catalog_ = std::move(shared);
  catalog_read_ = std::chrono::steady_clock::now();
}

void Postgres::forget_catalog() {
  const std::lock_guard lock(mutex_);
  catalog_.reset();
}

void Postgres::available(bool up, const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    if (up_ == up) return;
    up_ = up;
  }
  if (observer_.availability) observer_.availability(up, why);
}

}  // namespace crm::source
