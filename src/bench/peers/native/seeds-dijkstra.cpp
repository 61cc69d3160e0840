// Growth from seeds by Dijkstra's algorithm with a Fibonacci heap over dense arrays, as Zhu et al. (2014, 3D Slicer) have it, or with a
// binary heap: HEAP (fibonacci|binary) IMAGE (i16) SEEDS (u16) NI NJ NK SPACING_I SPACING_J SPACING_K CONNECTIVITY WEIGHT SHIFT
// [MORE SEEDS (u16)]. Costs and ties are those of src/workers/README.md. With more seeds, a run is the update from the first to
// the second, computed from the costs that are there (their adaptive Dijkstra). Result: a label (u16) a voxel.
#include <boost/heap/fibonacci_heap.hpp>

#include <cmath>
#include <cstring>
#include <queue>

#include "peer.h"

namespace {

struct Entry {
  uint64_t key;
  uint32_t voxel;
  // Boost's and the standard's heaps give the largest first.
  bool operator<(const Entry &other) const { return key > other.key; }
};

constexpr uint64_t kUnreached = ~uint64_t(0);

struct Step {
  int i, j, k;
  uint64_t units;
};

struct Volume {
  int dims[3];
  std::vector<int16_t> values;
  std::vector<Step> steps;
  int shift;
  // Cost above the label, so that the smaller key is the smaller (cost, label).
  std::vector<uint64_t> keys;
  std::vector<uint8_t> seed;

  template <typename Visit>
  void neighbours(uint32_t n, Visit visit) const {
    const int i = n % dims[0], j = n / dims[0] % dims[1], k = n / (dims[0] * dims[1]);
    for (const Step &step : steps) {
      const int a = i + step.i, b = j + step.j, c = k + step.k;
      if (a < 0 || b < 0 || c < 0 || a >= dims[0] || b >= dims[1] || c >= dims[2]) continue;
      const uint32_t m = (uint32_t(c) * dims[1] + b) * dims[0] + a;
      if (seed[m]) continue;
      const uint64_t units = (uint64_t(std::abs(values[n] - values[m])) << shift) + step.units;
      visit(m, keys[n] + (units << 16));
    }
  }
};

class Fibonacci {
  using Heap = boost::heap::fibonacci_heap<Entry>;
  Heap heap_;
  std::vector<Heap::handle_type> handles_;
  std::vector<uint8_t> queued_;

 public:
  explicit Fibonacci(size_t count) : handles_(count), queued_(count) {}
  void offer(uint32_t voxel, uint64_t key) {
    if (queued_[voxel]) {
      heap_.increase(handles_[voxel], {key, voxel});
      return;
    }
    queued_[voxel] = 1;
    handles_[voxel] = heap_.push({key, voxel});
  }
  bool take(Volume &, uint32_t &voxel) {
    if (heap_.empty()) return false;
    voxel = heap_.top().voxel;
    heap_.pop();
    queued_[voxel] = 0;
    return true;
  }
};

// Entries that were improved stay, and are passed over.
class Binary {
  std::priority_queue<Entry> heap_;

 public:
  explicit Binary(size_t) {}
  void offer(uint32_t voxel, uint64_t key) { heap_.push({key, voxel}); }
  bool take(Volume &volume, uint32_t &voxel) {
    while (!heap_.empty()) {
      const Entry entry = heap_.top();
      heap_.pop();
      if (volume.keys[entry.voxel] != entry.key) continue;
      voxel = entry.voxel;
      return true;
    }
    return false;
  }
};

// Grows from the voxels of `from` that are not seeds yet, or no seeds of that label.
template <typename Heap>
void grow(Volume &volume, const std::vector<uint16_t> &from) {
  Heap heap(from.size());
  for (uint32_t n = 0; n < from.size(); n++) {
    if (from[n] == 0 || (volume.seed[n] && volume.keys[n] == from[n])) continue;
    volume.seed[n] = 1;
    volume.keys[n] = from[n];
    heap.offer(n, from[n]);
  }
  for (uint32_t n; heap.take(volume, n);) {
    volume.neighbours(n, [&](uint32_t m, uint64_t key) {
      if (key >= volume.keys[m]) return;
      volume.keys[m] = key;
      heap.offer(m, key);
    });
  }
}

template <typename Value>
std::vector<Value> array(const char *path) {
  const auto bytes = peer::readFile(path);
  std::vector<Value> values(bytes.size() / sizeof(Value));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

}  // namespace

int main(int argc, char **argv) {
  const bool fibonacci = std::string(argv[1]) == "fibonacci";
  Volume volume;
  volume.values = array<int16_t>(argv[2]);
  const auto seeds = array<uint16_t>(argv[3]);
  double spacing[3];
  for (int axis = 0; axis < 3; axis++) {
    volume.dims[axis] = atoi(argv[4 + axis]);
    spacing[axis] = atof(argv[7 + axis]);
  }
  const bool wide = atoi(argv[10]) == 26;
  const double weight = atof(argv[11]);
  volume.shift = atoi(argv[12]);
  for (int k = -1; k <= 1; k++) {
    for (int j = -1; j <= 1; j++) {
      for (int i = -1; i <= 1; i++) {
        const int apart = i * i + j * j + k * k;
        if (apart == 0 || (apart > 1 && !wide)) continue;
        const double mm = std::hypot(std::hypot(i * spacing[0], j * spacing[1]), k * spacing[2]);
        volume.steps.push_back({i, j, k, uint64_t(std::floor(weight * mm * (1 << volume.shift) + 0.5))});
      }
    }
  }
  const auto work = [&](const std::vector<uint16_t> &from) {
    if (fibonacci) grow<Fibonacci>(volume, from);
    else grow<Binary>(volume, from);
  };
  const auto clear = [&] {
    volume.keys.assign(seeds.size(), kUnreached);
    volume.seed.assign(seeds.size(), 0);
  };
  const auto write = [&](const std::string &path) {
    std::vector<uint16_t> labels(seeds.size());
    for (size_t n = 0; n < labels.size(); n++) labels[n] = volume.keys[n] == kUnreached ? 0 : volume.keys[n] & 0xffff;
    peer::writeFile(path, labels.data(), labels.size() * 2);
  };
  if (argc < 14) return peer::serve([&] { clear(), work(seeds); }, write);
  const auto more = array<uint16_t>(argv[13]);
  clear();
  work(seeds);
  const auto keys = volume.keys;
  const auto seed = volume.seed;
  return peer::serve([&] { work(more); }, write, [&] {
    volume.keys = keys;
    volume.seed = seed;
  });
}
