#pragma once
// GET /api/dashboard/business-impact, as the design document shows it. Everything here is counted, nothing is rounded
// yet.

#include <cstdint>
#include <string>
#include <vector>

#include <crm/sdk/json.h>
#include <crm/sdk/numbers.h>

namespace business_impact {

struct NowAndBefore {
  std::int64_t now = 0;
  std::int64_t before = 0;  // in the previous period
};

struct TicketsResolved {
  std::int64_t today = 0;
  std::int64_t week = 0;   // the last 7 business days, today included
  std::int64_t month = 0;  // the last 30
};

// Of all times.
struct Campaign {
  std::string id;
  std::string name;
  std::int64_t sent = 0;
  std::int64_t responded = 0;
  std::int64_t converted = 0;
};

// Of the window: what those cost who were there, and what they did.
struct Cost {
  std::int64_t paid_ms = 0;             // agents and supervisors, online or away
  std::int64_t conversations = 0;       // in which a human replied
  std::int64_t bot_successes = 0;       // resolved by the bot alone
  double agent_hour = 15.0;             // cost.agent_hour
  std::int64_t handling_seconds = 300;  // automation.handling_seconds: what a success spared
  bool known = true;                    // false: this CRM does not say when somebody is there

  double amount() const;  // of all who were paid
  double saved() const;
};

struct BusinessImpact {
  NowAndBefore leads;
  TicketsResolved tickets;
  std::vector<Campaign> campaigns;  // the newest first
  crm::Ratio repeat_customers;      // contacts who had a conversation before ÷ contacts with one
  crm::Ratio repeat_customers_before;
  Cost cost;
};

struct DeadBands {
  double leads = 5.0;
  double repeat_customers = 5.0;
};

crm::Json to_json(const BusinessImpact& report, const DeadBands& bands);

}  // namespace business_impact
