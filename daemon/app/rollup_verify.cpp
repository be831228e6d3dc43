// `crm-metricsd rollup verify`.

#include <ostream>
#include <random>

#include <fmt/format.h>

#include "app/rollup.h"
#include "rollup/verify.h"

namespace crm::app {
namespace {

constexpr std::int64_t most_printed = 100;
constexpr std::chrono::seconds say_every{5};

std::string to_line(const rollup::Difference& one) {
  return fmt::format("DIFFERENT  {} from {} to {}, {}{}{}, {}: stored {}, rows say {}\n", one.fact,
                     to_iso(one.window.from), to_iso(one.window.to), one.scope, one.group.empty() ? "" : ", ",
                     one.group, one.column, one.stored, one.raw);
}

std::string to_summary(const rollup::Verified& verified) {
  std::string text = fmt::format(
      "{} windows, {} answers, {} numbers, {} stored periods read: {} (seed {})\n", verified.windows, verified.answers,
      verified.numbers, verified.periods,
      verified.differences == 0 ? "no difference" : fmt::format("{} DIFFERENT", verified.differences), verified.seed);
  if (verified.left_out > 0) {
    text +=
        fmt::format("{} answers were left out: rows that they count the CRM has deleted since, which stay counted\n",
                    verified.left_out);
  }
  if (!verified.exact) {
    text +=
        "not every change of the CRM's is noted (crm-metricsd rollup status): a difference may be a change that nobody "
        "told\n";
  }
  return text;
}

}  // namespace

int verify_stored(const RollupOptions& options, const House& house, RollupConsole& console) {
  rollup::VerifyRules rules;
  rules.windows = options.windows.value_or(rules.windows);
  rules.seed = options.seed.value_or(std::random_device{}());
  rules.stop = console.stop;
  const rollup::RollupHouse counted{house.writer.get(), rollup::all_facts(house.facts), house.zone.get()};
  std::int64_t printed = 0;
  auto said = std::chrono::steady_clock::now();
  const auto verified = rollup::verify(
      counted, rules,
      [&](const rollup::Difference& one) {
        if (++printed <= most_printed) console.out << to_line(one) << std::flush;
      },
      [&](const rollup::Verified& so_far) {
        const auto now = std::chrono::steady_clock::now();
        if (now - said < say_every) return;
        said = now;
        console.err << fmt::format("{} of {} windows\n", so_far.windows, rules.windows) << std::flush;
      });
  if (!verified.stored_from) {
    console.err << "crm-metricsd: nothing is stored yet: run crm-metricsd rollup, or a daemon\n";
    return 1;
  }
  if (printed > most_printed) console.out << fmt::format("and {} more\n", printed - most_printed);
  for (const std::string& why : verified.not_compared) console.out << "not compared: " << why << '\n';
  console.out << to_summary(verified);
  return verified.differences == 0 && verified.not_compared.empty() ? 0 : 1;
}

}  // namespace crm::app
