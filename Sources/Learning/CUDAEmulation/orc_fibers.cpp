#include "orc_fibers.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <vector>

// ORC_UCONTEXT: the way of other processors, on this one.
#if defined(__x86_64__) && !defined(ORC_UCONTEXT)
#define ORC_OWN_SWITCH 1
#endif

#if defined(ORC_OWN_SWITCH)
// Saves what a call must keep, changes stacks and returns there: about 2 ns, where swapcontext asks
// the kernel for its signal mask.
extern "C" void orc_switch_stacks(void **from, void *to);
asm(".text\n"
    ".type orc_switch_stacks,@function\n"
    "orc_switch_stacks:\n"
    "  pushq %rbp\n  pushq %rbx\n  pushq %r12\n  pushq %r13\n  pushq %r14\n  pushq %r15\n"
    "  movq %rsp, (%rdi)\n"
    "  movq %rsi, %rsp\n"
    "  popq %r15\n  popq %r14\n  popq %r13\n  popq %r12\n  popq %rbx\n  popq %rbp\n"
    "  ret\n"
    ".size orc_switch_stacks, .-orc_switch_stacks\n");
#else
#include <ucontext.h>
#endif

namespace orc {

thread_local Index thread_index, block_index, block_size, grid_size;

namespace {

// MARK: - One fiber's place

#if defined(ORC_OWN_SWITCH)
struct Place {
  void *stack_pointer;

  void begin(char *stack, std::size_t size, void (*entry)()) {
    auto top = reinterpret_cast<std::uintptr_t *>(stack + size);
    // As if called: a return address that is never used, the entry, six registers.
    top[-1] = 0;
    top[-2] = reinterpret_cast<std::uintptr_t>(entry);
    for (int i = 3; i <= 8; i++) top[-i] = 0;
    stack_pointer = top - 8;
  }
  void go(Place &to) { orc_switch_stacks(&stack_pointer, to.stack_pointer); }
};
#else
struct Place {
  ucontext_t context;

  void begin(char *stack, std::size_t size, void (*entry)()) {
    getcontext(&context);
    context.uc_stack.ss_sp = stack;
    context.uc_stack.ss_size = size;
    context.uc_link = nullptr;
    makecontext(&context, entry, 0);
  }
  void go(Place &to) { swapcontext(&context, &to.context); }
};
#endif

// MARK: - A block

struct Fiber {
  Place place;
  Index index;
  unsigned number, turns;
  /// Waits until the barrier's generation is another.
  const Barrier *barrier;
  unsigned generation;
  bool isDone;

  bool canRun() const { return !isDone && (!barrier || barrier->generation != generation); }
};

enum { STACK_BYTES = 64 * 1024 };

/// Kept by the host thread from launch to launch: fresh pages cost more than small kernels.
struct Stacks {
  char *address = nullptr;
  std::size_t bytes = 0;

  bool reserve(std::size_t wanted) {
    if (wanted <= bytes) return true;
    release();
    void *memory = mmap(nullptr, wanted, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    address = static_cast<char *>(memory);
    bytes = wanted;
    return true;
  }
  void release() {
    if (address) munmap(address, bytes);
    address = nullptr;
    bytes = 0;
  }
  ~Stacks() { release(); }
};

struct Block {
  Work work;
  std::vector<Fiber> fibers;
  std::vector<Warp> warps;
  Barrier barrier;
  Place host;
  unsigned current, done;
  char *stacks;
  std::vector<float> shared;

  bool reserve(unsigned threads, std::size_t shared_bytes);
  void runOnce();
  unsigned next() const;
  void goOn();
};

thread_local Block *here = nullptr;

bool Block::reserve(unsigned threads, std::size_t shared_bytes) {
  fibers.resize(threads);
  warps.resize((threads + WARP - 1) / WARP);
  // A spare register's worth, so that the address can be moved to 16 bytes.
  shared.resize(shared_bytes / 4 + 8);
  static thread_local Stacks kept;
  if (!kept.reserve(std::size_t(threads) * STACK_BYTES)) return false;
  stacks = kept.address;
  return true;
}

/// The next fiber that can run, those of the running one's warp first: warps drift apart as far as
/// barriers let them, so that a barrier that is missing shows. The number of fibers: none can.
unsigned Block::next() const {
  unsigned count = unsigned(fibers.size());
  if (current < count) {
    unsigned first = current / WARP * WARP;
    for (unsigned step = 1; step <= WARP; step++) {
      unsigned candidate = first + (current + step) % WARP;
      if (candidate < count && fibers[candidate].canRun()) return candidate;
    }
  }
  unsigned start = current < count ? current : count - 1;
  for (unsigned step = 1; step <= count; step++) {
    unsigned candidate = (start + step) % count;
    if (fibers[candidate].canRun()) return candidate;
  }
  return count;
}

/// From a fiber that cannot go on, or from the host, to the next that can.
void Block::goOn() {
  unsigned count = unsigned(fibers.size()), own = current;
  Place &from = own < count ? fibers[own].place : host;
  if (done == count) {
    current = count;
    from.go(host);
    return;
  }
  unsigned following = next();
  if (following == count) {
    std::fprintf(stderr, "orc_emulate: a barrier that not all threads reach\n");
    std::abort();
  }
  if (following == own) return;
  current = following;
  thread_index = fibers[following].index;
  from.go(fibers[following].place);
  // Back: whoever came here has set `current` to this one.
  if (own < count) thread_index = fibers[own].index;
}

/// All that are alive have come.
void release(Barrier &barrier) {
  barrier.arrived = 0;
  barrier.generation++;
}

void wait_at(Barrier &barrier) {
  Fiber &fiber = here->fibers[here->current];
  if (++barrier.arrived == barrier.alive) {
    release(barrier);
    return;
  }
  fiber.barrier = &barrier;
  fiber.generation = barrier.generation;
  here->goOn();
  fiber.barrier = nullptr;
}

/// Whoever ends is waited for no longer.
void leave(Barrier &barrier) {
  barrier.alive--;
  if (barrier.alive > 0 && barrier.arrived == barrier.alive) release(barrier);
}

void fiber_main() {
  Block &block = *here;
  block.work.call(block.work.arguments);
  Fiber &fiber = block.fibers[block.current];
  fiber.isDone = true;
  block.done++;
  leave(block.warps[fiber.number / WARP].barrier);
  leave(block.barrier);
  block.goOn();
  std::abort();
}

void Block::runOnce() {
  unsigned count = unsigned(fibers.size());
  std::memset(shared.data(), 0xFF, shared.size() * sizeof(float));
  barrier = Barrier();
  barrier.alive = count;
  for (unsigned w = 0; w < warps.size(); w++) {
    warps[w].barrier = Barrier();
    warps[w].barrier.alive = count - w * WARP < WARP ? count - w * WARP : unsigned(WARP);
  }
  for (unsigned i = 0; i < count; i++) {
    Fiber &fiber = fibers[i];
    fiber.index = {i % block_size.x, i / block_size.x % block_size.y,
                   i / block_size.x / block_size.y};
    fiber.number = i;
    fiber.turns = 0;
    fiber.barrier = nullptr;
    fiber.isDone = false;
    fiber.place.begin(stacks + std::size_t(i) * STACK_BYTES, STACK_BYTES, fiber_main);
  }
  current = count;
  done = 0;
  goOn();
}

}  // namespace

bool run(const Work &work, Index grid, Index size, std::size_t shared_bytes) {
  Block block;
  if (!block.reserve(size.x * size.y * size.z, shared_bytes)) return false;
  block.work = work;
  here = &block;
  block_size = size;
  grid_size = grid;
  for (unsigned z = 0; z < grid.z; z++)
    for (unsigned y = 0; y < grid.y; y++)
      for (unsigned x = 0; x < grid.x; x++) {
        block_index = {x, y, z};
        block.runOnce();
      }
  here = nullptr;
  return true;
}

void wait_for_block() { wait_at(here->barrier); }
void wait_for_warp() { wait_at(warp().barrier); }
Warp &warp() { return here->warps[here->current / WARP]; }
unsigned lane() { return here->current % WARP; }
unsigned turn() { return here->fibers[here->current].turns++ % 2; }

void *dynamic_shared() {
  auto address = reinterpret_cast<std::uintptr_t>(here->shared.data());
  return reinterpret_cast<void *>((address + 15) / 16 * 16);
}

}  // namespace orc
