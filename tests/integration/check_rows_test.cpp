// Row-level security: what `check` says of a view agrees with the rows that the view really shows, and a view whose
// rows are hidden is never sampled.

#include "app/reporter.h"
#include "check_fixture.h"
#include "crm/sdk/errors.h"
#include "source/snapshot.h"

namespace {

using namespace crm::testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class CheckRows : public CheckTest {
 protected:
  // What the reader gets of a view, by PostgreSQL itself.
  std::string rows(const std::string& view) const {
    return scalar(reader(), "SELECT count(*) FROM crm_source." + view);
  }

  // Faults of the section on rows; kpi fails with any error in what it reads, and no trigger is on a table of the
  // test's.
  std::vector<std::string> row_faults() const {
    std::vector<std::string> lines;
    for (const std::string& line : check().faults()) {
      const bool of_rows =
          line.find("fails until") == std::string::npos && line.find("change feed: no trigger") == std::string::npos;
      if (of_rows) lines.push_back(line);
    }
    return lines;
  }
};

TEST_F(CheckRows, AViewOfAnOwnerWhoSeesNothingIsAnErrorThatNamesViewTableAndRole) {
  execute(url_, "ALTER VIEW crm_source.tickets OWNER TO developer");
  EXPECT_EQ(rows("tickets"), "0");
  const Checked checked = check();
  EXPECT_THAT(checked.faults(),
              ElementsAre("ERROR tickets: row-level security on public.tickets hides every row from role developer; "
                          "crm_source.tickets runs with its rights",
                          "ERROR kpi: fails until the errors of tickets above are mended"));
  EXPECT_EQ(checked.status, 1);
}

TEST_F(CheckRows, WhatIsAdvisedHelps) {
  execute(url_, "ALTER VIEW crm_source.tickets OWNER TO developer");
  execute(url_, "ALTER VIEW crm_source.messages SET (security_invoker = true)");
  execute(url_, "GRANT SELECT ON messages TO crm_metrics_read");
  const std::string advice = check().advice();
  const std::string better =
      "ALTER VIEW crm_source.messages SET (security_invoker = false);\n"
      "ALTER VIEW crm_source.messages OWNER TO supabase_owner;\n"
      "ALTER VIEW crm_source.tickets OWNER TO supabase_owner;\n";
  ASSERT_THAT(advice, HasSubstr(better));
  execute(url_, better);
  EXPECT_THAT(check().faults(), IsEmpty());
}

TEST_F(CheckRows, ThePolicyThatIsAdvisedHelpsToo) {
  execute(url_, "ALTER VIEW crm_source.tickets OWNER TO developer");
  const std::string policy =
      "CREATE POLICY crm_metrics_all_rows ON public.tickets\nFOR SELECT TO developer USING (true);\n";
  ASSERT_THAT(check().advice(), HasSubstr(policy));
  execute(url_, policy);
  EXPECT_EQ(rows("tickets"), "1");
  EXPECT_THAT(check().faults(), IsEmpty()) << "it shows every row";
}

TEST_F(CheckRows, ASecurityInvokerViewIsHeldAgainstTheReader) {
  execute(url_,
          "ALTER VIEW crm_source.tickets SET (security_invoker = on); GRANT SELECT ON tickets TO crm_metrics_read");
  EXPECT_EQ(rows("tickets"), "0");
  EXPECT_THAT(row_faults(), ElementsAre("ERROR tickets: row-level security on public.tickets hides every row from role "
                                        "crm_metrics_read; crm_source.tickets is security_invoker"));
}

TEST_F(CheckRows, PoliciesForTheRoleAreAWarningWithTheirNames) {
  execute(url_,
          "ALTER VIEW crm_source.tickets OWNER TO developer; "
          "CREATE POLICY recent ON tickets FOR SELECT TO developer USING (created_at > '2020-01-01'); "
          "CREATE POLICY urgent ON tickets TO developer USING (priority = 'urgent'); "
          "CREATE POLICY writing ON tickets FOR INSERT TO developer WITH CHECK (true)");
  const Checked checked = check();
  EXPECT_THAT(checked.faults(),
              ElementsAre("warning tickets: row-level security on public.tickets shows role developer only the rows "
                          "of policies recent, urgent; crm_source.tickets runs with its rights"));
  EXPECT_EQ(checked.status, 0);
}

TEST_F(CheckRows, APolicyOfAnotherRoleShowsNothingOneOfAGroupOrOfEverybodyDoes) {
  execute(url_,
          "ALTER VIEW crm_source.tickets OWNER TO developer; CREATE POLICY theirs ON tickets TO authenticated USING "
          "(true)");
  EXPECT_EQ(rows("tickets"), "0");
  EXPECT_THAT(row_faults(), ElementsAre(HasSubstr("hides every row from role developer")));
  execute(url_, "CREATE POLICY everybodys ON tickets USING (priority <> 'secret')");
  EXPECT_EQ(rows("tickets"), "1");
  EXPECT_THAT(row_faults(), ElementsAre(HasSubstr("shows role developer only the rows of policy everybodys")));
}

TEST_F(CheckRows, ARestrictivePolicyAloneShowsNothingAndBesideAnotherTakesAway) {
  execute(url_,
          "ALTER VIEW crm_source.tickets OWNER TO developer; "
          "CREATE POLICY never ON tickets AS RESTRICTIVE TO developer USING (priority <> 'high')");
  EXPECT_EQ(rows("tickets"), "0");
  EXPECT_THAT(row_faults(), ElementsAre(HasSubstr("hides every row")));
  execute(url_, "CREATE POLICY all_rows ON tickets TO developer USING (true)");
  EXPECT_EQ(rows("tickets"), "0") << "the only ticket is high";
  EXPECT_THAT(row_faults(), ElementsAre(HasSubstr("only the rows of policies all_rows, never")));
}

TEST_F(CheckRows, ForceBindsTheOwnerToo) {
  execute(url_, "ALTER TABLE tickets OWNER TO developer; ALTER VIEW crm_source.tickets OWNER TO developer");
  EXPECT_EQ(rows("tickets"), "1");
  EXPECT_THAT(row_faults(), IsEmpty()) << "an owner sees all";
  execute(url_, "ALTER TABLE tickets FORCE ROW LEVEL SECURITY");
  EXPECT_EQ(rows("tickets"), "0");
  EXPECT_THAT(row_faults(),
              ElementsAre(HasSubstr("row-level security on public.tickets hides every row from role developer")));
  EXPECT_THAT(check().advice(),
              AllOf(HasSubstr("CREATE POLICY crm_metrics_all_rows ON public.tickets"), Not(HasSubstr("OWNER TO"))))
      << "another owner of the view would see no more";
}

TEST_F(CheckRows, AMemberOfTheOwningRoleSeesAll) {
  execute(url_,
          "ALTER TABLE tickets OWNER TO developer; CREATE ROLE colleague LOGIN IN ROLE developer; "
          "ALTER VIEW crm_source.tickets OWNER TO colleague");
  EXPECT_EQ(rows("tickets"), "1");
  EXPECT_THAT(row_faults(), IsEmpty());
}

TEST_F(CheckRows, ASecurityInvokerInTheMiddleAsksTheReaderAgain) {
  execute(url_,
          "CREATE VIEW public.tickets_of_today WITH (security_invoker = true) AS SELECT * FROM tickets; "
          "ALTER VIEW tickets_of_today OWNER TO supabase_owner; GRANT SELECT ON tickets_of_today, tickets TO "
          "crm_metrics_read");
  redefine(
      "tickets",
      "SELECT id AS ticket_id, contact_id, conversation_id, assigned_agent_id AS agent_id, priority::text AS priority, "
      "created_at, resolved_at FROM tickets_of_today");
  EXPECT_EQ(rows("tickets"), "0") << "though the outer view runs as one who sees all";
  EXPECT_THAT(row_faults(), ElementsAre("ERROR tickets: row-level security on public.tickets hides every row from role "
                                        "crm_metrics_read; public.tickets_of_today is security_invoker"));
}

TEST_F(CheckRows, ANestedViewIsReadAsItsOwnOwner) {
  execute(url_,
          "CREATE VIEW public.nested AS SELECT * FROM tickets; ALTER VIEW nested OWNER TO developer; "
          "GRANT SELECT ON nested TO supabase_owner");
  redefine(
      "tickets",
      "SELECT id AS ticket_id, contact_id, conversation_id, assigned_agent_id AS agent_id, priority::text AS priority, "
      "created_at, resolved_at FROM nested");
  EXPECT_EQ(rows("tickets"), "0");
  EXPECT_THAT(row_faults(),
              ElementsAre("ERROR tickets: row-level security on public.tickets hides every row from role developer; "
                          "public.nested runs with its rights"));
}

TEST_F(CheckRows, AMaterialisedViewWasFilledByItsOwner) {
  execute(url_,
          "CREATE MATERIALIZED VIEW public.cache AS SELECT * FROM tickets; ALTER MATERIALIZED VIEW cache OWNER TO "
          "developer; "
          "REFRESH MATERIALIZED VIEW cache; GRANT SELECT ON cache TO supabase_owner");
  redefine(
      "tickets",
      "SELECT id AS ticket_id, contact_id, conversation_id, assigned_agent_id AS agent_id, priority::text AS priority, "
      "created_at, resolved_at FROM cache");
  EXPECT_EQ(rows("tickets"), "0");
  const Checked checked = check();
  EXPECT_THAT(
      checked.of("tickets"),
      ElementsAre(HasSubstr("7 columns"),
                  "warning tickets: public.cache is a materialised view: the numbers are as old as its last REFRESH",
                  "ERROR tickets: row-level security on public.tickets hides every row from role developer; "
                  "public.cache runs with its rights"));
  EXPECT_THAT(checked.advice(), HasSubstr("ALTER MATERIALIZED VIEW public.cache OWNER TO supabase_owner;\n"
                                          "REFRESH MATERIALIZED VIEW public.cache;\n"));
}

TEST_F(CheckRows, AMaterialisedViewThatWasNeverFilledIsAnError) {
  execute(url_,
          "CREATE MATERIALIZED VIEW public.cache AS SELECT * FROM conversation_intents WITH NO DATA; "
          "ALTER MATERIALIZED VIEW cache OWNER TO supabase_owner");
  redefine("bot_intents", "SELECT conversation_id, intent, succeeded, detected_at FROM cache");
  EXPECT_THAT(row_faults(),
              ElementsAre("ERROR bot_intents: public.cache is a materialised view that was never filled"));
}

TEST_F(CheckRows, PartitionsAreReadByTheRightsOfTheirParent) {
  execute(url_,
          "CREATE TABLE parts (LIKE tickets) PARTITION BY RANGE (created_at); "
          "CREATE TABLE parts_all PARTITION OF parts DEFAULT; ALTER TABLE parts_all ENABLE ROW LEVEL SECURITY; "
          "INSERT INTO parts SELECT * FROM tickets; GRANT SELECT ON parts TO developer");
  redefine(
      "tickets",
      "SELECT id AS ticket_id, contact_id, conversation_id, assigned_agent_id AS agent_id, priority::text AS priority, "
      "created_at, resolved_at FROM parts");
  execute(url_, "ALTER VIEW crm_source.tickets OWNER TO developer");
  EXPECT_EQ(rows("tickets"), "1");
  EXPECT_THAT(row_faults(), IsEmpty()) << "row-level security of a partition does not count";
  execute(url_, "ALTER TABLE parts ENABLE ROW LEVEL SECURITY");
  EXPECT_EQ(rows("tickets"), "0");
  EXPECT_THAT(row_faults(),
              ElementsAre(HasSubstr("row-level security on public.parts hides every row from role developer")));
}

TEST_F(CheckRows, OfAForeignTableOnlyItsServerKnows) {
  execute(url_,
          "CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; "
          "CREATE FOREIGN TABLE public.elsewhere (conversation_id uuid, intent text, succeeded bool, detected_at "
          "timestamptz) "
          "SERVER files OPTIONS (filename '/dev/null'); GRANT SELECT ON elsewhere TO supabase_owner");
  redefine("bot_intents", "SELECT conversation_id, intent, succeeded, detected_at FROM elsewhere");
  const Checked checked = check();
  EXPECT_THAT(checked.faults(), ElementsAre(HasSubstr("change feed: no trigger notes: intent insert")))
      << "a foreign table's writes nobody sees";
  EXPECT_THAT(checked.of("bot_intents").back(),
              "ok bot_intents: reads the foreign table public.elsewhere: what its own server hides "
              "cannot be seen from here");
}

TEST_F(CheckRows, ATableInThePlaceOfAViewIsReadByTheReader) {
  execute(url_,
          "DROP VIEW crm_source.bot_intents; ALTER TABLE conversation_intents SET SCHEMA crm_source; "
          "ALTER TABLE crm_source.conversation_intents RENAME TO bot_intents; GRANT SELECT ON crm_source.bot_intents "
          "TO crm_metrics_read");
  EXPECT_THAT(row_faults(), ElementsAre("ERROR bot_intents: row-level security on crm_source.bot_intents hides every "
                                        "row from role crm_metrics_read"));
  EXPECT_THAT(check().advice(), HasSubstr("CREATE POLICY crm_metrics_all_rows ON crm_source.bot_intents\nFOR SELECT TO "
                                          "crm_metrics_read USING (true);"));
}

TEST_F(CheckRows, AMissingRightOfTheOwnerOrTheReaderIsAnErrorWithItsGrant) {
  execute(url_,
          "ALTER VIEW crm_source.agents OWNER TO developer; REVOKE SELECT ON profiles FROM developer; "
          "REVOKE SELECT ON crm_source.bot_intents FROM crm_metrics_read");
  const Checked checked = check();
  EXPECT_THAT(checked.faults(),
              ElementsAre("ERROR agents: role developer may not select from public.profiles, which crm_source.agents "
                          "reads by its rights",
                          "ERROR bot_intents: role crm_metrics_read may not select from crm_source.bot_intents"));
  EXPECT_THAT(checked.advice(), HasSubstr("GRANT SELECT ON public.profiles TO developer;\n"
                                          "GRANT SELECT ON crm_source.bot_intents TO crm_metrics_read;\n"));
}

TEST_F(CheckRows, NamesThatNeedQuotesGetThem) {
  execute(url_, R"sql(CREATE SCHEMA "Odd Schema"; CREATE TABLE "Odd Schema"."Tick""ets" (LIKE tickets);
    ALTER TABLE "Odd Schema"."Tick""ets" ENABLE ROW LEVEL SECURITY; GRANT USAGE ON SCHEMA "Odd Schema" TO developer;
    GRANT SELECT ON "Odd Schema"."Tick""ets" TO developer)sql");
  redefine("tickets", R"sql(SELECT id AS ticket_id, contact_id, conversation_id, assigned_agent_id AS agent_id,
    priority::text AS priority, created_at, resolved_at FROM "Odd Schema"."Tick""ets")sql");
  execute(url_, "ALTER VIEW crm_source.tickets OWNER TO developer");
  EXPECT_THAT(check().advice(), HasSubstr(R"(CREATE POLICY crm_metrics_all_rows ON "Odd Schema"."Tick""ets")"));
}

// --- sampling --------------------------------------------------------------------------------------------------------

class HiddenRows : public CheckRows {
 protected:
  static std::string asked(crm::source::Postgres& postgres) {
    const auto snapshot = postgres.open(
        {.scope = crm::Scope::everyone(), .deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30)});
    return std::string(snapshot->run("test/tickets", "SELECT count(*) AS n FROM tickets t", {}, true)[0].text("n"));
  }
};

TEST_F(HiddenRows, AreRefusedInsteadOfCountedAsZeroAndSeenAgainAtOnceWhenMended) {
  execute(url_, "ALTER VIEW crm_source.tickets OWNER TO developer");
  crm::source::PostgresOptions options;
  options.url = reader();
  options.catalog_refresh = std::chrono::hours(1);
  crm::source::Postgres postgres(options, {});
  EXPECT_THAT([&] { asked(postgres); }, ::testing::ThrowsMessage<crm::ContractError>(
                                            "view crm_source.tickets: row-level security on public.tickets hides every "
                                            "row from role developer (read by statement "
                                            "test/tickets); `crm-metricsd check` prints what to do"));
  execute(url_, "ALTER VIEW crm_source.tickets OWNER TO supabase_owner");
  EXPECT_EQ(asked(postgres), "1");
}

TEST_F(HiddenRows, ThatAPolicyShowsInPartAreCounted) {
  execute(url_,
          "ALTER VIEW crm_source.tickets OWNER TO developer; CREATE POLICY high_ones ON tickets TO developer USING "
          "(priority = 'high')");
  crm::source::PostgresOptions options;
  options.url = reader();
  crm::source::Postgres postgres(options, {});
  EXPECT_EQ(asked(postgres), "1");
}

}  // namespace
