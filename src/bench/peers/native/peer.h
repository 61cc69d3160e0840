// A peer of a benchmark: loads its input once, then answers lines on standard input. "run" does the work and prints its
// milliseconds; "cpu" prints the processor's time of the last run; "write PATH" writes the last result as raw bytes; the end of input ends the program.
#pragma once
#include <itkMultiThreaderBase.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace peer {

inline std::vector<char> readFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<char> bytes(static_cast<size_t>(file.tellg()));
  file.seekg(0);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

inline void writeFile(const std::string &path, const void *data, size_t bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(static_cast<const char *>(data), static_cast<std::streamsize>(bytes));
  if (!file) throw std::runtime_error("cannot write " + path);
}

// ITK works on as many threads as it likes unless it is told; peers are measured on one.
inline void oneThread() { itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(1); }

// `prepare` comes before every run and is not timed.
inline int serve(const std::function<void()> &run, const std::function<void(const std::string &)> &write,
                 const std::function<void()> &prepare = [] {}) {
  double cpu = 0;
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "run") {
      prepare();
      const auto start = std::chrono::steady_clock::now();
      const auto ticks = std::clock();
      run();
      cpu = 1000.0 * double(std::clock() - ticks) / CLOCKS_PER_SEC;
      const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
      std::cout << took.count() << std::endl;
    } else if (line == "cpu") {
      std::cout << cpu << std::endl;
    } else if (line.rfind("write ", 0) == 0) {
      write(line.substr(6));
      std::cout << "written" << std::endl;
    }
  }
  return 0;
}

}  // namespace peer
