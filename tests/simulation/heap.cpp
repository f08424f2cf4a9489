// The program's heap. A seed allocates some hundred thousand small things, on fibers of one thread, and its process
// ends soon: cells come from blocks of one size each and go back to a list by size, without a lock. glibc's own heap
// took a quarter of a seed's time.

#include <sys/mman.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

namespace {

constexpr size_t step = 16, largest = 1024, block_bytes = 64 * 1024;
constexpr size_t region_bytes = size_t{16} << 30;  // of addresses; memory is what is touched

struct Cell {
  Cell* next;
};

// At the beginning of each block, which lies at a multiple of its size.
struct alignas(step) Block {
  size_t size_class;
};

// Of one size: what was given back, and what of the last block was never given out.
struct Cells {
  Cell* free = nullptr;
  char* fresh = nullptr;
  char* end = nullptr;
};

struct Heap {
  std::array<Cells, largest / step + 1> of_size{};
  char* region = nullptr;
  char* next_block = nullptr;
};
constinit Heap heap;

bool is_cell(const void* memory) {
  const auto* at = static_cast<const char*>(memory);
  return heap.region <= at && at < heap.next_block;
}

void add_block(size_t size_class) {
  if (heap.region == nullptr) {
    void* mapped = mmap(nullptr, region_bytes + block_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) std::abort();
    const auto address = (reinterpret_cast<std::uintptr_t>(mapped) + block_bytes - 1) / block_bytes * block_bytes;
    heap.region = heap.next_block = reinterpret_cast<char*>(address);
  }
  if (heap.next_block == heap.region + region_bytes) std::abort();
  auto* const block = new (heap.next_block) Block{size_class};
  heap.next_block += block_bytes;
  auto& cells = heap.of_size[size_class];
  cells.fresh = reinterpret_cast<char*>(block + 1);
  cells.end = cells.fresh + (block_bytes - sizeof(Block)) / (size_class * step) * (size_class * step);
}

}  // namespace

void* operator new(size_t size) {
  if (size > largest) {
    void* const memory = std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
  }
  const auto size_class = (size + step - 1) / step + (size == 0);
  auto& cells = heap.of_size[size_class];
  if (Cell* const cell = cells.free) {
    cells.free = cell->next;
    return cell;
  }
  if (cells.fresh == cells.end) add_block(size_class);
  return std::exchange(cells.fresh, cells.fresh + size_class * step);
}

void operator delete(void* memory) noexcept {
  if (!is_cell(memory)) {
    std::free(memory);
    return;
  }
  const auto address = reinterpret_cast<std::uintptr_t>(memory) / block_bytes * block_bytes;
  const auto size_class = reinterpret_cast<const Block*>(address)->size_class;
  auto& cells = heap.of_size[size_class];
  cells.free = new (memory) Cell{cells.free};
}

void operator delete(void* memory, size_t) noexcept { operator delete(memory); }
