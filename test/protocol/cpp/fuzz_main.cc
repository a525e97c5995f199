// A driver for fuzz.cc where libFuzzer is not to be had: vectors, mutated at random, for a given time.
//   protocol-fuzz --seconds N [--seed N]     protocol-fuzz --write-corpus DIR     protocol-fuzz FILE…
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>

#include "wire_message.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" void __sanitizer_set_death_callback(void (*callback)());

namespace mosis::protocol {
namespace {

std::string current;

void print_current() { std::fprintf(stderr, "input: %s\n", to_hex(current.data(), current.size()).c_str()); }

void try_one(std::string bytes) {
  current = std::move(bytes);
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(current.data()), current.size());
}

class Mutator {
 public:
  Mutator(uint64_t seed, const std::vector<Vector>& vectors) : random_(seed), vectors_(vectors) {}

  std::string next() {
    std::string bytes = any().bytes;
    for (uint64_t left = 1 + below(4); left > 0; left--) change(bytes);
    return bytes;
  }

 private:
  uint64_t below(uint64_t end) { return random_() % end; }
  const Vector& any() { return vectors_[below(vectors_.size())]; }

  /** Heads of every kind come more often than by chance. */
  char byte() {
    static const uint8_t heads[] = {0x00, 0x01, 0x7f, 0x80, 0x81, 0x8f, 0x90, 0x91, 0x9f, 0xa0, 0xa1, 0xbf, 0xc0, 0xc1,
                                    0xc2, 0xc4, 0xc5, 0xc6, 0xc7, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, 0xd0, 0xd1, 0xd2,
                                    0xd3, 0xd4, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xed, 0xf4, 0xff};
    return static_cast<char>(below(2) == 0 ? heads[below(sizeof heads)] : below(256));
  }

  void change(std::string& bytes) {
    const size_t place = below(bytes.size() + 1);
    switch (below(6)) {
      case 0:
        if (place < bytes.size()) bytes[place] = byte();
        break;
      case 1:
        bytes.insert(place, 1, byte());
        break;
      case 2:
        bytes.erase(place, below(4));
        break;
      case 3:
        bytes.resize(place);
        break;
      case 4:
        if (place < bytes.size()) bytes[place] = static_cast<char>(bytes[place] ^ (1 << below(8)));
        break;
      default: {
        const std::string& other = any().bytes;
        const size_t from = below(other.size() + 1);
        bytes.insert(place, other, from, below(32));
      }
    }
  }

  std::mt19937_64 random_;
  const std::vector<Vector>& vectors_;
};

int run_for(const std::vector<Vector>& vectors, int seconds, uint64_t seed) {
  using Clock = std::chrono::steady_clock;
  std::printf("seed %llu, %zu vectors, %d s\n", static_cast<unsigned long long>(seed), vectors.size(), seconds);
  for (const Vector& vector : vectors) try_one(vector.bytes);
  Mutator mutator(seed, vectors);
  const auto end = Clock::now() + std::chrono::seconds(seconds);
  uint64_t count = 0;
  while (Clock::now() < end) {
    for (int i = 0; i < 64; i++) try_one(mutator.next());
    count += 64;
  }
  std::printf("%llu inputs, no disagreement with msgpack-c\n", static_cast<unsigned long long>(count));
  return 0;
}

int write_corpus(const std::vector<Vector>& vectors, const std::string& folder) {
  for (size_t i = 0; i < vectors.size(); i++) {
    std::ofstream file(folder + "/" + std::to_string(i), std::ios::binary);
    file << vectors[i].bytes;
    if (!file) {
      std::fprintf(stderr, "ERROR: %s cannot be written to\n", folder.c_str());
      return 2;
    }
  }
  std::printf("%zu files\n", vectors.size());
  return 0;
}

}  // namespace
}  // namespace mosis::protocol

int main(int count, char** words) {
  using namespace mosis::protocol;
  __sanitizer_set_death_callback(print_current);
  const std::vector<Vector> vectors = read_vectors(MOSIS_PROTO_FOLDER);
  uint64_t seed = std::random_device{}();
  int seconds = 0;
  for (int i = 1; i < count; i++) {
    const std::string word = words[i];
    const char* value = i + 1 < count ? words[i + 1] : "";
    if (word == "--write-corpus") return write_corpus(vectors, value);
    if (word == "--seconds") {
      seconds = std::atoi(value);
      i++;
    } else if (word == "--seed") {
      seed = std::strtoull(value, nullptr, 10);
      i++;
    } else {
      std::ifstream file(word, std::ios::binary);
      std::ostringstream content;
      content << file.rdbuf();
      try_one(content.str());
    }
  }
  return seconds > 0 ? run_for(vectors, seconds, seed) : 0;
}
