// Memory for the lists of one decoded message, freed as a whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace mosis::protocol {

/** Bump allocator. Not thread-safe. What it hands out lives until clear() or its destruction; no destructors are run. */
class Arena {
 public:
  Arena() = default;
  ~Arena() { clear(); }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&& other) noexcept : newest_(other.newest_) { other.newest_ = nullptr; }
  Arena& operator=(Arena&& other) noexcept {
    if (this != &other) {
      clear();
      newest_ = other.newest_;
      other.newest_ = nullptr;
    }
    return *this;
  }

  /** `count` zeroed items; never null for count 0, null when memory is out. The caller bounds `count`. */
  template <typename T>
  T* make(uint32_t count) {
    static_assert(alignof(T) <= alignof(std::max_align_t), "blocks are aligned for ordinary types only");
    void* memory = take(sizeof(T) * (count == 0 ? 1u : count));
    if (memory == nullptr) return nullptr;
    T* items = static_cast<T*>(memory);
    for (uint32_t i = 0; i < count; i++) new (items + i) T{};
    return items;
  }

  void clear() {
    while (newest_ != nullptr) {
      Block* older = newest_->older;
      std::free(newest_);
      newest_ = older;
    }
  }

 private:
  struct alignas(std::max_align_t) Block {
    Block* older;
    size_t used;
    size_t size;
  };
  static constexpr size_t kBlockBytes = 1024;

  void* take(size_t bytes) {
    const size_t align = alignof(std::max_align_t);
    const size_t rounded = (bytes + align - 1) / align * align;
    if (newest_ == nullptr || newest_->size - newest_->used < rounded) {
      const size_t size = rounded > kBlockBytes ? rounded : kBlockBytes;
      Block* block = static_cast<Block*>(std::malloc(sizeof(Block) + size));
      if (block == nullptr) return nullptr;
      *block = Block{newest_, 0, size};
      newest_ = block;
    }
    void* memory = reinterpret_cast<char*>(newest_ + 1) + newest_->used;
    newest_->used += rounded;
    return memory;
  }

  Block* newest_ = nullptr;
};

}  // namespace mosis::protocol
