#pragma once
// Names of the Prometheus families of whatsapp-performance, written once.

namespace whatsapp::family {

inline constexpr const char* messages = "crm_messages_total";
inline constexpr const char* failures = "crm_message_failures_total";
inline constexpr const char* campaign_messages = "crm_campaign_messages_total";
inline constexpr const char* sessions = "crm_sessions";
inline constexpr const char* session_state = "crm_session_state";
inline constexpr const char* session_last_seen = "crm_session_last_seen_timestamp_seconds";
inline constexpr const char* session_undelivered = "crm_session_undelivered_messages";
inline constexpr const char* session_undelivered_seconds = "crm_session_undelivered_seconds";
inline constexpr const char* undelivered = "crm_undelivered_messages";
inline constexpr const char* undelivered_seconds = "crm_undelivered_seconds";
inline constexpr const char* queue_jobs = "crm_queue_jobs";
inline constexpr const char* queue_oldest = "crm_queue_oldest_waiting_seconds";
inline constexpr const char* queue_completed = "crm_queue_completed_total";
inline constexpr const char* queue_failed = "crm_queue_failed_total";
inline constexpr const char* queue_paused = "crm_queue_paused";

}  // namespace whatsapp::family
