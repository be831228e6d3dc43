#include "metrics/process.h"

#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

#include <unistd.h>

namespace crm::metrics {
namespace {

namespace fs = std::filesystem;
using prometheus::MetricFamily;
using prometheus::MetricType;

struct Stat {
  double cpu_ticks = 0;
  double start_ticks = 0;
  double virtual_bytes = 0;
  double resident_pages = 0;
};

std::string contents(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// proc(5): the fields after "pid (command)"; the command may hold blanks and parentheses.
std::optional<Stat> read_stat(const fs::path& proc) {
  const std::string text = contents(proc / "self/stat");
  const auto command_end = text.rfind(')');
  if (command_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(command_end + 1));
  std::vector<std::string> words{std::istream_iterator<std::string>(fields), {}};
  constexpr std::size_t first = 3;  // words[0] is field 3, "state"
  constexpr std::size_t utime = 14, stime = 15, starttime = 22, vsize = 23, rss = 24;
  if (words.size() <= rss - first) return std::nullopt;
  const auto number = [&](std::size_t field) {
    double value = 0;
    const std::string& word = words[field - first];
    std::from_chars(word.data(), word.data() + word.size(), value);
    return value;
  };
  return Stat{number(utime) + number(stime), number(starttime), number(vsize), number(rss)};
}

// The number after the first line that begins with `name`.
std::optional<double> number_after(const fs::path& path, const std::string& name) {
  std::istringstream lines(contents(path));
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, name.size(), name) != 0) continue;
    std::istringstream rest(line.substr(name.size()));
    double value = 0;
    if (rest >> value) return value;
  }
  return std::nullopt;
}

std::optional<double> open_descriptors(const fs::path& proc) {
  std::error_code error;
  double count = 0;
  for (fs::directory_iterator entry(proc / "self/fd", error), end; !error && entry != end; entry.increment(error)) {
    ++count;
  }
  if (error) return std::nullopt;
  return count - 1;  // the one that lists them
}

MetricFamily family(std::string name, std::string help, MetricType type, double value) {
  MetricFamily out{std::move(name), std::move(help), type, {}};
  auto& metric = out.metric.emplace_back();
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  return out;
}

}  // namespace

std::vector<MetricFamily> process_families(const fs::path& proc) {
  const auto stat = read_stat(proc);
  const auto boot = number_after(proc / "stat", "btime");
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));

  std::vector<MetricFamily> families;
  const auto gauge = [&](const char* name, const char* help, std::optional<double> value) {
    if (value) families.push_back(family(name, help, MetricType::Gauge, *value));
  };
  if (stat) {
    families.push_back(family("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
                              MetricType::Counter, stat->cpu_ticks / ticks));
  }
  gauge("process_max_fds", "Maximum number of open file descriptors.",
        number_after(proc / "self/limits", "Max open files"));
  gauge("process_open_fds", "Number of open file descriptors.", open_descriptors(proc));
  if (stat) {
    gauge("process_resident_memory_bytes", "Resident memory size in bytes.", stat->resident_pages * page);
    if (boot) {
      gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.",
            *boot + stat->start_ticks / ticks);
    }
    gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", stat->virtual_bytes);
  }
  return families;
}

}  // namespace crm::metrics
