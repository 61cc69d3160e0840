// ITK ConnectedComponent and RelabelComponent: FILE (8 bit) NI NJ NK FULL (1: 26 neighbours, 0: 6). Result: sizes of all components,
// descending, as 64-bit numbers.
#include <itkConnectedComponentImageFilter.h>
#include <itkRelabelComponentImageFilter.h>

#include "image.h"

int main(int, char **argv) {
  using Mask = itk::Image<uint8_t, 3>;
  using Labels = itk::Image<uint32_t, 3>;
  peer::oneThread();
  const auto components = itk::ConnectedComponentImageFilter<Mask, Labels>::New();
  components->SetInput(peer::image<uint8_t>(argv[1], peer::dims(argv, 2)));
  components->SetFullyConnected(atoi(argv[5]) != 0);
  const auto relabel = itk::RelabelComponentImageFilter<Labels, Labels>::New();
  relabel->SetInput(components->GetOutput());
  return peer::serve(
      [&] {
        components->Modified();
        relabel->Update();
      },
      [&](const std::string &path) {
        std::vector<int64_t> sizes;
        for (const auto voxels : relabel->GetSizeOfObjectsInPixels()) sizes.push_back(int64_t(voxels));
        peer::writeFile(path, sizes.data(), sizes.size() * sizeof(int64_t));
      });
}
