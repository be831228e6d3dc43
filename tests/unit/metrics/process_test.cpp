#include "metrics/process.h"

#include <ctime>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "programs.h"

namespace crm::metrics {
namespace {

using ::testing::IsEmpty;

std::map<std::string, double> values(const std::vector<prometheus::MetricFamily>& families) {
  std::map<std::string, double> all;
  for (const auto& family : families) {
    const auto& metric = family.metric.at(0);
    all[family.name] = family.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value;
  }
  return all;
}

TEST(Process, ReadsWhatProcSays) {
  // A command with blanks and a parenthesis; utime 150 + stime 50 = 200 ticks of 1/100 s = 2 s; start 3000 ticks = 30 s
  // after boot at 1,000,000; 4096 bytes of address space; 2 pages.
  const testing::TemporaryFolder proc;
  std::filesystem::create_directories(proc.path() / "self/fd");
  proc.write("self/stat", "7 (a (b) c) S 1 7 7 0 -1 0 0 0 0 0 150 50 0 0 20 0 1 0 3000 4096 2 99 0\n");
  proc.write("self/limits",
             "Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 4096                "
             " files\n");
  proc.write("stat", "cpu 1 2 3\nbtime 1000000\n");
  for (const char* descriptor : {"self/fd/0", "self/fd/1", "self/fd/2"}) proc.write(descriptor, "");
  ASSERT_EQ(sysconf(_SC_CLK_TCK), 100);

  const auto found = values(process_families(proc.path()));
  EXPECT_EQ(found.at("process_cpu_seconds_total"), 2);
  EXPECT_EQ(found.at("process_start_time_seconds"), 1'000'030);
  EXPECT_EQ(found.at("process_virtual_memory_bytes"), 4096);
  EXPECT_EQ(found.at("process_resident_memory_bytes"), 2.0 * static_cast<double>(sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(found.at("process_max_fds"), 1024);
  EXPECT_EQ(found.at("process_open_fds"), 2);  // 3, one of which is taken for the listing's own
}

TEST(Process, OfThisProcessIsPlausible) {
  const auto found = values(process_families());
  EXPECT_EQ(found.size(), 6U);
  EXPECT_GT(found.at("process_resident_memory_bytes"), 1'000'000);
  EXPECT_GE(found.at("process_open_fds"), 3);
  EXPECT_NEAR(found.at("process_start_time_seconds"), static_cast<double>(std::time(nullptr)), 600);
}

TEST(Process, WithoutProcIsNothing) {
  EXPECT_THAT(process_families("/nonexistent"), IsEmpty());
}

TEST(Process, HalfAStatLineIsLeftOut) {
  const testing::TemporaryFolder proc;
  std::filesystem::create_directories(proc.path() / "self");
  proc.write("self/stat", "7 (a) S 1 7");
  EXPECT_THAT(process_families(proc.path()), IsEmpty());
}

}  // namespace
}  // namespace crm::metrics
