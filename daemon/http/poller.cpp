#include "http/poller.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <sys/epoll.h>
#include <sys/eventfd.h>

namespace crm::http {
namespace {

constexpr std::uint64_t wake_id = 0;

Descriptor checked(int number, const char* call) {
  if (number < 0) throw std::system_error(errno, std::generic_category(), call);
  return Descriptor(number);
}

void control(const Descriptor& epoll, int operation, int socket, std::uint64_t id, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  if (::epoll_ctl(epoll.number(), operation, socket, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

}  // namespace

Poller::Poller()
    : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
  control(epoll_, EPOLL_CTL_ADD, wake_.number(), wake_id, EPOLLIN);
}

void Poller::add(int socket, std::uint64_t id) {
  control(epoll_, EPOLL_CTL_ADD, socket, id, EPOLLONESHOT);
}

void Poller::arm(int socket, std::uint64_t id, Interest interest) {
  const std::uint32_t events = interest == Interest::read ? EPOLLIN : EPOLLOUT;
  control(epoll_, EPOLL_CTL_MOD, socket, id, events | EPOLLONESHOT);
}

std::vector<std::uint64_t> Poller::wait(std::optional<std::chrono::milliseconds> time) {
  std::array<epoll_event, 256> events{};
  std::vector<std::uint64_t> ready;
  ready.reserve(events.size());  // before the wait: an event that was reported must not be lost to a failed allocation
  const int timeout = time ? static_cast<int>(time->count()) : -1;
  const int count = ::epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()), timeout);
  if (count < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "epoll_wait");
  for (int i = 0; i < count; ++i) {
    const std::uint64_t id = events[static_cast<std::size_t>(i)].data.u64;
    if (id == wake_id) {
      drain_wake();
    } else {
      ready.push_back(id);
    }
  }
  return ready;
}

void Poller::wake() {
  const std::uint64_t one = 1;
  // A full counter has woken the loop already; there is nothing to do about it.
  [[maybe_unused]] const ssize_t written = ::write(wake_.number(), &one, sizeof one);
}

void Poller::drain_wake() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(wake_.number(), &count, sizeof count);
}

}  // namespace crm::http
