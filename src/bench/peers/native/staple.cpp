// ITK STAPLE of label maps (u16): METHOD(multi|LABEL) NI NJ NK FILE…. Result: u16 labels of multi, f64 probabilities of LABEL.
#include <itkMultiLabelSTAPLEImageFilter.h>
#include <itkSTAPLEImageFilter.h>

#include "image.h"

int main(int argc, char **argv) {
  using Labels = itk::Image<uint16_t, 3>;
  using Fuzzy = itk::Image<double, 3>;
  peer::oneThread();
  std::vector<Labels::Pointer> maps;
  for (int n = 5; n < argc; n++) maps.push_back(peer::image<uint16_t>(argv[n], peer::dims(argv, 2)));
  const auto add = [&](auto filter) {
    for (size_t n = 0; n < maps.size(); n++) filter->SetInput(unsigned(n), maps[n]);
  };
  if (std::string(argv[1]) == "multi") {
    const auto filter = itk::MultiLabelSTAPLEImageFilter<Labels, Labels, double>::New();
    add(filter);
    return peer::serve(
        [&] {
          filter->Modified();
          filter->Update();
        },
        [&](const std::string &path) { peer::write(path, Labels::Pointer(filter->GetOutput())); });
  }
  const auto filter = itk::STAPLEImageFilter<Labels, Fuzzy>::New();
  add(filter);
  filter->SetForegroundValue(uint16_t(atoi(argv[1])));
  return peer::serve(
      [&] {
        filter->Modified();
        filter->Update();
      },
      [&](const std::string &path) { peer::write(path, Fuzzy::Pointer(filter->GetOutput())); });
}
