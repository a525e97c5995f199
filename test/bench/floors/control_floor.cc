// Floor of the control round trip: libzmq against libzmq over ipc, the same bytes, no codec, no checks.
//   bench-control-floor server ENDPOINT
//   bench-control-floor client ENDPOINT COUNT WINDOW        prints one line of JSON
#include <zmq.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
double since_us(Clock::time_point start) { return std::chrono::duration<double, std::micro>(Clock::now() - start).count(); }

/** As long as an encoded peers.get with its answer: 24 bytes. */
constexpr char kRequest[] = "0123456789abcdefghijklmn";

int serve(void* socket) {
  for (;;) {
    int more = 1;
    while (more) {
      zmq_msg_t part;
      zmq_msg_init(&part);
      if (zmq_msg_recv(&part, socket, 0) < 0) return 0;
      more = zmq_msg_more(&part);
      zmq_msg_send(&part, socket, more ? ZMQ_SNDMORE : 0);
    }
  }
}

void send_one(void* socket) { zmq_send(socket, kRequest, sizeof kRequest, 0); }

void receive_one(void* socket) {
  zmq_msg_t part;
  zmq_msg_init(&part);
  if (zmq_msg_recv(&part, socket, 0) < 0) std::exit(1);
  zmq_msg_close(&part);
}

int ask(void* socket, int count, int window) {
  for (int i = 0; i < 200; ++i) {
    send_one(socket);
    receive_one(socket);
  }
  std::vector<double> round_trips;
  for (int i = 0; i < count; ++i) {
    const auto start = Clock::now();
    send_one(socket);
    receive_one(socket);
    round_trips.push_back(since_us(start));
  }
  std::sort(round_trips.begin(), round_trips.end());
  const auto start = Clock::now();
  const int total = count * 4;
  for (int sent = 0, received = 0; received < total; ++received) {
    while (sent < total && sent - received < window) {
      send_one(socket);
      ++sent;
    }
    receive_one(socket);
  }
  const double per_second = total / since_us(start) * 1e6;
  std::printf("{\"p50Us\":%.1f,\"p99Us\":%.1f,\"perSecond\":%.0f,\"requests\":%d}\n", round_trips[round_trips.size() / 2],
              round_trips[round_trips.size() * 99 / 100], per_second, 200 + count + total);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  void* context = zmq_ctx_new();
  const bool server = std::strcmp(argv[1], "server") == 0;
  void* socket = zmq_socket(context, server ? ZMQ_ROUTER : ZMQ_DEALER);
  if (server) {
    if (zmq_bind(socket, argv[2]) != 0) return 1;
    std::puts("ready");
    std::fflush(stdout);
    return serve(socket);
  }
  if (argc < 5 || zmq_connect(socket, argv[2]) != 0) return 2;
  return ask(socket, std::atoi(argv[3]), std::atoi(argv[4]));
}
