#include "bullmq/bullmq.h"

#include <filesystem>
#include <stdexcept>

#include <Poco/Pipe.h>
#include <Poco/PipeStream.h>
#include <Poco/Process.h>
#include <fmt/format.h>

namespace crm::testing {
namespace {

using nlohmann::json;

const std::string source = std::string(CRM_SOURCE_DIR) + "/tests/integration/bullmq";
const std::string installed = std::string(CRM_SOURCE_DIR) + "/build/npm/bullmq";

Poco::ProcessHandle launch(int version, int port, Poco::Pipe& in, Poco::Pipe& out) {
  if (!std::filesystem::exists(installed + "/installed-lock.json")) {
    throw std::runtime_error("BullMQ is not installed: run " + source + "/install");
  }
  return Poco::Process::launch(
      "node", {source + "/driver.mjs", installed, fmt::format("bullmq{}", version), std::to_string(port)}, &in, &out,
      nullptr);
}

}  // namespace

struct BullMq::Driver {
  Driver(int version, int port) : process(launch(version, port, in, out)), commands(in), answers(out) {}
  ~Driver() {
    commands.close();  // which ends it
    process.wait();
  }

  Poco::Pipe in, out;
  Poco::ProcessHandle process;
  Poco::PipeOutputStream commands;
  Poco::PipeInputStream answers;
};

BullMq::BullMq(int version, int redis_port) : driver_(std::make_unique<Driver>(version, redis_port)) {}
BullMq::~BullMq() = default;

json BullMq::operator()(const json& command) {
  driver_->commands << command.dump() << std::endl;
  std::string line;
  if (!std::getline(driver_->answers, line)) throw std::runtime_error("BullMQ's driver has died");
  json answer = json::parse(line);
  if (answer.contains("error")) throw std::runtime_error(command.dump() + ": " + answer["error"].get<std::string>());
  return answer["ok"];
}

void BullMq::clock(Instant now) {
  (*this)({{"do", "clock"}, {"now", std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count()}});
}

json BullMq::add(const std::string& queue, const json& jobs, const std::string& prefix) {
  return (*this)({{"do", "add"}, {"queue", queue}, {"prefix", prefix}, {"jobs", jobs}});
}

void BullMq::until(const std::string& queue, const json& counts, const std::string& prefix) {
  (*this)({{"do", "until"}, {"queue", queue}, {"prefix", prefix}, {"counts", counts}});
}

}  // namespace crm::testing
